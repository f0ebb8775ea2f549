"""A question's words and the rows that have them -> the rows' scores, and the best rows.

Exact, and quick in a large index: a frequent word is read only where the rarer ones leave too much in question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.words import Rows

ROUNDING = 1e-4  # share of a score: more than is lost when those of a thousand words are added as float32
TINY = float(np.finfo(np.float32).tiny)  # the least that is more than nothing
LONG = 8  # a word of more rows than one in so many is not read when it need only be looked up in that share of rows
DEAR = 8  # looking up a row among those of a word takes as long as reading so many of them
SHORT = 50_000  # so many rows of words are read in a tenth of a millisecond: nothing is won by leaving some out
GROUPS = 8  # groups for each row sought whose greatest values tell how great the sought one is at least
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Posting:
    """The rows that have a word."""

    stem: str
    rows: NDArray[np.int32]  # ascending
    scores: Floats  # what the word adds to each of them
    most: float  # the greatest of these

    def at(self, rows: NDArray[np.int32]) -> Floats:
        """Return what the word adds to each of ``rows``."""
        places = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return np.where(self.rows[places] == rows, self.scores[places], np.float32(0))


@dataclass(frozen=True)
class Asked:
    """The known words of a question.

    A row's score is its BM25, divided by the most that any text could reach (0 to 1). A word that no view has counts
    as the rarest word: it lowers the score of every row.
    """

    postings: tuple[Posting, ...]  # the word that can add most first, which is the rarest
    limit: float  # the most that any text could reach
    total: int  # rows of the index
    stems: int  # words of the question, known or not

    def at(self, rows: Rows) -> Floats:
        """Return the score of each of ``rows``, in any order: (rows,)."""
        if self._read < DEAR * len(rows):
            return self._sums[rows] / np.float32(self.limit)
        sums = np.zeros(len(rows), dtype=np.float32)
        for part in self._parts(rows):
            sums += part
        return sums / np.float32(self.limit)

    @cached_property
    def _read(self) -> int:
        """How many rows the words have, each counted for itself."""
        return sum(len(posting.rows) for posting in self.postings)

    @cached_property
    def _sums(self) -> Floats:
        """What the words add up to in all rows: (total,)."""
        sums = np.zeros(self.total, dtype=np.float32)
        for posting in self.postings:
            np.add.at(sums, posting.rows, posting.scores)
        return sums

    def parts_at(self, rows: Rows) -> dict[str, Floats]:
        """Return what each known word, stemmed, adds to the score of each of ``rows``: (rows,) each."""
        limit, parts = np.float32(self.limit), self._parts(rows)
        return {posting.stem: part / limit for posting, part in zip(self.postings, parts, strict=True)}

    def best(self, count: int) -> Rows:
        """Return the ``count`` rows that score best, best first, ties by row; fewer when fewer score above 0.

        This is MaxScore (Turtle and Flood 1995), with a sum for each row, which costs less than merging rows: words are
        read from the rarest on. Once those left can not lift other rows among the best, they are only looked up.
        """
        if self._read < SHORT:
            found = np.flatnonzero(self._sums >= max(_floor(self._sums, count), TINY))
            return _first(found, self._sums[found] / np.float32(self.limit), count)
        sums = np.zeros(self.total, dtype=np.float32)
        for number, posting in enumerate(self.postings):
            rows = _few(sums, count, self.postings[number:])
            if rows is not None:
                rows, reached = _look_up(rows, sums[rows], count, self.postings[number:])
                break
            np.add.at(sums, posting.rows, posting.scores)
        else:
            rows = np.flatnonzero(sums >= max(_floor(sums, count), TINY))
            reached = sums[rows]
        return _first(rows, reached / np.float32(self.limit), count)

    def _parts(self, rows: Rows) -> Iterator[Floats]:
        sought = rows.astype(np.int32)  # in the type of the postings: a search in them would copy them into another
        return (posting.at(sought) for posting in self.postings)


def _few(sums: Floats, count: int, ahead: Sequence[Posting]) -> Rows | None:
    """The rows that can be among the best, ascending, if looking them up costs less than reading the next word."""
    if len(ahead[0].rows) * LONG < len(sums):
        return None
    floor = _floor(sums, count, ahead)
    rows = np.flatnonzero(sums >= floor) if floor > 0 else None
    return rows if rows is not None and len(rows) * LONG < len(ahead[0].rows) else None


def _look_up(rows: Rows, sums: Floats, count: int, ahead: Sequence[Posting]) -> tuple[Rows, Floats]:
    """Those of ``rows`` that are still in question when all words are added, and their sums."""
    for number, posting in enumerate(ahead):
        kept = sums >= _floor(sums, count, ahead[number:])
        rows = rows[kept]
        sums = sums[kept] + posting.at(rows.astype(np.int32))
    return rows, sums


def _floor(sums: Floats, count: int, ahead: Sequence[Posting] = ()) -> float:
    """What a row has by now if it can be among the ``count`` best with the words ``ahead``; at 0 or less, any can."""
    return _nth(sums, count) * (1 - ROUNDING) - sum(posting.most for posting in ahead) * (1 + ROUNDING)


def _nth(scores: Floats, count: int) -> float:
    """A lower bound of the ``count``-th greatest score; 0 when there are not so many."""
    if len(scores) < count:
        return 0.0
    size = len(scores) // (GROUPS * count)
    if size > 1:  # the greatest of each group: quicker than sorting out all of them, and hardly less
        scores = scores[: len(scores) // size * size].reshape(size, -1).max(axis=0)
    return float(np.partition(scores, -count)[-count])


def _first(rows: Rows, scores: Floats, count: int) -> Rows:
    """The ``count`` best of ascending ``rows``, ties by row."""
    if len(rows) > count:
        least = np.partition(scores, -count)[-count]
        better, equal = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
        kept = np.concatenate([better, equal[: count - len(better)]])
        rows, scores = rows[kept], scores[kept]
    return rows[np.argsort(-scores, kind="stable")]
