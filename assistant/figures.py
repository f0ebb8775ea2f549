"""Values -> figures with 95 % intervals: percentile bootstraps over questions (2,000 resamples, seeded)."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

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
    return _figure(lambda sample, axis: np.mean(sample, axis=axis), np.array(values, dtype=float), lowest=lowest)


def auroc_of(inside: Sequence[float], outside: Sequence[float]) -> Figure | None:
    """Return the chance that one of ``inside`` is higher than one of ``outside``; None when one of them is empty.

    A tie counts half (Hanley and McNeil 1982).
    """
    if not inside or not outside:
        return None

    def statistic(high: np.ndarray, low: np.ndarray) -> float:
        above = np.searchsorted(np.sort(low), high, side="left") + np.searchsorted(np.sort(low), high, side="right")
        return float(above.mean() / 2 / len(low))

    return _figure(statistic, np.array(inside), np.array(outside))


def show(value: Figure | None) -> str:
    """Return a figure with its interval, as text."""
    return "–" if value is None else f"{value.value:.3f} [{value.low:.3f}, {value.high:.3f}]"


def _figure(statistic: Callable[..., object], *samples: np.ndarray, lowest: float = 0.0) -> Figure:
    value = statistic(*samples, axis=0) if len(samples) == 1 else statistic(*samples)
    if min(len(sample) for sample in samples) < 2:
        return Figure(float(value), lowest, 1.0)  # type: ignore[arg-type]  # one question tells nothing of the spread
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy warns of samples without spread; their interval is a point
        interval = bootstrap(
            samples, statistic, n_resamples=RESAMPLES, method="percentile", rng=0, vectorized=len(samples) == 1
        ).confidence_interval
    return Figure(float(value), float(interval.low), float(interval.high))  # type: ignore[arg-type]
