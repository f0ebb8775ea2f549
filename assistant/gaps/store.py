"""`questions.db` in a home: SQLite, opened for one step and closed, so that no connection holds what is to go.

Only its owner may read it. What is deleted is overwritten (secure_delete), and no step leaves copies elsewhere: nothing
is put into temporary files, and `sweep` empties the write-ahead log.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import InputError

NAME = "questions.db"
SCHEMA = 1
PATIENCE = 2.0  # seconds to wait for another writer: whoever asks waits as long
# A number of a question is never used again: a page may still hold that of one which was purged.
_TABLES = """
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


def exists(home: Path) -> bool:
    """Whether anything was ever kept."""
    return (home / NAME).is_file()


@contextmanager
def opened(home: Path) -> Iterator[sqlite3.Connection]:
    """A connection in a transaction, which ends with the block and is undone when that raises; then it is closed.

    Raises sqlite3.Error or OSError when the file can not be used, InputError when a later version wrote it.
    """
    connection = _connect(home / NAME)
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            _prepare(connection, home / NAME)
            yield connection
        except BaseException:
            connection.rollback()
            raise
        connection.commit()
    finally:
        connection.close()


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
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite's further files take its mode
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


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables, once."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA:
        raise InputError(f"{path} was written by a later version of Citewell; use that, or move the file away")
    if version < SCHEMA:
        for statement in filter(str.strip, _TABLES.split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
