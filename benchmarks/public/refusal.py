"""What was asked -> how well the questions that can not be answered are told apart, beside the best cosine alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation import OVERALL, Evaluation
from benchmarks.public.figures import auroc_figure, auroc_lead, calibration_error, mean_figure
from benchmarks.public.records import Refusal, Separation


def measure_refusal(evaluation: Evaluation, cosines: NDArray[np.float32]) -> Refusal:
    """Return the figures; ``cosines`` (questions,) are the baseline's scores. Both kinds of question must be there."""
    asked = evaluation.asked
    scores = np.column_stack([[one.confidence for one in asked], cosines]).astype(float)
    kinds = np.array([OVERALL if one.question.relevant else one.question.kind for one in asked])
    answered = np.array([one.outcome == "answered" for one in asked], dtype=float)
    inside = kinds == OVERALL
    return Refusal(
        kinds=tuple(
            _separate(kind, scores[inside], scores[rows], answered[rows])
            for kind in (*dict.fromkeys(kinds[~inside].tolist()), OVERALL)
            for rows in (~inside if kind == OVERALL else kinds == kind,)
        ),
        in_scope=evaluation.in_scope,
        calibration_error=calibration_error([one.confidence for one in asked], [one.right for one in asked]),
    )


def _separate(
    kind: str, inside: NDArray[np.float64], outside: NDArray[np.float64], answered: NDArray[np.float64]
) -> Separation:
    return Separation(
        kind=kind,
        questions=len(outside),
        auroc=auroc_figure(inside[:, 0], outside[:, 0]),
        auroc_cosine=auroc_figure(inside[:, 1], outside[:, 1]),
        lead=auroc_lead(inside, outside),
        answered=mean_figure(answered),
    )
