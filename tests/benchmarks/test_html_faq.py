"""Public FAQ pages of many kinds of markup: what is found on them, and that pages without questions give none."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from benchmarks.public.html_faq import measure_pages
from benchmarks.public.records import FaqPage

DATA = Path(os.environ.get("CITEWELL_TEST_DATA") or Path(__file__).parents[2].parent / "shared" / "data") / "html_faq"


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no public FAQ pages at {DATA}; set CITEWELL_TEST_DATA to their folder")
@pytest.mark.parametrize("kind", ["auto", "faq"])
def test_public_faq_pages(kind: str) -> None:
    pages = measure_pages(DATA, kind)
    asked, found, false = (sum(getattr(page, name) for page in pages) for name in ("questions", "found", "false"))
    assert found >= 0.97 * asked > 0
    assert found >= 0.97 * (found + false)
    assert sum(page.starts for page in pages) >= 0.97 * found
    assert sum(page.whole for page in pages) >= 0.97 * found
    assert all(page.false == 0 for page in pages if page.questions == 0)


def test_shortfalls_are_named(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.html").write_text(
        "<h1>FAQ</h1><h2>Is it A?</h2><p>It is.</p><h2>Is it B?</h2><p>Perhaps.</p><h2>Is it C?</h2><p>No.</p>"
    )
    truth = {
        "page": "a.html",
        "kind": "headings",
        "questions": ["Is it A?", "Is it B?", "Is it D?"],
        "answer_starts": {"Is it A?": "It is.", "Is it B?": "No."},
    }
    (tmp_path / "truth.jsonl").write_text(json.dumps(truth))
    assert measure_pages(tmp_path) == (
        FaqPage(
            page="a.html",
            kind="headings",
            questions=3,
            found=2,
            false=1,
            starts=1,
            whole=2,
            shortfalls=("missing: Is it D?", "false: Is it C?", "begins elsewhere: Is it B?"),
        ),
    )
