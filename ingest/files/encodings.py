"""Bytes that are text -> text. The encoding is found by its own signs, never by a guess between many."""

from __future__ import annotations

import codecs

from ingest.errors import InputError

MARKS = (  # UTF-32 begins like UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Of the bytes of a text in windows-1252, which serves western languages. In French 4 % are no ASCII; in a text in an
# encoding for Greek, Russian or Japanese more than half.
FOREIGN_SHARE = 0.2


def decode(raw: bytes) -> str:
    """The text without its byte order mark: in the encoding of that mark, else UTF-8, else windows-1252.

    InputError when it is in none of them.
    """
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return _decode(raw, encoding, encoding.removesuffix("-sig").upper())
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        fault = f"is not UTF-8 text (byte {error.start})"
    if sum(byte >= 0x80 for byte in raw) > FOREIGN_SHARE * len(raw):
        raise InputError(f"{fault}; save it as UTF-8 text or as HTML")
    return _decode(raw, "cp1252", "UTF-8 or windows-1252")


def is_utf8(raw: bytes) -> bool:
    """Whether the bytes are UTF-8, with or without a byte order mark."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decode(raw: bytes, encoding: str, name: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"is not {name} text (byte {error.start}); save it as UTF-8 text or as HTML") from None
