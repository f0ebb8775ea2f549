"""Figures worked by hand."""

from __future__ import annotations

import pytest

from assistant.figures import Figure, auroc_of, mean_of


def test_a_mean_has_its_interval() -> None:
    assert mean_of([1.0] * 5) == Figure(1.0, 1.0, 1.0)
    figure = mean_of([0.0, 1.0] * 50)
    assert figure is not None
    assert figure.value == 0.5
    assert figure.low == pytest.approx(0.4, abs=0.02)  # 0.5 less 1.96 standard errors of 0.05
    assert figure.high == pytest.approx(0.6, abs=0.02)


def test_one_question_tells_nothing_of_the_spread() -> None:
    assert mean_of([1.0]) == Figure(1.0, 0.0, 1.0)
    assert mean_of([0.5], lowest=-1.0) == Figure(0.5, -1.0, 1.0)
    assert mean_of([]) is None


def test_auroc_counts_pairs() -> None:
    # of four pairs three are right and one is a tie; of the draws, one in sixteen has nothing but ties
    assert auroc_of([0.9, 0.4], [0.4, 0.1]) == Figure(3.5 / 4, 0.5, 1.0)
    assert auroc_of([0.9], []) is None
