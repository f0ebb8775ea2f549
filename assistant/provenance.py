"""Whose the quoted words are, from when, and what a maintainer says of pages as old."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from assistant.text import long_date, short_name

if TYPE_CHECKING:  # it is imported where nothing is answered, too
    from assistant.records import Answer, Citation
    from index.reader import Index
    from ingest.records import Source

UNNAMED = "the publisher"  # of pages whose publisher is not known


def source_of(index: Index, capture: str) -> Source | None:
    """Return the source that a capture was stored for; the rendition of one that is no text has ``.txt`` after it."""
    return index.sources.get(capture) or index.sources.get(capture.removesuffix(".txt"))


def publisher_of(index: Index, capture: str) -> str:
    """Return the first of the publisher's names: E3M of "E3M / Social Business International"."""
    source = source_of(index, capture)
    return (short_name(source.publisher) if source else "") or UNNAMED


def dates_of(citation: Citation, index: Index) -> str:
    """Return in words the day that the page gives itself and the day of its capture, or that neither is known."""
    source = source_of(index, citation.capture)
    dated, captured = long_date(citation.date), long_date(source.fetched if source else None)
    told = [f"dated {dated}" if dated else "", f"captured {captured}" if captured else ""]
    return ", ".join(filter(None, told)) or "date not recorded"


def warnings(answer: Answer, index: Index) -> list[str]:
    """Return what the freshness rules of the corpus say of the pages that are quoted, each once.

    A page is as old as it says itself, else as its capture. Of one whose day is not known no rule says anything.
    """
    days = {_day(citation, index) for citation in answer.citations}
    return [rule.say for rule in index.corpus.freshness if any(day and day < rule.before for day in days)]


def _day(citation: Citation, index: Index) -> date | None:
    source = source_of(index, citation.capture)
    for given in (citation.date, source.fetched if source else None):
        try:
            return date.fromisoformat(given or "")
        except ValueError:
            continue
    return None
