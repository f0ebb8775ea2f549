"""`questions.db` in a home: SQLite, opened for one step and closed, so that no connection holds what is to go.

Only its owner may read it. What is deleted is overwritten (secure_delete), and no step leaves copies elsewhere: nothing
is put into temporary files, and `sweep` empties the write-ahead log.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ingest.errors import InputError

NAME = "questions.db"
PATIENCE = 2.0  # seconds to wait for another writer: whoever asks waits as long
# A number of a question is never used again: a page may still hold that of one which was purged.
_FIRST = """
CREATE TABLE asked (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, text TEXT NOT NULL, letters TEXT NOT NULL,
  outcome TEXT NOT NULL, confidence REAL NOT NULL, entry TEXT, followed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX asked_at ON asked (at);
CREATE TABLE feedback (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, entry TEXT, helpful INTEGER NOT NULL, reason TEXT NOT NULL, question INTEGER
);
CREATE TABLE decided (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, what TEXT NOT NULL, text TEXT NOT NULL, letters TEXT NOT NULL, entry TEXT,
  paragraph INTEGER, file TEXT
);
CREATE INDEX decided_letters ON decided (letters);
CREATE TABLE upkeep (purged TEXT NOT NULL);
"""
# What makes each version of the one before: an older file is brought up to date by whoever opens it.
_STEPS = (_FIRST, "CREATE INDEX feedback_question ON feedback (question)")
SCHEMA = len(_STEPS)


def exists(home: Path) -> bool:
    """Whether anything was ever kept."""
    return (home / NAME).is_file()


@contextmanager
def opened(home: Path, *, to_read: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection in a transaction, which ends with the block and is undone when that raises; then it is closed.

    One ``to_read`` waits for no writer, and none waits for it. Raises sqlite3.Error or OSError when the file can not be
    used, InputError when a later version wrote it.
    """
    connection = _connect(home / NAME)
    try:
        if _version(connection, home / NAME) < SCHEMA:
            with _transaction(connection, "BEGIN IMMEDIATE"):
                _prepare(connection, home / NAME)
        with _transaction(connection, "BEGIN" if to_read else "BEGIN IMMEDIATE"):
            yield connection
    finally:
        connection.close()


def stamp(when: datetime) -> str:
    """A time as it is stored: UTC, to the second, so that the order of letters is that of time."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sweep(home: Path) -> None:
    """Leave nothing of what was deleted in the files. Raises sqlite3.OperationalError while somebody reads them."""
    connection = _connect(home / NAME)
    try:
        connection.execute("VACUUM")
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise sqlite3.OperationalError("database is locked")
    finally:
        connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    # SQLite's further files take its mode. A link may lead out of the home.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        for setting in ("secure_delete = ON", "temp_store = MEMORY", "synchronous = NORMAL"):
            connection.execute(f"PRAGMA {setting}")
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _version(connection: sqlite3.Connection, path: Path) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA:
        raise InputError(f"{path} was written by a later version of Citewell; use that, or move the file away")
    return version


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make what the file lacks of the tables and indexes of this version."""
    for step in _STEPS[_version(connection, path) :]:
        for statement in filter(str.strip, step.split(";")):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {SCHEMA}")
