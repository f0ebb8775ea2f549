"""What of a rebuild looks wrong, with its figures: a build stops at these until a person says that they are right.

Each is about a change, so that a first build has none, but for pages that do not come. What is measured on the test set
is in `assistant/rehearsal.py`, as it takes an index.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from ingest.build import Before
from ingest.pages import SourcePages
from ingest.records import Entry, Report
from ingest.shorten import shorten

# A source has lost many pages when more than this share of them (0 to 1) did not come or are no longer there, and
# more than one: that a single page fails says nothing of the others, it keeps its capture, and it is named in the
# output anyway. So of two pages one may fail, or vanish, unless the entries drop with it.
LOST_SHARE, LOST_PAGES = 0.2, 2
DROPPED_SHARE = 0.2  # of the entries
# An answer is another one when the two have less than this share of their words in common; with a new figure, date or
# paragraph they have more. An answer or two that are written anew are no alarm, however small the corpus.
COMMON_SHARE = 0.4
REPLACED_SHARE, REPLACED_ENTRIES = 0.2, 3
# A text is on all pages of a source when it stands on this share of those that gave anything, which are so many at
# least: two pages may well share a paragraph, and one page in ten may lack a notice that all others have.
REPEATED_SHARE, REPEATED_PAGES = 0.9, 3
REPEATED_CHARACTERS = 80  # of such a text that are shown
NAMED = 3  # pages or addresses that an alarm names


class Alarm(Struct, frozen=True):
    """Something that looks wrong, in one line that has its figures."""

    kind: Literal["pages", "empty", "entries", "answers", "repeated", "alternates", "evaluation"]
    text: str


def find_alarms(
    before: Before,
    entries: Sequence[Entry],
    report: Report,
    sources: Sequence[SourcePages],
    dangling: Sequence[int] = (),
) -> tuple[Alarm, ...]:
    """What looks wrong when ``entries`` and ``report`` take the place of what was ``before``.

    ``dangling`` are the lines of ``alternates.jsonl`` that name what is no longer there.
    """
    alarms = list(_find_lost(sources))
    if before.report:
        alarms += _find_empty(before.report, report)
        alarms += _find_reported(before.report, report, sources)
    if before.entries:
        alarms += _find_dropped(len(before.entries), len(entries))
        alarms += _find_replaced(before.entries, entries)
        alarms += _find_repeated(before.entries, entries, sources)
        alarms += _find_dangling(dangling)
    return tuple(alarms)


def _find_lost(sources: Iterable[SourcePages]) -> Iterator[Alarm]:
    for source in sources:
        lost = [*source.failed, *source.vanished]
        share = len(lost) / max(1, source.pages)
        if share > LOST_SHARE and len(lost) >= LOST_PAGES:
            text = (
                f"{len(lost)} of {source.pages} pages ({share:.0%}) of {source.name} failed or vanished "
                f"({len(source.failed)} did not come, {len(source.vanished)} are no longer there; "
                f"more than {LOST_SHARE:.0%} stop a build): {_name(lost)}"
            )
            yield Alarm("pages", text)


def _find_empty(before: Report, after: Report) -> Iterator[Alarm]:
    gave = {page.capture: page.entries + page.merged for page in before.pages}
    gives = {page.capture: page.entries + page.merged for page in after.pages}
    gives |= {_rendered(failed.capture, gave): 0 for failed in after.failed}
    empty = [capture for capture, count in gives.items() if not count and gave.get(capture)]
    if empty:
        lost = sum(gave[capture] for capture in empty)
        what = "page that gave entries before gives" if len(empty) == 1 else "pages that gave entries before give"
        yield Alarm("empty", f"{len(empty)} {what} none now ({lost} until now): {_name(empty)}")


def _rendered(capture: str, known: Mapping[str, int]) -> str:
    """The name under which a page gave entries: its own, or its rendition's."""
    return capture if capture in known else f"{capture}.txt"


def _find_dropped(before: int, after: int) -> Iterator[Alarm]:
    share = (before - after) / before
    if share > DROPPED_SHARE:
        text = f"entries drop from {before} to {after}, by {share:.0%} (more than {DROPPED_SHARE:.0%} stop a build)"
        yield Alarm("entries", text)


