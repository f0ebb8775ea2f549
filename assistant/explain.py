"""A question -> why its outcome came about: the views, words, features and sentences that moved it.

It decides nothing: the outcome is the one that `answer` gives, and all else is read off what led to it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from assistant.answer import consider
from assistant.context import sentences_of
from assistant.contract import OutcomeName, name_of
from assistant.records import Quote
from assistant.refusal import Contribution, read_judge
from assistant.views import nearness, own_rows, rows_of
from index.reader import Index
from index.records import Hit, Match, ViewKind
from index.search import Query

ENTRIES = 3  # entries that are taken apart
VIEWS = 3  # of each entry, the best
UNANSWERED = 3  # unanswered questions that are named


class Word(Struct, frozen=True):
    """A word of the question, stemmed, that a view has, and what it adds to the view's keyword score."""

    stem: str
    weight: float


class ViewMatch(Struct, frozen=True):
    """How near one view comes to the question."""

    kind: ViewKind
    paragraph: int | None  # position in the answer; None: the entry as a whole
    text: str
    meaning: float  # cosine, -1 to 1
    keywords: float  # 0 to 1: the sum of the words' weights
    words: tuple[Word, ...]  # heaviest first


class EntryMatch(Struct, frozen=True):
    """An entry that was found, its score in parts, and the views that come nearest by both measures together."""

    id: str
    question: str
    score: float
    meaning: Match
    keywords: Match
    views: tuple[ViewMatch, ...]  # nearest first


class Judgement(Struct, frozen=True):
    """How the confidence in the best entry comes about, in log-odds: ``bias`` and what each feature adds."""

    bias: float
    contributions: tuple[Contribution, ...]
    log_odds: float  # their sum; the confidence is 1 / (1 + exp(-log_odds))


class Neighbour(Struct, frozen=True):
    """A question that the pages are known not to answer."""

    text: str
    kind: str
    meaning: float  # cosine


class Sentence(Struct, frozen=True):
    """A sentence of a paragraph that the short answer was taken from."""

    paragraph: int
    text: str
    quoted: bool
    meaning: float | None  # None, both: too short to be a view
    keywords: float | None


class Explanation(Struct, frozen=True):
    """All that moved the outcome for one question."""

    question: str
    read_as: str  # spelling corrected, synonyms added
    outcome: OutcomeName
    confidence: float
    answer_from: float  # answered at this confidence or more
    clarify_from: float  # a clarification at this confidence or more
    entries: tuple[EntryMatch, ...]  # best first; none when the question has no word
    judgement: Judgement | None  # None when nothing was found
    unanswered: tuple[Neighbour, ...]  # nearest first
    sentences: tuple[Sentence, ...]  # in the order of the answer; none unless answered
    pinned: str | None = None  # why a maintainer has chosen these words; None: the search has
    published: bool = False  # the question is the entry's own: it is answered, whatever the judgement adds up to


def explain(question: str, index: Index) -> Explanation:
    """Return why `answer` gives ``question`` the outcome that it gives."""
    considered = consider(question, index)
    outcome, query, hits = considered.outcome, considered.query, considered.hits
    evidence = outcome.evidence
    return Explanation(
        question=question,
        read_as=evidence.read_as,
        outcome=name_of(outcome),
        confidence=outcome.confidence,
        answer_from=evidence.answer_from,
        clarify_from=evidence.clarify_from,
        entries=_entries(index, query, hits[:ENTRIES]) if query else (),
        judgement=_judgement(index, evidence.features) if query else None,
        unanswered=_unanswered(index, query) if query else (),
        sentences=_sentences(index, query, considered.quotes) if query else (),
        pinned=evidence.pinned,
        published=evidence.published,
    )


def _entries(index: Index, query: Query, hits: list[Hit]) -> tuple[EntryMatch, ...]:
    matches = []
    for hit in hits:
        all_rows = rows_of(index, hit.entry)
        rows = all_rows.start + np.argsort(-nearness(index, query, all_rows), kind="stable")[:VIEWS]
        entry = index.entries[hit.entry]
        views = tuple(_view(index, query, int(row)) for row in rows)
        matches.append(EntryMatch(entry.id, entry.question, hit.score, hit.meaning, hit.keywords, views))
    return tuple(matches)


def _view(index: Index, query: Query, row: int) -> ViewMatch:
    view, here = index.views[row], np.array([row])
    words = [Word(stem, float(added[0])) for stem, added in query.keywords.parts_at(here).items() if added[0] > 0]
    return ViewMatch(
        kind=view.kind,
        paragraph=view.paragraph,
        text=view.text,
        meaning=float(query.meaning.at(here)[0]),
        keywords=float(query.keywords.at(here)[0]),
        words=tuple(sorted(words, key=lambda word: -word.weight)),
    )


def _judgement(index: Index, features: dict[str, float]) -> Judgement:
    judge = read_judge(index)
    contributions = judge.contributions(features)
    return Judgement(judge.bias, contributions, judge.bias + sum(one.log_odds for one in contributions))


def _unanswered(index: Index, query: Query) -> tuple[Neighbour, ...]:
    if index.unanswered_vectors is None:
        return ()
    rows, cosines = index.unanswered_vectors.nearest(query.vector, UNANSWERED)
    known = [index.unanswered[row] for row in rows]
    return tuple(Neighbour(row.text, row.kind, float(cosine)) for row, cosine in zip(known, cosines, strict=True))


def _sentences(index: Index, query: Query, quotes: tuple[Quote, ...]) -> tuple[Sentence, ...]:
    """Every sentence of the paragraphs that are quoted."""
    return tuple(sentence for quote in quotes for sentence in _sentences_of(index, query, quote))


def _sentences_of(index: Index, query: Query, quote: Quote) -> Iterator[Sentence]:
    known = own_rows(index, quote.passage)
    for sentence in sentences_of(quote.passage):
        row = known.get(sentence.text)
        yield Sentence(
            paragraph=quote.passage.paragraph,
            text=sentence.text,
            quoted=sentence.start < quote.end and quote.start < sentence.end,
            meaning=None if row is None else float(index.encoded[row] @ query.encoded),
            keywords=None if row is None else float(query.keywords.at(np.array([row]))[0]),
        )
