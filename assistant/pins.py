"""What a maintainer has pinned to a question: these words of this entry, whatever the search finds."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from assistant.records import Quote
from index.reader import Index
from index.records import Hit, Match
from ingest import overrides
from ingest.sameness import asked_as

UNFOUND = Match(0.0, 0.0)  # of a pinned entry that the search has not found


class Pinned(Struct, frozen=True):
    """Words that answer, and why."""

    quote: Quote
    reason: str


def find_pinned(index: Index, question: str) -> Pinned | None:
    """Return what is pinned to ``question``, case and the mark at its end aside; None when nothing is today."""
    asked = asked_as(question)
    for pin in overrides.in_force(index.overrides.pin, overrides.today()):
        position = index.position(pin.entry) if asked_as(pin.question) == asked else None
        place = None if position is None else overrides.find_quote(pin.quote, index.entries[position].answer)
        if position is not None and place is not None:  # both, as the build has verified
            number, start, end = place
            return Pinned(Quote(index.passages_of(position)[number], start, end), pin.reason)
    return None


def put_first(index: Index, hits: list[Hit], entry: int) -> list[Hit]:
    """Return ``hits`` with the entry at this position first, which then stands for its family."""
    family, row = index.families[entry], int(index.first_rows[entry])
    own = next((hit for hit in hits if index.families[hit.entry] == family), Hit(entry, 0.0, UNFOUND, UNFOUND, row))
    if own.entry != entry:
        own = msgspec.structs.replace(own, entry=entry, view=row)
    return [own, *(hit for hit in hits if index.families[hit.entry] != family)]
