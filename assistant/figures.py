"""Values -> figures with 95 % intervals: percentile bootstraps over questions (2,000 resamples, seeded)."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from scipy.stats import bootstrap

RESAMPLES = 2000


class Figure(Struct, frozen=True):
    """A mean with its 95 % interval: 0 to 1, the difference of two from -1 to 1."""

    value: float
    low: float
    high: float


def mean_of(values: Sequence[float], lowest: float = 0.0) -> Figure | None:
    """Return the mean of one value a question, each from ``lowest`` to 1; None of no questions.

    The mean of the differences of two runs, question by question, gives the interval of a paired bootstrap.
    """
    if not values:
        return None
    return figure_of(np.mean, np.array(values, dtype=float), lowest=lowest)


def auroc_of(inside: Sequence[float], outside: Sequence[float]) -> Figure | None:
    """Return the `auroc` of one score a question; None when one of them is empty."""
    return figure_of(auroc, np.array(inside), np.array(outside)) if inside and outside else None


def auroc(inside: np.ndarray, outside: np.ndarray) -> float:
    """Return the chance that one of ``inside`` is higher than one of ``outside``; a tie counts half.

    Hanley and McNeil 1982.
    """
    ordered = np.sort(outside)
    above = np.searchsorted(ordered, inside, side="left") + np.searchsorted(ordered, inside, side="right")
    return float(above.mean() / 2 / len(outside))


def figure_of(statistic: Callable[..., Any], *samples: np.ndarray, lowest: float = 0.0) -> Figure:
    """Return a statistic (from ``lowest`` to 1) of samples that are drawn again independently of each other.

    That of one sample is called with ``axis``; that of several with a draw of each.
    """
    value = statistic(*samples, axis=0) if len(samples) == 1 else statistic(*samples)
    if min(len(sample) for sample in samples) < 2:
        return Figure(float(value), lowest, 1.0)  # one question tells nothing of the spread
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy warns of samples without spread; their interval is a point
        interval = bootstrap(
            samples, statistic, n_resamples=RESAMPLES, method="percentile", rng=0, vectorized=len(samples) == 1
        ).confidence_interval
    return Figure(float(value), float(interval.low), float(interval.high))


def show(value: Figure | None) -> str:
    """Return a figure with its interval, as text."""
    return "–" if value is None else f"{value.value:.3f} [{value.low:.3f}, {value.high:.3f}]"
