"""Sitemaps (sitemaps.org): the addresses that a site lists of itself. Knows bytes only; the asking is handed in.

XML and plain text, also under gzip, and indexes of them. A document type is refused, and entities with it.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from ingest.addresses import LONGEST, canonical

GZIP = b"\x1f\x8b"
SIZE = 50 * 1024 * 1024  # bytes of one sitemap once unpacked, and
ADDRESSES = 50_000  # addresses in one: the most that sitemaps.org allows
PIECE = 65_536  # bytes unpacked and parsed at a time: what is refused was never in memory whole
LINES = 2 * ADDRESSES  # of a plain one: some leave a line between two addresses
FILES = 100  # sitemaps of one source
DEPTH = 3  # indexes under indexes; the protocol has one


class Sitemap(Struct, frozen=True):
    """What one sitemap lists, in its order, as it spells it. ``fault`` says why there may be more that was not read."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    fault: str = ""


class Listing(Struct, frozen=True):
    """What the sitemaps of a source list, and a line for each that could not be read whole."""

    pages: tuple[str, ...]
    faults: tuple[str, ...]


def list_addresses(
    starts: Iterable[str], get: Callable[[str], Sitemap], wants: Callable[[str], bool], limit: int
) -> Listing:
    """At most ``limit`` pages of the sitemaps ``starts`` and of those that they list, each asked for once.

    Canonical addresses, those that ``wants`` says yes to, in the order of the sitemaps.
    """
    waiting = deque((start, 0) for start in dict.fromkeys(starts))
    met = {start for start, _ in waiting}
    left = ""  # the first sitemap that is one too many
    pages: dict[str, None] = {}
    faults: list[str] = []
    while waiting and len(pages) < limit:
        url, depth = waiting.popleft()
        if depth > DEPTH:
            faults.append(f"{url}: stands under more than {DEPTH} indexes; it is left out")
            continue
        found = get(url)
        if found.fault:
            faults.append(f"{url}: {found.fault}")
        pages.update((page, None) for each in found.pages if (page := canonical(each, url)) and wants(page))
        for each in found.sitemaps:
            listed = canonical(each, url)
            if listed is None or listed in met:
                continue
            if len(met) >= FILES:  # what will never be asked for does not fill the memory
                left = left or listed
                break
            met.add(listed)
            waiting.append((listed, depth + 1))
    if left:
        faults.append(f"{left}: there are more than {FILES} sitemaps; it and what follows are left out")
    return Listing(tuple(pages)[:limit], tuple(faults))


def read_sitemap(body: bytes) -> Sitemap:
    """What the bytes of a sitemap list. Nothing is raised: ``Sitemap.fault`` says what is wrong with them."""
    from lxml import etree

    target = _Target()
    try:
        if _begin(body).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"<", b"\xff", b"\xfe"):
            _read_lines(_unpack(body), target)
            return target.result("" if target.found else "lists no address")
        parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True, load_dtd=False)
        for number, piece in enumerate(_unpack(body)):
            parser.feed(piece if number else piece.lstrip())
        parser.close()
    except _Refused as refused:
        return target.result(str(refused))
    except (etree.XMLSyntaxError, zlib.error, ValueError) as error:
        return target.result(f"is no well-formed sitemap: {' '.join(str(error).split())}")
    return target.result("")


class _Refused(Exception):
    """The rest of a sitemap is not read, and why."""


class _Target:
    """Takes the addresses out of the parser's events: no tree is made."""

    def __init__(self) -> None:
        self._around: list[str] = []
        self._address: list[str] = []
        self._room = LONGEST  # characters that may still come of it
        self._lists: dict[str, list[str]] = {"url": [], "sitemap": []}

    @property
    def found(self) -> bool:
        """Whether it lists a page."""
        return bool(self._lists["url"])

    def add(self, kind: str, address: str) -> None:
        """Take an address, if it is one, of a page ("url") or of a sitemap."""
        if len(self._lists[kind]) == ADDRESSES:
            raise _Refused(f"lists more than {ADDRESSES:,} addresses; the rest is left out")
        if address and len(address) <= LONGEST:
            self._lists[kind].append(address)

    def start(self, tag: str, _: object) -> None:
        self._around.append(tag.rpartition("}")[2])
        self._address.clear()
        self._room = LONGEST

    def data(self, text: str) -> None:
        if self._around[-1:] == ["loc"] and self._room >= 0:
            self._room -= len(text)
            self._address.append(text)

    def end(self, _: str) -> None:
        tag = self._around.pop()
        kind = self._around[-1] if self._around else ""
        if tag == "loc" and kind in self._lists:
            self.add(kind, "".join(self._address).strip())

    def doctype(self, *_: object) -> None:
        raise _Refused("has a document type, which may define entities; it is refused")

    def close(self) -> None:
        """Required of a target; ``result`` says what was found, also where parsing broke off."""

    def result(self, fault: str) -> Sitemap:
        """What was found, and it is let go of: a parser knows its target in a circle, so that both stay for long."""
        found = Sitemap(tuple(self._lists["url"]), tuple(self._lists["sitemap"]), fault)
        self._lists.clear()
        return found


def _begin(body: bytes) -> bytes:
    return next(_unpack(body), b"")


def _unpack(body: bytes) -> Iterator[bytes]:
    """The pieces of ``body``, out of their gzip where they are in one; raises after ``SIZE`` bytes."""
    if not body.startswith(GZIP):
        yield from (body[at : at + PIECE] for at in range(0, min(len(body), SIZE), PIECE))
        return
    unpacker = zlib.decompressobj(wbits=31)
    size = 0
    while body and not unpacker.eof:
        piece = unpacker.decompress(body, PIECE)
        body = unpacker.unconsumed_tail
        size += len(piece)
        if size > SIZE:
            raise _Refused(f"is larger than {SIZE:,} bytes once unpacked; the rest is left out")
        yield piece
    if not unpacker.eof:
        raise _Refused("breaks off; what came is read")


def _read_lines(pieces: Iterator[bytes], target: _Target) -> None:
    read, rest = 0, b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        read += len(lines)
        if read > LINES:
            raise _Refused(f"has more than {LINES:,} lines; the rest is left out")
        for line in lines:
            _take_line(line, target)
        rest = rest[: LONGEST + 1]
    _take_line(rest, target)


def _take_line(line: bytes, target: _Target) -> None:
    if text := _address_in(line):
        target.add("url", text)


def _address_in(line: bytes) -> str:
    text = line.decode("utf-8-sig", "replace").strip()
    return text if text.lower().startswith(("http://", "https://")) else ""
