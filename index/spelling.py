"""A question's misspelt words -> the words of the index that were meant.

A word is only ever replaced by one that the index knows, and only when it is in no dictionary: what is spelt rightly
but not in the index stays, because it tells that the pages are about something else. Acronyms and numbers stay too.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import open_array, write_arrays
from index.tally import SHORTEST, WORD, Counts, Tally
from index.wordlist import END, WordList

LONG = 7  # letters from which on two slips are forgiven, not one
TWICE = 2  # what the pages themselves write this often is no slip of theirs, whatever the dictionary says
DICTIONARY, TALLY = "dictionary", "tally"  # folders
BITS = 32  # of a set of letters
Sets = NDArray[np.uint32]


class Spelling:
    """The words of an index that are spelt rightly, and a dictionary."""

    def __init__(
        self, tally: Tally, known: WordList, dictionary: WordList, counts: Counts, lengths: Counts, letters: Sets
    ) -> None:
        self.tally = tally  # what the rest was made of
        self.dictionary = dictionary  # lower case
        self._known = known  # likewise
        self._counts = counts  # (known,): how often the index has each word
        self._lengths = lengths  # (known,): its letters
        self._letters = letters  # (known,): which ones; see `_letters_of`

    @classmethod
    def of(cls, tally: Tally, dictionary: WordList | None = None) -> Spelling:
        """Return the spelling of an index; what people ask has slips of its own, and the pages have fewer.

        ``dictionary`` is that of another index: reading it anew takes a third of a second.
        """
        dictionary = dictionary or WordList.of(_english())
        pages, questions = tally.pages(), tally.questions()
        right = {word for word, count in pages.items() if word.islower() and count >= TWICE}
        right |= {word.lower() for word in pages if not word.islower()}  # names, and what begins a sentence
        right |= {word.lower() for word in questions if word.isupper()}  # acronyms
        counts: Counter[str] = Counter()
        for word, count in [*pages.items(), *questions.items()]:
            counts[word.lower()] += count
        known = WordList.of(right.union(counts.keys() & set(dictionary.all())))
        words = known.all()
        often = np.array([counts[word] for word in words], dtype=np.int32)
        lengths = np.array([len(word) for word in words], dtype=np.int32)
        return cls(tally, known, dictionary, often, lengths, _letters_of(words))

    @classmethod
    def open(cls, folder: Path) -> Spelling:
        """Map written words into memory. Raises OSError or ValueError when there are none."""
        lists = (WordList.open(folder), WordList.open(folder / DICTIONARY))
        arrays = (open_array(folder, name) for name in ("counts", "lengths", "sets"))
        return cls(Tally.open(folder / TALLY), *lists, *arrays)

    def write(self, folder: Path) -> None:
        """Write the words into ``folder``, which is created."""
        self.tally.write(folder / TALLY)
        self._known.write(folder)
        self.dictionary.write(folder / DICTIONARY)
        write_arrays(folder, counts=self._counts, lengths=self._lengths, sets=self._letters)

    def correct(self, text: str) -> str:
        """Return ``text`` with each misspelt word replaced by the nearest word of the index, if one is near enough."""
        return WORD.sub(lambda found: self._nearest(found[0]), text)

    def _nearest(self, word: str) -> str:
        lower = word.lower()
        if len(word) < SHORTEST or word.isupper() or self._is_right(lower):
            return word
        from rapidfuzz import process  # few questions need it
        from rapidfuzz.distance import OSA

        slips = 1 if len(word) < LONG else 2  # letters left out, added, changed or swapped
        alike = {self._known[place]: int(self._counts[place]) for place in self._alike(lower, slips)}
        near = process.extract(lower, alike.keys(), scorer=OSA.distance, score_cutoff=slips, limit=None)
        ranked = [(distance, known[0] != lower[0], -alike[known], known) for known, distance, _ in near]
        return min(ranked)[-1] if ranked else word

    def _is_right(self, word: str) -> bool:
        return self._known.find(word) is not None or self.dictionary.find(word) is not None

    def _alike(self, word: str, slips: int) -> NDArray[np.int64]:
        """The places of known words that can be ``word`` with so many slips, by their lengths and letters.

        A slip takes at most one letter from a word and gives it at most one; where it makes the word longer or shorter,
        it does just one of both.
        """
        letters, longer = _letters_of([word]), self._lengths - len(word)
        given = np.bitwise_count(letters & ~self._letters) + np.maximum(longer, 0)
        taken = np.bitwise_count(self._letters & ~letters) + np.maximum(-longer, 0)
        return np.flatnonzero((given <= slips) & (taken <= slips))


def _letters_of(words: list[str]) -> Sets:
    """The set of each word's letters, a bit for those whose code points are alike modulo 32: (words,)."""
    codes = np.frombuffer("".join(word + END for word in words).encode("utf-32-le"), dtype=np.uint32)
    ends = np.flatnonzero(codes == ord(END))
    starts = np.concatenate([[0], ends[:-1] + 1])
    bits = np.uint32(1) << codes % np.uint32(BITS)
    bits[ends] = 0
    return np.bitwise_or.reduceat(bits, starts) if words else np.zeros(0, dtype=np.uint32)


@cache
def _english() -> frozenset[str]:
    """English words, those with an apostrophe with a curly one too."""
    from spellchecker import SpellChecker  # reading its words takes a quarter of a second

    words = frozenset(SpellChecker(language="en").word_frequency.words())
    return words | {word.replace("'", "’") for word in words if "'" in word}
