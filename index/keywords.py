"""BM25 over the views: finds what a small encoder blurs, such as names, acronyms and numbers.

The same rows as the vectors. Words are lower-cased, stripped of accents and stemmed (Snowball English).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# A question of one word does not say enough to be sure of it: it scores as though it had a second, unknown word.
FEWEST = 2
STOP_WORDS = frozenset(bm25s.stopwords.STOPWORDS_EN)


class Keywords:
    """An inverted index of the views' words."""

    def __init__(self, model: bm25s.BM25) -> None:
        self._model = model
        data, starts = model.scores["data"], np.asarray(model.scores["indptr"])
        filled = np.flatnonzero(np.diff(starts))
        self._best = np.zeros(len(starts) - 1, dtype=np.float32)  # the most that each word can add to a score
        if len(filled):
            self._best[filled] = np.maximum.reduceat(data, starts[filled])
        self._rarest = float(self._best.max(initial=1.0))

    @classmethod
    def of(cls, texts: Sequence[str]) -> Keywords:
        """Index ``texts``, one a view."""
        model = bm25s.BM25(method="lucene")
        model.index([words_of(text) or [""] for text in texts], show_progress=False)
        return cls(model)

    @classmethod
    def open(cls, folder: Path) -> Keywords:
        """Map a written index into memory."""
        return cls(bm25s.BM25.load(folder, mmap=True, allow_pickle=False))

    def write(self, folder: Path) -> None:
        """Write the index into ``folder``, which is created."""
        self._model.save(folder, allow_pickle=False, show_progress=False)

    def scores(self, question: str) -> NDArray[np.float32]:
        """Return a score for each row: its BM25, divided by the most that any text could reach (0 to 1).

        A word that no view has counts as the rarest word: it lowers the score of every row.
        """
        words = list(dict.fromkeys(words_of(question)))
        known = [self._model.vocab_dict[word] for word in words if word in self._model.vocab_dict]
        if not known:
            return np.zeros(int(self._model.scores["num_docs"]), dtype=np.float32)
        limit = float(self._best[known].sum()) + self._rarest * (len(words) - len(known))
        limit = max(limit, FEWEST * self._rarest)
        return np.asarray(self._model.get_scores_from_ids(known), dtype=np.float32) / np.float32(limit)

    def weights_of(self, question: str) -> dict[str, NDArray[np.float32]]:
        """Return what each known word of the question, stemmed, adds to the score of each row; see `scores`."""
        stems = [stem for stem in dict.fromkeys(words_of(question)) if stem in self._model.vocab_dict]
        parts = {stem: self._model.get_scores_from_ids([self._model.vocab_dict[stem]]) for stem in stems}
        most = float(sum(parts.values(), start=np.float32(0)).max()) if parts else 0.0
        scale = float(self.scores(question).max()) / most if most else 0.0  # every row is divided by the same limit
        return {stem: np.asarray(part * scale, dtype=np.float32) for stem, part in parts.items()}


def words_of(text: str) -> list[str]:
    """Return the stemmed words of ``text``, in order, without stop words."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    words = WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))
    return list(Stemmer.Stemmer("english").stemWords([word for word in words if word not in STOP_WORDS]))
