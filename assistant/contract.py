"""Outcomes -> the JSON that scripts depend on: the fields of `citewell ask --json`, in their order."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from assistant.records import Answer, AnsweredEntry, Citation, Clarification, Outcome, Suggestion
from ingest.records import Conflict

OutcomeName = Literal["answered", "clarify", "refused"]
# What a person reads in its place.
WORDS: dict[OutcomeName, str] = {"answered": "answered", "clarify": "asked back", "refused": "not answered"}


class Reply(Struct, frozen=True):
    """One line of `citewell ask --jsonl`."""

    question: str
    outcome: OutcomeName
    confidence: float  # the calibrated probability (0 to 1) that the top entry answers the question
    answer: str | None  # null unless answered, like entry
    entry: AnsweredEntry | None
    citations: tuple[Citation, ...]
    suggestions: tuple[Suggestion, ...]
    took_ms: float
    conflicts: tuple[Conflict, ...] = ()  # entries that answer the same question differently


def reply(outcome: Outcome, seconds: float) -> Reply:
    """Return the JSON fields of ``outcome``, which took ``seconds`` to find."""
    answered = outcome if isinstance(outcome, Answer) else None
    return Reply(
        question=outcome.question,
        outcome=name_of(outcome),
        confidence=round(outcome.confidence, 4),
        answer=answered.text if answered else None,
        entry=answered.entry if answered else None,
        citations=answered.citations if answered else (),
        suggestions=outcome.suggestions,
        took_ms=round(seconds * 1000, 1),
        conflicts=answered.conflicts if answered else (),
    )


def name_of(outcome: Outcome) -> OutcomeName:
    """Return what the contract calls an outcome."""
    if isinstance(outcome, Answer):
        return "answered"
    return "clarify" if isinstance(outcome, Clarification) else "refused"
