"""Slots <-> a worksheet, CSV for a spreadsheet or JSON lines, that a person fills in.

The text of pages is not to be trusted: what a spreadsheet could run is written with an apostrophe before it, which is
taken off again when it is read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from assistant.spreadsheets import csv_bytes, plain_text
from assistant.wordings import Slot
from ingest.disk import write_bytes
from ingest.entries import Line, json_lines, read_rows
from ingest.errors import InputError

COLUMNS = Slot.__struct_fields__
NEEDED = ("kind", "entry", "paragraph", "text")  # the other columns are there to be read by people
BETWEEN = " | "  # known wordings in one cell
DELIMITERS = ",;\t"  # a spreadsheet saves with that of its country


def write_worksheet(path: Path, slots: Sequence[Slot]) -> None:
    """Write a row for each slot; the end of the name says how.

    Raises InputError when the name ends in neither .csv nor .jsonl, or the file is there already: it may be filled in.
    """
    _check_name(path)
    if path.exists():
        raise InputError(f"{path} is there already; take it with --take, delete it or name another")
    write_bytes(path, worksheet_bytes(slots, path.suffix.lower()))


def worksheet_bytes(slots: Sequence[Slot], suffix: str) -> bytes:
    """Return the file for ``slots``: JSON lines, or for ``.csv`` UTF-8 with a byte order mark, as spreadsheets need."""
    if suffix == ".jsonl":
        return json_lines(slots)
    return csv_bytes(COLUMNS, ([_cell(getattr(slot, column)) for column in COLUMNS] for slot in slots))


def read_worksheet(path: Path) -> tuple[tuple[Line, Slot], ...]:
    """The rows whose ``text`` is filled in, each with the line where it begins.

    Raises InputError, naming the line, for a row that can not be read, and when none is filled in.
    """
    _check_name(path)
    rows = read_rows(path, Slot) if path.suffix.lower() == ".jsonl" else _read_csv(path)
    filled = tuple((line, slot) for line, slot in rows if slot.text.strip())
    if not filled:
        raise InputError(f"no row of {path} is filled in; write into the column text")
    return filled


def _check_name(path: Path) -> None:
    if path.suffix.lower() not in (".csv", ".jsonl"):
        raise InputError(f"{path} is no worksheet; name a file that ends in .csv or .jsonl")


def _cell(value: str | int | tuple[str, ...] | None) -> str:
    return BETWEEN.join(value) if isinstance(value, tuple) else "" if value is None else str(value)


def _read_csv(path: Path) -> Iterator[tuple[Line, Slot]]:
    rows = _cells(path)
    _, head = next(rows, (None, []))
    columns = [cell.strip().lower() for cell in head]
    if missing := [name for name in NEEDED if name not in columns]:
        raise InputError(f"{path} has no column {missing[0]!r}; keep those of `citewell expand --out`")
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            yield line, _slot(line, dict(zip(columns, cells, strict=False)))


def _cells(path: Path) -> Iterator[tuple[Line, list[str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path} is missing; write one with `citewell expand --out`") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8; save it as “CSV UTF-8”") from None
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = Line(path, 1)
    try:
        for cells in reader:
            yield line, cells
            line = Line(path, reader.line_num + 1)  # a cell may hold line breaks
    except csv.Error as error:
        raise InputError(f"{line}: {error}; correct the row") from None


def _slot(line: Line, cells: dict[str, str]) -> Slot:
    values = {name: plain_text(cells.get(name, "")) for name in NEEDED}
    paragraph = values["paragraph"].strip()
    if paragraph and not paragraph.isdecimal():
        raise InputError(f"{line}: the paragraph {paragraph!r} is no number; correct it, or leave it empty")
    try:
        return msgspec.convert(
            values | {"entry": values["entry"] or None, "paragraph": int(paragraph) if paragraph else None},
            type=Slot,
        )
    except (msgspec.ValidationError, ValueError) as error:
        raise InputError(f"{line}: {error}; correct the row") from None
