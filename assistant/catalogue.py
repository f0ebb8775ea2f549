"""An index -> what the pages look through of it: its entries by source, and what the build found on each page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import Struct

from index.reader import Index
from ingest.records import Differing, Dropped, Entry, Merged, PageReport, Report, Unresolved

NO_SOURCE = "Without a source"


class Listed(Struct, frozen=True, gc=False):  # not looked at by the garbage collector: there are as many as entries
    """What an entry is chosen by in a list."""

    position: int  # in the index
    id: str
    source: str
    kind: str
    text: str  # all its words, in small letters


@dataclass(frozen=True)
class Found:
    """What the build found on one page, in the order of its report."""

    page: PageReport | None = None
    merged: list[Merged] = field(default_factory=list)
    unanswered: list[Unresolved] = field(default_factory=list)
    differing: list[Differing] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)


@dataclass(frozen=True)
class Catalogue:
    """Everything that would else be searched for again for each page that is shown."""

    entries: tuple[Listed, ...]  # by source, and as in the index
    sources: tuple[str, ...]  # in the order of their first entries
    taken: dict[str, list[int]]  # capture -> positions of the entries whose text is from there
    present: dict[str, list[int]]  # capture -> positions of those that stand there, whether or not as a copy
    found: dict[str, Found]  # capture -> what the build says of it; empty of ready-made entries


def make_catalogue(index: Index) -> Catalogue:
    """Read all entries and the report of ``index`` once."""
    by_source: dict[str, list[Listed]] = defaultdict(list)
    taken, present = defaultdict(list), defaultdict(list)
    for position, entry in enumerate(index.entries):
        listed = _list(position, entry)
        by_source[listed.source].append(listed)
        captures = list(dict.fromkeys(place.capture for place in entry.occurrences))
        for capture in captures:
            present[capture].append(position)
        for capture in captures[:1]:
            taken[capture].append(position)
    entries = tuple(listed for each in by_source.values() for listed in each)
    found = _find(index.report) if index.report else {}
    return Catalogue(entries, tuple(by_source), dict(taken), dict(present), found)


def _list(position: int, entry: Entry) -> Listed:
    source = entry.occurrences[0].source if entry.occurrences else NO_SOURCE
    text = " ".join((entry.question, *entry.answer, *entry.alternates)).casefold()
    return Listed(position, entry.id, source, entry.kind, text)


def _find(report: Report) -> dict[str, Found]:
    found: dict[str, Found] = defaultdict(Found)
    for page in report.pages:
        found[page.capture] = Found(page)
    for copy in report.merged:
        found[copy.capture].merged.append(copy)
    for question in report.unanswered:
        found[question.capture].unanswered.append(question)
    for pair in report.differing:
        for capture in dict.fromkeys(pair.captures):
            found[capture].differing.append(pair)
    for piece in report.dropped:
        found[piece.capture].dropped.append(piece)
    return dict(found)


def choose(catalogue: Catalogue, words: str, source: str | None, kind: str | None) -> list[Listed]:
    """Return the entries that have every one of ``words`` somewhere, of this source and kind (None: of any)."""
    return list(_choose(catalogue, words.casefold().split(), source, kind))


def _choose(catalogue: Catalogue, words: list[str], source: str | None, kind: str | None) -> Iterator[Listed]:
    for entry in catalogue.entries:
        if source in (None, entry.source) and kind in (None, entry.kind) and all(word in entry.text for word in words):
            yield entry
