"""The same public FAQ pages at two times: their copies are found again, as merged or as named contradictions."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.public.duplicates import measure_duplicates, read_documents, read_pairs

BESIDE = Path(__file__).parents[2].parent / "shared" / "data"
DATA = Path(os.environ.get("CITEWELL_TEST_DATA") or BESIDE) / "near_dup_jhu"


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no copies at {DATA}; set CITEWELL_TEST_DATA to their folder")
def test_copies_of_public_pages_are_found_again() -> None:
    rows = measure_duplicates(read_documents(DATA / "docs.jsonl.gz"), read_pairs(DATA / "pairs.jsonl"))
    by_method = {row.method: row for row in rows}
    recognised, merged = by_method["Citewell, merged or in conflict"], by_method["Citewell, merged"]
    assert recognised.precision is not None
    assert recognised.precision >= 0.98
    assert recognised.kinds[-1].recall.value >= 0.98
    assert merged.precision is not None
    assert merged.precision >= 0.98
