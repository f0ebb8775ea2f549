"""The pieces that are not there: each put in, all else as the product does it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from unittest.mock import patch

import numpy as np

from benchmarks.ablation.ranking import Ranking, Scores, reorder, search_all
from benchmarks.ablation.removed import Variant
from benchmarks.ablation.sets import Set
from benchmarks.ablation.tokens import late_interaction
from index.asked import Asked
from index.encoder import Encoder, Progress
from index.keywords import Keywords
from index.reader import Index
from index.records import Hit, Match
from index.search import make_query, search
from index.sentences import split_sentences
from index.vectors import Floats
from index.words import Words

GRAM = 4  # characters
NO_MATCH = Match(0.0, 0.0)
LONG = 30  # words: a longer question is taken for a message of several sentences
LEAST_WORDS = 4  # of a sentence that can ask something
AFTER = re.compile(r"((?:[\w-]+ ){2,8})\(([A-Z][A-Za-z]{1,6})\)")  # "Social Impact Bond (SIB)"
BEFORE = re.compile(r"\b([A-Z][A-Za-z]{1,6}) \(((?:[\w-]+ ?){2,8})\)")  # "SIB (Social Impact Bond)"
SMALL = ("and", "for", "in", "of", "the")  # words without an initial


class Whitened:
    """The encoder's vectors, centred and ZCA-whitened by the shrunk covariance of ``texts`` (Ledoit and Wolf)."""

    def __init__(self, encoder: Encoder, texts: Sequence[str]) -> None:
        from sklearn.covariance import LedoitWolf

        self._encoder, self.name, self.fingerprint = encoder, encoder.name, encoder.fingerprint
        self.precision = encoder.precision
        fitted = LedoitWolf().fit(encoder.encode(texts))
        values, directions = np.linalg.eigh(fitted.covariance_)
        self._mean, self._map = fitted.location_, directions / np.sqrt(values) @ directions.T

    def prepare(self) -> str | None:
        """Make the inner encoder ready."""
        return self._encoder.prepare()

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """Return unit vectors."""
        vectors = (self._encoder.encode(texts, progress) - self._mean) @ self._map
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def whitening(each: Set) -> list[Ranking]:
    encoder = Whitened(each.encoder, [view.text for view in each.index.views])
    with patch("index.build.find_families", lambda *given: each.index.families):
        return search_all(each.build(encoder=encoder), each.inside)


def character_grams(kept: float) -> Variant:
    """BM25 over character 4-grams as a fifth and sixth measure; the two of words and they weigh ``kept`` each."""

    def rank(each: Set) -> list[Ranking]:
        with patch("index.words.words_of", _grams), patch("index.keywords.words_of", _grams):
            keywords = Keywords.of(Words.of(view.text for view in each.index.views))
            asked = {text: keywords.ask(text) for text in {one.query.text for one in each.rankings}}
        return reorder(each.rankings, lambda ranking: _with_grams(ranking, asked[ranking.query.text], kept))

    return rank


def _grams(text: str) -> list[str]:
    padded = " ".join(["", *re.findall(r"[^\W_]+", text.casefold()), ""])
    return [padded[start : start + GRAM] for start in range(max(1, len(padded) - GRAM + 1))]


def _with_grams(ranking: Ranking, grams: Asked, kept: float) -> Scores:
    families = ranking.index.families
    found = search(ranking.index, replace(ranking.query, keywords=grams))
    match = {int(families[hit.entry]): hit.keywords for hit in found}
    scores = []
    for hit in ranking.hits:
        words, other = hit.keywords, match.get(int(families[hit.entry]), NO_MATCH)
        keywords = words.wording + words.closest + other.wording + other.closest
        scores.append(hit.meaning.wording + hit.meaning.closest + kept * keywords)
    return np.array(scores)


def acronyms(each: Set) -> list[Ranking] | None:
    """A question's acronym gets its long form beside it, and a long form its acronym."""
    known = _mine_acronyms(view.text for view in each.index.views if view.kind in ("question", "paragraph"))
    return search_all(each.index, each.inside, read_as=lambda text: _expand(text, known)) if known else None


def _mine_acronyms(texts: Iterable[str]) -> dict[str, str]:
    """Acronym -> its long form, as a page has them beside each other: the words whose initials it is."""
    known: dict[str, str] = {}
    for text in texts:
        for found in AFTER.finditer(text):
            words = found[1].split()
            _learn(known, found[2], [" ".join(words[start:]) for start in range(len(words))])
        for found in BEFORE.finditer(text):
            _learn(known, found[1], [found[2]])
    return known


def _learn(known: dict[str, str], acronym: str, forms: Iterable[str]) -> None:
    acronym = acronym.rstrip("s")
    for form in forms:
        initials = "".join(word[0] for word in re.findall(r"\w+", form) if word not in SMALL)
        if initials.casefold().startswith(acronym.casefold()):
            known.setdefault(acronym, form)


def _expand(text: str, known: dict[str, str]) -> str:
    for acronym, long in known.items():
        if re.search(rf"\b{acronym}s?\b", text, re.IGNORECASE):
            text = f"{text} ({long})"
        elif re.search(rf"\b{re.escape(long)}\b", text, re.IGNORECASE):
            text = f"{text} ({acronym})"
    return text


def sentences_of_messages(each: Set) -> list[Ranking]:
    """A message of more than 30 words is asked whole and sentence by sentence; an entry has the best of its scores."""
    return [_with_sentences(ranking) for ranking in each.rankings]


def _with_sentences(ranking: Ranking) -> Ranking:
    index, text = ranking.index, ranking.query.text
    if len(text.split()) <= LONG:
        return ranking
    parts = [text[start:end] for start, end in split_sentences(text)]
    found = [*ranking.hits, *(hit for part in parts if len(part.split()) >= LEAST_WORDS for hit in _ask(index, part))]
    best: dict[int, Hit] = {}
    for hit in sorted(found, key=lambda hit: -hit.score):
        best.setdefault(int(index.families[hit.entry]), hit)
    return Ranking(index, ranking.query, tuple(best.values()))


def _ask(index: Index, text: str) -> list[Hit]:
    return search(index, make_query(index, text))


TRIED: dict[str, Variant] = {
    "whitened vectors": whitening,
    "character 4-grams beside words": character_grams(1.0),
    "character 4-grams, half the weight": character_grams(0.5),
    "acronyms of the pages written out": acronyms,
    "late interaction of tokens": late_interaction,
    "long messages sentence by sentence": sentences_of_messages,
}
