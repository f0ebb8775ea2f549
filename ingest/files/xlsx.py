"""XLSX -> rows. Runs in the worker. Formulas are not evaluated: a cell says what was last stored as its value."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import datetime, time

from openpyxl import load_workbook

from ingest.errors import InputError
from ingest.files.archive import check_archive
from ingest.files.tables import MOST_COLUMNS, MOST_ROWS
from ingest.records import Table

LAST_ROW = 1_048_576  # of a sheet; a damaged one may name a row that would be reached after years of empty ones


def read(raw: bytes) -> list[Table]:
    """The visible sheets in order.

    InputError for more rows than MOST_ROWS, for one beyond LAST_ROW, and what ``check_archive`` refuses.
    """
    check_archive(raw)
    book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
    tables = []
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()  # what the file says of them may be wrong, and is what would be allocated
            tables.append(Table(sheet.title, list(_read_rows(sheet.iter_rows(values_only=True)))))
    return tables


def _read_rows(rows: Iterable[tuple[object, ...]]) -> Iterator[list[str]]:
    """The rows as text; empty ones are kept for the count of those between others, but count as nothing themselves."""
    filled = 0
    empty: list[list[str]] = []
    for number, row in enumerate(rows, 1):
        if number > LAST_ROW:
            raise InputError(f"is damaged (it names a row after {LAST_ROW:,}, the last of a sheet); save it again")
        cells = [_write(value) for value in row[:MOST_COLUMNS]]
        if not any(cells):
            if len(empty) < MOST_ROWS:
                empty.append([])
            continue
        filled += 1
        if filled > MOST_ROWS:
            raise InputError(f"has more than {MOST_ROWS:,} rows; divide it")
        yield from empty
        empty = []
        yield cells


def _write(value: object) -> str:
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return "" if value is None else str(value).strip()
