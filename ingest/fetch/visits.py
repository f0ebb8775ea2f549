"""What is remembered of pages between requests: one row for each, appended as it comes, read back after a crash."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from ingest.disk import write_bytes
from ingest.fetch.links import Outline
from ingest.records import Reply, Stored


class Visit(Struct, frozen=True):
    """A page as it was when it last came: what is known of it without its bytes."""

    url: str  # as asked for: in canonical form
    final: str  # the address that answered
    fetched: str  # YYYY-MM-DDTHH:MM:SSZ, when these bytes came
    sha256: str  # of them
    outline: Outline
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    asked: str | None = None  # YYYY-MM-DDTHH:MM:SSZ, in a refresh that is not adopted yet; None: in an earlier one

    def as_stored(self, capture: str = "", source: str = "") -> Stored:
        """The row of ``captures.jsonl`` for this page."""
        return Stored(
            capture=capture,
            source=source,
            url=self.url,
            final=self.final,
            fetched=self.fetched,
            sha256=self.sha256,
            title=self.outline.title,
            content_type=self.content_type,
            etag=self.etag,
            last_modified=self.last_modified,
        )


class Answer(Struct, frozen=True):
    """What one request came to: the reply, and the page that it brought, or that is known from before."""

    reply: Reply  # without its body
    visit: Visit | None

    @property
    def is_here(self) -> bool:
        """Whether the page answered now."""
        return self.visit is not None and self.reply.outcome in ("fetched", "unchanged")


class Visits:
    """A file of JSON lines, a visit each; of one address the last counts. A row that was torn off is as if not there.

    It is a cache: without it, pages are asked for whole that had not changed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._visits: dict[str, Visit] = {}
        content = path.read_bytes() if path.exists() else b""
        decoder = msgspec.json.Decoder(Visit)
        for line in content[: content.rfind(b"\n") + 1].splitlines():
            with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
                visit = decoder.decode(line)
                self._visits[visit.url] = visit
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab")
        self._file.truncate(content.rfind(b"\n") + 1)

    def get(self, url: str) -> Visit | None:
        """The last visit of an address."""
        return self._visits.get(url)

    def put(self, visit: Visit) -> None:
        """Remember a visit, at once and for good."""
        self._visits[visit.url] = visit
        self._file.write(msgspec.json.encode(visit) + b"\n")
        self._file.flush()

    def reopen(self) -> None:
        """Have every page asked for again, also those of a refresh that was not adopted."""
        for visit in [visit for visit in self._visits.values() if visit.asked]:
            self.put(msgspec.structs.replace(visit, asked=None))

    def settle(self, urls: Iterable[str]) -> None:
        """End a refresh: all were asked for in an earlier one now. Keep those, and ``urls``; forget the rest."""
        kept = set(urls)
        met = [visit for visit in self._visits.values() if visit.asked or visit.url in kept]
        rows = (msgspec.json.encode(msgspec.structs.replace(visit, asked=None)) + b"\n" for visit in met)
        self.close()
        write_bytes(self._path, b"".join(rows))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
