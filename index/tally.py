"""How often each word is written, kept so that a rebuild counts only the texts that came and those that went."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import open_array, write_arrays
from index.wordlist import END, WordList

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SHORTEST = 4  # letters: a shorter word has too many neighbours to be told from them
TOGETHER = 1000  # texts whose words are found at a time
Counts = NDArray[np.int32]


class Tally:
    """The words of the pages and of what people ask, as they are written, and how often."""

    def __init__(self, words: WordList, pages: Counts, questions: Counts) -> None:
        self._words = words  # just those that are written at all
        self._pages, self._questions = pages, questions  # (words,) each

    @classmethod
    def of(cls, pages: Iterable[str], questions: Iterable[str] = ()) -> Tally:
        """Count the words of texts."""
        return cls._of_counts(_count(pages), _count(questions))

    def changed(self, come: Tally, gone: Tally) -> Tally:
        """Return the tally with the texts of one that came and without those of one that went, all counted in it.

        It is the one that all the texts would have given.
        """
        pages, questions = self.pages(), self.questions()
        for counts, more, less in (
            (pages, come.pages(), gone.pages()),
            (questions, come.questions(), gone.questions()),
        ):
            counts.update(more)
            counts.subtract(less)
        return self._of_counts(+pages, +questions)

    def pages(self) -> Counter[str]:
        """How often the pages have each of their words."""
        return self._counted(self._pages)

    def questions(self) -> Counter[str]:
        """How often the questions have each of their words."""
        return self._counted(self._questions)

    @classmethod
    def open(cls, folder: Path) -> Tally:
        """Map a written tally into memory. Raises OSError or ValueError when it is none."""
        return cls(WordList.open(folder), open_array(folder, "pages"), open_array(folder, "questions"))

    def write(self, folder: Path) -> None:
        """Write the tally into ``folder``, which is created."""
        self._words.write(folder)
        write_arrays(folder, pages=self._pages, questions=self._questions)

    @classmethod
    def _of_counts(cls, pages: Counter[str], questions: Counter[str]) -> Tally:
        words = WordList.of(pages.keys() | questions.keys())
        ordered = words.all()
        pages_have, questions_have = (
            np.array([counts[word] for word in ordered], dtype=np.int32) for counts in (pages, questions)
        )
        return cls(words, pages_have, questions_have)

    def _counted(self, counts: Counts) -> Counter[str]:
        return Counter({word: count for word, count in zip(self._words.all(), counts.tolist(), strict=True) if count})


def _count(texts: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    texts = iter(texts)
    while some := list(islice(texts, TOGETHER)):
        counts.update(WORD.findall(END.join(some)))
    return Counter({word: count for word, count in counts.items() if len(word) >= SHORTEST})
