"""The encoding of a page or a file, found as browsers find it (WHATWG HTML, encoding sniffing), and its text.

The order: byte order mark, HTTP header, ``meta``, else UTF-8 if the bytes are that, else windows-1252. What is named
but can not be right, because the bytes are not in it, is passed over. Nothing is guessed between many.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

import webencodings

from ingest.errors import InputError

BLANK = rb"\t\n\x0c\r "
# Bytes in which a page must name its encoding. Browsers look ahead over 1024, and start anew at a later meta.
PRESCAN = 1 << 14
MARKS = (  # UTF-32 begins like UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32le"),
    (codecs.BOM_UTF32_BE, "utf-32be"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
)
# Bytes that are no ASCII stand alone in western languages, which windows-1252 serves: "Käse". In an encoding for Greek,
# Russian or Japanese they make up whole words, and more than half of a text.
FOREIGN_WORD = re.compile(rb"[\x80-\xff]{3,}")
FOREIGN_SHARE = 0.2
# A comment; a tag with its name; a declaration, a processing instruction and the like, to its end or that of the page.
MARKUP = re.compile(rb"<!--|<(/?[a-zA-Z][^%b>]*)|<[!/?][^>]*+>?" % BLANK)
ATTRIBUTE = re.compile(rb"[%b/]*([^%b/>][^%b/>=]*)([%b]*=[%b]*)?" % ((BLANK,) * 5))
VALUE = re.compile(rb"\"([^\"]*)\"|'([^']*)'|(?![\"'])([^%b>]*)" % BLANK)
CHARSET = re.compile(rb"charset[%b]*=[%b]*(?:\"([^\"]*)\"|'([^']*)'|([^\"'%b;][^%b;]*))" % ((BLANK,) * 4))
PLAIN = ("text/plain", "text/markdown")  # read as UTF-8 or not at all
IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([^\s\"';]+)", re.IGNORECASE)


def to_utf8(body: bytes, content_type: str = "") -> bytes:
    """``body`` as sent where a reader who has nothing but the bytes finds its encoding, else in UTF-8 with a mark.

    ``content_type`` is the HTTP header, which is not there any more when the page is read from its file. InputError as
    of ``decode``.
    """
    text = decode(body, content_type)
    plain = content_type.lower().startswith(PLAIN)
    told = plain or body.startswith(codecs.BOM_UTF8) or find_meta(body) == "utf-8"
    content = text.encode("utf-8", "replace")  # a lone surrogate of UTF-7 and its like can not be stored
    if content == body.removeprefix(codecs.BOM_UTF8) and (body.isascii() or told):
        return body
    return codecs.BOM_UTF8 + content


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page without its byte order mark, as a browser shows it: what is broken in it is U+FFFD.

    InputError, without its name, for bytes that name no encoding and are neither UTF-8 nor of a western language.
    """
    return body.decode(_find_codec(body, content_type), "replace").removeprefix("\ufeff")


def decode_whole(raw: bytes) -> str:
    """The same of a file, whose owner can mend it: InputError where anything in it is broken."""
    codec = _find_codec(raw, "")
    try:
        return raw.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError(f"is not {codec} text (byte {error.start}); save it as UTF-8 text or as HTML") from None


def _find_codec(body: bytes, content_type: str) -> str:
    """Python's name of the encoding."""
    if not is_utf8(body) and not _fits(body, webencodings.UTF8) and _find_named(body, content_type) is None:
        foreign = sum(map(len, FOREIGN_WORD.findall(body)))
        if foreign > FOREIGN_SHARE * len(body):
            raise InputError("is not UTF-8 text, and names no encoding; save it as UTF-8 text or as HTML")
    name = find_encoding(body, content_type)
    known = webencodings.lookup(name)  # UTF-32 is unknown to browsers
    return str(known.codec_info.name) if known else name


def is_utf8(body: bytes) -> bool:
    """Whether the bytes are UTF-8, with or without a byte order mark."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def find_encoding(body: bytes, content_type: str = "") -> str:
    """The name (WHATWG's, in lower case) of the encoding that ``body`` is to be read in."""
    fallback = "utf-8" if not body.isascii() and _fits(body, webencodings.UTF8) else "windows-1252"
    return _find_named(body, content_type) or fallback


def _find_named(body: bytes, content_type: str) -> str | None:
    for mark, name in MARKS:
        if body.startswith(mark):
            return name
    header = IN_HEADER.search(content_type)
    for label in (header[1] if header else None, find_meta(body)):
        encoding = webencodings.lookup(label) if label else None
        if encoding and _fits(body, encoding):
            return str(encoding.name)
    return None


def find_meta(body: bytes) -> str | None:
    """The encoding that the page names in the first PRESCAN bytes (WHATWG HTML, prescan a byte stream), or None."""
    head = body[:PRESCAN]
    if b"charset" not in head.lower():
        return None
    for attributes in _metas(head):
        label, pragma = attributes.get(b"charset"), True
        if label is None and (named := CHARSET.search(attributes.get(b"content", b"").lower())):
            label, pragma = named[1] or named[2] or named[3], attributes.get(b"http-equiv") == b"content-type"
        encoding = webencodings.lookup(label.decode("latin-1")) if label and pragma else None
        if encoding:
            # A page whose meta can be read as ASCII is not in UTF-16.
            overruled = {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252"}
            return overruled.get(encoding.name, str(encoding.name))
    return None


def _metas(head: bytes) -> Iterator[dict[bytes, bytes]]:
    """The attributes of each meta tag, in lower case; ends where a tag does not."""
    position = 0
    while found := MARKUP.search(head, position):
        position = found.end()
        if found[0] == b"<!--":
            position = head.find(b"-->", position - 2) + 3
            if position < 3:
                return
        elif found[1]:
            read = _read_attributes(head, position)
            if read is None:
                return
            attributes, position = read
            if found[1].lower().rstrip(b"/") == b"meta":
                yield attributes


def _read_attributes(head: bytes, position: int) -> tuple[dict[bytes, bytes], int] | None:
    """The attributes from ``position`` on, the first of each name, and where their tag ends; None if it does not."""
    attributes: dict[bytes, bytes] = {}
    while found := ATTRIBUTE.match(head, position):
        position, value = found.end(), b""
        if found[2]:
            given = VALUE.match(head, position)
            if given is None:  # a quotation mark without its other half
                return None
            value, position = given[1] or given[2] or given[3] or b"", given.end()
        attributes.setdefault(found[1].lower(), value.lower())
    end = head.find(b">", position)
    return None if end < 0 else (attributes, end + 1)


def _fits(body: bytes, encoding: webencodings.Encoding) -> bool:
    """Whether ``body`` can be in ``encoding``. One broken character in a page of UTF-8 does not make it another."""
    try:
        body.decode(encoding.codec_info.name)
    except UnicodeDecodeError:
        if encoding.name != "utf-8":
            return bool(encoding.name == "windows-1252")  # whose five gaps browsers fill with control characters
        text = body.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        return sum(character > "\x7f" for character in text) > 2 * broken
    except LookupError:
        return False
    return True
