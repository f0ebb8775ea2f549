"""A question's way to its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from assistant.citations import cite
from assistant.features import features_of, look_around
from assistant.pins import find_pinned, put_first
from assistant.quotes import choose_quotes
from assistant.records import Answer, AnsweredEntry, Clarification, Evidence, Outcome, Quote, Refusal, Suggestion
from assistant.refusal import ANSWER_FROM, CLARIFY_FROM, read_judge
from index.records import Hit
from index.search import Index, Query, make_query, search

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


def answer(question: str, index: Index) -> Outcome:
    """Answer ``question`` from ``index``: in the publisher's words, or with a choice, or not at all.

    Any text is a question, however long or odd; one without a word is refused. Nothing is raised for its sake.
    """
    return consider(question, index).outcome


def consider(question: str, index: Index) -> Considered:
    """Return the outcome for ``question``, and what it came from."""
    text = " ".join(question[:QUESTION_CHARACTERS].encode(errors="replace").decode().split())
    if not any(character.isalnum() for character in text):
        return Considered(Refusal(question, 0.0, (), Evidence(ANSWER_FROM, CLARIFY_FROM, text, {})), None, [])
    pinned, query = find_pinned(index, text), make_query(index, text)
    hits = search(index, query)
    if pinned:
        hits = put_first(index, hits, pinned.quote.passage.entry)
    judge, around = read_judge(index), look_around(index, query)
    features = [features_of(index, hits, position, around) for position in range(min(len(hits), SUGGESTIONS + 1))]
    chances = [judge.probability(one) for one in features]
    if pinned:
        chances[0] = 1.0
    # An entry further down is no likelier than those above it: the judge has learned from first ones alone.
    confidences = accumulate(chances, min)
    suggestions = tuple(
        Suggestion(index.entries[hit.entry].id, index.entries[hit.entry].question, confidence)
        for hit, confidence in zip(hits, confidences, strict=False)  # the best few only
    )
    sure = suggestions[0].confidence
    evidence = Evidence(ANSWER_FROM, CLARIFY_FROM, query.text, features[0], pinned.reason if pinned else None)
    if sure < CLARIFY_FROM:
        return Considered(Refusal(question, sure, suggestions[:SUGGESTIONS], evidence), query, hits)
    if sure < ANSWER_FROM:
        return Considered(Clarification(question, sure, suggestions[:SUGGESTIONS], evidence), query, hits)
    quotes = (pinned.quote,) if pinned else choose_quotes(index, query, hits[0].entry)
    entry = index.entries[hits[0].entry]
    outcome = Answer(
        question=question,
        confidence=sure,
        text="\n".join(quote.text for quote in quotes),
        entry=AnsweredEntry(entry.id, entry.question, entry.answer),
        citations=tuple(cite(index, quote, number) for number, quote in enumerate(quotes, start=1)),
        suggestions=suggestions[1:],
        evidence=evidence,
        conflicts=entry.conflicts,
    )
    return Considered(outcome, query, hits, quotes)
