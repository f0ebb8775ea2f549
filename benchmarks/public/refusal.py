"""What was asked -> how well the questions that can not be answered are told apart, beside the best cosine alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation import Evaluation, RefusalFigures
from assistant.figures import Figure, auroc, figure_of
from assistant.testset import OVERALL
from benchmarks.public.records import Refusal, Separation

Scores = NDArray[np.float64]  # (questions, 2): confidence, best cosine


def measure_refusal(evaluation: Evaluation, cosines: NDArray[np.float32]) -> Refusal:
    """Return the figures; ``cosines`` (questions,) are the baseline's scores. Both kinds of question must be there."""
    asked = evaluation.asked
    scores = np.column_stack([[one.confidence for one in asked], cosines]).astype(float)
    kinds = np.array([OVERALL if one.question.relevant else one.question.kind for one in asked])
    inside = kinds == OVERALL
    return Refusal(
        kinds=tuple(
            _separate(figures, scores[inside], scores[~inside if figures.kind == OVERALL else kinds == figures.kind])
            for figures in evaluation.refusal
        ),
        in_scope=evaluation.in_scope,
        ece=evaluation.ece,
    )


def _separate(figures: RefusalFigures, inside: Scores, outside: Scores) -> Separation:
    return Separation(figures, figure_of(auroc, inside[:, 1], outside[:, 1]), auroc_lead(inside, outside))


def auroc_lead(inside: Scores, outside: Scores) -> Figure:
    """Return the AUROC of the confidence minus that of the cosine; questions are drawn, each with both scores."""
    return figure_of(
        lambda high, low: auroc(inside[high, 0], outside[low, 0]) - auroc(inside[high, 1], outside[low, 1]),
        np.arange(len(inside)),
        np.arange(len(outside)),
        lowest=-1.0,
    )
