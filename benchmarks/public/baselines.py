"""What Citewell is measured against: BM25 alone, the encoder alone, and the two added up.

Each scores whole entries: by the best of their wordings (the question, and the alternates where a corpus has such), or
by question and answer as one text. Spelling is not corrected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from index.encoder import Encoder
from index.keywords import Keywords
from index.reader import Index
from index.words import Words

Scores = NDArray[np.float32]  # (questions, entries)
KEYWORDS, MEANING, FUSION = "BM25, question", "encoder, question", "both, equal weight"
KEYWORDS_WHOLE, MEANING_WHOLE = "BM25, question + answer", "encoder, question + answer"


class Text(Struct, frozen=True):
    """A text that stands for an entry."""

    entry: int  # position of the entry in the index
    text: str


@dataclass(frozen=True)
class Baseline:
    """One method's scores; an entry without any is never found."""

    method: str
    scores: Scores  # -inf: not found

    def rank(self, depth: int) -> list[NDArray[np.int64]]:
        """Return the positions of the ``depth`` best entries for each question, ties in the order of the index."""
        order = np.argsort(-self.scores, axis=1, kind="stable")[:, :depth]
        return [row[np.isfinite(scores[row])] for row, scores in zip(order, self.scores, strict=True)]


def score_baselines(index: Index, questions: Sequence[str]) -> tuple[Baseline, ...]:
    """Return the baselines on ``index``.

    Those by question and answer are left out where no entry has an answer of its own.
    """
    wordings = [Text(position, entry.question) for position, entry in enumerate(index.entries)]
    wordings += [Text(view.entry, view.text) for view in index.views if view.kind == "alternate"]
    keywords, meaning = by_keywords(wordings, questions), by_meaning(wordings, questions, index.encoder)
    baselines = [Baseline(KEYWORDS, _found(keywords)), Baseline(MEANING, meaning)]
    if any(entry.answer != (entry.question,) for entry in index.entries):
        wholes = [Text(n, " ".join((entry.question, *entry.answer))) for n, entry in enumerate(index.entries)]
        baselines.append(Baseline(KEYWORDS_WHOLE, _found(by_keywords(wholes, questions))))
        baselines.append(Baseline(MEANING_WHOLE, by_meaning(wholes, questions, index.encoder)))
    return (*baselines, Baseline(FUSION, _level(keywords) + _level(meaning)))


def by_keywords(texts: Sequence[Text], questions: Sequence[str]) -> Scores:
    """Return the BM25 of each entry's best text, divided by the most that any text could reach (0 to 1)."""
    keywords, rows = Keywords.of(Words.of(text.text for text in texts)), np.arange(len(texts))
    return _best(texts, np.stack([keywords.ask(question).at(rows) for question in questions]))


def by_meaning(texts: Sequence[Text], questions: Sequence[str], encoder: Encoder) -> Scores:
    """Return the cosine (-1 to 1) of each entry's best text."""
    return _best(texts, encoder.encode(questions) @ encoder.encode([text.text for text in texts]).T)


def _best(texts: Sequence[Text], scores: Scores) -> Scores:
    positions = np.array([text.entry for text in texts])
    best = np.full((positions.max() + 1, len(scores)), -np.inf, dtype=np.float32)
    np.maximum.at(best, positions, scores.T)
    return best.T


def _found(scores: Scores) -> Scores:
    return np.where(scores > 0, scores, np.float32(-np.inf))


def _level(scores: Scores) -> Scores:
    """Each question's scores from 0 to 1."""
    low, high = scores.min(axis=1, keepdims=True), scores.max(axis=1, keepdims=True)
    return (scores - low) / np.maximum(high - low, 1e-9)
