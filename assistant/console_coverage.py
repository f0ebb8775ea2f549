"""What a build took, merged and left: the pages to look at, each kind of finding, what reads like a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.console import Console, tell
from ingest.shorten import shorten

if TYPE_CHECKING:
    from ingest.build import Built
    from ingest.records import Borderline, Differing, Merged, PageReport, Report

# A person reads so many rows; the rest is in report.json. Of lines not taken, so many for each page.
PAGES = 20
LINES, CHARACTERS = 3, 100
COVERAGE = ("form", "entries", "merged copies", "unanswered", "not taken", "how")  # what is said of a page
ELSEWHERE = "same question under other headings"


def show_entries(console: Console, made: Built) -> None:
    """Print what a build took from each page, merged, and left unanswered; of much, the first of each kind."""
    report = made.report
    show_coverage(console, report)
    console.say_first("merged", map(_say_merged, report.merged), len(report.merged))
    asked = (f"unanswered: {question.question} ({question.capture})" for question in report.unanswered)
    console.say_first("unanswered", asked, len(report.unanswered))
    conflicts = [pair for pair in report.differing if pair.headings is None]
    console.say_first("conflict", map(_say_differing, conflicts), len(conflicts))
    others = [pair for pair in report.differing if pair.headings is not None]
    console.say_first(ELSEWHERE, map(_say_differing, others), len(others))
    console.say_first("not used", (f"not used: {page.reason}" for page in report.failed), len(report.failed))
    console.say_first("borderline", map(_say_borderline, report.borderline), len(report.borderline))
    console.say(f"dropped: {len(report.dropped)} pieces that are no content, listed with reasons in report.json")


def show_coverage(console: Console, report: Report) -> None:
    """Print a table of the pages, those that gave least first where there are many, and what was not taken."""
    rows = _worst(report.pages) if len(report.pages) > PAGES else report.pages
    console.table(("page", *COVERAGE), ((page.capture, *coverage_of(page)) for page in rows))
    if len(rows) < len(report.pages):
        console.say(f"and {len(report.pages) - len(rows)} more, listed in report.json; those shown gave least")
    for page in rows:
        for line in page.untaken[:LINES]:
            console.say(f"not taken: {shorten(line, CHARACTERS)} ({page.capture})")
        if len(page.untaken) > LINES:
            console.say(f"not taken: {len(page.untaken) - LINES} more lines that read like questions ({page.capture})")
    console.say(sum_up(report))


def coverage_of(page: PageReport) -> tuple[str, ...]:
    """Return what a page gave, in the order of `COVERAGE`."""
    figures = map(str, (page.entries, page.merged, page.unanswered, len(page.untaken)))
    return page.form, *figures, ", ".join(f"{each.number} {each.name}" for each in page.methods)


def _worst(pages: Sequence[PageReport]) -> list[PageReport]:
    """The pages that gave nothing, then those with the most lines that were not taken."""
    return sorted(pages, key=lambda page: (page.entries + page.merged > 0, -len(page.untaken), page.capture))[:PAGES]


def sum_up(report: Report) -> str:
    """Return in a line what all pages gave, how, and what of them was not taken."""
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


def _say_merged(copy: Merged) -> str:
    answer = "question only" if copy.answer_score is None else f"answer {copy.answer_score:.2f}"
    place = f"{copy.capture}:{copy.start}-{copy.end}"
    return f"merged: {place} into {copy.entry} (question {copy.question_score:.2f}, {answer})"


def _say_differing(pair: Differing) -> str:
    return (
        f"{'conflict' if pair.headings is None else ELSEWHERE}: {pair.question} in {' and '.join(pair.captures)} "
        f"(answers {pair.answer_score:.2f} alike{tell(pair.differences, ': ')})"
    )


def _say_borderline(near: Borderline) -> str:
    return f"borderline: {' and '.join(near.entries)} ({near.what} {near.score:.2f}, below {near.threshold:.2f})"
