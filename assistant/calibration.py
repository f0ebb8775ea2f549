"""Questions asked -> how far the confidence is from the share that is right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from assistant.testset import Asked

BINS = 10  # of equal width, as in the papers


class Bin(Struct, frozen=True):
    """The questions whose confidence lies in ``(low, high]``; the first bin has 0 too."""

    low: float
    high: float
    questions: int
    confidence: float | None  # their mean confidence; None of no questions
    right: float | None  # the share whose top entry answers


def bin_confidences(asked: Sequence[Asked]) -> tuple[Bin, ...]:
    """Return the ten bins, lowest first. The top entry never answers an out-of-scope question."""
    edges = np.arange(BINS + 1) / BINS
    numbers = np.searchsorted(edges[1:-1], [one.confidence for one in asked], side="left")
    groups = [[one for one, number in zip(asked, numbers, strict=True) if number == here] for here in range(BINS)]
    return tuple(
        Bin(
            low=float(low),
            high=float(high),
            questions=len(group),
            confidence=sum(one.confidence for one in group) / len(group) if group else None,
            right=sum(one.right for one in group) / len(group) if group else None,
        )
        for low, high, group in zip(edges[:-1], edges[1:], groups, strict=True)
    )


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """Return the mean distance (0 to 1, 0 is best) between the confidence and the share that is right.

    ECE = sum over bins b of n_b / n * |right_b - confidence_b|, with n_b the questions of a bin and n all of them
    (Naeini, Cooper and Hauskrecht, AAAI 2015; Guo, Pleiss, Sun and Weinberger, ICML 2017, equation 3). It depends on
    how many of the questions are out of scope. It has no interval: resampling adds noise to every bin, each distance
    counts as positive, and so a bootstrap of it lies above the value itself.
    """
    total = sum(here.questions for here in bins)
    return sum(here.questions * _gap(here) for here in bins) / total


def _gap(here: Bin) -> float:
    return 0.0 if here.right is None or here.confidence is None else abs(here.right - here.confidence)
