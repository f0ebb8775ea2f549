from __future__ import annotations

import pytest

from assistant.calibration import bin_confidences, expected_calibration_error
from assistant.testset import Asked, Question


def asked(confidence: float, right: bool) -> Asked:
    return Asked(Question(f"{confidence} {right}", "q", ("a",), "k"), "answered", confidence, ("a",), right)


# By hand: bins (0.6, 0.7], (0.9, 1.0] and [0, 0.1] hold 2, 1 and 1 of the 4 questions.
# |1/2 - 0.65| * 2/4 + |1 - 0.96| * 1/4 + |0 - 0| * 1/4 = 0.075 + 0.01 + 0 = 0.085
WORKED = [asked(0.7, True), asked(0.6 + 1e-9, False), asked(0.96, True), asked(0.0, False)]


def test_the_error_of_a_worked_example() -> None:
    bins = bin_confidences(WORKED)
    assert [here.questions for here in bins] == [1, 0, 0, 0, 0, 0, 2, 0, 0, 1]
    assert bins[6].confidence == pytest.approx(0.65)
    assert bins[6].right == 0.5
    assert bins[1].confidence is bins[1].right is None
    assert expected_calibration_error(bins) == pytest.approx(0.085)


@pytest.mark.parametrize(
    ("confidence", "number"), [(0.0, 0), (0.1, 0), (0.100001, 1), (0.3, 2), (0.7, 6), (0.9, 8), (1.0, 9)]
)
def test_a_bin_has_its_upper_edge(confidence: float, number: int) -> None:
    counts = [here.questions for here in bin_confidences([asked(confidence, True)])]
    assert counts.index(1) == number


def test_the_extremes() -> None:
    assert expected_calibration_error(bin_confidences([asked(1.0, True), asked(0.0, False)])) == 0
    assert expected_calibration_error(bin_confidences([asked(1.0, False), asked(0.0, True)])) == 1
