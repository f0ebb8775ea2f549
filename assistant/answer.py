"""A question's way to its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from assistant.citations import cite
from assistant.features import features_of, look_around
from assistant.followup import LEAST as CARRY_FROM
from assistant.followup import carry, leans_on_another
from assistant.quotes import choose_quotes
from assistant.records import Answer, AnsweredEntry, Clarification, Evidence, Outcome, Refusal, Suggestion
from assistant.refusal import ANSWER_FROM, CLARIFY_FROM, read_judge
from assistant.scope import EVERYTHING, Scope, rows_within
from index.records import Hit
from index.search import Index, Query, Rows, make_query, narrow, search

WARM_UP = "What is this about?"  # any text: the first one that is encoded loads the model
SUGGESTIONS = 3
QUESTION_CHARACTERS = 2000  # what is read of a question; the encoder reads 256 word pieces of it


@dataclass(frozen=True)
class Considered:
    """An outcome and what led to it."""

    outcome: Outcome
    query: Query | None  # None of a question without a word
    hits: list[Hit]  # the whole ranking, best first


def answer(question: str, index: Index, scope: Scope = EVERYTHING, after: str | None = None) -> Outcome:
    """Answer ``question`` from ``index``: in the publisher's words, or with a choice, or not at all.

    Any text is a question, however long or odd; one without a word is refused. Nothing is raised for its sake.
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
    before = index.position(after) if after and leans_on_another(text) else None
    carried = before is not None and found.sure >= CARRY_FROM
    if before is not None and carried:
        found = _look(index, carry(index, found.query, before), rows)
    evidence = Evidence(ANSWER_FROM, CLARIFY_FROM, found.query.text, found.features, after if carried else None)
    return Considered(_decide(question, index, found, evidence), found.query, found.hits)


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


def _look(index: Index, query: Query, rows: Rows | None) -> _Found:
    """Search the ``rows`` that may answer; None: all."""
    hits = everywhere = search(index, query)
    if rows is not None:
        outside = np.setdiff1d(np.arange(len(index.views)), rows, assume_unique=True)
        hits = search(index, narrow(query, rows), outside)
    judge, around = read_judge(index), look_around(index, query)
    features = [features_of(index, _beside(index, hit, everywhere), 0, around) for hit in hits[: SUGGESTIONS + 1]]
    # An entry further down is no likelier than those above it: the judge has learned from first ones alone.
    confidences = accumulate((judge.probability(one) for one in features), min)
    suggestions = tuple(
        Suggestion(index.entries[hit.entry].id, index.entries[hit.entry].question, confidence)
        for hit, confidence in zip(hits, confidences, strict=False)  # the best few only
    )
    return _Found(query, hits, suggestions, features[0] if features else {})


def _beside(index: Index, hit: Hit, others: list[Hit]) -> list[Hit]:
    """A hit, and those of all other families: how sure one can be of it does not hang on what else may answer."""
    family = index.families[hit.entry]
    return [hit, *(other for other in others if index.families[other.entry] != family)]


def _decide(question: str, index: Index, found: _Found, evidence: Evidence) -> Outcome:
    if found.sure < CLARIFY_FROM:
        return Refusal(question, found.sure, found.suggestions[:SUGGESTIONS], evidence)
    if found.sure < ANSWER_FROM:
        return Clarification(question, found.sure, found.suggestions[:SUGGESTIONS], evidence)
    first = found.hits[0].entry
    quotes = choose_quotes(index, found.query, first)
    entry = index.entries[first]
    return Answer(
        question=question,
        confidence=found.sure,
        text="\n".join(quote.text for quote in quotes),
        entry=AnsweredEntry(entry.id, entry.question, entry.answer),
        citations=tuple(cite(index, quote, number) for number, quote in enumerate(quotes, start=1)),
        suggestions=found.suggestions[1:],
        evidence=evidence,
        conflicts=entry.conflicts,
    )
