"""Weights of the four measures, learned on alternates that are left out of their own search."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.ablation.ranking import measures_of
from index.folds import without
from index.reader import Index
from index.search import make_query, search

FOLDS = 5  # the adapter is learned without the fold that is asked
ASKED = 1500  # alternates, evenly spread


def learn_weights(index: Index) -> NDArray[np.float64]:
    """Return the weights (4,), by logistic regression on right minus wrong hit (a pairwise ranking loss)."""
    from sklearn.linear_model import LogisticRegression

    alternates = np.flatnonzero([view.kind == "alternate" for view in index.views])
    asked = alternates[np.linspace(0, len(alternates) - 1, min(ASKED, len(alternates))).astype(int)]
    pairs = np.concatenate([_pairs(index, asked[fold::FOLDS]) for fold in range(FOLDS)])
    sides = np.where(np.arange(len(pairs)) % 2, 1, -1)
    model = LogisticRegression(fit_intercept=False).fit(pairs * sides[:, None], sides)
    return np.asarray(model.coef_[0], dtype=float)


def _pairs(index: Index, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Measures of the entry that answers minus those of each that does not, for each alternate: (pairs, 4)."""
    trial = without(index, rows, np.array([], dtype=np.int64))
    pairs = []
    for row in rows:
        hits = search(trial, make_query(trial, trial.views[row].text, trial.encoded[row]), np.array([row]))
        own = index.families[index.views[row].entry]
        right = np.array([index.families[hit.entry] == own for hit in hits])
        measures = measures_of(hits)
        if right.any():
            pairs.append(measures[right][0] - measures[~right])
    return np.concatenate(pairs)
