"""The confidence with less to go by, beside the shipped one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from assistant.evaluation import evaluate
from assistant.examples import Example, make_examples
from assistant.refusal import calibrate, learn_judge
from benchmarks.ablation.ranking import search_all
from benchmarks.ablation.sets import Set
from index.reader import Index

SHIPPED = "Citewell"


@dataclass(frozen=True)
class Confidences:
    """How sure one variant was of each question of the set, in order."""

    values: NDArray[np.float64]  # (questions,)
    ece: float | None  # expected calibration error; None of what is no probability


def measure_refusal(each: Set) -> Iterator[tuple[str, Confidences]]:
    """Return each variant by its name: the shipped one first."""
    examples = make_examples(each.index)
    yield SHIPPED, judge(each, _taught_by(each.index, examples))
    for left_out in examples[0].features:
        fewer = [_without(example, left_out) for example in examples]
        yield f"without “{left_out}”", judge(each, _taught_by(each.index, fewer))
    yield "no adapter", judge(each, each.build(calibrate, adapt=False))
    yield "no unanswered questions", judge(each, each.build(calibrate, unanswered=()))
    yield "cosine of the closest view alone", _closest(each)


def judge(each: Set, index: Index) -> Confidences:
    """Ask every question of the set."""
    evaluation = evaluate(index, each.questions)
    return Confidences(np.array([one.confidence for one in evaluation.asked]), evaluation.ece)


def _taught_by(index: Index, examples: Sequence[Example]) -> Index:
    return replace(index, refusal=learn_judge(index, examples))


def _without(example: Example, feature: str) -> Example:
    kept = {name: value for name, value in example.features.items() if name != feature}
    return msgspec.structs.replace(example, features=kept)


def _closest(each: Set) -> Confidences:
    rankings = search_all(each.index, each.questions)
    return Confidences(np.array([max(hit.meaning.closest for hit in ranking.hits) for ranking in rankings]), None)


def select(each: Set, kind: str) -> NDArray[np.bool_]:
    """Return which questions are of a kind (questions,)."""
    return np.array([question.kind == kind for question in each.questions])


def kinds_outside(each: Set) -> list[str]:
    """Return the kinds of out-of-scope questions."""
    return list(dict.fromkeys(question.kind for question in each.questions if not question.relevant))


def inside(each: Set) -> NDArray[np.bool_]:
    """Return which questions are in scope (questions,)."""
    return np.array([bool(question.relevant) for question in each.questions])
