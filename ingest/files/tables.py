"""CSV and JSON lines -> rows of text. Knows no question."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from ingest.encodings import decode_whole
from ingest.entries import Line, parse_rows
from ingest.errors import InputError
from ingest.files.columns import find_columns
from ingest.records import Table

# A person reviews what is in a corpus: tables beyond this are exports of something else.
MOST_ROWS, MOST_COLUMNS = 100_000, 100
MOST_CELLS = 2_000_000  # of all rows together: a row is read whole before its columns can be counted
SAMPLE = 10_000  # characters
DELIMITERS = ",;\t"  # a spreadsheet saves with that of its country


def read_csv(raw: bytes) -> Table:
    """The rows, cut by the delimiter that shows the columns. InputError names the line that is wrong."""
    text = decode_whole(raw)
    if "\0" in text:
        raise InputError("is a binary file; save it as CSV")
    delimiter = max(DELIMITERS, key=lambda sign: _judge(text, sign))
    if text.count(delimiter) > MOST_CELLS:
        raise InputError(f"has more than {MOST_CELLS:,} cells between {delimiter!r}; divide it")
    # A lone \r ends the rows of an old Mac; within other rows it would cut an answer in two, and is an error.
    lines = io.StringIO(text, newline="\n" if "\n" in text else "\r")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append([cell.strip() for cell in row[:MOST_COLUMNS]])
            if len(rows) > MOST_ROWS:
                raise InputError(f"has more than {MOST_ROWS:,} rows; divide it")
    except csv.Error as error:
        fault = str(error).partition(" - ")[0]  # what follows is said to a programmer
        raise InputError(f"is no CSV at line {reader.line_num}: {fault}; correct that line") from None
    return Table("", rows)


def read_json_lines(raw: bytes, path: Path) -> Table:
    """A row for each object, under a first row of all their keys. InputError names the line that is wrong."""
    parsed = parse_rows(path, decode_whole(raw).encode(), dict[str, object])
    rows = list(islice(parsed, MOST_ROWS + 1))
    keys = list(dict.fromkeys(key for _, row in rows for key in row))
    if len(rows) > MOST_ROWS or len(keys) > MOST_COLUMNS:
        raise InputError(f"{path} has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} keys; divide it")
    return Table("", [keys, *([_cell(where, row.get(key)) for key in keys] for where, row in rows)] if rows else [])


def _judge(text: str, delimiter: str) -> tuple[bool, int]:
    """How well the first lines fit a delimiter: whether they name the columns, and how many rows have two cells."""
    lines = text[:SAMPLE].splitlines()  # at each \r too, which is an error within a row
    rows = [row for line in lines for row in csv.reader([line], delimiter=delimiter)]
    columns = find_columns(rows)
    return columns is not None and columns.first > 0, sum(len(row) == 2 for row in rows)


def _cell(where: Line, value: object) -> str:
    try:
        return _write(value)
    except RecursionError:
        raise InputError(f"{where}: its lists are nested too deep; write an answer as a list of paragraphs") from None


def _write(value: object) -> str:
    """A value as the text of a cell: a list as paragraphs."""
    if isinstance(value, list):
        return "\n\n".join(_write(each) for each in value)
    return "" if value is None or isinstance(value, Mapping) else str(value).strip()
