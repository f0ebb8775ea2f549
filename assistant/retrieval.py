"""Questions and rankings -> how well each ranking has what answers its question, by ir-measures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ir_measures
import numpy as np
from ir_measures import Qrel, ScoredDoc
from numpy.typing import NDArray

from assistant.testset import Question

DEPTH = 10  # entries whose rank is looked at


def score_rankings(
    measures: Sequence[Any], questions: Sequence[Question], rankings: Sequence[Sequence[str]]
) -> NDArray[np.float64]:
    """Return the value of each measure of ir-measures for each question: (questions, measures), 0 to 1.

    A ranking is the ids of entries, best first, of which the first ten count. One that found nothing scores 0.
    """
    qrels = [Qrel(str(row), entry, 1) for row, question in enumerate(questions) for entry in question.relevant]
    run = [
        ScoredDoc(str(row), entry, float(DEPTH - rank))
        for row, ranked in enumerate(rankings)
        for rank, entry in enumerate(ranked[:DEPTH])
    ]
    scores = np.zeros((len(questions), len(measures)))
    columns = {measure: column for column, measure in enumerate(measures)}
    for metric in ir_measures.iter_calc(measures, qrels, run):
        scores[int(metric.query_id), columns[metric.measure]] = metric.value
    return scores
