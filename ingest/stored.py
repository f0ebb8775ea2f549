"""captures.jsonl: where and when each capture was fetched, read and written. Knows no address and fetches nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ingest.disk import write_bytes
from ingest.entries import json_lines, read_rows
from ingest.errors import InputError
from ingest.records import Stored

FILE = "captures.jsonl"


def read_stored(folder: Path) -> Mapping[str, Stored]:
    """The rows of ``captures.jsonl`` by their capture, in order; none without such a file.

    InputError names the line that is wrong.
    """
    rows: dict[str, Stored] = {}
    path = folder / FILE
    for where, row in read_rows(path, Stored) if path.exists() else ():
        if row.capture in rows:
            raise InputError(f"{where}: the capture {row.capture!r} stands there twice; remove one of the rows")
        rows[row.capture] = row
    return rows


def write_stored(folder: Path, rows: Iterable[Stored]) -> None:
    """Put the rows in place of the file, sorted by capture: the same rows give the same bytes."""
    ordered = sorted(rows, key=lambda row: row.capture)
    write_bytes(folder / FILE, json_lines(ordered))
