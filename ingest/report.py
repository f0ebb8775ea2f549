"""Groups of finds -> entries with their occurrences, and the report of what became of everything else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ingest import duplicates
from ingest.align import Aligned
from ingest.boilerplate import Swept
from ingest.duplicates import Copy, Group, answer_text
from ingest.errors import InputError
from ingest.finds import Found, Page
from ingest.records import (
    Borderline,
    Capture,
    Conflict,
    Counted,
    Difference,
    Differing,
    Entry,
    Failed,
    Merged,
    Occurrence,
    PageReport,
    Report,
    Unresolved,
)
from ingest.slugs import make_slug
from ingest.spans import fold_text


def compose(
    captures: Sequence[Capture],
    groups: Sequence[Group],
    aligned: Iterable[Aligned],
    pages: Sequence[Page],
    failed: Sequence[Failed] = (),
    swept: Swept = Swept((), (), ()),  # noqa: B008  # immutable
) -> tuple[tuple[Entry, ...], Report]:
    """The entries, by source and position, and the report, with what ``failed`` and was ``swept`` before.

    InputError for a named capture that gave nothing, and where no page gave anything.
    """
    order = {capture.path: number for number, capture in enumerate(captures)}
    answered = [(number, group) for number, group in enumerate(groups) if group.best.answer]
    answered.sort(key=lambda pair: (order[pair[1].best.capture.path], pair[1].best.start))
    places = defaultdict(list)
    for place in aligned:
        places[_spot(place.found)].append(place)
    numbers: dict[str, int] = {}
    names: dict[str, int] = {}
    for number, group in answered:
        names[make_slug(group.best.question, names, numbers)] = number
    differing = _list_differing(names, groups)
    conflicts = _list_conflicts(names, groups, differing)
    entries, merged = [], []
    for name, number in names.items():
        group, found = groups[number], places[_spot(groups[number].best)]
        entries.append(_make_entry(name, group, found, conflicts[name], order))
        merged += _list_merged(name, group, found, order)
    unanswered = _list_unanswered(groups, order)
    counts = _count(captures, entries, merged, unanswered, pages)
    empty = [_judge_empty(capture, row) for capture, row in zip(captures, counts, strict=True) if _is_empty(row)]
    if not entries:
        raise InputError("no page gives an entry: " + "; ".join(each.reason for each in (*failed, *empty)[:3]))
    report = Report(
        pages=counts,
        merged=tuple(merged),
        unanswered=tuple(unanswered),
        differing=tuple(differing),
        dropped=tuple(
            sorted(
                (*(drop for page in pages for drop in page.dropped), *swept.dropped),
                key=lambda d: (order[d.capture], d.start),
            )
        ),
        failed=(*failed, *empty),
        borderline=tuple(_list_borderline(names, groups)),
        repeated=swept.repeated,
    )
    return tuple(entries), report


def _spot(found: Found) -> tuple[str, int, int, str]:
    """What tells one find from another: quicker to look up than the find, which holds its whole page."""
    return found.capture.path, found.start, found.end, found.question


def _make_entry(
    name: str, group: Group, places: Sequence[Aligned], conflicts: Sequence[Conflict], order: Mapping[str, int]
) -> Entry:
    best = group.best
    copies = [_occur_copy(best, copy) for copy in group.copies] + [place.occurrence for place in places]
    copies.sort(key=lambda occurrence: (order[occurrence.capture], occurrence.start))
    wordings = {fold_text(c.found.question): c.found.question for c in group.copies}
    wordings.pop(fold_text(best.question), None)
    return Entry(
        id=name,
        kind=best.kind,
        question=best.question,
        answer=tuple(block.text for block in best.answer),
        alternates=tuple(wordings.values()),
        occurrences=(_occur(best, best.method or best.capture.form, 1.0), *copies),
        conflicts=tuple(conflicts),
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
    method = "question only" if copy.answer_score is None else copy.found.method or copy.found.capture.form
    return _occur(copy.found, method, round(score, 4))


# What the score of a copy had to reach.
LEAST = {
    "copy": duplicates.SAME_ANSWER,
    "question only": duplicates.SAME_QUESTION,
    "other question": 1.0,
}


def _list_merged(name: str, group: Group, places: Sequence[Aligned], order: Mapping[str, int]) -> list[Merged]:
    into = group.best.capture.path
    rows = []
    for copy in group.copies:
        found = copy.found
        where = (found.capture.path, found.start, found.end)
        rows.append(Merged(name, *where, into, copy.question_score, copy.answer_score, LEAST[copy.why], copy.why))
    for place in places:
        spot = place.occurrence
        where = (spot.capture, spot.start, spot.end)
        rows.append(Merged(name, *where, into, place.question_score, place.answer_score, place.threshold, "aligned"))
    return sorted(rows, key=lambda row: (order[row.capture], row.start))


def _list_unanswered(groups: Iterable[Group], order: Mapping[str, int]) -> list[Unresolved]:
    finds = [found for g in groups if not g.best.answer for found in (g.best, *(copy.found for copy in g.copies))]
    finds.sort(key=lambda found: (order[found.capture.path], found.start))
    return [Unresolved(found.question, found.capture.path, found.start, found.end) for found in finds]


def _list_differing(names: Mapping[str, int], groups: Sequence[Group]) -> list[Differing]:
    """Each pair of entries that answer one question in two ways, once: the one that was taken first comes first."""
    homes = {number: name for name, number in names.items()}
    return [
        Differing(
            question=groups[number].best.question,  # which the other may have among its alternates
            entries=(homes[rival.group], name),
            captures=(groups[rival.group].best.capture.path, groups[number].best.capture.path),
            answer_score=rival.answer_score,
            question_score=rival.question_score,
            threshold=duplicates.SAME_ANSWER,
            differences=rival.differences,
            headings=rival.headings,
        )
        for name, number in names.items()
        for rival in groups[number].rivals
    ]


# More are for the report: with each of its entries, a reader is told of the most alike ones.
CONFLICTS = 5


def _list_conflicts(
    names: Mapping[str, int], groups: Sequence[Group], differing: Iterable[Differing]
) -> Mapping[str, Sequence[Conflict]]:
    """For every entry those that contradict it, the most alike answers first: from both sides of each pair."""
    found: dict[str, list[Conflict]] = defaultdict(list)
    titles = {name: groups[number].best.capture.source.title for name, number in names.items()}
    for pair in differing:
        if pair.headings is None:
            one, other = pair.entries
            scores = pair.question_score, pair.answer_score
            turned = tuple(Difference(each.kind, each.there, each.here) for each in pair.differences)
            found[one].append(Conflict(other, titles[other], *scores, pair.differences))
            found[other].append(Conflict(one, titles[one], *scores, turned))
    return defaultdict(
        list,
        {name: sorted(each, key=lambda c: (-c.answer_score, c.entry))[:CONFLICTS] for name, each in found.items()},
    )


BORDERLINES = 100  # in the report


def _list_borderline(names: Mapping[str, int], groups: Sequence[Group]) -> list[Borderline]:
    """The pairs of entries that nearly became one, the nearest to their threshold first."""
    homes = {number: name for name, number in names.items()}
    least = {"question": duplicates.SAME_QUESTION, "answer": duplicates.SAME_ANSWER}
    rows = [
        Borderline(
            entries=(homes[short.group], name),
            captures=(groups[short.group].best.capture.path, groups[number].best.capture.path),
            what=short.what,
            score=short.score,
            threshold=least[short.what],
        )
        for name, number in names.items()
        for short in groups[number].borderline
        if short.group in homes
    ]
    return sorted(rows, key=lambda row: (row.threshold - row.score, row.entries))[:BORDERLINES]


def _count(
    captures: Sequence[Capture],
    entries: Iterable[Entry],
    merged: Iterable[Merged],
    unanswered: Iterable[Unresolved],
    pages: Sequence[Page],
) -> tuple[PageReport, ...]:
    methods: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        methods[entry.occurrences[0].capture][entry.occurrences[0].method] += 1
    copies, open_ = Counter(row.capture for row in merged), Counter(row.capture for row in unanswered)
    untaken = {page.capture: page.untaken for page in pages}
    reasons = {page.capture: Counter(_reason(drop.reason) for drop in page.dropped) for page in pages}
    return tuple(
        PageReport(
            capture=capture.path,
            source=capture.source.title,
            form=capture.form,
            sha256=capture.sha256,
            entries=methods[capture.path].total(),
            merged=copies[capture.path],
            unanswered=open_[capture.path],
            methods=_most_first(methods[capture.path]),
            untaken=untaken.get(capture.path, ()),
            dropped=_most_first(reasons.get(capture.path, Counter())),
        )
        for capture in captures
    )


def _reason(words: str) -> str:
    return "stands on the page more than once" if words.startswith("stands on the page") else words


def _most_first(counter: Counter[str]) -> tuple[Counted, ...]:
    return tuple(Counted(name, number) for name, number in counter.most_common())


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
