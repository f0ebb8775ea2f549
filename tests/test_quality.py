"""The bundled corpus answers as well as it must: a gate on the split of the test set that nothing was tuned on."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import asdict

from assistant.evaluation import Evaluation, evaluate
from assistant.runs import About, Run
from assistant.testset import read_testset
from assistant.transparency import record
from index.reader import Index
from tests.conftest import ROOT

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


# What of the transparency record differs from one run, machine or version of the rules to the next.
VARIES = re.compile(r"`[0-9a-f]{16}`|content SHA-256 `[0-9a-f]{64}`|On \d+ [A-Z][a-z]+ \d{4}|[\d.]+ ms")
DECIMAL = re.compile(r"\d\.\d{3}")
LIKE = 0.02  # figures of one machine and of another


def test_the_transparency_record_is_what_the_command_writes_now(index: Index, result: Evaluation) -> None:
    about = About(datetime.now(UTC), index.folder.name, len(index.entries), str(TESTSET), "test")
    now = VARIES.sub("*", record(index, Run(**asdict(result), about=about)))
    kept = VARIES.sub("*", (ROOT / "docs/transparency-record.md").read_text("utf-8"))
    assert DECIMAL.sub("*", kept) == DECIMAL.sub("*", now), "the record is old: make transparency-record"
    figures = list(zip(DECIMAL.findall(kept), DECIMAL.findall(now), strict=True))
    assert len(figures) > 100
    assert [pair for pair in figures if abs(float(pair[0]) - float(pair[1])) > LIKE] == []
