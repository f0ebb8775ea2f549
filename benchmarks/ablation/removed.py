"""The pieces that are there: each taken out or done in another way, all else as the product does it."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch  # a constant of the product is another for the length of one variant

import numpy as np

from benchmarks.ablation.ranking import Measures, Ranking, Scores, read, reorder, search_all
from benchmarks.ablation.sets import Set
from benchmarks.ablation.weights import learn_weights
from index.records import ViewKind
from index.search import make_query, search

Variant = Callable[[Set], list[Ranking] | None]  # None: the set has nothing to change
RANK_CONSTANT = 60  # of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009)


def without_alternates(each: Set) -> list[Ranking] | None:
    return search_all(each.build(alternates=()), each.inside) if each.material.alternates else None


def without_adapter(each: Set) -> list[Ranking]:
    return search_all(each.build(adapt=False), each.inside)


def without_families(each: Set) -> list[Ranking] | None:
    if len(np.unique(each.index.families)) == len(each.index.entries):
        return None
    with patch("index.build.find_families", lambda entries, questions: np.arange(len(entries))):
        return search_all(each.build(), each.inside)


def without_spelling(each: Set) -> list[Ranking]:
    queries = [make_query(each.index, text, each.index.encoder.encode([text])[0]) for text in map(read, each.inside)]
    return [Ranking(each.index, query, tuple(search(each.index, query))) for query in queries]


def best_wording(each: Set) -> list[Ranking]:
    with patch("index.search.BEST_WORDINGS", 1):
        return search_all(each.index, each.inside)


def without_views(kind: ViewKind) -> Variant:
    """The views of a kind are hidden; adapter and word counts have seen them."""

    def rank(each: Set) -> list[Ranking] | None:
        hidden = np.flatnonzero([view.kind == kind for view in each.index.views])
        return search_all(each.index, each.inside, hidden=hidden) if len(hidden) else None

    return rank


def by(score: Callable[[Measures], Scores]) -> Variant:
    """The same hits by another score of the four measures."""
    return lambda each: reorder(each.rankings, lambda ranking: score(ranking.measures))


def weighted(*weights: float) -> Variant:
    return by(lambda measures: measures @ np.array(weights))


def reciprocal_ranks(measures: Measures) -> Scores:
    ranks = (measures[None, :, :] > measures[:, None, :]).sum(axis=1) + 1
    return np.asarray((1 / (RANK_CONSTANT + ranks)).sum(axis=1))


def min_max(measures: Measures) -> Scores:
    spread = np.ptp(measures, axis=0)
    return np.asarray(((measures - measures.min(axis=0)) / np.where(spread, spread, 1)).sum(axis=1))


def standard(measures: Measures) -> Scores:
    spread = measures.std(axis=0)
    return np.asarray(((measures - measures.mean(axis=0)) / np.where(spread, spread, 1)).sum(axis=1))


def learned(each: Set) -> list[Ranking] | None:
    if not each.material.alternates:
        return None
    weights = learn_weights(each.index)
    return reorder(each.rankings, lambda ranking: ranking.measures @ weights)


REMOVED: dict[str, Variant] = {
    "no alternates": without_alternates,
    "no adapter": without_adapter,
    "no keywords (BM25)": weighted(1, 1, 0, 0),
    "no meaning: keywords only": weighted(0, 0, 1, 1),
    "best wording, not the mean of three": best_wording,
    "only the wordings": weighted(1, 0, 1, 0),
    "only the closest view": weighted(0, 1, 0, 1),
    "no paragraph views": without_views("paragraph"),
    "no sentence views": without_views("sentence"),
    "no spelling correction": without_spelling,
    "no families": without_families,
    "reciprocal rank fusion": by(reciprocal_ranks),
    "measures from 0 to 1 in each search": by(min_max),
    "measures standardised in each search": by(standard),
    "learned weights": learned,
}
