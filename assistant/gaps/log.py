"""Questions and feedback -> `questions.db`, redacted.

Nothing here may keep anybody from an answer: where the log can not be written, one line in the server's log says so,
without a word of the question.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from assistant.contract import name_of
from assistant.gaps import store, upkeep
from assistant.gaps.records import Asked, Feedback
from assistant.gaps.store import stamp
from assistant.records import Answer, Outcome
from assistant.redaction.redact import redact
from ingest.records import Questions
from ingest.sameness import letters_of

LONGEST_QUESTION = 1000  # characters that are kept; the app takes half of that
LONGEST_REASON = 500
MOST = 50_000  # questions, and as many verdicts, are kept: a flood of them fills no disk, and the page stays quick
LOOK = 1000  # after so many of them it is seen to that there are no more

_log = logging.getLogger(__name__)
T = TypeVar("T")


def asked_of(outcome: Outcome, now: datetime) -> Asked:
    """What of an outcome is kept, its question redacted."""
    nearest = outcome.suggestions[0].id if outcome.suggestions else None
    return Asked(
        text=redact(outcome.question)[:LONGEST_QUESTION],
        when=now,
        outcome=name_of(outcome),
        confidence=outcome.confidence,
        entry=outcome.entry.id if isinstance(outcome, Answer) else nearest,
    )


def note_question(home: Path, settings: Questions, outcome: Outcome, now: datetime) -> int | None:
    """Keep a question that was asked; return its number in the log.

    None, and nothing is written, where the corpus does not say that questions are kept; None too where the log can not
    be written. The same question asked again is kept again: a page that is drawn anew is for the caller to tell.
    """
    return _safely(lambda: _note_question(home, settings, asked_of(outcome, now))) if settings.log else None


def note_followed(home: Path, settings: Questions, question: int | None) -> None:
    """Say of the clarification that the question of this number came to that one of its choices was taken."""
    if not settings.log or question is None or not store.exists(home):
        return

    def note() -> None:
        with store.opened(home) as connection:
            connection.execute("UPDATE asked SET followed = 1 WHERE id = ?", (question,))

    _safely(note)


def note_feedback(home: Path, settings: Questions, given: Feedback) -> int | None:
    """Keep what somebody said of an answer, the reason redacted; return its number, None where it was not kept.

    It is kept where questions are not, too, but then without its question.
    """
    return _safely(lambda: _note_feedback(home, settings, given))


def note_reason(home: Path, feedback: int | None, reason: str) -> None:
    """Add the reason, redacted, to the feedback of this number."""
    if feedback is None or not store.exists(home):
        return

    def note() -> None:
        with store.opened(home) as connection:
            connection.execute("UPDATE feedback SET reason = ? WHERE id = ?", (_reason(reason), feedback))

    _safely(note)


def _note_question(home: Path, settings: Questions, asked: Asked) -> int | None:
    return _insert(
        home,
        settings,
        asked.when,
        "asked",
        "INSERT INTO asked (at, text, letters, outcome, confidence, entry) VALUES (?, ?, ?, ?, ?, ?)",
        (stamp(asked.when), asked.text, letters_of(asked.text), asked.outcome, asked.confidence, asked.entry),
    )


def _note_feedback(home: Path, settings: Questions, given: Feedback) -> int | None:
    question = given.question if settings.log else None
    return _insert(
        home,
        settings,
        given.when,
        "feedback",
        "INSERT INTO feedback (at, entry, helpful, reason, question) VALUES (?, ?, ?, ?, ?)",
        (stamp(given.when), given.entry, given.helpful, _reason(given.reason), question),
    )


def _insert(
    home: Path, settings: Questions, now: datetime, table: str, statement: str, row: tuple[object, ...]
) -> int | None:
    """Insert a row, and purge once a day; that this could not be done is no reason to lose the row."""
    with store.opened(home) as connection:
        number = connection.execute(statement, row).lastrowid or 0
        if number % LOOK == 0:
            connection.execute(f"DELETE FROM {table} WHERE id <= ?", (number - MOST,))  # noqa: S608  # names of ours
        is_due = upkeep.is_due(connection, home, now)
    if is_due:
        _safely(lambda: upkeep.purge(home, settings, now))
    return number


def _reason(text: str) -> str:
    return redact(text).strip()[:LONGEST_REASON]


def _safely(step: Callable[[], T]) -> T | None:
    """Take the step; whatever stops it is told by its kind alone, because a message may quote what it was about."""
    try:
        return step()
    except Exception as error:
        name = getattr(error, "sqlite_errorname", None) or type(error).__name__
        _log.warning("the log of questions can not be written (%s)", name)
        return None
