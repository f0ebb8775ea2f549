"""Where a text leads when it is searched for as though it did not stand in the index itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from assistant.features import features_of, look_around
from assistant.refusal import ANSWER_FROM, read_judge
from assistant.views import nearness_within, rows_of
from assistant.wordings import Slot
from index.encoder import Progress
from index.reader import Index, Rows
from index.records import Hit
from index.search import Query, make_query, search
from index.vectors import Floats
from ingest.sameness import letters_of


class Lead(Struct, frozen=True):
    """The entry that a text leads to, and the evidence."""

    entry: str
    paragraph: int  # of that entry, the one whose views come nearest
    score: float
    own_score: float | None  # of the entry that the text is for; None: not among the hits, or it is for none
    own_rank: int | None  # from 1; None likewise
    confidence: float  # the calibrated probability (0 to 1) that the entry answers the text


class Trial(Struct, frozen=True):
    """A text and where it leads: None when there is nothing to find."""

    slot: Slot
    lead: Lead | None

    @property
    def doubt(self) -> str | None:
        """What speaks against the text, in a few words; None when nothing does."""
        if self.slot.kind != "alternate":
            return "would be answered" if self.lead and self.lead.confidence >= ANSWER_FROM else None
        if self.lead is None or self.lead.own_rank != 1:
            return "leads to another entry"
        other = self.slot.paragraph is not None and self.lead.paragraph != self.slot.paragraph
        return "leads to another paragraph" if other else None


def try_out(index: Index, slots: Sequence[Slot], progress: Progress | None = None) -> Iterator[Trial]:
    """Search for the text of each slot, left out of its own search. ``progress`` is told (texts tried, all).

    Only the search leaves it out: the adapter was learned with every text that stands in the index, this one too.
    """
    vectors = _vectors(index, [slot.text for slot in slots])
    rows: dict[str, list[int]] = {}
    for row, view in enumerate(index.views):
        if view.kind == "alternate":
            rows.setdefault(letters_of(view.text), []).append(row)
    unanswered = {letters_of(known.text): row for row, known in enumerate(index.unanswered)}
    for number, slot in enumerate(slots, start=1):
        key = letters_of(slot.text)
        hidden = np.array(rows.get(key, []), dtype=np.int64)
        query = make_query(index, slot.text, vectors[slot.text])
        yield Trial(slot, _lead(index, query, slot, hidden, unanswered.get(key)))
        if progress:
            progress(number, len(slots))


def _vectors(index: Index, texts: Sequence[str]) -> dict[str, Floats]:
    """The encoder's vector of each text: the index's own where it has one."""
    rows = {text: index.row_of(text) for text in texts}
    vectors = {text: index.encoded[row] for text, row in rows.items() if row >= 0}
    missing = list(dict.fromkeys(text for text in texts if text not in vectors))
    if missing:
        vectors.update(zip(missing, index.encoder.encode(missing), strict=True))
    return vectors


def _lead(index: Index, query: Query, slot: Slot, hidden: Rows, unanswered: int | None) -> Lead | None:
    hits = search(index, query, hidden)
    if not hits:
        return None
    around = look_around(index, query, hidden, unanswered)
    at = None if slot.entry is None else index.position(slot.entry)
    family = None if at is None else index.families[at]
    own = [(rank, hit.score) for rank, hit in enumerate(hits, 1) if index.families[hit.entry] == family]
    rank, score = own[0] if own else (None, None)
    return Lead(
        entry=index.entries[hits[0].entry].id,
        paragraph=_paragraph(index, query, hits[0], hidden),
        score=hits[0].score,
        own_score=score,
        own_rank=rank,
        confidence=read_judge(index).probability(features_of(index, hits[0], hits, around)),
    )


def _paragraph(index: Index, query: Query, hit: Hit, hidden: Rows) -> int:
    rows = rows_of(index, hit.entry)
    views = [row for row in range(rows.start, rows.stop) if index.views[row].paragraph is not None]
    kept = [row for row in views if row not in hidden]
    best = index.views[kept[int(np.argmax(nearness_within(index, query, kept)))]].paragraph
    return 0 if best is None else best
