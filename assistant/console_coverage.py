"""What each page gave, and what on it reads like a question and was not taken: a summary, then the pages to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.console import Console
    from ingest.records import Counted, PageReport, Report

# A person reads so many rows; the rest is in report.json. Of lines not taken, so many for each page.
PAGES = 20
LINES, CHARACTERS = 3, 100


def show_coverage(console: Console, report: Report) -> None:
    """Print a table of the pages, those that gave least first where there are many, and what was not taken."""
    rows = _worst(report.pages) if len(report.pages) > PAGES else report.pages
    console.table(
        ("page", "form", "entries", "merged copies", "unanswered", "not taken", "how"),
        (
            (p.capture, p.form, str(p.entries), str(p.merged), str(p.unanswered), str(len(p.untaken)), _list(p.methods))
            for p in rows
        ),
    )
    if len(rows) < len(report.pages):
        console.say(f"{len(report.pages) - len(rows)} more pages in report.json; these are the ones to look at")
    for page in rows:
        for line in page.untaken[:LINES]:
            console.say(f"not taken: {_clip(line)} ({page.capture})")
        if len(page.untaken) > LINES:
            console.say(f"not taken: {len(page.untaken) - LINES} more lines that read like questions ({page.capture})")
    console.say(_sum_up(report))


def _worst(pages: Sequence[PageReport]) -> list[PageReport]:
    """The pages that gave nothing, then those with the most lines that were not taken."""
    return sorted(pages, key=lambda page: (page.entries + page.merged > 0, -len(page.untaken), page.capture))[:PAGES]


def _sum_up(report: Report) -> str:
    methods: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for page in report.pages:
        methods.update({each.name: each.number for each in page.methods})
        reasons.update({each.name: each.number for each in page.dropped})
    lines = sum(len(page.untaken) for page in report.pages)
    found = ", ".join(f"{number} by {name}" for name, number in methods.most_common())
    dropped = ", ".join(f"{number} {reason}" for reason, number in reasons.most_common())
    return (
        f"pages: {len(report.pages)} gave {methods.total()} entries ({found or 'none'}); {lines} lines that read like "
        f"questions were not taken; dropped: {dropped or 'nothing'}"
    )


def _list(counts: Iterable[Counted]) -> str:
    return ", ".join(f"{each.number} {each.name}" for each in counts)


def _clip(line: str) -> str:
    return line if len(line) <= CHARACTERS else line[: CHARACTERS - 1].rstrip() + "…"
