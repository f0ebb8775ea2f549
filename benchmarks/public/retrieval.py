"""An index and questions -> which entry comes first, by Citewell and by each baseline."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from ir_measures import RR, Success
from numpy.typing import NDArray

from assistant.evaluation import evaluate
from assistant.figures import figure_of
from assistant.retrieval import DEPTH, score_rankings
from assistant.testset import Question
from benchmarks.public.baselines import MEANING, score_baselines
from benchmarks.public.records import Ranks, SetFigures
from benchmarks.public.refusal import measure_refusal
from index.encoder import Progress
from index.reader import Index

CITEWELL = "Citewell"
MEASURES = (Success @ 1, Success @ 5, RR @ DEPTH)
Values = NDArray[np.float64]  # (questions, 3): hit@1, hit@5, reciprocal rank


def measure_retrieval(
    name: str, index: Index, questions: Sequence[Question], progress: Progress | None = None
) -> SetFigures:
    """Ask every question, by Citewell's own ``consider`` and by each baseline, and compare.

    At least one question has to be in scope. ``progress`` is told (asked, all).
    """
    evaluation = evaluate(index, questions, progress)
    baselines = score_baselines(index, [question.question for question in questions])
    rankings = {CITEWELL: [one.ranked for one in evaluation.asked]}
    for baseline in baselines:
        rankings[baseline.method] = [tuple(index.entries[n].id for n in row) for row in baseline.rank(DEPTH)]
    values = {method: values_of(questions, ranked) for method, ranked in rankings.items()}
    cosines = next(baseline.scores for baseline in baselines if baseline.method == MEANING).max(axis=1)
    return SetFigures(
        name=name,
        entries=len(index.entries),
        questions=len(questions),
        in_scope=len(values[CITEWELL]),
        methods=tuple(_ranks(method, rows) for method, rows in values.items()),
        leads=tuple(_ranks(each.method, values[CITEWELL] - values[each.method], lowest=-1.0) for each in baselines),
        refusal=measure_refusal(evaluation, cosines) if len(values[CITEWELL]) < len(questions) else None,
    )


def values_of(questions: Sequence[Question], rankings: Sequence[tuple[str, ...]]) -> Values:
    """Return hit@1, hit@5 and reciprocal rank of each question in scope; 0 where nothing relevant was found."""
    inside = [pair for pair in zip(questions, rankings, strict=True) if pair[0].relevant]
    return score_rankings(MEASURES, [question for question, _ in inside], [ranked for _, ranked in inside])


def _ranks(method: str, values: Values, lowest: float = 0.0) -> Ranks:
    return Ranks(method, *(figure_of(np.mean, column, lowest=lowest) for column in values.T))
