"""A question's way to its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from assistant.citations import cite
from assistant.features import features_of, look_around
from assistant.followup import LEAST as CARRY_FROM
from assistant.followup import carry, leans_on_another
from assistant.pins import find_pinned, put_first
from assistant.quotes import choose_quotes
from assistant.records import Answer, AnsweredEntry, Clarification, Evidence, Outcome, Quote, Refusal, Suggestion
from assistant.refusal import ANSWER_FROM, CLARIFY_FROM, read_judge
from assistant.scope import EVERYTHING, Scope, rows_within
from index.reader import Index, Rows
from index.records import Hit
from index.search import Query, make_query, narrow, search

WARM_UP = "What is this about?"  # any text: the first one that is encoded loads the model
SUGGESTIONS = 3
QUESTION_CHARACTERS = 2000  # what is read of a question; the encoder reads 256 word pieces of it


@dataclass(frozen=True)
class Considered:
    """An outcome and what led to it."""

    outcome: Outcome
    query: Query | None  # None of a question without a word
    hits: list[Hit]  # the whole ranking, best first
    quotes: tuple[Quote, ...] = ()  # the short answer


def answer(question: str, index: Index, scope: Scope = EVERYTHING, after: str | None = None) -> Outcome:
    """Answer ``question`` from ``index``: in the publisher's words, or with a choice, or not at all.

    Any text is a question, however long or odd; one without a word is refused. Nothing is raised for its sake.
    A question that is pinned, or stands in the pages itself, is answered by its entry whatever the search finds.
    ``scope`` says which entries may answer; ``after`` is the id of the entry that was answered before, whose topic is
    carried where the question leans on it.
    """
    return consider(question, index, scope, after).outcome


def consider(question: str, index: Index, scope: Scope = EVERYTHING, after: str | None = None) -> Considered:
    """Return the outcome for ``question``, and what it came from."""
    text = " ".join(question[:QUESTION_CHARACTERS].encode(errors="replace").decode().split())
    if not any(character.isalnum() for character in text):
        return Considered(Refusal(question, 0.0, (), Evidence(ANSWER_FROM, CLARIFY_FROM, text, {})), None, [])
    rows = rows_within(index, scope)
    found = _look(index, make_query(index, text), rows)
    pinned = find_pinned(index, text)
    own = pinned.quote.passage.entry if pinned else index.position_asking(text)
    if own is not None and (rows is None or index.first_rows[own] in rows):
        first = _put_first(index, found, own)
        quotes = (pinned.quote,) if pinned else choose_quotes(index, first.query, own)
        why = first.evidence(pinned=pinned.reason) if pinned else first.evidence(published=True)
        return _quote(question, index, first, quotes, why)
    before = index.position(after) if after and leans_on_another(text) else None
    carried = before is not None and found.sure >= CARRY_FROM
    if before is not None and carried:
        found = _look(index, carry(index, found.query, before), rows)
    return _decide(question, index, found, after if carried else None)


@dataclass(frozen=True)
class _Found:
    """What a search came to: the best few hits with their probabilities, and the features of the first."""

    query: Query
    hits: list[Hit]
    suggestions: tuple[Suggestion, ...]
    features: dict[str, float]

    @property
    def sure(self) -> float:
        """The probability that the first hit answers."""
        return self.suggestions[0].confidence if self.suggestions else 0.0

    def evidence(self, carried: str | None = None, pinned: str | None = None, published: bool = False) -> Evidence:
        """Return why the outcome is what it is."""
        return Evidence(ANSWER_FROM, CLARIFY_FROM, self.query.text, self.features, carried, pinned, published)


def _look(index: Index, query: Query, rows: Rows | None) -> _Found:
    """Search the ``rows`` that may answer; None: all."""
    hits = everywhere = search(index, query)
    if rows is not None:
        outside = np.setdiff1d(np.arange(len(index.views)), rows, assume_unique=True)
        hits = search(index, narrow(query, rows), outside)
    judge, around = read_judge(index), look_around(index, query)
    features = [features_of(index, hit, everywhere, around) for hit in hits[: SUGGESTIONS + 1]]
    # An entry further down is no likelier than those above it: the judge has learned from first ones alone.
    confidences = accumulate((judge.probability(one) for one in features), min)
    suggestions = tuple(
        Suggestion(index.entries[hit.entry].id, index.entries[hit.entry].question, confidence)
        for hit, confidence in zip(hits, confidences, strict=False)  # the best few only
    )
    return _Found(query, hits, suggestions, features[0] if features else {})


def _put_first(index: Index, found: _Found, position: int) -> _Found:
    """What was found, with the entry at this position before all others, as sure as can be."""
    hits = put_first(index, found.hits, position)
    entry = index.entries[position]
    others = [other for other in found.suggestions if other.id != entry.id]
    suggestions = (Suggestion(entry.id, entry.question, 1.0), *others[:SUGGESTIONS])
    features = features_of(index, hits[0], hits, look_around(index, found.query))
    return replace(found, hits=hits, suggestions=suggestions, features=features)


def _decide(question: str, index: Index, found: _Found, carried: str | None) -> Considered:
    """Answer, ask back or refuse, by how sure the first hit is."""
    if found.sure >= ANSWER_FROM:
        quotes = choose_quotes(index, found.query, found.hits[0].entry)
        return _quote(question, index, found, quotes, found.evidence(carried))
    kind = Clarification if found.sure >= CLARIFY_FROM else Refusal
    outcome = kind(question, found.sure, found.suggestions[:SUGGESTIONS], found.evidence(carried))
    return Considered(outcome, found.query, found.hits)


def _quote(question: str, index: Index, found: _Found, quotes: Sequence[Quote], evidence: Evidence) -> Considered:
    """Answer with ``quotes`` of the first hit."""
    entry = index.entries[found.hits[0].entry]
    outcome = Answer(
        question=question,
        confidence=found.sure,
        text="\n".join(quote.text for quote in quotes),
        entry=AnsweredEntry(entry.id, entry.question, entry.answer),
        citations=tuple(cite(index, quote, number) for number, quote in enumerate(quotes, start=1)),
        suggestions=found.suggestions[1:],
        evidence=evidence,
        conflicts=entry.conflicts,
    )
    return Considered(outcome, found.query, found.hits, tuple(quotes))
