"""Where words stand in a text, and the check that every paragraph of an entry stands verbatim in its capture.

Two rules of sameness. *Verbatim*: equal but for white space, each run of which counts as one space. *Folded*: equal but
for white space altogether, case, and the shape of quotation marks and dashes, so that "cost.A STARTING–POINT" is found.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from ingest.errors import InputError
from ingest.extract.lines import MARKER, NUMBERED
from ingest.records import Capture, Entry

Span = tuple[int, int]

SHAPES = str.maketrans(dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−", "-"))
INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad⊕")


class Folded(Struct, frozen=True):
    """A text with only what counts: ``chars[i]`` is the folded form of the character at ``offsets[i]``."""

    chars: str
    offsets: tuple[int, ...]


# Pages: a build folds one at a time, again for each entry that it looks for.
@lru_cache(maxsize=64)
def fold(text: str) -> Folded:
    """``text`` without white space, in lower case, with straight quotes and hyphens; each character maps to one."""
    offsets = tuple(i for i, c in enumerate(text) if not c.isspace() and c not in INVISIBLE)
    chars = "".join(low if len(low := text[i].lower()) == 1 else text[i] for i in offsets)
    return Folded(chars.translate(SHAPES), offsets)


_ODD = re.compile(f"[{re.escape(''.join(map(chr, SHAPES)))}{''.join(INVISIBLE)}]")


_BENT = re.compile(f"[{re.escape(''.join(map(chr, SHAPES)))}]")


def straighten(text: str) -> str:
    """``text`` with straight quotes and hyphens, as long as before."""
    return text.replace("`", "'") if text.isascii() else _BENT.sub(lambda bent: SHAPES[ord(bent[0])], text)


def fold_text(text: str) -> str:
    """``fold(text).chars``, without the offsets and many times as fast."""
    packed = "".join(text.split())
    if packed.isascii():
        return straighten(packed).lower()
    packed = _ODD.sub(lambda odd: SHAPES.get(ord(odd[0]), ""), packed)
    low = packed.lower()
    if len(low) == len(packed) and "\u03a3" not in packed:  # a capital sigma's small form hangs on what follows
        return low
    return "".join(low if len(low := c.lower()) == 1 else c for c in packed)


def locate(needle: str, text: str, start: int = 0, end: int | None = None) -> Span | None:
    """The first place in ``text[start:end]`` where ``needle`` stands, folded; None when it does not or is empty."""
    if needle and text.startswith(needle, start, end) and not any(_is_folded_away(c) for c in (needle[0], needle[-1])):
        return start, start + len(needle)  # as mostly: nothing has to be folded
    hay, sought = fold(text), fold(needle).chars
    first = bisect_left(hay.offsets, start)
    last = len(hay.offsets) if end is None else bisect_left(hay.offsets, end)
    at = hay.chars.find(sought, first, last) if sought else -1
    return None if at < 0 else (hay.offsets[at], hay.offsets[at + len(sought) - 1] + 1)


def _is_folded_away(character: str) -> bool:
    return character.isspace() or character in INVISIBLE


def locate_verbatim(words: str, text: str, start: int = 0, end: int | None = None) -> Span | None:
    """The first place in ``text[start:end]`` where ``words`` stand, letter for letter but for white space."""
    first, *others = words.split() or ("",)
    plain = " ".join((first, *others))
    stop = len(text) if end is None else min(end, len(text))
    at = text.find(first, start, stop) if first else -1
    while at >= 0:
        if text.startswith(plain, at, stop):
            return at, at + len(plain)
        position = _follow(others, text, at + len(first), stop)
        if position is not None:
            return at, position
        at = text.find(first, at + 1, stop)
    return None


def _follow(words: Sequence[str], text: str, position: int, stop: int) -> int | None:
    """The end of ``words`` when they stand from ``position`` on, white space before each; None when they do not."""
    for word in words:
        after = position
        while after < stop and text[after].isspace():
            after += 1
        if after == position or not text.startswith(word, after, stop):
            return None
        position = after + len(word)
    return position


def strip_marker(paragraph: str) -> str:
    """``paragraph`` without the marker of a list item."""
    marker = MARKER.match(paragraph)
    return paragraph[marker.end() :] if marker else paragraph


def paragraph_spans(entry: Entry, capture_text: str) -> tuple[Span, ...]:
    """Where the words of each paragraph stand, without list markers, in the text of the entry's first occurrence.

    As many spans as paragraphs, ascending, none within the question. InputError when one is not there verbatim.
    """
    home = entry.occurrences[0]
    spans: list[Span] = []
    for position in _answer_starts(entry, capture_text):
        spans = _find_paragraphs(entry.answer, capture_text, position, home.end)
        if len(spans) == len(entry.answer):
            return tuple(spans)
    raise InputError(
        f"{home.capture}: paragraph {len(spans) + 1} of entry {entry.id!r} does not stand there verbatim; "
        "run `citewell build` to take the entries from the captures again"
    )


def _answer_starts(entry: Entry, text: str) -> list[int]:
    """Where the answer may begin, the likeliest first: after the words of the question, where these stand first.

    A passage without a heading has the title of its source, with which its first paragraph may begin by chance.
    """
    home = entry.occurrences[0]
    asked = locate(entry.question, text[home.start : home.end])
    before = " ".join(text[home.start : home.start + asked[0]].split()) if asked else ""
    if asked and (not fold_text(before) or NUMBERED.fullmatch(before + " ")):
        answered = home.start + asked[1]
        return [answered] if entry.kind == "qa" else [answered, home.start]
    return [home.start]


def _find_paragraphs(paragraphs: Sequence[str], text: str, position: int, end: int) -> list[Span]:
    """The spans of the paragraphs in order, up to the first that does not stand there."""
    spans: list[Span] = []
    for paragraph in paragraphs:
        whole = locate_verbatim(paragraph, text, position, end)
        span = locate_verbatim(strip_marker(paragraph), text, whole[0], whole[1]) if whole else None
        if span is None:
            break
        spans.append(span)
        position = span[1]
    return spans


def verify(entry: Entry, captures: Mapping[str, Capture]) -> None:
    """Check that every paragraph of ``entry`` stands verbatim in its first occurrence. InputError when one does not.

    ``captures`` are keyed by their path, which is what ``Occurrence.capture`` names.
    """
    home = entry.occurrences[0]
    if home.capture not in captures:
        raise InputError(f"entry {entry.id!r} names the unknown capture {home.capture!r}; run `citewell build`")
    paragraph_spans(entry, captures[home.capture].text)
