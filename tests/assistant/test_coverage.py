"""The report says for each page how its entries were found, and what reads like a question and was not taken."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from assistant.console import Console
from assistant.console_coverage import LINES, PAGES, show_coverage
from ingest.build import build_entries
from ingest.records import Counted, PageReport, Report

PAGE = """<h1>FAQ</h1><details><summary>Is it open?</summary><p>Yes.</p></details>
<h2>Is it free?</h2><p>On Sundays.</p><h2>Still have questions?</h2><p>Call us.</p>
<p><a href="#top">Back to top</a></p>"""


def test_page_report_counts(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "p.html").write_text(PAGE)
    (tmp_path / "sources.toml").write_text(
        'name = "n"\n[[source]]\ntitle = "T"\ncapture = "pages/p.html"\nkind = "auto"\npublisher = "p"\nlicence = "l"\n'
    )
    (page,) = build_entries(tmp_path).report.pages
    assert sorted((each.name, each.number) for each in page.methods) == [("details", 1), ("headings", 1)]
    assert page.untaken == ("Still have questions?",)
    assert Counted("link within the page", 1) in page.dropped


def row(number: int, entries: int = 1, untaken: int = 0) -> PageReport:
    methods = (Counted("details", entries),) if entries else ()
    lines = tuple(f"Line {n} of {number}?" for n in range(untaken))
    return PageReport(f"p{number:03}.html", "T", "html", "", entries, 0, 0, methods, lines, (Counted("navigation", 2),))


@pytest.mark.parametrize("pages", [3, 500])
def test_coverage_is_bounded_and_shows_the_worst_pages(pages: int) -> None:
    rows = [row(number) for number in range(pages - 2)]
    rows += [row(pages - 2, untaken=LINES + 2), row(pages - 1, entries=0)]
    stream = io.StringIO()
    show_coverage(Console(stream), Report(tuple(rows), (), (), (), ()))
    text = stream.getvalue()
    assert len(text.splitlines()) <= PAGES + LINES + 5
    assert f"p{pages - 1:03}.html" in text
    assert text.count("Line ") == LINES
    assert "2 more lines that read like questions" in text
    assert f"{pages} gave {pages - 1} entries ({pages - 1} by details)" in text
    assert f"dropped: {2 * pages} navigation" in text
    assert (f"{pages - PAGES} more pages in report.json" in text) == (pages > PAGES)
