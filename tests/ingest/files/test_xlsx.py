"""Spreadsheets, by way of a build."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from ingest.build import build_entries
from ingest.files.xlsx import LAST_ROW


def moved(sheet: bytes, row: int, make) -> bytes:
    """The spreadsheet with its second row at another place."""
    with zipfile.ZipFile(io.BytesIO(sheet)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    cells = parts["xl/worksheets/sheet1.xml"]
    for name in ("", "A", "B"):
        cells = cells.replace(f'r="{name}2"'.encode(), f'r="{name}{row}"'.encode())
    return bytes(make.zip({**parts, "xl/worksheets/sheet1.xml": cells}))


def test_the_last_row_of_a_sheet_is_read_and_one_after_it_is_not(leaflets: Path, make) -> None:
    sheet = make.xlsx({"FAQ": [["Question", "Answer"], ["Who may come?", "Anyone may."]]})
    for name, row in (("last", LAST_ROW), ("beyond", LAST_ROW + 1)):
        (leaflets / f"{name}.xlsx").write_bytes(moved(sheet, row, make))
    built = build_entries(leaflets.parents[1])
    assert [entry.question for entry in built.entries] == ["Who may come?"]
    [failed] = built.report.failed
    assert failed.capture == "pages/leaflets/beyond.xlsx"
    assert "names a row after 1,048,576, the last of a sheet" in failed.reason
