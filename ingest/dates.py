"""The date that a page puts between a question and its answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import msgspec

from ingest.records import Block

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAY = (
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>(?:{'|'.join(MONTHS)})[a-z]*)\.? (?P<y>\d{{4}})"
    r"|(?P<d2>\d{1,2})[./-](?P<m2>\d{1,2})[./-](?P<y2>\d{4}|\d{2})(?!\d)|(?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2})"
)
LABEL = r"(?:date|dated|posted|published|answered|updated|last updated)(?: on)?:?"
# With its label a date may stand before the answer in one line; without one it must have the line to itself. The sign
# after a labelled date belongs to it; "8 June 2021." without a label is an answer.
LABELLED = re.compile(rf"{LABEL}\s*(?:{DAY})\s*[.,;:]?\s*", re.IGNORECASE)
ALONE = re.compile(rf"\s*(?:{LABEL}\s*)?(?:{DAY})\s*", re.IGNORECASE)


def take_date(text: str, blocks: Sequence[Block]) -> tuple[str | None, list[Block]]:
    """The date (YYYY-MM-DD) with which ``blocks`` begin, or None, and the blocks without it."""
    if not blocks:
        return None, []
    first, rest = blocks[0], list(blocks[1:])
    if found := ALONE.fullmatch(text, first.start, first.end):
        return (day, rest) if (day := _read(found)) else (None, list(blocks))
    if (found := LABELLED.match(text, first.start, first.end)) and (day := _read(found)):
        words = " ".join(text[found.end() : first.end].split())
        return day, [msgspec.structs.replace(first, start=found.end(), text=words), *rest] if words else rest
    return None, list(blocks)


def is_date(line: str) -> bool:
    """Whether ``line`` is a date, with or without a label, and nothing else."""
    found = ALONE.fullmatch(line)
    return bool(found and _read(found))


def find_date(text: str, start: int, end: int) -> str | None:
    """The labelled date in ``text[start:end]``, or None."""
    found = LABELLED.search(text, start, end)
    return _read(found) if found else None


def _read(found: re.Match[str]) -> str | None:
    """Day before month, as British pages write it; a year of two digits is of this century."""
    g = found.groupdict()
    year = int(g["y"] or g["y2"] or g["y3"])
    month = MONTHS.index(g["month"][:3].lower()) + 1 if g["month"] else int(g["m2"] or g["m3"])
    try:
        return date(year + 2000 if year < 100 else year, month, int(g["d"] or g["d2"] or g["d3"])).isoformat()
    except ValueError:
        return None
