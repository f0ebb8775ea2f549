"""A sorted list of words that is searched where it lies on disk: finding one of 300,000 reads some 18 of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import open_array, write_arrays

REMEMBERED = 4096  # words that were sought: most questions have many in common
END = "\n"  # behind each word; no word has it


class WordList:
    """Different words in the order of their code points; a word's number is its place."""

    def __init__(self, letters: NDArray[np.uint8], starts: NDArray[np.int64]) -> None:
        self._letters, self._starts = letters, starts  # UTF-8; (words + 1,), where each begins
        self._bytes, self._places = letters.data, starts.data  # much quicker to take items from than arrays are
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._find)

    @classmethod
    def of(cls, words: Iterable[str]) -> WordList:
        """Return the list of ``words``, in any order; of equal ones, one."""
        ordered = sorted(set(words))
        letters = np.frombuffer("".join(word + END for word in ordered).encode(), dtype=np.uint8)
        ends = np.flatnonzero(letters == ord(END)) + 1
        return cls(letters, np.concatenate([[0], ends]).astype(np.int64))

    @classmethod
    def open(cls, folder: Path) -> WordList:
        """Map a written list into memory."""
        return cls(open_array(folder, "letters"), open_array(folder, "letter_starts"))

    def write(self, folder: Path) -> None:
        """Write the list into ``folder``, which is created."""
        write_arrays(folder, letters=self._letters, letter_starts=self._starts)

    def __len__(self) -> int:
        return len(self._places) - 1

    def __getitem__(self, number: int) -> str:
        return self._word(number).decode()

    def all(self) -> list[str]:
        """Return all words, in order."""
        return self._letters.tobytes().decode().split(END)[:-1]

    def find(self, word: str) -> int | None:
        """Return the number of ``word``; None when it is not in the list."""
        return self._remembered(word)

    def _find(self, word: str) -> int | None:
        sought = word.encode(errors="surrogatepass")
        number = bisect_left(range(len(self)), sought, key=self._word)
        return number if number < len(self) and self._word(number) == sought else None

    def _word(self, number: int) -> bytes:
        return self._bytes[self._places[number] : self._places[number + 1] - 1].tobytes()
