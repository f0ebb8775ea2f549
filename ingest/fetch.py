"""The network, only on request: one page -> bytes, and stored captures fetched again. Follows no links."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.entries import write_bytes
from ingest.errors import InputError
from ingest.records import Corpus, Source

if TYPE_CHECKING:
    import httpx

AGENT = "citewell/0.1"
TIMEOUT = 20.0  # seconds, for each of connecting, and waiting for a piece
SIZE = 10_000_000  # bytes after decompression; a page of text has some 100,000
REDIRECTS = 5
TYPES = frozenset(("text/html", "text/plain", "text/markdown", "application/xhtml+xml"))


def fetch(url: str, client: httpx.Client | None = None) -> bytes:
    """The decoded body of a page, as sent. InputError says why there is none. ``client`` is for tests."""
    import httpx  # here, so that a build from stored captures never loads it

    own = client or httpx.Client(trust_env=False, timeout=TIMEOUT, headers={"user-agent": AGENT})
    try:
        for _ in range(REDIRECTS + 1):
            _check_address(url)
            with own.stream("GET", url, follow_redirects=False) as response:
                if response.next_request is None:
                    return _read(response, url)
                url = str(response.next_request.url)
        raise InputError(f"{url!r} is the end of more than {REDIRECTS} redirects; name the page's own address")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise InputError(f"{url!r} can not be fetched: {reason}; try again later or store the page by hand") from None
    finally:
        if client is None:
            own.close()


def refresh(folder: Path, corpus: Corpus, client: httpx.Client | None = None) -> tuple[str, ...]:
    """Fetch each HTML source that has an address and put it in place of its capture; one line for each that failed.

    A capture is replaced in one step and only by a page that came whole: what fails leaves the stored one as it was.
    """
    failures = []
    for source in refreshable(corpus):
        assert source.url is not None  # noqa: S101  # for mypy
        try:
            page = fetch(source.url, client)
            if not page.strip():
                raise InputError(f"{source.url!r} gave an empty page; look at it in a browser")
            write_bytes(folder / source.capture, page)
        except InputError as error:
            failures.append(f"{source.capture}: {error}")
    return tuple(failures)


def refreshable(corpus: Corpus) -> tuple[Source, ...]:
    """The sources that can be fetched again: those with an address whose capture is the page's own HTML."""
    return tuple(s for s in corpus.source if s.url and s.capture.lower().endswith((".html", ".htm")))


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        sound = False
    if not sound:
        raise InputError(f"{url!r} is no http or https address; correct it")


def _read(response: httpx.Response, url: str) -> bytes:
    if response.status_code != 200:
        raise InputError(f"{url!r} answered with status {response.status_code}; check the address in a browser")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in TYPES:
        raise InputError(f"{url!r} is {kind or 'of an unnamed type'}, not a page of text; name a page")
    body = bytearray()
    for piece in response.iter_bytes(65_536):
        body += piece
        if len(body) > SIZE:
            raise InputError(f"{url!r} is larger than {SIZE:,} bytes; store the part that you need by hand")
    return bytes(body)
