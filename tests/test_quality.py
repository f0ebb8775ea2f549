"""The bundled corpus answers as well as it must: a gate on the split of the test set that nothing was tuned on."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation import Evaluation, evaluate
from assistant.testset import read_testset
from index.reader import Index

TESTSET = Path(__file__).parent.parent / "corpus" / "testset.jsonl"

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def result(index: Index) -> Evaluation:
    return evaluate(index, read_testset(TESTSET, index, "test"))


def test_the_right_entry_comes_first(result: Evaluation) -> None:
    assert result.overall.hit_1 is not None
    assert result.overall.hit_1.value >= 0.95
    kinds = {kind.kind: kind.hit_1.value for kind in result.kinds if kind.hit_1}
    assert min(kinds["typo"], kinds["acronym"], kinds["long"]) >= 0.90


def test_what_is_not_answered_is_told_apart(result: Evaluation) -> None:
    overall = result.refusal[-1]
    assert overall.auroc is not None
    assert overall.auroc.value >= 0.97
    answered = {kind.kind: kind.answered.value for kind in result.refusal if kind.answered}
    assert answered["out-of-scope-far"] <= 0.05
    assert answered["out-of-scope-near"] <= 0.08


def test_most_is_answered_and_nearly_all_of_it_rightly(result: Evaluation) -> None:
    scope = result.in_scope
    assert scope.right is not None
    assert scope.wrong is not None
    assert result.precision is not None
    assert scope.right.value + scope.wrong.value >= 0.85
    assert result.precision.value >= 0.95


def test_the_confidence_is_what_it_says(result: Evaluation) -> None:
    assert result.ece <= 0.06


def test_every_citation_verifies(result: Evaluation) -> None:
    assert result.citations_verified == result.citations > 100
