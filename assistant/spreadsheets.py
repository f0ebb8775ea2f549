"""Texts as cells of a CSV file that a spreadsheet opens. What comes from people and pages is not to be trusted.

A spreadsheet would run a cell that begins like a formula, or, where it splits cells elsewhere than at commas, a part of
one. What could begin such a cell is written with an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

CELL = 32_767  # characters; a spreadsheet cuts or refuses what is longer

# What begins a formula, also behind white space, quotation marks and what nobody sees, which some programs drop. After
# an apostrophe too: it gets one more, so that taking one off is always right. The wide forms are there because
# spreadsheets in some languages read them alike.
FORMULA = re.compile(r"""[\s"'\ufeff\u200b-\u200f\u2060]*[=+\-@＝＋－＠]|[\t\r\n]|'+[\t\r\n]""")
# Likewise within a cell: what begins one where a row is split at another character than the comma, which then ends
# the row at a line break too, and takes a quotation mark away.
_WITHIN = re.compile(r"""([;,|\t\r\n][\s"]*'*)([=+\-@＝＋－＠])""")
_GUARDED = re.compile(r"""([;,|\t\r\n][\s"]*'*)'([=+\-@＝＋－＠])""")


def safe_cell(text: str) -> str:
    """Return ``text`` so that no spreadsheet runs it, cut to what a cell can hold."""
    text = _WITHIN.sub(r"\1'\2", text)
    return (f"'{text}" if FORMULA.match(text) else text)[:CELL]


def plain_text(cell: str) -> str:
    """Return the text that `safe_cell` made ``cell`` of."""
    text = cell[1:] if FORMULA.match(cell) and cell[0] == "'" else cell
    return _GUARDED.sub(r"\1\2", text)


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """Return a file of these columns and rows: UTF-8 with a byte order mark, as spreadsheets need; every cell safe."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(columns)
    writer.writerows([safe_cell(str(cell)) for cell in row] for row in rows)
    return sheet.getvalue().encode("utf-8-sig")