def _find_replaced(before: Sequence[Entry], after: Sequence[Entry]) -> Iterator[Alarm]:
    """Entries with another answer, or another entry in their stead. Those that only go are `_find_dropped`'s."""
    were, are = {entry.id: entry.answer for entry in before}, {entry.id: entry.answer for entry in after}
    left, come = (set(one.values()) - set(other.values()) for one, other in ((were, are), (are, were)))
    lost = [entry for entry in before if entry.answer in left]
    replaced = [e for e in lost if e.id in are and _in_common(e.answer, are[e.id]) < COMMON_SHARE]
    gone = [entry for entry in lost if entry.id not in are]
    new = sum(entry.id not in were and entry.answer in come for entry in after)
    replaced += gone[:new]
    share = len(replaced) / len(before)
    if share > REPLACED_SHARE and len(replaced) >= REPLACED_ENTRIES:
        text = (
            f"{len(replaced)} of {len(before)} entries ({share:.0%}) have another answer now, or another entry in "
            f"their stead (more than {REPLACED_SHARE:.0%} stop a build): {_name([e.question for e in replaced])}"
        )
        yield Alarm("answers", text)


def _in_common(one: Sequence[str], other: Sequence[str]) -> float:
    """How alike the words of two answers are (0 to 1), in whatever order: Dice's coefficient."""
    mine, theirs = (Counter(" ".join(answer).casefold().split()) for answer in (one, other))
    return 2 * (mine & theirs).total() / max(1, mine.total() + theirs.total())


def _find_repeated(before: Sequence[Entry], after: Sequence[Entry], sources: Iterable[SourcePages]) -> Iterator[Alarm]:
    old, new = _places(before), _places(after)
    gave, give = _pages(before), _pages(after)
    for source in sources:
        were, are = gave & source.captures, give & source.captures
        if len(are) < REPEATED_PAGES or not were:
            continue
        for text, captures in new.items():
            share = len(captures & are) / len(are)
            if share >= REPEATED_SHARE and len(old.get(text, set()) & were) / len(were) < REPEATED_SHARE:
                yield _repeat(text, len(captures & are), len(are), source.name)


def _find_reported(before: Report, after: Report, sources: Iterable[SourcePages]) -> Iterator[Alarm]:
    """Texts that were taken for furniture, as they stand on most pages: a notice in the stead of the content is one."""
    known = {(each.source, each.text) for each in before.repeated}
    pages = {page.capture for page in before.pages}
    had = {source.name for source in sources if source.captures & pages}
    for each in after.repeated:
        new = (each.source, each.text) not in known and repr(each.source) in had
        if new and each.dropped and each.of >= REPEATED_PAGES and each.pages / each.of >= REPEATED_SHARE:
            yield _repeat(each.text, each.pages, each.of, repr(each.source))


def _repeat(text: str, pages: int, of: int, source: str) -> Alarm:
    shown = shorten(text, REPEATED_CHARACTERS)
    return Alarm("repeated", f'one text turned up on {pages} of {of} pages of {source}: "{shown}"')


def _find_dangling(lines: Sequence[int]) -> Iterator[Alarm]:
    if lines:
        what = "row of alternates.jsonl names" if len(lines) == 1 else "rows of alternates.jsonl name"
        text = (
            f"{len(lines)} {what} an entry or a paragraph that is no more (line {_name([*map(str, lines)])}); "
            "--accept passes over such rows, and leaves them in the file"
        )
        yield Alarm("alternates", text)


def _places(entries: Iterable[Entry]) -> Mapping[str, set[str]]:
    """The captures on which each question and paragraph stands."""
    places: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        whole = {each.capture for each in entry.occurrences if each.method != "question only"}
        places[entry.question] |= {each.capture for each in entry.occurrences}
        for paragraph in entry.answer:
            places[paragraph] |= whole
    return places


def _pages(entries: Iterable[Entry]) -> set[str]:
    return {each.capture for entry in entries for each in entry.occurrences}


def _name(items: Sequence[str]) -> str:
    more = f" and {len(items) - NAMED} more" if len(items) > NAMED else ""
    return ", ".join(items[:NAMED]) + more
