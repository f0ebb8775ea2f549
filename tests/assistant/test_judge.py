"""What is learned from examples, and the probability that comes of it: without an index, on examples made by hand."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant import refusal
from assistant.examples import FOLDS, LEAST, Example, Side, weights_of
from assistant.refusal import LIFT, PLAIN, PLAIN_LIFT, UNTAUGHT, Judge, calibrate, learn_judge, read_judge, rules

JUDGE = Judge(("a", "b"), mean=(1, 2), scale=(2, 4), weight=(3, -1), bias=0.5, tested=None)
FINER = "lead over the next"
# What `learn_judge` asks of an index: whether it brings unanswered questions of its own.
TAUGHT: Any = SimpleNamespace(unanswered=range(LEAST))
PLAIN_ONE: Any = SimpleNamespace(unanswered=range(LEAST - 1))


def test_a_probability_adds_up_what_the_features_say() -> None:
    features = {"b": 10.0, "a": 3.0, "not asked for": 99.0}
    assert JUDGE.probability(features) == pytest.approx(1 / (1 + math.exp(-1.5)))
    assert [msgspec.structs.astuple(one) for one in JUDGE.contributions(features)] == [
        ("a", 3.0, 3, 3.0),
        ("b", 10.0, -1, -2.0),
    ]


@pytest.mark.parametrize(("a", "log_odds"), [(1e9, 30), (-1e9, -30)])
def test_a_feature_out_of_all_bounds_gives_a_probability_all_the_same(a: float, log_odds: int) -> None:
    probability = JUDGE.probability({"a": a, "b": 2.0})
    assert math.log(probability / (1 - probability)) == pytest.approx(log_odds, abs=0.01)


def test_a_judge_of_uneven_parts_is_not_used() -> None:
    uneven = msgspec.structs.replace(JUDGE, weight=(3,))
    for ask in (uneven.probability, uneven.contributions):
        with pytest.raises(ValueError, match="shorter"):
            ask({"a": 3.0, "b": 10.0})


def make_examples(each: int) -> list[Example]:
    """As many of each side in each fold; what answers is mostly nearer than what does not."""
    chance = np.random.default_rng(4)
    sides: tuple[tuple[Side, bool], ...] = (
        ("answerable", True),
        ("answerable", False),
        ("near", False),
        ("far", False),
    )
    examples = []
    for fold in range(FOLDS):
        for side, answers in sides:
            for _ in range(each):
                low, high, finer = chance.normal((0.5 + 0.1 * answers, 3 + answers, 0.1), (0.1, 2, 0.1)).tolist()
                examples.append(Example({PLAIN[0]: low, FINER: finer, PLAIN[1]: high}, answers, side, fold))
    return examples


EXAMPLES = make_examples(LEAST // (FOLDS - 1))


def taught(index: Any, examples: list[Example]) -> Judge:
    judge = read_judge(SimpleNamespace(refusal=learn_judge(index, examples)))  # type: ignore[arg-type]
    assert isinstance(judge, Judge)
    return judge


def test_all_features_are_learned_from_where_the_corpus_has_unanswered_questions() -> None:
    assert taught(TAUGHT, EXAMPLES).features == (PLAIN[0], FINER, PLAIN[1])
    assert taught(PLAIN_ONE, EXAMPLES).features == PLAIN


@pytest.mark.parametrize(("index", "lift"), [(TAUGHT, LIFT), (PLAIN_ONE, PLAIN_LIFT)])
def test_what_is_learned_fits_the_examples_by_their_weight(index: Any, lift: float) -> None:
    judge = taught(index, EXAMPLES)
    table = np.array([[example.features[name] for name in judge.features] for example in EXAMPLES])
    assert judge.mean == pytest.approx(table.mean(axis=0))
    assert judge.scale == pytest.approx(table.std(axis=0))
    unlifted = msgspec.structs.replace(judge, bias=judge.bias - lift)
    probabilities = np.array([unlifted.probability(example.features) for example in EXAMPLES])
    answers = np.array([example.answers for example in EXAMPLES])
    weights = weights_of(EXAMPLES)
    # What a logistic regression comes to: over all examples it expects as many answers as there are.
    assert np.average(probabilities, weights=weights) == pytest.approx(np.average(answers, weights=weights), abs=1e-3)
    assert roc_auc_score(answers, probabilities) > 0.7


@pytest.mark.parametrize("index", [TAUGHT, PLAIN_ONE])
def test_it_is_tested_on_what_it_has_not_seen(index: Any) -> None:
    judge = taught(index, EXAMPLES)
    table = np.array([[example.features[name] for name in judge.features] for example in EXAMPLES])
    answers = np.array([example.answers for example in EXAMPLES])
    judged = cross_val_predict(
        make_pipeline(StandardScaler(), LogisticRegression()),
        table,
        answers,
        groups=[example.fold for example in EXAMPLES],
        cv=LeaveOneGroupOut(),
        method="predict_proba",
        params={"logisticregression__sample_weight": weights_of(EXAMPLES)},
    )
    assert judge.tested is not None
    assert judge.tested.auroc == pytest.approx(roc_auc_score(answers, judged[:, 1]))
    assert (judge.tested.examples, judge.tested.answered) == (len(EXAMPLES), int(answers.sum()))
    seen = [judge.probability(example.features) for example in EXAMPLES]
    assert judge.tested.auroc < roc_auc_score(answers, seen)


def test_too_few_examples_teach_nothing() -> None:
    assert taught(TAUGHT, EXAMPLES[1:]) == UNTAUGHT


def test_a_calibration_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []

    def make(index: object, progress: Any) -> list[Example]:
        assert index is TAUGHT
        progress(1, FOLDS)
        return EXAMPLES

    monkeypatch.setattr(refusal, "make_examples", make)
    assert calibrate(TAUGHT, lambda done, of: told.append((done, of))) == learn_judge(TAUGHT, EXAMPLES)
    assert told == [(1, FOLDS)]


def test_the_rules_are_others_when_one_of_their_files_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("refusal.py", "examples.py", "features.py", "elsewhere.txt", "answer.py")
    for name in names:
        shutil.copy(Path(refusal.__file__).with_name(name), tmp_path)
    before = rules()
    assert len(before) == 64
    monkeypatch.setattr(refusal, "__file__", str(tmp_path / "refusal.py"))
    assert rules() == before
    changes = []
    for name in names:
        with (tmp_path / name).open("ab") as file:
            file.write(b"#")
        changes.append(rules())
    assert len({before, *changes[:4]}) == 5
    assert changes[4] == changes[3]  # how an answer is put together is no rule of when to refuse
