"""What is too old, or all, out of `questions.db`, so that no file still has its bytes.

How long questions are kept is what the pages say that answer; no index is opened for it, and where none is, or none
can be read, it is as long as for a corpus that says nothing of it.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

from assistant.gaps import store
from assistant.gaps.store import stamp
from index.store import NAME, current_generation
from ingest.errors import InputError
from ingest.records import Questions

_looked: dict[Path, str] = {}  # the day on which this process has last seen that a home is purged


class Purged(Struct, frozen=True):
    """How many rows went."""

    asked: int
    feedback: int
    decided: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.asked + self.feedback + self.decided


class _Said(Struct):
    questions: Questions = Questions()


def settings_of(home: Path) -> Questions:
    """What becomes of questions, as the current generation says, of whatever version; else the defaults."""
    name = current_generation(home) or ""
    try:
        said = (home / "generations" / name / "corpus.json").read_bytes() if NAME.fullmatch(name) else b"{}"
        return msgspec.json.decode(said, type=_Said).questions
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return Questions()


def purge(home: Path, settings: Questions, now: datetime) -> Purged:
    """Delete what is older than ``keep_days``, and leave nothing of it in the files.

    Raises InputError when the file can not be used.
    """
    return _purge(home, now - timedelta(days=settings.keep_days), now)


def purge_all(home: Path, now: datetime) -> Purged:
    """Delete everything, and leave nothing of it in the files. Raises InputError when the file can not be used."""
    return _purge(home, None, now)


def is_due(connection: sqlite3.Connection, home: Path, now: datetime) -> bool:
    """Whether nobody has purged on this day yet; a process looks once a day."""
    day = stamp(now)[:10]
    if _looked.get(home, "") >= day:
        return False
    last = connection.execute("SELECT max(purged) FROM upkeep").fetchone()[0]
    if last is not None and last[:10] >= day:
        _looked[home] = day
        return False
    return True


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
