"""Questions asked -> how much is answered, and how much of it wrongly, at every threshold (the risk-coverage curve).

An out-of-scope question that is answered counts as answered wrongly, so the curve depends on how many of them the test
set holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct

from assistant.testset import Asked


class Point(Struct, frozen=True):
    """What a threshold does."""

    threshold: float  # the lowest confidence that is answered
    coverage: float  # of the in-scope questions, the share that is answered
    wrong: float  # of all answers, the share that is wrong
    outside: float | None  # of the out-of-scope questions, the share that is answered; None when there are none


def risk_coverage(asked: Sequence[Asked]) -> tuple[Point, ...]:
    """Return a point for every confidence that occurs, highest first; none when no question is in scope."""
    if not any(one.question.relevant for one in asked):
        return ()
    points: list[Point] = []
    answered: list[Asked] = []
    for _, alike in groupby(sorted(asked, key=_confidence, reverse=True), key=_confidence):
        answered += alike
        points.append(_point(answered, asked))
    return tuple(points)


def shipped_point(asked: Sequence[Asked]) -> Point | None:
    """Return what the shipped threshold did; None when it answered nothing or no question is in scope."""
    answered = [one for one in asked if one.outcome == "answered"]
    return _point(answered, asked) if answered and any(one.question.relevant for one in asked) else None


def _confidence(one: Asked) -> float:
    return one.confidence


def _point(answered: Sequence[Asked], asked: Sequence[Asked]) -> Point:
    outside = [one for one in asked if not one.question.relevant]
    answered_outside = sum(not one.question.relevant for one in answered)
    return Point(
        threshold=min(one.confidence for one in answered),
        coverage=(len(answered) - answered_outside) / (len(asked) - len(outside)),
        wrong=sum(not one.right for one in answered) / len(answered),
        outside=answered_outside / len(outside) if outside else None,
    )
