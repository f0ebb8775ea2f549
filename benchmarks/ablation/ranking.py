"""An index and questions -> hits, and hits put into another order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.testset import Question
from index.reader import Index, Rows
from index.records import Hit
from index.search import Query, make_query, search

Measures = NDArray[np.float64]  # (hits, 4): meaning and keywords, of each wordings and closest
Scores = NDArray[np.float64]  # (hits,)


@dataclass(frozen=True)
class Ranking:
    """What was found for one question, best first."""

    index: Index
    query: Query
    hits: tuple[Hit, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the entries."""
        return tuple(self.index.entries[hit.entry].id for hit in self.hits)

    @property
    def measures(self) -> Measures:
        """The four measures of each hit, in the order of `index.search`."""
        return measures_of(self.hits)


def measures_of(hits: Sequence[Hit]) -> Measures:
    """Return the four measures of each hit."""
    return np.array(
        [(h.meaning.wording, h.meaning.closest, h.keywords.wording, h.keywords.closest) for h in hits], dtype=float
    ).reshape(-1, 4)


def read(question: Question) -> str:
    """Return a question's text as the product reads it."""
    return " ".join(question.question.split())


def search_all(
    index: Index,
    questions: Sequence[Question],
    read_as: Callable[[str], str] = lambda text: text,
    hidden: Rows | None = None,
) -> list[Ranking]:
    """Return the product's ranking for each question, its text changed by ``read_as``."""
    queries = (make_query(index, read_as(read(question))) for question in questions)
    return [Ranking(index, query, tuple(search(index, query, hidden))) for query in queries]


def reorder(rankings: Sequence[Ranking], score: Callable[[Ranking], Scores]) -> list[Ranking]:
    """Return the same hits, each ranking in the order of another score; ties stay as they were."""
    reordered = []
    for ranking in rankings:
        order = np.argsort(-score(ranking), kind="stable").tolist() if ranking.hits else []
        reordered.append(Ranking(ranking.index, ranking.query, tuple(ranking.hits[place] for place in order)))
    return reordered
