"""The pages of a corpus fetched again, into memory."""

from __future__ import annotations

from msgspec import Struct

from ingest.fetch.client import Client
from ingest.records import Corpus, Source


class Fetched(Struct, frozen=True):
    """What a corpus's addresses gave: pages by the path of their capture, and one line for each that failed."""

    pages: dict[str, bytes]
    failures: tuple[str, ...]


def refresh(corpus: Corpus, client: Client | None = None) -> Fetched:
    """Fetch each HTML source that has an address, into memory: whether a page is any good, the build finds out."""
    pages, failures = {}, []
    with client or Client(contact=corpus.contact) as own:
        for source in refreshable(corpus):
            reply = own.get(source.url or "")
            if reply.outcome == "fetched":
                pages[source.capture] = reply.body
            else:
                failures.append(f"{source.capture}: {source.url!r}: {reply.reason}")
    return Fetched(pages, tuple(failures))


def refreshable(corpus: Corpus) -> tuple[Source, ...]:
    """The sources that can be fetched again: those with an address whose capture is the page's own HTML."""
    return tuple(s for s in corpus.source if s.url and s.capture.lower().endswith((".html", ".htm")))
