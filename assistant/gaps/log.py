"""Questions and feedback -> `questions.db`, redacted; and what is too old, out of it.

Nothing here may keep anybody from an answer: where the log can not be written, one line in the server's log says so,
without a word of the question.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, structs

from assistant.contract import name_of
from assistant.gaps import store
from assistant.gaps.records import Asked, Feedback
from assistant.gaps.redact import redact
from assistant.records import Answer, Outcome
from ingest.errors import InputError
from ingest.records import Questions
from ingest.sameness import letters_of

LONGEST_QUESTION = 1000  # characters that are kept; the app takes half of that
LONGEST_REASON = 500

_log = logging.getLogger(__name__)
T = TypeVar("T")


class Purged(Struct, frozen=True):
    """How many rows went."""

    asked: int
    feedback: int
    decided: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.asked + self.feedback + self.decided


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


def purge(home: Path, settings: Questions, now: datetime) -> Purged:
    """Delete what is older than ``keep_days``, and leave nothing of it in the files.

    Raises InputError when the file can not be used.
    """
    return _purge(home, now - timedelta(days=settings.keep_days), now)


def purge_all(home: Path, now: datetime) -> Purged:
    """Delete everything, and leave nothing of it in the files. Raises InputError when the file can not be used."""
    return _purge(home, None, now)


def _note_question(home: Path, settings: Questions, asked: Asked) -> int | None:
    _upkeep(home, settings, asked.when)
    with store.opened(home) as connection:
        return connection.execute(
            "INSERT INTO asked (at, text, letters, outcome, confidence, entry) VALUES (?, ?, ?, ?, ?, ?)",
            (stamp(asked.when), asked.text, letters_of(asked.text), asked.outcome, asked.confidence, asked.entry),
        ).lastrowid


def _note_feedback(home: Path, settings: Questions, given: Feedback) -> int | None:
    _upkeep(home, settings, given.when)
    given = structs.replace(given, reason=_reason(given.reason), question=given.question if settings.log else None)
    with store.opened(home) as connection:
        return connection.execute(
            "INSERT INTO feedback (at, entry, helpful, reason, question) VALUES (?, ?, ?, ?, ?)",
            (stamp(given.when), given.entry, given.helpful, given.reason, given.question),
        ).lastrowid


def _reason(text: str) -> str:
    return redact(text).strip()[:LONGEST_REASON]


def _upkeep(home: Path, settings: Questions, now: datetime) -> None:
    """Purge once a day, when something is written; that it could not be is no reason to lose what is to be written."""

    def step() -> None:
        with store.opened(home) as connection:
            last = connection.execute("SELECT max(purged) FROM upkeep").fetchone()[0]
        if last is None or last[:10] < stamp(now)[:10]:
            purge(home, settings, now)

    _safely(step)


def _purge(home: Path, before: datetime | None, now: datetime) -> Purged:
    if not store.exists(home):
        return Purged(0, 0, 0)
    limit = "9999" if before is None else stamp(before)
    try:
        with store.opened(home) as connection:
            gone = [
                connection.execute(f"DELETE FROM {table} WHERE at < ?", (limit,)).rowcount  # noqa: S608  # names of ours
                for table in ("asked", "feedback", "decided")
            ]
        store.sweep(home)
        with store.opened(home) as connection:  # not before: what could not be swept is tried again
            connection.execute("DELETE FROM upkeep")
            connection.execute("INSERT INTO upkeep VALUES (?)", (stamp(now),))
    except (sqlite3.Error, OSError) as error:
        raise InputError(
            f"{home / store.NAME} can not be purged: {error}; stop what uses it, or delete the file"
        ) from None
    return Purged(*gone)


def _safely(step: Callable[[], T]) -> T | None:
    """Take the step; whatever stops it is told by its kind alone, because a message may quote what it was about."""
    try:
        return step()
    except Exception as error:
        name = getattr(error, "sqlite_errorname", None) or type(error).__name__
        _log.warning("the log of questions can not be written (%s)", name)
        return None


def stamp(when: datetime) -> str:
    """A time as it is stored: UTC, to the second, so that the order of letters is that of time."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
