"""Means, AUROC and calibration. Intervals are percentile bootstraps over questions, on seeded resamples."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from assistant.evaluation import RESAMPLES, Figure

Values = NDArray[np.float64]
BINS = 10  # of equal width, as ECE is mostly given


def mean_figure(values: Values) -> Figure:
    """Return the mean of ``values`` (at least one). Of differences between two methods it is the paired bootstrap."""
    drawn = np.random.default_rng(0).integers(len(values), size=(RESAMPLES, len(values)))
    return _figure(float(values.mean()), values[drawn].mean(axis=1))


def auroc_figure(inside: Values, outside: Values) -> Figure:
    """Return the AUROC of scores, (in scope,) against (out of scope,); both are resampled."""
    return _over_both(inside, outside, auroc)


def auroc_lead(inside: Values, outside: Values) -> Figure:
    """Return the AUROC of one score minus that of another: (in scope, 2) against (out of scope, 2)."""
    return _over_both(inside, outside, lambda high, low: auroc(high[:, 0], low[:, 0]) - auroc(high[:, 1], low[:, 1]))


def auroc(inside: Values, outside: Values) -> float:
    """Return the chance that a score of ``inside`` is the higher; a tie counts half (Hanley and McNeil 1982)."""
    ranks = rankdata(np.concatenate([inside, outside]))[: len(inside)]
    return float((ranks.mean() - (len(inside) + 1) / 2) / len(outside))


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Return the expected calibration error (0 to 1) over ten bins of equal width (Guo et al. 2017)."""
    bins = np.minimum((np.array(confidences) * BINS).astype(int), BINS - 1)
    gaps = np.array(confidences) - np.array(right, dtype=float)
    return float(np.abs(np.bincount(bins, weights=gaps, minlength=BINS)).sum() / len(gaps))


def _over_both(inside: Values, outside: Values, statistic: Callable[[Values, Values], float]) -> Figure:
    random = np.random.default_rng(0)
    samples = [
        statistic(
            inside[random.integers(len(inside), size=len(inside))],
            outside[random.integers(len(outside), size=len(outside))],
        )
        for _ in range(RESAMPLES)
    ]
    return _figure(statistic(inside, outside), np.array(samples))


def _figure(value: float, samples: Values) -> Figure:
    low, high = np.percentile(samples, [2.5, 97.5])
    return Figure(value, float(low), float(high))
