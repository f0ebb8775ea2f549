"""Two builds of a corpus -> what the later one changes: added, changed, removed, moved. Reads and writes no file.

An entry is *changed* when its words are others under the same id, and *moved* when its words are the same in another
place or under another id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from ingest.diffs import diff_texts
from ingest.records import Entry

# Two questions may well share "Yes, please ask us."; an answer of more words that stands under another question has
# kept its entry, and the question has a new wording.
OWN_WORDS = 6


class Changed(Struct, frozen=True):
    """An entry with other words than before."""

    id: str
    question: str
    diff: tuple[str, ...]  # lines to read; see ingest/diffs.py


class Moved(Struct, frozen=True):
    """An entry with the same words in another place; with another ``id``, its question is worded otherwise."""

    before: str  # ids
    after: str
    how: Literal["id", "page", "heading", "copies", "position"]  # the first of these that is another
    was: str  # the question, page or heading as it was, and is; empty for copies and positions
    now: str


class Reference(Struct, frozen=True):
    """A row of a file that people write, which names an entry."""

    file: str
    line: int  # from 1
    entry: str
    paragraph: int | None = None  # position in its answer, from 0; None: the row names none


class Dangling(Struct, frozen=True):
    """Rows of one file that name an entry, or a paragraph of one, which is no longer there."""

    file: str
    entry: str
    lines: tuple[int, ...]
    now: str | None  # the id that the entry has now; None: it is gone
    paragraph: int | None = None  # that is not there; None: the entry is not


class Plan(Struct, frozen=True):
    """What a build would change. All in the order of the entries."""

    before: int  # entries
    after: int
    added: tuple[Entry, ...]
    changed: tuple[Changed, ...]
    removed: tuple[Entry, ...]
    moved: tuple[Moved, ...]
    dangling: tuple[Dangling, ...]

    @property
    def renamed(self) -> dict[str, str]:
        """The ids that became others."""
        return {move.before: move.after for move in self.moved if move.how == "id"}

    def dangling_lines(self, file: str) -> tuple[int, ...]:
        """The lines of ``file`` that name what is no longer there, ascending."""
        return tuple(sorted(line for each in self.dangling if each.file == file for line in each.lines))

    @property
    def counts(self) -> str:
        """How much there is of each, in words."""
        names = ("added", "changed", "removed", "moved")
        return ", ".join(f"{len(getattr(self, name))} {name}" for name in names)


def make_plan(before: Sequence[Entry], after: Sequence[Entry], references: Iterable[Reference] = ()) -> Plan:
    """What has to be known before ``after`` takes the place of ``before``."""
    old, new = {entry.id: entry for entry in before}, {entry.id: entry for entry in after}
    gone = [entry for entry in before if entry.id not in new]
    come = [entry for entry in after if entry.id not in old]
    renamed = _match(gone, come)
    kept = [(old[entry.id], entry) for entry in after if entry.id in old]
    moved = [_move(was, now) for was, now in kept if was != now and _words(was) == _words(now)]
    moved += [Moved(was, now, "id", old[was].question, new[now].question) for was, now in renamed.items()]
    return Plan(
        before=len(before),
        after=len(after),
        added=tuple(entry for entry in come if entry.id not in renamed.values()),
        changed=tuple(_change(was, now) for was, now in kept if _words(was) != _words(now)),
        removed=tuple(entry for entry in gone if entry.id not in renamed),
        moved=tuple(moved),
        dangling=tuple(_find_dangling(references, new, renamed)),
    )


def _words(entry: Entry) -> tuple[str, str, tuple[str, ...]]:
    return entry.kind, entry.question, entry.answer


def _match(gone: Iterable[Entry], come: Iterable[Entry]) -> dict[str, str]:
    """The new id of each entry that went and came again with the same answer, each once, in order."""
    waiting: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for entry in come:
        waiting[entry.answer].append(entry)
    renamed = {}
    for entry in gone:
        own = sum(len(paragraph.split()) for paragraph in entry.answer) >= OWN_WORDS
        fitting = [other for other in waiting[entry.answer] if own or other.question == entry.question]
        if fitting:
            waiting[entry.answer].remove(fitting[0])
            renamed[entry.id] = fitting[0].id
    return renamed


def _change(was: Entry, now: Entry) -> Changed:
    return Changed(now.id, now.question, diff_texts((was.question, *was.answer), (now.question, *now.answer)))


def _move(was: Entry, now: Entry) -> Moved:
    old, new = was.occurrences[0], now.occurrences[0]
    if old.capture != new.capture:
        return Moved(was.id, now.id, "page", old.capture, new.capture)
    if old.heading != new.heading:
        return Moved(was.id, now.id, "heading", old.heading or "", new.heading or "")
    copies = [[each.capture for each in entry.occurrences] for entry in (was, now)]
    same = copies[0] == copies[1] and was.alternates == now.alternates
    return Moved(was.id, now.id, "position" if same else "copies", "", "")


def _find_dangling(
    references: Iterable[Reference], entries: Mapping[str, Entry], renamed: Mapping[str, str]
) -> Iterable[Dangling]:
    lines: dict[tuple[str, str, int | None], list[int]] = defaultdict(list)
    for row in references:
        if row.entry not in entries:
            lines[row.file, row.entry, None].append(row.line)
        elif row.paragraph is not None and not 0 <= row.paragraph < len(entries[row.entry].answer):
            lines[row.file, row.entry, row.paragraph].append(row.line)
    for (file, entry, paragraph), numbers in lines.items():
        yield Dangling(file, entry, tuple(numbers), renamed.get(entry), paragraph)
