"""All sources of a corpus that have an address, fetched into the staging: the whole of ``citewell build --refresh``.

Changes no capture and no row: what is to be changed is handed back, for a build to read and ``adopt`` to put in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import msgspec

from ingest.addresses import canonical
from ingest.errors import InputError
from ingest.fetch.crawl import Crawled, crawl
from ingest.fetch.judge import says_not_found
from ingest.fetch.names import fits, name_capture, suffix_of
from ingest.fetch.scope import same_page
from ingest.fetch.staging import Client, Staging
from ingest.fetch.store import FOLDER
from ingest.fetch.visits import Answer, Visit
from ingest.records import Declared, Refreshed, Reply, Stored, Visited
from ingest.slugs import make_slug
from ingest.sources import FILE, PAGES, capture_of, read_described
from ingest.stored import read_stored

REPLIES = "replies.jsonl"
# A text or Markdown file beside an address was made from the page by hand: what a server sends is no newer one of it.
BY_HAND = (".txt", ".md", ".markdown")


def refresh(
    folder: Path,
    client: Client,
    told: Callable[[str], None] = lambda _: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    *,
    resume: bool = False,
) -> Refreshed:
    """Fetch the sites and pages that ``sources.toml`` in ``folder`` gives addresses of.

    What an earlier call staged within a day is not asked for again where that call was stopped; where it came to its
    end and nobody adopted it, only to ``resume`` it. ``told`` is called with each address before
    it is asked for. InputError for a ``sources.toml`` or ``captures.jsonl`` that can not be used.
    """
    described = read_described(folder)
    sources = [declared for declared in described.source if is_fetched(declared)]
    for declared in sources:
        if canonical(declared.site or declared.url or "") is None:
            raise InputError(f"{folder / FILE}: {declared.title!r} has an address with a login in it; remove that")
    staging = Staging(folder, read_stored(folder), client, now, told)
    try:
        staging.begin(resume=resume)
        refreshed = _Refresh(folder, staging, described.source).run(sources)
        staging.finish()
        return refreshed
    finally:
        staging.close()


def is_fetched(declared: Declared) -> bool:
    """Whether a source comes from the web: a site, or a page whose capture was not made by hand."""
    by_hand = declared.capture is not None and declared.capture.lower().endswith(BY_HAND)
    return bool(declared.site or (declared.url and not by_hand))


def find_missing(folder: Path, refreshed: Refreshed) -> str | None:
    """Why the corpus can not be built: the first source that gave no page, and has none from before; None if all have.

    One line, as an InputError would say it.
    """
    titles = {row.source for row in refreshed.rows}
    for declared in read_described(folder).source:
        stored = declared.url and (folder / capture_of(declared)).exists()
        if is_fetched(declared) and declared.title not in titles and not stored:
            replies = next(visited.replies for visited in refreshed.visited if visited.source == declared.title)
            why = next((f"{reply.url}: {reply.reason}" for reply in replies if reply.reason), "no page is included")
            return (
                f"{folder / FILE}: {declared.title!r} gave no page ({why}); correct its address, try again later, "
                "or give --allow-private where it is on an intranet"
            )
    return None


class _Refresh:
    def __init__(self, folder: Path, staging: Staging, declared: Iterable[Declared]) -> None:
        self._folder, self._staging = folder, staging
        self._before = read_stored(folder)
        self._rows: dict[str, Stored] = {}
        self._files: dict[str, Path] = {}
        self._named = {capture_of(each) for each in declared if each.url or each.capture}
        self._taken = {*self._before, *self._named}  # no page of a site may take the name of another capture

    def run(self, sources: Iterable[Declared]) -> Refreshed:
        """All sources, in the order of the file."""
        visited = []
        asked = set()
        for declared in sources:
            visited.append(self._visit_site(declared) if declared.site else self._visit_page(declared))
            asked.add(declared.title)
        others = {name: row for name, row in self._before.items() if row.source not in asked and name not in self._rows}
        self._rows |= others
        return Refreshed(
            visited=tuple(visited),
            rows=tuple(self._rows[capture] for capture in sorted(self._rows)),
            files=dict(sorted(self._files.items())),
            removed=tuple(sorted(self._before.keys() - self._rows.keys() - self._named)),
        )

    def _visit_site(self, declared: Declared) -> Visited:
        before = {same_page(row.url): row for row in self._before_of(declared)}
        crawled = crawl(declared, self._staging, [row.url for row in before.values()])
        for visit in crawled.pages:
            answer = self._staging.get_whole(visit)
            if answer.visit:
                known = before.get(same_page(visit.url)) or before.get(same_page(visit.final))
                self._keep(declared, answer.visit, known)
        self._keep_failing(declared, crawled, before.values())
        return self._conclude(Visited(declared.title, crawled.replies, crawled.notes))

    def _keep_failing(self, declared: Declared, crawled: Crawled, before: Iterable[Stored]) -> None:
        """A page goes when the site says that it is gone, or when it no longer belongs to the site. No other does."""
        gone = {same_page(reply.url) for reply in crawled.replies if reply.outcome == "gone"}
        gone |= {same_page(url) for url in crawled.dropped}
        mine = [row for row in self._rows.values() if row.source == declared.title]
        kept = {same_page(url) for row in mine for url in (row.url, row.final)}
        for row in before:
            if same_page(row.url) not in gone | kept:
                self._rows[row.capture] = row

    def _conclude(self, visited: Visited) -> Visited:
        """What was not taken is asked for again when a refresh goes on from here: it may have been mended since."""
        for reply in visited.replies:
            if reply.outcome not in ("fetched", "unchanged"):
                self._staging.reopen(reply.url)
        return visited

    def _visit_page(self, declared: Declared) -> Visited:
        url = canonical(declared.url or "") or ""
        before = next((row for row in self._before_of(declared) if row.url == url), None)
        answer = self._staging.get(url)
        if answer.is_here and answer.visit:
            answer = self._check_page(declared, self._staging.get_whole(answer.visit))
        if answer.is_here and answer.visit:
            self._keep(declared, answer.visit, before)
        elif before:
            self._rows[before.capture] = before
        return self._conclude(Visited(declared.title, (answer.reply,)))

    def _check_page(self, declared: Declared, answer: Answer) -> Answer:
        """A named page is no error page, and what the name of its capture says."""
        visit = answer.visit
        if visit is None:
            return answer
        ending = PurePosixPath(declared.capture or "").suffix
        if says_not_found(visit.outline.title):
            reason = "it answers with status 200 and the title of an error page"
        elif declared.capture and not fits(ending, suffix_of(visit.content_type, visit.final)):
            reason = f"it is {visit.content_type}, and its capture is to be {ending or 'without an ending'}"
        else:
            return answer
        return Answer(_fail(answer.reply, reason), None)

    def _keep(self, declared: Declared, visit: Visit, before: Stored | None) -> None:
        capture = self._name(declared, visit, before)
        row = visit.as_stored(capture, declared.title)
        same = before is not None and (before.capture, before.url, before.sha256) == (capture, row.url, row.sha256)
        self._rows[capture] = before if same and before else row
        self._taken.add(capture)
        path = self._staging.locate(visit)
        if path and path != self._folder / capture:
            self._files[capture] = path

    def _name(self, declared: Declared, visit: Visit, before: Stored | None) -> str:
        if declared.capture:
            return declared.capture
        suffix = suffix_of(visit.content_type, visit.final)
        if before and before.capture.endswith(suffix):
            return before.capture
        if declared.url:
            return str(PurePosixPath(capture_of(declared)).with_suffix(suffix))
        return name_capture(f"{PAGES}/{make_slug(declared.title)}", visit.final, suffix, self._taken)

    def _before_of(self, declared: Declared) -> Iterable[Stored]:
        return (row for row in self._before.values() if row.source == declared.title)


def write_replies(folder: Path, refreshed: Refreshed) -> Path:
    """List what became of every address beside the staging; the path of the list."""
    from ingest.disk import write_bytes
    from ingest.entries import json_lines

    path = folder / FOLDER / REPLIES
    replies = ((visited.source, reply) for visited in refreshed.visited for reply in visited.replies)
    rows = (Line(source, reply.outcome, reply.url, reply.final, reply.reason) for source, reply in replies)
    write_bytes(path, json_lines(rows))
    return path


class Line(msgspec.Struct, frozen=True):
    """One line of that list."""

    source: str
    outcome: str
    url: str
    final: str
    reason: str


def _fail(reply: Reply, reason: str) -> Reply:
    return msgspec.structs.replace(reply, outcome="failed", reason=reason)
