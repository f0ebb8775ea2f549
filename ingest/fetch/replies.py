"""What an answer means for a page: the reply that a crawl goes by. Asks nothing."""

from __future__ import annotations

from ingest.addresses import Address, canonical
from ingest.encodings import to_utf8
from ingest.errors import InputError
from ingest.fetch.body import TEXT
from ingest.fetch.wire import TRIES, Answer, NoAnswer
from ingest.records import Reply, Stored

GONE = frozenset((404, 410))
BUSY = frozenset((408, 429))  # besides 500 and above: what another try may bring


def conditions(address: Address, stored: Stored) -> dict[str, str]:
    """The headers that ask for no page if it is still what was ``stored``, which may be of another step on the way."""
    if stored.final != canonical(address.url):
        return {}
    known = {"If-None-Match": stored.etag, "If-Modified-Since": stored.last_modified}
    return {name: value for name, value in known.items() if value and value.isascii() and value.isprintable()}


def find_problem(answer: Answer) -> NoAnswer | None:
    """Why an answer is worth another try, or None; a server that says when, and is not ready then, wants its rest."""
    if answer.status not in BUSY and answer.status < 500:
        return None
    wants_rest = answer.status == 429 or "retry-after" in answer.headers
    return NoAnswer("deferred" if wants_rest else "failed", f"it answered with status {answer.status}", TRIES)


def read_answer(answer: Answer, stored: Stored | None) -> Reply:
    """What an answer means for a page; its addresses are still to be filled in."""
    told = f"it answered with status {answer.status}"
    etag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
    if answer.status == 200 and answer.body.strip():
        try:
            body = to_utf8(answer.body, answer.headers.get("content-type", "")) if answer.kind in TEXT else answer.body
        except InputError:
            return Reply("refused", "", "", "it is not UTF-8 text, and names no encoding")
        return Reply("fetched", "", "", "", body, answer.kind or None, etag, modified)
    if answer.status == 200:
        return Reply("failed", "", "", "it is an empty page")
    if answer.status == 304 and stored:
        kind, etag, modified = stored.content_type, etag or stored.etag, modified or stored.last_modified
        return Reply("unchanged", "", "", content_type=kind, etag=etag, last_modified=modified)
    if answer.status in GONE:
        return Reply("gone", "", "", told)
    return Reply("refused" if 400 <= answer.status < 500 else "failed", "", "", told)
