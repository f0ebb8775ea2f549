"""The network, only on request: one page -> bytes, the pages of a corpus fetched again. Stores and follows nothing."""

from __future__ import annotations

import codecs
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING

from msgspec import Struct

from ingest.addresses import is_address
from ingest.errors import InputError
from ingest.records import Corpus, Source

if TYPE_CHECKING:
    import httpx

AGENT = "citewell/0.1"
TIMEOUT = 20.0  # seconds, for each of connecting, and waiting for a piece
DEADLINE = 60.0  # seconds for one page with its redirects: a server that sends a byte now and then keeps every timeout
SIZE = 10_000_000  # bytes after decompression; a page of text has some 100,000
REDIRECTS = 5
TYPES = frozenset(("text/html", "text/plain", "text/markdown", "application/xhtml+xml"))


class Fetched(Struct, frozen=True):
    """What a corpus's addresses gave: pages by the path of their capture, and one line for each that failed."""

    pages: dict[str, bytes]
    failures: tuple[str, ...]


def refresh(corpus: Corpus, client: httpx.Client | None = None) -> Fetched:
    """Fetch each HTML source that has an address, into memory: whether a page is any good, the build finds out."""
    pages, failures = {}, []
    for source in refreshable(corpus):
        try:
            pages[source.capture] = fetch(source.url or "", client)
        except InputError as error:
            failures.append(f"{source.capture}: {error}")
    return Fetched(pages, tuple(failures))


def refreshable(corpus: Corpus) -> tuple[Source, ...]:
    """The sources that can be fetched again: those with an address whose capture is the page's own HTML."""
    return tuple(s for s in corpus.source if s.url and s.capture.lower().endswith((".html", ".htm")))


def fetch(url: str, client: httpx.Client | None = None) -> bytes:
    """The body of a page, uncompressed. InputError says why there is none. ``client`` is for tests.

    As sent, unless the HTTP header names its encoding and it is not plain ASCII: then as UTF-8 with a byte order mark,
    which says so in the file and outranks what the page says of itself, as the header did.
    """
    done: Future[bytes] = Future()

    def work() -> None:
        try:
            done.set_result(_fetch(url, client))
        except BaseException as error:  # it is raised again where the page is waited for
            done.set_exception(error)

    # A thread, because looking up a name and reading headers have no deadline of their own; it ends with the program.
    Thread(target=work, daemon=True).start()
    try:
        return done.result(DEADLINE)
    except TimeoutError:
        raise InputError(f"{url!r} did not come whole within {DEADLINE:g} seconds; try again later") from None


def _fetch(url: str, client: httpx.Client | None) -> bytes:
    import httpx  # here, so that a build from stored captures never loads it

    own = client or httpx.Client(trust_env=False, timeout=TIMEOUT, headers={"user-agent": AGENT})
    try:
        for _ in range(REDIRECTS + 1):
            if not is_address(url):
                raise InputError(f"{url!r} is no http or https address; correct it")
            with own.stream("GET", url, follow_redirects=False) as response:
                if response.next_request is None:
                    return _read(response, url)
                url = str(response.next_request.url)
        raise InputError(f"{url!r} is the end of more than {REDIRECTS} redirects; name the page's own address")
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:  # UnicodeError: a name that DNS can not hold
        reason = " ".join(str(error).split()) or type(error).__name__
        raise InputError(f"{url!r} can not be fetched: {reason}; try again later or store the page by hand") from None
    finally:
        if client is None:
            own.close()


def _read(response: httpx.Response, url: str) -> bytes:
    if response.status_code != 200:
        raise InputError(f"{url!r} answered with status {response.status_code}; check the address in a browser")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in TYPES:
        raise InputError(f"{url!r} is {kind or 'of an unnamed type'}, not a page of text; name a page")
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > SIZE:
            raise InputError(f"{url!r} is larger than {SIZE:,} bytes; store the part that you need by hand")
    if not body.strip():
        raise InputError(f"{url!r} gave an empty page; look at it in a browser")
    return _mark_encoding(bytes(body), response.charset_encoding)


def _mark_encoding(body: bytes, charset: str | None) -> bytes:
    """The page in UTF-8 with its mark, when ``charset`` of the HTTP header holds for it and the bytes alone do not say.

    An unknown charset, and one in which the page is not written, are for the page's own signs to correct.
    """
    if charset is None or body.startswith(codecs.BOM_UTF8):
        return body
    try:
        name = codecs.lookup(charset).name
        # Browsers read both of these names so.
        text = body.decode("cp1252" if name in {"iso8859-1", "ascii"} else name)
        content = text.removeprefix("\ufeff").encode()
    except (LookupError, ValueError):
        return body
    return body if content == body and body.isascii() else codecs.BOM_UTF8 + content
