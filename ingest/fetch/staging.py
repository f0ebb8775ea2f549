"""The web as one refresh has it: what has come is kept, and not asked for again.

The bytes of a page are written first, then its row. A crawl that was killed and is run again finds what it had, and
goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import msgspec

from ingest.disk import write_bytes
from ingest.fetch.links import outline
from ingest.fetch.sitemap import Sitemap, read_sitemap
from ingest.fetch.store import BODIES, FOLDER, VISITS, check_capture, digest_of, lock_corpus
from ingest.fetch.visits import Answer, Visit, Visits
from ingest.records import Reply, Stored

# A refresh that was stopped is taken up again within this time; later its pages are asked for anew.
FRESH = timedelta(days=1)
FINISHED = "finished"  # stands in the staging when the last refresh came to its end
TIME = "%Y-%m-%dT%H:%M:%SZ"


class Client(Protocol):
    """What asks the network (``ingest.fetch.client``)."""

    def get(self, url: str, stored: Stored | None = None) -> Reply:
        """Ask for a page; with ``stored``, only if it changed since."""

    def get_sitemap(self, url: str) -> Reply:
        """Ask for a sitemap, whatever its type and as sent."""

    def sitemaps(self, url: str) -> Sequence[str]:
        """What robots.txt of the host lists."""


class Staging:
    """The web as one refresh has it: kept answers, and the network's for all else (``ingest.fetch.crawl.Web``)."""

    def __init__(
        self,
        corpus: Path,
        rows: Mapping[str, Stored],
        client: Client,
        now: Callable[[], datetime],
        told: Callable[[str], None],
    ) -> None:
        self._corpus, self._client, self._now, self._told = corpus, client, now, told
        self._rows = {row.url: row for row in rows.values()}
        self._intact: dict[str, bool] = {}  # whether a capture still holds what its row says
        self._lock = lock_corpus(corpus)
        self._visits = Visits(corpus / FOLDER / VISITS)
        self._finished = corpus / FOLDER / FINISHED

    def begin(self, *, resume: bool) -> None:
        """Go on with a refresh that was stopped; one that had come to its end is gone on with if told to ``resume``."""
        if self._finished.exists() and not resume:
            self._visits.reopen()
        self._finished.unlink(missing_ok=True)

    def finish(self) -> None:
        """Remember that the refresh came to its end: what it staged waits for a person to accept it."""
        write_bytes(self._finished, b"")

    def get(self, url: str) -> Answer:
        """The page at ``url``: as it was staged within a day, else as the network has it."""
        self._told(url)
        last = self._visits.get(url) or self._read_row(url)
        if last and last.asked and self._is_fresh(last.asked):
            return Answer(self._say(last), last)
        return self._ask(url, last)

    def get_whole(self, visit: Visit) -> Answer:
        """The same page with its bytes at hand: asked for again where they are neither staged nor stored."""
        if self.locate(visit):
            return Answer(self._say(visit), visit)
        answer = self._ask(visit.url, None)
        return answer if answer.is_here else Answer(answer.reply, None)

    def reopen(self, url: str) -> None:
        """Ask for a page again in the next refresh, also where that goes on from this one."""
        visit = self._visits.get(url)
        if visit and visit.asked:
            self._visits.put(msgspec.structs.replace(visit, asked=None))

    def sitemaps(self, url: str) -> Sequence[str]:
        """Where robots.txt of the host says that its sitemaps are."""
        return self._client.sitemaps(url)

    def sitemap(self, url: str) -> Sitemap:
        """What the sitemap at ``url`` lists."""
        self._told(url)
        reply = self._client.get_sitemap(url)
        return read_sitemap(reply.body) if reply.outcome == "fetched" else Sitemap(fault=reply.reason)

    def locate(self, visit: Visit) -> Path | None:
        """Where the bytes of a page lie: in a capture, else in the staging; None when they are nowhere."""
        row = self._rows.get(visit.url)
        if row and row.sha256 == visit.sha256 and self._is_intact(row):
            return self._corpus / row.capture
        path = self._corpus / FOLDER / BODIES / visit.sha256
        return path if path.exists() else None

    def close(self) -> None:
        """Let go of the files."""
        self._visits.close()
        self._lock.release()

    def _ask(self, url: str, last: Visit | None) -> Answer:
        reply = self._client.get(url, last.as_stored() if last else None)
        asked = self._now().strftime(TIME)
        if reply.outcome == "fetched":
            visit = self._stage(reply, asked)
        elif reply.outcome == "unchanged" and last:
            visit = msgspec.structs.replace(last, asked=asked)
        else:
            return Answer(reply, last)
        self._visits.put(visit)
        return Answer(self._say(visit), visit)

    def _stage(self, reply: Reply, asked: str) -> Visit:
        """Write what came, unless it is what a capture holds already."""
        digest = hashlib.sha256(reply.body).hexdigest()
        last = self._visits.get(reply.url) or self._rows.get(reply.url)
        visit = Visit(
            url=reply.url,
            final=reply.final,
            fetched=last.fetched if last and last.sha256 == digest else asked,
            sha256=digest,
            outline=outline(reply.body, reply.final, reply.content_type),
            content_type=reply.content_type,
            etag=reply.etag,
            last_modified=reply.last_modified,
            asked=asked,
        )
        if not self.locate(visit):
            write_bytes(self._corpus / FOLDER / BODIES / digest, reply.body)
        return visit

    def _say(self, visit: Visit) -> Reply:
        """The reply that brought a visit, which is unchanged when the corpus has these bytes already."""
        row = self._rows.get(visit.url)
        same = row is not None and row.sha256 == visit.sha256
        return Reply(
            "unchanged" if same else "fetched",
            visit.url,
            visit.final,
            "",
            b"",
            visit.content_type,
            visit.etag,
            visit.last_modified,
        )

    def _read_row(self, url: str) -> Visit | None:
        """A page that is known by its row and its capture alone."""
        row = self._rows.get(url)
        if row is None or not self._is_intact(row):
            return None
        body = (self._corpus / row.capture).read_bytes()
        known = outline(body, row.final, row.content_type)
        return Visit(row.url, row.final, row.fetched, row.sha256, known, row.content_type, row.etag, row.last_modified)

    def _is_intact(self, row: Stored) -> bool:
        if row.capture not in self._intact:
            check_capture(self._corpus, row.capture)
            self._intact[row.capture] = digest_of(self._corpus / row.capture) == row.sha256
        return self._intact[row.capture]

    def _is_fresh(self, asked: str) -> bool:
        age = self._now() - datetime.strptime(asked, TIME).replace(tzinfo=UTC)
        return timedelta() <= age < FRESH
