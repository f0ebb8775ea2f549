"""Broken markup -> markup that a parser reads to its end, with what it hides all the same said in words.

A tag that is not closed runs into the next one and takes it with it, which may be the title of a question. What a
browser does not show either, as after a comment without an end, stays hidden.
"""

from __future__ import annotations

import codecs
import re
from itertools import zip_longest

# What the next tag interrupts: a declaration or instruction ("<!doctype a", "<?b"), and a tag.
DECLARATION = re.compile(r"<(?:[!?](?!--)|/(?![a-z]))[^<>]*+(?=<)", re.IGNORECASE)
END_TAG = re.compile(r"(</[a-z][a-z0-9]*+)[^<>]*+(?=<)", re.IGNORECASE)
START_TAG = re.compile(r"(<[a-z](?:[^<>\"']|\"[^\"<>]*+\"|'[^'<>]*+')*+)(?=<)", re.IGNORECASE)
# A tag that is opened again and again: parsers take long over thousands of levels, and one says as much.
LEVELS = re.compile(r"(<[a-z][^<>]*+>)(?:\s*+\1){99,}+", re.IGNORECASE)
# Obsolete elements that show all that follows as it is written.
AS_WRITTEN = ("plaintext", "xmp", "listing")
# Elements that can not stand in themselves: one that is not closed before the next does not reach to the page's end.
NEVER_NESTED = ("form", "button")
# Elements that show nothing of what is in them, or only the code of it.
HIDING = ("script", "style", "title", "textarea", "iframe", "noembed", "noframes", "noscript", "template")
QUOTED = re.compile(r"=\s*(?:\"([^\"]*+)(?:\"|\Z)|'([^']*+)(?:'|\Z))")
HEADING = re.compile(r"<h[1-6]\b", re.IGNORECASE)
WORDS = re.compile(r"<(?:h[1-6]|p|li|d[td]|t[dh]|summary)\b", re.IGNORECASE)
# Half a character, which no parser takes.
SURROGATE = re.compile(r"[\ud800-\udfff]")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def mend(markup: bytes | str) -> bytes | str:
    """The markup with every tag closed, without NUL characters. Linear in its size."""
    if isinstance(markup, str):
        return _mend(SURROGATE.sub("\ufffd", markup))
    return markup if markup.startswith(UTF_16) else _mend(markup.decode("latin-1")).encode("latin-1")


def cut_comment(markup: bytes | str) -> bytes | str:
    """The markup up to a comment that is never closed, which one parser takes for text."""
    if isinstance(markup, str):
        start = markup.find("<!--", max(0, markup.rfind("-->")))
    else:
        start = markup.find(b"<!--", max(0, markup.rfind(b"-->")))
    return markup if start < 0 else markup[:start]


def find_hidden(markup: bytes | str) -> tuple[str, ...]:
    """One line for each thing that is never closed and hides paragraphs of the page, or seems to."""
    text = markup if isinstance(markup, str) else markup.decode("latin-1")
    low = text.lower()
    found = []
    if any(_runs_on(text, quoted) for quoted in QUOTED.finditer(text)):
        found.append("headings within a quoted attribute that is never closed")
    for opening, closing in [("<!--", "-->"), *((f"<{name}", f"</{name}") for name in HIDING)]:
        start = low.rfind(opening)
        if start >= 0 and low.find(closing, start) < 0 and WORDS.search(text, start + len(opening)):
            found.append(f"{len(text) - start} characters after a {opening} that is never closed")
    return tuple(found)


def _runs_on(text: str, quoted: re.Match[str]) -> bool:
    """Whether a quotation that holds a heading ends where another attribute's begins, or not at all."""
    value = quoted[1] or quoted[2] or ""
    return (quoted.end() == len(text) or value.rstrip().endswith("=")) and bool(HEADING.search(value))


def _mend(text: str) -> str:
    text = text.replace("\0", "")
    text = LEVELS.sub(r"\1", text)
    text = DECLARATION.sub("", text)
    text = END_TAG.sub(r"\1>", text)
    text = START_TAG.sub(r"\1>", text)
    for name in AS_WRITTEN:
        if f"</{name}" not in text.lower():
            text = re.sub(rf"<{name}\b[^<>]*>", "", text, flags=re.IGNORECASE)
    for name in NEVER_NESTED:
        text = _without_unclosed(text, name)
    return text


def _without_unclosed(text: str, name: str) -> str:
    """The markup without the start tags of this name that no end tag follows before the next."""
    tags = list(re.finditer(rf"<(/?){name}\b[^<>]*>", text, re.IGNORECASE))
    kept, position = [], 0
    for tag, following in zip_longest(tags, tags[1:]):
        if not tag[1] and (following is None or not following[1]):
            kept.append(text[position : tag.start()])
            position = tag.end()
    return "".join(kept) + text[position:]
