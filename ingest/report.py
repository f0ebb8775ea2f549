"""Groups of finds -> entries with their occurrences, and the report of what became of everything else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ingest import duplicates
from ingest.align import Aligned
from ingest.duplicates import Copy, Group, answer_text
from ingest.errors import InputError
from ingest.finds import Found, Page
from ingest.records import (
    Capture,
    Differing,
    Entry,
    Failed,
    Merged,
    Occurrence,
    PageReport,
    Repeated,
    Report,
    Unresolved,
)
from ingest.slugs import make_slug
from ingest.spans import fold


def compose(
    captures: Sequence[Capture],
    groups: Sequence[Group],
    aligned: Iterable[Aligned],
    pages: Iterable[Page],
    failed: Sequence[Failed] = (),
    repeated: Sequence[Repeated] = (),
) -> tuple[tuple[Entry, ...], Report]:
    """The entries, by source and position, and the report, with what ``failed`` and was ``repeated`` before.

    InputError for a named capture that gave nothing, and where no page gave anything.
    """
    order = {capture.path: number for number, capture in enumerate(captures)}
    answered = [group for group in groups if group.best.answer]
    answered.sort(key=lambda group: (order[group.best.capture.path], group.best.start))
    places = defaultdict(list)
    for place in aligned:
        places[place.found].append(place)
    names: dict[str, Group] = {}
    for group in answered:
        names[make_slug(group.best.question, names)] = group
    entries = tuple(_make_entry(name, group, places[group.best], order) for name, group in names.items())
    merged = [m for name, group in names.items() for m in _list_merged(name, group, places[group.best], order)]
    unanswered = _list_unanswered(groups, order)
    counts = tuple(_count(capture, entries, merged, unanswered) for capture in captures)
    empty = [_judge_empty(capture, row) for capture, row in zip(captures, counts, strict=True) if _is_empty(row)]
    if not entries:
        raise InputError("no page gives an entry: " + "; ".join(each.reason for each in (*failed, *empty)[:3]))
    report = Report(
        pages=counts,
        merged=tuple(merged),
        unanswered=tuple(unanswered),
        differing=tuple(_list_differing(names)),
        dropped=tuple(
            sorted((drop for page in pages for drop in page.dropped), key=lambda d: (order[d.capture], d.start))
        ),
        failed=(*failed, *empty),
        repeated=tuple(repeated),
    )
    return entries, report


def _make_entry(name: str, group: Group, places: Sequence[Aligned], order: Mapping[str, int]) -> Entry:
    best = group.best
    copies = [_occur_copy(best, copy) for copy in group.copies] + [place.occurrence for place in places]
    copies.sort(key=lambda occurrence: (order[occurrence.capture], occurrence.start))
    wordings = {fold(c.found.question).chars: c.found.question for c in group.copies}
    wordings.pop(fold(best.question).chars, None)
    return Entry(
        id=name,
        kind=best.kind,
        question=best.question,
        answer=tuple(block.text for block in best.answer),
        alternates=tuple(wordings.values()),
        occurrences=(_occur(best, best.capture.form, 1.0), *copies),
    )


def _occur(found: Found, method: str, score: float) -> Occurrence:
    source = found.capture.source
    return Occurrence(
        source=source.title,
        url=source.url,
        capture=found.capture.path,
        start=found.start,
        end=found.end,
        heading=found.heading,
        date=found.date,
        method=method,
        score=score,
    )


def _occur_copy(best: Found, copy: Copy) -> Occurrence:
    asked, answered = len(best.question), len(answer_text(best))
    score = (copy.question_score * asked + (copy.answer_score or 0) * answered) / (asked + answered)
    method = "question only" if copy.answer_score is None else copy.found.capture.form
    return _occur(copy.found, method, round(score, 4))


def _list_merged(name: str, group: Group, places: Sequence[Aligned], order: Mapping[str, int]) -> list[Merged]:
    into = group.best.capture.path
    rows = []
    for copy in group.copies:
        found, least = copy.found, duplicates.SAME_QUESTION if copy.answer_score is None else duplicates.SAME_ANSWER
        where = (found.capture.path, found.start, found.end)
        rows.append(Merged(name, *where, into, copy.question_score, copy.answer_score, least))
    for place in places:
        spot = place.occurrence
        where = (spot.capture, spot.start, spot.end)
        rows.append(Merged(name, *where, into, place.question_score, place.answer_score, place.threshold))
    return sorted(rows, key=lambda row: (order[row.capture], row.start))


def _list_unanswered(groups: Iterable[Group], order: Mapping[str, int]) -> list[Unresolved]:
    finds = [found for g in groups if not g.best.answer for found in (g.best, *(copy.found for copy in g.copies))]
    finds.sort(key=lambda found: (order[found.capture.path], found.start))
    return [Unresolved(found.question, found.capture.path, found.start, found.end) for found in finds]


def _list_differing(names: Mapping[str, Group]) -> Iterable[Differing]:
    """Each pair of entries that answer one question in two ways, once."""
    homes = {found: name for name, g in names.items() for found in (g.best, *(copy.found for copy in g.copies))}
    pairs: dict[frozenset[str], Differing] = {}
    for name, group in names.items():
        for found, score in group.differing:
            captures = (group.best.capture.path, found.capture.path)
            if homes[found] != name:
                pair = Differing(group.best.question, (name, homes[found]), captures, score)
                pairs.setdefault(frozenset(pair.entries), pair)
    return pairs.values()


def _count(
    capture: Capture, entries: Iterable[Entry], merged: Iterable[Merged], unanswered: Iterable[Unresolved]
) -> PageReport:
    path = capture.path
    taken = Counter(entry.occurrences[0].capture for entry in entries)[path]
    copies = sum(row.capture == path for row in merged)
    open_ = sum(row.capture == path for row in unanswered)
    return PageReport(path, capture.source.title, capture.form, capture.sha256, taken, copies, open_)


def _is_empty(row: PageReport) -> bool:
    return not row.entries and not row.merged


def _judge_empty(capture: Capture, row: PageReport) -> Failed:
    """A page that gave nothing: reported where a crawl or folder gave it, an error where it is named."""
    found = f"{row.unanswered} questions without an answer" if row.unanswered else "no question with an answer"
    reason = (
        f"the capture {capture.path} gives no entry: it holds {found}; store the page with its answers, "
        'say kind = "prose" if it has none, or remove its source'
    )
    if capture.source.named:
        raise InputError(reason)
    return Failed(capture.path, reason)
