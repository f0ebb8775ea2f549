"""What a server sends after its headers -> bytes: unpacked within limits, and judged by its own signs."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator

SIZE = 10_000_000  # bytes of a page, as sent and as unpacked; a page of text has some 100,000
PIECE = 1 << 16  # bytes that are unpacked at once
ENCODINGS = "gzip, deflate"  # what is unpacked here, piece by piece; others are not asked for, and not taken
WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}  # of zlib, for each header; "deflate" comes without a header too
HEAD = 1445  # bytes that a type is judged by, as browsers do (WHATWG, MIME sniffing, 5)
ROWS = frozenset(("text/csv", "application/jsonl", "application/x-ndjson"))
TEXT = ROWS | {"text/html", "text/plain", "text/markdown", "application/xhtml+xml"}
OFFICE = "application/vnd.openxmlformats-officedocument."
# Documents that are stored as they are, with what each begins with.
DOCUMENTS = {
    "application/pdf": b"%PDF-",
    f"{OFFICE}wordprocessingml.document": b"PK\x03\x04",
    f"{OFFICE}spreadsheetml.sheet": b"PK\x03\x04",
}
# A page says so itself, after a byte order mark, blanks, comments and an XML declaration.
HTML = re.compile(
    rb"(\xef\xbb\xbf)?(?:\s|<!--(?>.*?-->)|<\?xml(?>.*?\?>))*+<(!doctype\s+html|html|head|body)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")  # never in a text (WHATWG, MIME sniffing, 7.2)
UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Unusable(Exception):
    """A body that can not be a page. The message says why."""


class Truncated(Exception):
    """A body that ends before its end."""


def unpack(pieces: Iterable[bytes], encoding: str, most: int = SIZE) -> Iterator[bytes]:
    """The pieces of a body without their Content-Encoding, ``most`` bytes in all, at most PIECE at once.

    Unusable for more, for another encoding and for damage; Truncated when the packed data break off. A body that opens
    to a thousand times its size is given up at the limit.
    """
    encoding = encoding.strip().lower()
    if encoding not in {*WINDOWS, "", "identity"}:
        raise Unusable(f"it is packed as {encoding[:40]!r}, which was not asked for")
    sent = _limit(pieces, most)
    yield from _limit(_inflate(sent, WINDOWS[encoding]), most) if encoding in WINDOWS else sent


def judge_type(declared: str, head: bytes) -> str:
    """The type of a page whose header says ``declared`` and that begins with ``head``. Unusable for no page."""
    kind = declared.partition(";")[0].strip().lower()
    if kind in TEXT and (head.startswith(UTF16) or not BINARY.search(head[:HEAD])):
        return kind
    if HTML.match(head[:HEAD]):
        return "text/html"
    if kind in DOCUMENTS and head.startswith(DOCUMENTS[kind]):
        return kind
    if kind in TEXT:
        raise Unusable(f"it is said to be {kind}, and is binary")
    raise Unusable(f"it is {kind or 'of an unnamed type'}, not a page of text")


def _limit(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > most:
            raise Unusable(f"it is larger than {most:,} bytes")
        yield piece


def _inflate(pieces: Iterable[bytes], window: int) -> Iterator[bytes]:
    engine = None
    for piece in pieces:
        rest = piece
        while rest:
            if engine is None:
                bare = window == WINDOWS["deflate"] and rest[0] & 15 != zlib.DEFLATED  # RFC 1951 without RFC 1950
                engine = zlib.decompressobj(-window if bare else window)
            elif engine.eof:  # another member of a gzip file may follow, or padding, which means nothing
                if not rest.startswith(b"\x1f"):
                    return
                engine = zlib.decompressobj(window)
            try:
                yield engine.decompress(rest, PIECE)
            except zlib.error:
                raise Unusable("it is damaged: its packed data can not be opened") from None
            rest = engine.unconsumed_tail or engine.unused_data
    if engine and not engine.eof:
        yield engine.flush()
        if not engine.eof:
            raise Truncated("its packed data break off")
