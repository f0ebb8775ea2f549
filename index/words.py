"""The words of texts: stemmed, counted by number, and kept, so that a text is read once however often it is indexed."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import compress
from pathlib import Path

import numpy as np
import Stemmer
from numpy.typing import NDArray

from index.arrays import open_array, write_arrays
from index.wordlist import WordList

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
STEMS = 1 << 16  # words whose stems are remembered: nearly all that a text has, in some 10 MB
# The English ones of bm25s (MIT licence), which are Lucene's.
STOP_WORDS = frozenset(
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this "
    "to was will with".split()
)
Ids = NDArray[np.int32]
Rows = NDArray[np.int64]


class Words:
    """The words of each text, in order: a forward index. A text without any has one empty word."""

    def __init__(self, vocabulary: WordList, ids: Ids, starts: Rows) -> None:
        self.vocabulary = vocabulary  # just the words that the texts have
        self.ids = ids  # text after text: places in the vocabulary
        self.starts = starts  # (texts + 1,): where each text's words begin, and where the last one's end

    def __len__(self) -> int:
        return len(self.starts) - 1

    @classmethod
    def of(cls, texts: Iterable[str], previous: Words | None = None, rows: Rows | None = None) -> Words:
        """Return the words of ``texts``.

        ``rows`` (texts,) says where in ``previous`` the same text stands; -1: nowhere. Only those are read. The result
        is the same, whatever was known before.
        """
        if previous is None or rows is None:
            return _renumbered(*_read(texts))
        names, ids, starts = _read(compress(texts, rows < 0))
        known = previous.vocabulary.all()
        places = np.where(rows < 0, len(previous) + np.cumsum(rows < 0) - 1, rows)
        ids = np.concatenate([previous.ids, ids + np.int32(len(known))])
        starts = np.concatenate([previous.starts, previous.starts[-1] + starts[1:]])
        return _renumbered([*known, *names], *_picked(ids, starts, places))

    @classmethod
    def open(cls, folder: Path) -> Words:
        """Map written words into memory."""
        return cls(WordList.open(folder), open_array(folder, "words"), open_array(folder, "word_starts"))

    def write(self, folder: Path) -> None:
        """Write the words into ``folder``, which is created."""
        self.vocabulary.write(folder)
        write_arrays(folder, words=self.ids, word_starts=self.starts)


def _read(texts: Iterable[str]) -> tuple[list[str], Ids, Rows]:
    """The different words of the texts, the numbers of each text's words among them, and where each text's begin."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    ids, starts = array("i"), array("q", [0])
    for text in texts:
        ids.extend([numbers[word] for word in words_of(text) or [""]])
        starts.append(len(ids))
    return list(numbers), np.array(ids, dtype=np.int32), np.array(starts, dtype=np.int64)


def _picked(ids: Ids, starts: Rows, places: Rows) -> tuple[Ids, Rows]:
    """The words of the texts at ``places``, in that order, and where each text's begin."""
    lengths = np.diff(starts)[places]
    begins = np.concatenate([[0], np.cumsum(lengths)])
    return ids[np.arange(begins[-1]) + np.repeat(starts[places] - begins[:-1], lengths)], begins


def _renumbered(names: list[str], ids: Ids, starts: Rows) -> Words:
    """Words that are numbered by their places in a vocabulary without any that no text has."""
    used = np.bincount(ids, minlength=len(names)) > 0
    vocabulary = WordList.of(compress(names, used))
    places = {word: place for place, word in enumerate(vocabulary.all())}
    numbers = np.array([places.get(name, -1) for name in names], dtype=np.int32)
    return Words(vocabulary, numbers[ids], starts)


def words_of(text: str) -> list[str]:
    """Return the words of ``text``, in order, without stop words: lower-cased, without accents, stemmed (Snowball)."""
    plain = text.replace("’", "'").casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return [_stem(word) for word in WORD.findall(plain) if word not in STOP_WORDS]


@lru_cache(maxsize=STEMS)
def _stem(word: str) -> str:
    return str(Stemmer.Stemmer("english", 0).stemWord(word))  # made anew: threads can not share one
