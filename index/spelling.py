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
LONG = 7  # letters from which on two slips are forgiven, not one
TWICE = 2  # what the pages themselves write this often is no slip of theirs, whatever the dictionary says
NEAREST = 8  # words of the index that are considered


class Spelling:
    """The words of an index, and which of them are spelt rightly."""

    def __init__(self, pages: Iterable[str], questions: Iterable[str] = ()) -> None:
        """``pages`` are the texts of the pages; ``questions`` what people ask, which has slips of its own."""
        written, asked = _words(pages), _words(questions)
        self._counts = Counter(word.lower() for word in [*written, *asked])
        often = Counter(word for word in written if word.islower())
        self._right = {word for word, count in often.items() if count >= TWICE}
        self._right |= {word.lower() for word in written if not word.islower()}  # names, and what begins a sentence
        self._right |= {word.lower() for word in asked if word.isupper()}  # acronyms

    def correct(self, text: str) -> str:
        """Return ``text`` with each misspelt word replaced by the nearest word of the index, if one is near enough."""
        return WORD.sub(lambda found: self._nearest(found[0]), text)

    def _nearest(self, word: str) -> str:
        lower = word.lower()
        if len(word) < SHORTEST or word.isupper() or self._is_right(lower):
            return word
        slips = 1 if len(word) < LONG else 2  # letters left out, added, changed or swapped
        near = process.extract(lower, self._counts.keys(), scorer=OSA.distance, score_cutoff=slips, limit=NEAREST)
        right = [
            (distance, known[0] != lower[0], -self._counts[known], known)
            for known, distance, _ in near
            if self._is_right(known)
        ]
        return min(right)[-1] if right else word

    def _is_right(self, word: str) -> bool:
        return word in self._right or word.replace("’", "'") in _dictionary()


def _words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in WORD.findall(text) if len(word) >= SHORTEST]


@cache
def _dictionary() -> frozenset[str]:
    from spellchecker import SpellChecker  # reading its words takes a quarter of a second

    return frozenset(SpellChecker(language="en").word_frequency.words())
