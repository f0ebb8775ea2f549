"""Two builds beside each other: what the later one changes, and what of it looks wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingest import diffs
from ingest.alarms import find_alarms
from ingest.build import Before
from ingest.diffs import diff_texts
from ingest.errors import InputError
from ingest.pages import count_pages
from ingest.plan import Plan, Reference, make_plan
from ingest.records import (
    Declared,
    Described,
    Entry,
    Failed,
    Occurrence,
    PageReport,
    Refreshed,
    Repeated,
    Reply,
    Report,
    Stored,
    Visited,
)
from ingest.references import read_references

LONG = "Books are lent for three weeks and you may renew them twice at the desk."


def entry(name: str, *answer: str, question: str = "", at: str = "pages/a.html", start: int = 0, **more: Any) -> Entry:
    places = more.get("places", (at,))
    spots = tuple(
        Occurrence("t", None, place, start, start + 9, more.get("heading"), None, "html", 1.0) for place in places
    )
    return Entry(name, "qa", question or f"{name}?", answer or (LONG,), (), spots)


def told(plan: Plan) -> dict[str, list[str]]:
    return {
        "added": [each.id for each in plan.added],
        "changed": [each.id for each in plan.changed],
        "removed": [each.id for each in plan.removed],
        "moved": [f"{each.before} {each.after} {each.how}" for each in plan.moved],
    }


A, B = entry("a"), entry("b", "Another answer of quite a few words, so that it counts.")
PLANS: dict[str, tuple[list[Entry], list[Entry], dict[str, list[str]]]] = {
    "nothing": ([A, B], [A, B], {}),
    "first build": ([], [A, B], {"added": ["a", "b"]}),
    "added": ([A], [A, B], {"added": ["b"]}),
    "removed": ([A, B], [B], {"removed": ["a"]}),
    "other words": ([A], [entry("a", "No.")], {"changed": ["a"]}),
    "question with a comma": ([A], [entry("a", question="a, then?")], {"changed": ["a"]}),
    "lower on its page": ([A], [entry("a", start=7)], {"moved": ["a a position"]}),
    "on another page": ([A], [entry("a", at="pages/b.html")], {"moved": ["a a page"]}),
    "under another heading": ([A], [entry("a", heading="H")], {"moved": ["a a heading"]}),
    "a copy came": ([A], [entry("a", places=("pages/a.html", "pages/b.html"))], {"moved": ["a a copies"]}),
    "the question asks otherwise": ([A, B], [entry("loans", question="How long?"), B], {"moved": ["a loans id"]}),
    "another place and other words": ([A], [entry("a", "No.", at="pages/b.html")], {"changed": ["a"]}),
    # "Yes." stands under any question: the one that came is not the one that went.
    "a short answer": ([entry("open", "Yes.")], [entry("dogs", "Yes.")], {"added": ["dogs"], "removed": ["open"]}),
    "a new number": (
        [entry("a-2", "Yes.", question="A?")],
        [entry("a", "Yes.", question="A?")],
        {"moved": ["a-2 a id"]},
    ),
    "one answer, two questions, once": (
        [entry("a"), entry("b")],
        [entry("c")],
        {"moved": ["a c id"], "removed": ["b"]},
    ),
}


@pytest.mark.parametrize("case", PLANS)
def test_plan(case: str) -> None:
    before, after, expected = PLANS[case]
    plan = make_plan(before, after)
    assert {name: names for name, names in told(plan).items() if names} == expected
    assert (plan.before, plan.after) == (len(before), len(after))


def test_rows_that_name_what_is_no_more() -> None:
    rows = [
        Reference("alternates.jsonl", 3, "a"),
        Reference("alternates.jsonl", 9, "a"),
        Reference("testset.jsonl", 1, "b"),
        Reference("testset.jsonl", 2, "c"),
        Reference("alternates.jsonl", 4, "c", 0),
        Reference("alternates.jsonl", 5, "c", 1),
    ]
    plan = make_plan([A, B], [entry("loans", question="How long?"), entry("c", "Yes.")], rows)
    assert [(each.file, each.entry, each.lines, each.now, each.paragraph) for each in plan.dangling] == [
        ("alternates.jsonl", "a", (3, 9), "loans", None),
        ("testset.jsonl", "b", (1,), None, None),
        ("alternates.jsonl", "c", (5,), None, 1),
    ]
    assert plan.dangling_lines("alternates.jsonl") == (3, 5, 9)


def test_references_of_a_corpus(tmp_path: Path) -> None:
    assert list(read_references(tmp_path)) == []
    (tmp_path / "alternates.jsonl").write_text('{"entry": "a", "paragraph": 0, "text": "t"}\n')
    (tmp_path / "testset.jsonl").write_text('\n{"id": 1, "question": "q", "relevant": ["a", "b"], "kind": "k"}\n')
    found = [(row.file, row.line, row.entry) for row in read_references(tmp_path)]
    assert found == [("alternates.jsonl", 1, "a"), ("testset.jsonl", 2, "a"), ("testset.jsonl", 2, "b")]
    (tmp_path / "testset.jsonl").write_text('{"relevant": 1}\n')
    with pytest.raises(InputError, match="line 1"):
        list(read_references(tmp_path))


DIFFERENCES = [
    (["One.", "Two."], ["One.", "Two."], ()),
    (["One."], ["One.", "Two."], ("+ Two.",)),
    (["One.", "Two."], ["Two."], ("- One.",)),
    (
        ["The desk on the first floor of the house is open from nine to five on all days of the week but Sunday."],
        ["The desk on the first floor of the house is open from nine to six on all days of the week but Sunday."],
        ("~ … is open from nine to [-five-] {+six+} on all days of the …",),
    ),
    (["Wholly other words."], ["Nothing is the same here."], ("- Wholly other words.", "+ Nothing is the same here.")),
    (["Pay at the desk."], ["Pay at the desk or online."], ("~ Pay at the [-desk.-] {+desk or online.+}",)),
]


@pytest.mark.parametrize(("before", "after", "lines"), DIFFERENCES)
def test_differences(before: list[str], after: list[str], lines: tuple[str, ...]) -> None:
    assert diff_texts(before, after) == lines


def test_differences_are_bounded() -> None:
    words = " ".join(f"word{number}" for number in range(20_000))
    lines = diff_texts([words, *map(str, range(500))], [words + " more"])
    assert len(lines) == diffs.LINES
    assert max(map(len, lines)) <= diffs.CHARACTERS
    assert lines[-1].startswith("… and ")


def test_differences_of_long_texts_are_counted_out() -> None:
    assert diff_texts(["a", "b"] * 50_000, ["a", "b"] * 50_000 + ["b"]) == ("+ b",)


def page(name: str, entries: int = 1) -> PageReport:
    return PageReport(f"pages/s/{name}", "t", "html", "0", entries, 0, 0)


def report(pages: Sequence[PageReport], failed: Sequence[str] = ()) -> Report:
    return Report(tuple(pages), (), (), (), (), tuple(Failed(f"pages/s/{name}", "why") for name in failed))


def repeated(count: int, of: int) -> Report:
    notice = Repeated("Site", "we are closed", count, of, True)
    return msgspec.structs.replace(report(pages(of)), repeated=(notice,))


def pages(count: int, entries: int = 1) -> list[PageReport]:
    return [page(str(number), entries) for number in range(count)]


def entries(count: int, per: int = 1) -> list[Entry]:
    """``per`` entries on each page, each with words of its own."""
    return [
        entry(f"q{number}-{n}", f"The answer number {number}-{n}.", at=f"pages/s/{number}")
        for number in range(count)
        for n in range(per)
    ]


def replies(*outcomes: str) -> Refreshed:
    """What became of the pages 0, 1 ... of the site."""
    answers = tuple(Reply(outcome, f"https://x/{n}", f"https://x/{n}") for n, outcome in enumerate(outcomes))  # type: ignore[arg-type]
    return Refreshed((Visited("Site", answers),), rows(len(outcomes)))


def named_replies(*outcomes: str) -> Refreshed:
    """The same of pages that each have a source of their own, whose rows stay whatever becomes of them."""
    answers = replies(*outcomes).visited[0].replies
    return Refreshed(
        tuple(Visited(f"Page {n}", (answer,)) for n, answer in enumerate(answers)), named_rows(len(answers))
    )


def rows(count: int) -> tuple[Stored, ...]:
    return tuple(
        Stored(f"pages/s/{n}", "Site", f"https://x/{n}", f"https://x/{n}", "2026-01-01T00:00:00Z", "0")
        for n in range(count)
    )


def named_rows(count: int) -> tuple[Stored, ...]:
    return tuple(msgspec.structs.replace(row, source=f"Page {n}") for n, row in enumerate(rows(count)))


SITE = Described("n", (Declared("Site", "p", site="https://x/"),))
FOLDER = Described("n", (Declared("Files", "p", folder="pages/s"),))
LISTED = Described("n", tuple(Declared(f"Page {n}", "p", capture=f"pages/s/{n}") for n in range(10)))
NAMED = Described("n", tuple(Declared(f"Page {n}", "p", url=f"https://x/{n}") for n in range(10)))
SAME = "This site is being repaired, please come back later."


def with_text(found: Sequence[Entry], text: str, count: int) -> list[Entry]:
    """The first ``count`` entries with one more paragraph."""
    return [entry(e.id, *e.answer, text, at=e.occurrences[0].capture) for e in found[:count]] + list(found[count:])


def at(one: Entry) -> str:
    return one.occurrences[0].capture


def rewritten(count: int, name: str = "q", of: int = 10) -> list[Entry]:
    """The entries, the first ``count`` of them with words for an answer that are all others, each its own."""
    others = [entry(f"{name}{n}-0", f"Send your bank details to Mr{n} today.", at=f"pages/s/{n}") for n in range(count)]
    return [*others, *entries(of)[count:]]


Case = Mapping[str, Any]
ALARMS: dict[str, tuple[Case, list[str]]] = {
    "nothing changed": ({}, []),
    "a first build": ({"before": Before(), "after": (entries(1), report(pages(1)))}, []),
    "one of two pages fails": ({"n": 2, "refreshed": replies("failed", "unchanged")}, []),
    "both pages fail": ({"n": 2, "refreshed": replies("failed", "failed")}, ["pages: 2 of 2 pages (100%) of 'Site'"]),
    "two of ten fail": ({"refreshed": replies(*["failed"] * 2, *["unchanged"] * 8)}, []),
    "three of ten fail": (
        {"refreshed": replies(*["failed"] * 2, "deferred", *["fetched"] * 7)},
        ["pages: 3 of 10 pages (30%) of 'Site' failed or vanished (3 did not come, 0 are no longer there"],
    ),
    "known pages are refused": (
        {"refreshed": replies(*["refused"] * 6, *["unchanged"] * 4)},
        ["pages: 6 of 10 pages"],
    ),
    "links that lead nowhere": (
        {"refreshed": Refreshed((Visited("Site", tuple(Reply("gone", f"https://x/b{n}", "") for n in range(9))),))},
        [],
    ),
    "named pages are gone": (
        {"described": NAMED, "refreshed": named_replies(*["gone"] * 10)},
        ["pages: 10 of 10 pages (100%) of sources.toml failed or vanished (10 did not come, 0 are no longer there"],
    ),
    "two named pages of ten are gone": (
        {"described": NAMED, "refreshed": named_replies(*["gone"] * 2, *["unchanged"] * 8)},
        [],
    ),
    "a first crawl that fails": (
        {
            "before": Before(),
            "after": (entries(4), report(pages(4))),
            "refreshed": replies(*["fetched"] * 4, *["failed"] * 6),
        },
        ["pages: 6 of 10 pages"],
    ),
    "files vanished": (
        {"described": FOLDER, "after": (entries(10)[:9], report(pages(10)[3:]))},
        ["pages: 3 of 10 pages (30%) of 'Files' failed or vanished (0 did not come, 3 are no longer there"],
    ),
    "two files of ten vanished": ({"described": FOLDER, "after": (entries(8), report(pages(10)[2:]))}, []),
    "one of two files vanished": (
        {"n": 2, "described": FOLDER, "after": (entries(1), report(pages(1)))},
        ["entries: entries drop from 2 to 1, by 50%"],
    ),
    "listed pages count together": (
        {"described": LISTED, "after": (entries(10), report(pages(10)[4:]))},
        ["pages: 4 of 10 pages (40%) of sources.toml"],
    ),
    "a page went empty": (
        {"n": 10, "after": (entries(9), report([*pages(9), page("9", 0)], failed=["9"]))},
        ["empty: 1 page that gave entries before gives none now (1 until now): pages/s/9"],
    ),
    "a page can not be read any more": (
        {"after": (entries(9), report(pages(9), failed=["9"]))},
        ["empty: 1 page"],
    ),
    "a page was empty before": ({"after": (entries(10), report([*pages(10), page("10", 0)], failed=["10"]))}, []),
    "a fifth of the entries": ({"per": 2, "after": (entries(10, 2)[:16], report(pages(10)))}, []),
    "more than a fifth": (
        {"per": 2, "after": (entries(10, 2)[:15], report(pages(10)))},
        ["entries: entries drop from 20 to 15, by 25% (more than 20% stop a build)"],
    ),
    "wholly other answers": (
        {"after": (rewritten(8), report(pages(10)))},
        ["answers: 8 of 10 entries (80%) have another answer now, or another entry in their stead (more than 20% stop"],
    ),
    "other answers to other questions": (
        {"after": ([*rewritten(3, "p"), *entries(10)[3:]], report(pages(10)))},
        ["answers: 3 of 10 entries (30%)"],
    ),
    "two of ten answers": ({"after": (rewritten(2), report(pages(10)))}, []),
    "both answers of a small corpus": ({"n": 2, "after": (rewritten(2, of=2), report(pages(2)))}, []),
    "a new figure in each answer": (
        {"after": ([entry(e.id, f"{e.answer[0]} Now 5 %.", at=at(e)) for e in entries(10)], report(pages(10)))},
        [],
    ),
    "answers under other questions": (
        {"after": ([entry(f"p{e.id}", *e.answer, at=at(e)) for e in entries(10)], report(pages(10)))},
        [],
    ),
    "more entries": ({"n": 5, "after": (entries(10), report(pages(10)))}, []),
    "one text on all pages": (
        {"after": (with_text(entries(10), SAME, 10), report(pages(10)))},
        [f"repeated: one text turned up on 10 of 10 pages of 'Site': \"{SAME}\""],
    ),
    "a text on most pages": ({"after": (with_text(entries(10), SAME, 8), report(pages(10)))}, []),
    "a text on both pages": ({"n": 2, "after": (with_text(entries(2), SAME, 2), report(pages(2)))}, []),
    "a text that was on all before": (
        {
            "before_entries": with_text(entries(10), SAME, 10),
            "after": (with_text(entries(10), SAME, 10), report(pages(10))),
        },
        [],
    ),
    "a notice on all pages that was dropped": (
        {"after": (entries(10), repeated(10, 10))},
        ["repeated: one text turned up on 10 of 10 pages of 'Site'"],
    ),
    "a notice on most pages that was dropped": ({"after": (entries(10), repeated(8, 10))}, []),
    "a notice on a new site": (
        {"before": Before(tuple(entries(2)), report([])), "after": (entries(10), repeated(10, 10))},
        [],
    ),
    "one page in place of all": (
        {"after": ([entry("down", SAME, places=[f"pages/s/{n}" for n in range(10)])], report(pages(10)))},
        ["entries: entries drop from 10 to 1", "repeated: one text", "repeated: one text"],
    ),
}


@pytest.mark.parametrize("case", ALARMS)
def test_alarms(case: str) -> None:
    what, expected = ALARMS[case]
    count, per, described = what.get("n", 10), what.get("per", 1), what.get("described", SITE)
    found = tuple(what.get("before_entries", entries(count, per)))
    known = {id(SITE): rows(count), id(NAMED): named_rows(count)}.get(id(described), ())
    before = what.get("before", Before(found, report(pages(count)), known))
    now, account = what.get("after", (found, report(pages(count))))
    alarms = find_alarms(before, now, account, count_pages(described, before, account, what.get("refreshed")))
    said = [f"{alarm.kind}: {alarm.text}" for alarm in alarms]
    assert len(said) == len(expected), said
    for line, start in zip(said, expected, strict=True):
        assert line.startswith(start), line
