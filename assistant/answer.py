"""A question's way to its outcome."""

from __future__ import annotations

from assistant.citations import cite
from assistant.quotes import choose_quotes
from assistant.records import Answer, AnsweredEntry, Clarification, Evidence, Outcome, Refusal, Suggestion
from assistant.refusal import (
    ANSWER_FROM,
    CLARIFY_FROM,
    NOTHING,
    Surroundings,
    features_of,
    look_around,
    read_refusal,
)
from index.records import Hit
from index.search import Index, make_query, search

SUGGESTIONS = 3
QUESTION_CHARACTERS = 2000  # what is read of a question; the encoder reads 256 word pieces of it


def answer(question: str, index: Index) -> Outcome:
    """Answer ``question`` from ``index``: in the publisher's words, or with a choice, or not at all.

    Any text is a question, however long or odd; one without a word is refused. Nothing is raised for its sake.
    """
    text = " ".join(question[:QUESTION_CHARACTERS].encode(errors="replace").decode().split())
    if not any(character.isalnum() for character in text):
        return Refusal(question, 0.0, (), Evidence(ANSWER_FROM, CLARIFY_FROM, {}))
    query = make_query(index, text)
    hits = search(index, query)
    confidences, evidence = _weigh(index, hits, look_around(index, query, hidden=NOTHING))
    suggestions = [
        Suggestion(index.entries[hit.entry].id, index.entries[hit.entry].question, confidence)
        for hit, confidence in zip(hits, confidences, strict=False)  # the best few only
    ]
    sure = confidences[0]
    if sure < CLARIFY_FROM:
        return Refusal(question, sure, tuple(suggestions[:SUGGESTIONS]), evidence)
    if sure < ANSWER_FROM:
        return Clarification(question, sure, tuple(suggestions[:SUGGESTIONS]), evidence)
    quotes = choose_quotes(index, query, hits[0])
    entry = index.entries[hits[0].entry]
    return Answer(
        question=question,
        confidence=sure,
        text=" ".join(quote.text for quote in quotes),
        entry=AnsweredEntry(entry.id, entry.question, entry.answer),
        citations=tuple(cite(index, quote, number) for number, quote in enumerate(quotes, start=1)),
        suggestions=tuple(suggestions[1 : SUGGESTIONS + 1]),
        evidence=evidence,
    )


def _weigh(index: Index, hits: list[Hit], around: Surroundings) -> tuple[list[float], Evidence]:
    """The probability of each hit that is shown, and what speaks for the first."""
    refusal = read_refusal(index)
    features = [features_of(hits, position, around) for position in range(min(len(hits), SUGGESTIONS + 1))]
    confidences = [refusal.probability(one) for one in features]
    return confidences, Evidence(ANSWER_FROM, CLARIFY_FROM, features[0])
