"""Fewer alternates, fewer unanswered questions: what more of them is worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np
from msgspec import Struct

from assistant.figures import auroc
from assistant.refusal import calibrate
from benchmarks.ablation.ranking import search_all
from benchmarks.ablation.refusal import inside, judge, kinds_outside, select
from benchmarks.ablation.sets import Set
from benchmarks.public.retrieval import values_of

ALTERNATES = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)  # shares
UNANSWERED = (0.0, 0.1, 0.25, 0.5, 1.0)
DRAWS, FEW_DRAWS = 3, 2  # of each share that leaves a choice; the refusal is learned anew for each, which takes longer
Row = TypeVar("Row")


class Point(Struct, frozen=True):
    """What a share of the rows gives, the mean of all draws."""

    rows: str  # of which file, for the reader
    share: float
    measure: str
    value: float


def draw_curves(each: Set) -> Iterator[Point]:
    """Return hit@1 by alternates, then the AUROC of each kind out of scope by unanswered questions."""
    for share in ALTERNATES:
        hits = []
        for drawn in _draws(each.material.alternates, share, DRAWS):
            rankings = search_all(each.build(alternates=drawn), each.inside)
            hits.append(values_of(each.inside, [ranking.ids for ranking in rankings])[:, 0].mean())
        yield Point("alternates", share, "hit@1", float(np.mean(hits)))
    for share in UNANSWERED:
        rows = _draws(each.material.unanswered, share, FEW_DRAWS)
        judged = [judge(each, each.build(calibrate, unanswered=drawn)).values for drawn in rows]
        for kind in kinds_outside(each):
            values = [auroc(values[inside(each)], values[select(each, kind)]) for values in judged]
            yield Point("unanswered questions", share, f"AUROC, {kind}", float(np.mean(values)))


def _draws(rows: Sequence[Row], share: float, draws: int) -> list[tuple[Row, ...]]:
    count = round(share * len(rows))
    if count in (0, len(rows)):
        return [tuple(rows[:count])]
    chosen = [np.sort(np.random.default_rng(seed).permutation(len(rows))[:count]) for seed in range(draws)]
    return [tuple(rows[row] for row in draw) for draw in chosen]
