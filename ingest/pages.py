"""The pages of each declared source: how many there are, which did not come, which are no longer there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from ingest.build import Before
from ingest.records import Described, Refreshed, Report, Stored

LISTED = "sources.toml"  # the pages that have a [[source]] of their own count together


class SourcePages(Struct, frozen=True):
    """The pages of a site or folder, or those that ``sources.toml`` names one by one."""

    name: str
    captures: frozenset[str]  # of pages that it has or had, and the renditions of these
    pages: int  # that it has, had, or ought to have
    failed: tuple[str, ...]  # addresses that did not answer, or not with the page: what was stored of them stays
    vanished: tuple[str, ...]  # captures of pages that are no longer there


def count_pages(
    described: Described, before: Before, report: Report, refreshed: Refreshed | None
) -> tuple[SourcePages, ...]:
    """The pages of each source, in no order, from the ``report`` of this build and of the one before."""
    rows = {row.capture: row for row in (*before.rows, *(refreshed.rows if refreshed else ()))}
    owners = _Owners(described, rows)
    was = {page.capture for page in before.report.pages} if before.report else set()
    now = {page.capture for page in report.pages}
    used = now | {path for failed in report.failed for path in (failed.capture, f"{failed.capture}.txt")}
    captures, vanished = defaultdict(set), defaultdict(list)
    for capture in sorted(was | now):
        captures[owners.of(capture)].add(capture)
        if capture not in used:
            vanished[owners.of(capture)].append(capture)
    known = {row.url for row in before.rows}
    failed = owners.failed(refreshed, known)
    sources = []
    for name in dict.fromkeys([*captures, *failed]):
        new = sum(url not in known for url in failed[name])
        missing = tuple(failed[name])
        sources.append(
            SourcePages(name, frozenset(captures[name]), len(captures[name]) + new, missing, tuple(vanished[name]))
        )
    return tuple(sources)


class _Owners:
    """Which source a page belongs to."""

    def __init__(self, described: Described, rows: Mapping[str, Stored]) -> None:
        self._listed = {source.title for source in described.source if not (source.site or source.folder)}
        self._folders = {source.folder: source.title for source in described.source if source.folder}
        self._rows = rows

    def of(self, capture: str) -> str:
        """The name of the source of a capture, or of its rendition."""
        row = self._rows.get(capture) or self._rows.get(capture.removesuffix(".txt"))
        if row:
            return self._name(row.source)
        parents = (str(parent) for parent in PurePosixPath(capture).parents)
        return next((repr(self._folders[parent]) for parent in parents if parent in self._folders), LISTED)

    def failed(self, refreshed: Refreshed | None, known: Iterable[str]) -> Mapping[str, list[str]]:
        """The addresses that did not come, by the source. One never seen before may be a broken link.

        What is gone vanishes with its row, unless ``sources.toml`` names it: then what was stored stays, and is as old.
        """
        failed = defaultdict(list)
        for visited in refreshed.visited if refreshed else ():
            for reply in visited.replies:
                lost = reply.outcome == "refused" and reply.url in known
                kept = reply.outcome == "gone" and visited.source in self._listed
                if reply.outcome in ("failed", "deferred") or lost or kept:
                    failed[self._name(visited.source)].append(reply.url)
        return failed

    def _name(self, title: str) -> str:
        return LISTED if title in self._listed else repr(title)
