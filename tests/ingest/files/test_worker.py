"""What the worker reads by, in the process where the watch is; the worker itself is out of its sight."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import pytest

SAMPLES = {
    "pdf": lambda make: make.pdf([[("F1", 12, 72, 700, "Words of a page.")]]),
    "docx": lambda make: make.docx("<w:p><w:r><w:t>Words of a document.</w:t></w:r></w:p>"),
    "xlsx": lambda make: make.xlsx({"Sheet": [["Question", "Answer"], ["Who?", "You."]]}),
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_no_reader_unpickles(kind: str, make, noticed: Callable[[], list[str]]) -> None:
    assert importlib.import_module(f"ingest.files.{kind}").read(SAMPLES[kind](make))
    assert noticed() == []
