"""How long something takes, called again and again in turn with others; and how that compares, and grows."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from math import log
from time import perf_counter
from typing import TypeVar

import numpy as np
from msgspec import Struct

SEED = 1
Gave = TypeVar("Gave")
HEAD = f"{'':52}{'n':>6} {'min':>9} {'p50':>9} {'p95':>9} {'p99':>9}      ratio of p50, p95"


class Times(Struct, frozen=True):
    """What is measured, and the seconds that each call of it took; the percentiles are milliseconds."""

    name: str
    seconds: tuple[float, ...]

    def percentile(self, share: float) -> float:
        """Return the milliseconds within which ``share`` (0 to 100) per cent of the calls were done, interpolated."""
        return float(1000 * np.percentile(self.seconds, share))

    @property
    def least(self) -> float:
        """Return the milliseconds of the quickest call."""
        return 1000 * min(self.seconds)

    @property
    def p50(self) -> float:
        """Return the median in milliseconds."""
        return self.percentile(50)

    @property
    def p95(self) -> float:
        """Return the milliseconds that one call in twenty exceeds."""
        return self.percentile(95)


def time_call(work: Callable[[], object]) -> float:
    """Return the seconds that one call takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def take_turns(works: Sequence[Callable[[], Gave]], rounds: int) -> list[tuple[Gave, ...]]:
    """Call each of ``works`` once a round; return what each gave, round by round.

    The order changes from round to round, so that drift hits all alike, and none always follows the same other.
    """
    gave: list[list[Gave]] = [[] for _ in works]
    order, chance = list(range(len(works))), random.Random(SEED)  # noqa: S311
    for _ in range(rounds):
        chance.shuffle(order)
        for number in order:
            gave[number].append(works[number]())
    return [tuple(each) for each in gave]


def show_times(times: Times, measure: Times | None = None) -> None:
    """Print a line of milliseconds; with what it is compared with, the ratios of the medians and 95th percentiles."""
    ratio = "" if measure is None else f"   {times.p50 / measure.p50:6.2f} x {times.p95 / measure.p95:6.2f} x"
    told = " ".join(f"{value:9.2f}" for value in (times.least, times.p50, times.p95, times.percentile(99)))
    print(f"{times.name:52}{len(times.seconds):6} {told} ms{ratio}", flush=True)


def growth(sizes: tuple[float, float], costs: tuple[float, float]) -> float:
    """Return the power of the size by which a cost grows from the first of two sizes to the second."""
    return log(costs[1] / costs[0]) / log(sizes[1] / sizes[0])
