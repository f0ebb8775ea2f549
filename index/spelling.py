"""A question's misspelt words -> the words of the index that were meant.

A word is only ever replaced by one that the index knows, and only when it is in no dictionary: what is spelt rightly
but not in the index stays, because it tells that the pages are about something else. Acronyms and numbers stay too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SHORTEST = 4  # letters: a shorter word has too many neighbours
TRUSTED = 3  # times: a word that the index holds this often is no slip of its authors, whatever the dictionary says


class Spelling:
    """The words of an index, and which of them are spelt rightly."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._counts = Counter(word.lower() for text in texts for word in WORD.findall(text) if len(word) >= SHORTEST)

    def correct(self, text: str) -> str:
        """Return ``text`` with each misspelt word replaced by the nearest word of the index, if one is near enough."""
        return WORD.sub(lambda found: self._nearest(found[0]), text)

    def _nearest(self, word: str) -> str:
        lower = word.lower()
        if len(word) < SHORTEST or word.isupper() or self._is_right(lower):
            return word
        slips = 1 if len(word) < 7 else 2  # letters left out, added, changed or swapped
        near = process.extract(lower, self._counts.keys(), scorer=OSA.distance, score_cutoff=slips, limit=8)
        right = [
            (slips, known[0] != lower[0], -self._counts[known], known)
            for known, slips, _ in near
            if self._is_right(known)
        ]
        return min(right)[-1] if right else word

    def _is_right(self, word: str) -> bool:
        return self._counts[word] >= TRUSTED or word.replace("’", "'") in _dictionary()


@cache
def _dictionary() -> frozenset[str]:
    from spellchecker import SpellChecker  # reading its words takes a quarter of a second

    return frozenset(SpellChecker(language="en").word_frequency.words())
