"""The report says for each page how its entries were found, and what reads like a question and was not taken."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from assistant.console import LISTED, Console
from assistant.console_coverage import LINES, PAGES, show_coverage, show_entries
from ingest.build import Built, build_entries
from ingest.records import (
    Borderline,
    Corpus,
    Counted,
    Differing,
    Failed,
    Merged,
    PageReport,
    Refreshed,
    Reply,
    Report,
    Unresolved,
    Visited,
)

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
    assert (f"and {pages - PAGES} more, listed in report.json" in text) == (pages > PAGES)


@pytest.mark.parametrize("count", [LISTED, 2_000])
def test_what_a_build_says_is_bounded(count: int) -> None:
    """All of a small corpus, the first of each kind of line of a large one."""
    report = Report(
        pages=tuple(row(number, untaken=9) for number in range(count)),
        merged=tuple(Merged(f"e{n}", "p.html", n, n + 1, "q.html", 1.0, None, 0.9) for n in range(count)),
        unanswered=tuple(Unresolved(f"Why {n}?", "p.html", n, n + 1) for n in range(count)),
        differing=tuple(
            Differing(f"How {n}?", ("a", "b"), ("p.html", "q.html"), 0.5, headings=headings)
            for n in range(count)
            for headings in (None, ("x", "y"))
        ),
        dropped=(),
        failed=tuple(Failed(f"p{n}.html", f"p{n}.html is a pipe") for n in range(count)),
        borderline=tuple(Borderline(("a", "b"), ("p.html", "q.html"), "answer", 0.8, 0.9) for _ in range(count)),
    )
    stream = io.StringIO()
    show_entries(Console(stream), Built(Corpus("n", ()), (), (), report))
    lines = stream.getvalue().splitlines()
    kinds = ("merged", "unanswered", "conflict", "same question under other headings", "not used", "borderline")
    for kind in kinds:
        told = [line for line in lines if line.startswith(f"{kind}: ")]
        rest = [f"{kind}: and {count - LISTED} more, listed in report.json"] if count > LISTED else []
        assert len(told) == LISTED + len(rest)
        assert told[LISTED:] == rest
    assert len(lines) < 7 * LISTED + PAGES * (LINES + 2)


def test_what_is_said_of_a_crawl_is_bounded() -> None:
    replies = tuple(Reply("refused", f"https://x/{n}", "", f"it redirects to https://y/{n}: no") for n in range(2_000))
    stream = io.StringIO()
    Console(stream).show_refreshed(Refreshed((Visited("S", replies),)), Path(".fetch/replies.jsonl"))
    text = stream.getvalue()
    assert len(text.splitlines()) == LISTED + 3
    assert f"other reasons: and {2_000 - LISTED} more, listed in replies.jsonl" in text
