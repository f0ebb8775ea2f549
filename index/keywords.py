"""BM25 over the views: finds what a small encoder blurs, such as names, acronyms and numbers.

The same rows as the vectors. An inverted index in arrays that are mapped into memory: a question reads the postings of
its own words.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import open_array, write_arrays
from index.asked import Asked, Floats, Posting
from index.words import Rows, Words, words_of

# BM25 as Lucene has it (Kamphuis et al. 2020, https://doi.org/10.1007/978-3-030-45442-5_4), with the usual parameters.
K1, B = 1.5, 0.75
# A question of one word does not say enough to be sure of it: it scores as though it had a second, unknown word.
FEWEST = 2
STEP = 1 << 20  # postings scored at a time: bounds the memory


class Keywords:
    """An inverted index of the views' words."""

    def __init__(
        self, words: Words, starts: Rows, rows: NDArray[np.int32], scores: Floats, most: Floats, rarest: Floats
    ) -> None:
        self.words = words  # what the index was made of
        self._starts = starts  # (words + 1,): where each word's postings begin
        self._rows, self._scores = rows, scores  # (postings,)
        self._most = most  # (words,): the most that each can add to a score
        self._rarest = rarest  # (1,): the most that any word can

    @classmethod
    def of(cls, words: Words) -> Keywords:
        """Index texts by their words. Takes some 60 bytes of memory for each word of the texts."""
        ids, rows, counts = _count(words)
        starts = np.searchsorted(ids, np.arange(len(words.vocabulary) + 1, dtype=np.int32))
        scores = np.empty(len(ids), dtype=np.float32)
        frequencies, total = np.diff(starts), len(words)
        rarity = np.log(1 + (total - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
        lengths = np.diff(words.starts)
        spread = K1 * ((1 - B) + B * lengths / lengths.mean()) if total else np.zeros(0)
        for start in range(0, len(ids), STEP):
            part = slice(start, start + STEP)
            scores[part] = rarity[ids[part]] * (counts[part] / (spread[rows[part]] + counts[part]))
        most = np.maximum.reduceat(scores, starts[:-1]) if total else scores
        return cls(words, starts, rows, scores, most, most.max(initial=1, keepdims=True))

    @classmethod
    def open(cls, folder: Path) -> Keywords:
        """Map a written index into memory. Raises OSError or ValueError when it is none."""
        names = ("posting_starts", "posting_rows", "posting_scores", "most", "rarest")
        return cls(Words.open(folder), *(open_array(folder, name) for name in names))

    def write(self, folder: Path) -> None:
        """Write the index into ``folder``, which is created."""
        self.words.write(folder)
        write_arrays(
            folder,
            posting_starts=self._starts,
            posting_rows=self._rows,
            posting_scores=self._scores,
            most=self._most,
            rarest=self._rarest,
        )

    def ask(self, question: str) -> Asked:
        """Return what tells the score of any row for ``question``."""
        stems = list(dict.fromkeys(words_of(question)))
        known = {stem: number for stem in stems if (number := self.words.vocabulary.find(stem)) is not None}
        postings = (self._posting(stem, number) for stem, number in known.items())
        limit = float(self._most[list(known.values())].sum()) + float(self._rarest[0]) * (len(stems) - len(known))
        ahead = tuple(sorted(postings, key=lambda posting: -posting.most))
        return Asked(ahead, max(limit, FEWEST * float(self._rarest[0])), len(self.words), len(stems))

    def _posting(self, stem: str, number: int) -> Posting:
        part = slice(self._starts[number], self._starts[number + 1])
        return Posting(stem, self._rows[part], self._scores[part], float(self._most[number]))


def _count(words: Words) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """For each word and each row that has it, in that order: the word, the row, and how often the row has it."""
    total = np.int64(max(len(words), 1))
    pairs = np.repeat(np.arange(len(words)), np.diff(words.starts))
    pairs += words.ids * total
    pairs.sort()
    first = np.flatnonzero(np.diff(pairs, prepend=-1))
    counts = np.diff(first, append=len(pairs)).astype(np.int32)
    ids, rows = np.divmod(pairs[first], total)
    return ids.astype(np.int32), rows.astype(np.int32), counts
