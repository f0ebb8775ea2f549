"""The bundled corpus answers as well as it must: a gate on the split of the test set that nothing was tuned on."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation import Evaluation, evaluate
from assistant.testset import read_testset
from index.search import Index

TESTSET = Path(__file__).parent.parent / "corpus" / "testset.jsonl"

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def result(index: Index) -> Evaluation:
    return evaluate(index, read_testset(TESTSET, index, "test"))


def test_the_right_entry_comes_first(result: Evaluation) -> None:
    assert result.overall.hit_1 is not None
    assert result.overall.hit_1.value >= 0.88


def test_what_is_not_answered_is_told_apart(result: Evaluation) -> None:
    overall = result.refusal[-1]
    assert overall.auroc is not None
    assert overall.auroc.value >= 0.94
    answered = {kind.kind: kind.answered.value for kind in result.refusal if kind.answered}
    assert answered["out-of-scope-far"] <= 0.05
    assert answered["out-of-scope-near"] <= 0.15


def test_most_is_answered_and_nearly_all_of_it_rightly(result: Evaluation) -> None:
    scope = result.in_scope
    assert scope.right is not None
    assert scope.wrong is not None
    assert result.precision is not None
    assert scope.right.value + scope.wrong.value >= 0.80
    assert result.precision.value >= 0.92


def test_every_citation_verifies(result: Evaluation) -> None:
    assert result.citations_verified == result.citations > 100
