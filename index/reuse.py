"""What an older generation has of what a new one is made from, so that it is not made again.

A text is known again by itself: its vector depends on nothing else but the encoder. An entry is known again by all that
its texts are made of: then its views and passages are the same too, if the same code made them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.material import Material
from index.passages import make_passages, make_views
from index.reader import Index, Rows
from index.records import Passage, View
from index.texts import Texts
from ingest.records import Entry

Text = tuple[str, str]  # a text and its kind
UNANSWERED = "unanswered"  # the kind of a text that is no view
DIGEST = 16  # bytes


@dataclass(frozen=True)
class Change:
    """What of the texts is not as it was, and how often."""

    come: Counter[Text]
    gone: Counter[Text]

    @property
    def total(self) -> int:
        """How many texts came or went."""
        return self.come.total() + self.gone.total()


class Source:
    """Where the views and passages of ``material`` come from: from an older generation, or made anew.

    ``older`` was made by the same code and encoder; None: there is none.
    """

    def __init__(self, material: Material, older: Index | None) -> None:
        self.material, self.older = material, older
        self.contents = digest_contents(material)
        known: dict[bytes, list[int]] = {}
        for position, row in enumerate(older.contents if older else ()):
            known.setdefault(row.tobytes(), []).insert(0, position)
        # For each entry the position of an older one with the same content, each for one only; -1: there is none.
        found = (known.get(row.tobytes()) for row in self.contents)
        self._same = np.array([positions.pop() if positions else -1 for positions in found], dtype=np.int64)
        self._read: tuple[str, str] = ("", "")  # the older capture that was read last, and its text

    def views(self) -> Iterator[View]:
        """Return the views of all entries, entries in order."""
        wordings = self.material.wordings
        for position, (entry, same) in enumerate(zip(self.material.entries, self._same.tolist(), strict=True)):
            if self.older is None or same < 0:
                yield from make_views(position, entry, wordings.get(entry.id, ()))
            else:
                for view in self.older.views_of(same):
                    yield View(view.kind, position, view.paragraph, view.text)

    def passages(self) -> Iterator[Passage]:
        """Return the passages of all entries, entries in order."""
        for position, (entry, same) in enumerate(zip(self.material.entries, self._same.tolist(), strict=True)):
            by = self._moved(entry, same)
            if self.older is None or by is None:
                yield from make_passages(position, entry, self.material.captures)
            else:
                capture = entry.occurrences[0].capture
                for old in self.older.passages_of(same):
                    yield Passage(position, old.paragraph, old.text, capture, old.start + by, old.end + by)

    def _moved(self, entry: Entry, same: int) -> int | None:
        """By how many characters an entry moved in its capture; None when other words stand there, or it is new."""
        if self.older is None or same < 0:
            return None
        here, there = entry.occurrences[0], self.older.entries[same].occurrences[0]
        text, older = self.material.captures[here.capture], self._older_text(there.capture)
        return here.start - there.start if text[here.start : here.end] == older[there.start : there.end] else None

    def _older_text(self, capture: str) -> str:
        if self.older is not None and self._read[0] != capture:
            self._read = (capture, self.older.captures[capture])
        return self._read[1]

    def rows(self, first_rows: Rows) -> Rows:
        """Return where each view, entries beginning at ``first_rows``, stands in the older generation: (views,).

        -1: its entry is not known again.
        """
        sizes = np.diff(first_rows)
        if self.older is None:
            return np.full(first_rows[-1], -1)
        begins = self.older.first_rows[np.maximum(self._same, 0)]
        rows = np.arange(first_rows[-1]) + np.repeat(begins - first_rows[:-1], sizes)
        return np.where(np.repeat(self._same < 0, sizes), -1, rows)

    def change(self, texts: Texts, first_rows: Rows) -> Change:
        """Return what came and went since the older generation: all came where there is none."""
        new = np.repeat(self._same < 0, np.diff(first_rows))
        come = Counter((texts.views[row].text, texts.views[row].kind) for row in np.flatnonzero(new).tolist())
        now = Counter((row.text, UNANSWERED) for row in texts.unanswered)
        if self.older is None:
            return Change(come + now, Counter())
        left = sorted(set(range(len(self.older.entries))).difference(self._same.tolist()))
        gone = Counter((view.text, view.kind) for position in left for view in self.older.views_of(position))
        then = Counter((row.text, UNANSWERED) for row in self.older.unanswered)
        return Change(come + (now - then), gone + (then - now))


def digest_contents(material: Material) -> NDArray[np.uint8]:
    """Return a hash of all that the views of each entry, and its family, are made of: (entries, DIGEST)."""
    encoder, wordings = msgspec.json.Encoder(), material.wordings
    digest = bytearray()
    for entry in material.entries:
        own = (entry.kind, entry.question, entry.answer, entry.alternates)
        parts = (own, [conflict.entry for conflict in entry.conflicts], wordings.get(entry.id, ()))
        digest += blake2b(encoder.encode(parts), digest_size=DIGEST).digest()
    return np.frombuffer(digest, dtype=np.uint8).reshape(-1, DIGEST)


def find_rows(texts: Texts, known: Rows, previous: Index | None) -> Rows:
    """Return where each of ``texts`` stands in the older generation ``previous``: (texts,); -1: nowhere.

    ``known`` are the rows that are known already: (views,).
    """
    rows = np.concatenate([known, np.full(len(texts.unanswered), -1)])
    if previous is not None:
        for row in np.flatnonzero(rows < 0).tolist():
            rows[row] = previous.row_of(texts[row])
    return rows
