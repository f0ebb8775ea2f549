"""What one reader asked, and what came of it: kept for the length of a visit, and given out as Markdown or CSV.

Personal data in a question is taken out of what is given out: it is made to be passed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from assistant.contract import WORDS, OutcomeName, name_of
from assistant.records import Answer, Outcome
from assistant.redaction.redact import redact
from assistant.scope import EVERYTHING, Scope
from assistant.sharing import cited, escape, markdown
from assistant.spreadsheets import csv_bytes
from assistant.text import long_date
from index.reader import Index

KEPT = 100  # questions of a visit that are remembered, the latest


class Turn(Struct, frozen=True):
    """One question of a visit, and the outcome as text."""

    question: str
    shared: str  # the question as it is given out, without personal data
    address: str  # where it is asked again: "?q=..."
    at: datetime
    outcome: OutcomeName
    entry: str  # the question that was answered; empty unless answered, as what follows
    answer: str
    citations: tuple[str, ...]
    markdown: str
    number: int | None = None  # in the log of questions, where they are kept
    within: str = ""  # what alone was looked at; empty: everything


def note(
    outcome: Outcome,
    address: str,
    at: datetime,
    index: Index,
    number: int | None = None,
    scope: Scope = EVERYTHING,
) -> Turn:
    """Return the turn that an outcome makes."""
    answered = outcome if isinstance(outcome, Answer) else None
    return Turn(
        question=outcome.question,
        shared=redact(outcome.question),
        address=address,
        at=at,
        outcome=name_of(outcome),
        entry=answered.entry.question if answered else "",
        answer=answered.text if answered else "",
        citations=tuple(cited(one, index) for one in answered.citations) if answered else (),
        markdown=markdown(answered, index) if answered else "",
        number=number,
        within=scope.named,
    )


def as_markdown(name: str, turns: Sequence[Turn]) -> str:
    """Return the turns, in their order, as a Markdown document under the ``name`` of the corpus."""
    parts = [f"# Questions to “{escape(name)}”"]
    for turn in turns:
        parts += [
            f"## {escape(turn.shared)}",
            f"{long_date(turn.at)}, {turn.at:%H:%M}",
            turn.markdown or _unanswered(turn),
        ]
    return "\n\n".join(parts) + "\n"


def as_csv(turns: Sequence[Turn]) -> bytes:
    """Return the turns, in their order, as CSV that a spreadsheet opens: no cell is read as a formula."""
    head = ("asked", "question", "outcome", "question answered", "answer", "sources", "looked in")
    rows = (
        (
            f"{turn.at:%Y-%m-%d %H:%M}",
            turn.shared,
            WORDS[turn.outcome].capitalize(),
            turn.entry,
            turn.answer,
            "\n".join(turn.citations),
            turn.within or "all pages",
        )
        for turn in turns
    )
    return csv_bytes(head, rows)


def _unanswered(turn: Turn) -> str:
    if turn.outcome == "clarify":
        return "The pages may answer this under another question."
    if turn.within:
        return f"This part of the pages does not answer this: only {escape(turn.within)} was looked at."
    return "The pages do not answer this."
