"""Two made-up runs whose comparison is worked out by hand."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import msgspec
import numpy as np
import pytest

from assistant.compare import compare, read_saved
from assistant.contract import OutcomeName
from assistant.testset import Asked, Question
from ingest.errors import InputError


def asked(
    name: str,
    ranked: str,
    outcome: OutcomeName,
    relevant: str = "a",
    kind: str = "in",
    text: str = "q",
    sure: float = 0.5,
) -> Asked:
    """``ranked`` and ``relevant`` are entries of one letter each."""
    right = bool(ranked) and ranked[0] in relevant
    return Asked(Question(name, text, tuple(relevant), kind), outcome, sure, tuple(ranked), right)


# The name of each question tells what becomes of it.
BEFORE = [
    asked("hit won", "ba", "clarify"),  # reciprocal rank 1/2
    asked("answer won", "ab", "refused"),
    asked("same", "ab", "answered"),
    asked("hit lost", "ab", "answered"),
    asked("refusal won", "a", "answered", relevant="", kind="out", sure=0.9),
    asked("reworded", "a", "answered", text="old"),
    asked("other entry", "a", "answered", relevant="a"),
    asked("gone", "a", "answered"),
]
AFTER = [
    asked("hit won", "ab", "answered"),
    asked("answer won", "ab", "answered"),
    asked("same", "ac", "answered"),
    asked("hit lost", "bca", "answered"),  # reciprocal rank 1/3
    asked("refusal won", "a", "refused", relevant="", kind="out", sure=0.1),
    asked("reworded", "b", "answered", text="new"),
    asked("other entry", "b", "answered", relevant="b"),
    asked("new", "a", "answered"),
]


def test_a_worked_example() -> None:
    changes = compare(BEFORE, AFTER)
    assert changes.paired == 5
    assert changes.altered == ("reworded", "other entry")
    assert changes.only_before == ("gone",)
    assert changes.only_after == ("new",)
    assert [turn.question.id for turn in changes.wins] == ["hit won", "answer won", "refusal won"]
    assert [turn.question.id for turn in changes.losses] == ["hit lost"]
    lost, refused = changes.losses[0], changes.wins[2]
    assert (lost.before.first, lost.after.first) == ("a", "b")
    assert (refused.before.outcome, refused.after.outcome) == ("answered", "refused")
    assert (refused.before.confidence, refused.after.confidence) == (0.9, 0.1)
    inside, outside = changes.kinds
    assert (inside.kind, inside.questions, outside.kind, outside.questions) == ("in", 4, "out", 1)
    assert outside.hit_1 is outside.mrr_10 is None
    assert inside.hit_1 is not None
    assert inside.mrr_10 is not None
    assert changes.overall.outcome_right is not None
    # hit@1: 0 1 1 1 -> 1 1 1 0; reciprocal rank: 1/2 1 1 1 -> 1 1 1 1/3; outcome: 0 0 1 1 0 -> 1 1 1 0 1
    assert (inside.hit_1.before, inside.hit_1.after, inside.hit_1.difference.value) == (0.75, 0.75, 0)
    assert inside.mrr_10.difference.value == pytest.approx((10 / 3 - 7 / 2) / 4)
    assert changes.overall.outcome_right.before == pytest.approx(2 / 5)
    assert changes.overall.outcome_right.after == pytest.approx(4 / 5)
    assert changes.overall.outcome_right.difference.value == pytest.approx(2 / 5)


def test_the_interval_is_that_of_differences_question_by_question() -> None:
    changes = compare(BEFORE, AFTER)
    assert changes.overall.hit_1 is not None
    # Every way to draw four of the differences 1, 0, 0 and -1 with replacement: 256 means, equally likely.
    means = [sum(drawn) / 4 for drawn in product((1, 0, 0, -1), repeat=4)]
    low, high = np.percentile(means, [2.5, 97.5])
    assert changes.overall.hit_1.difference.low == pytest.approx(low, abs=0.01)
    assert changes.overall.hit_1.difference.high == pytest.approx(high, abs=0.01)


def test_the_other_way_round_wins_are_losses() -> None:
    there, back = compare(BEFORE, AFTER), compare(AFTER, BEFORE)
    assert [turn.question.id for turn in there.wins] == [turn.question.id for turn in back.losses]
    assert [turn.question.id for turn in there.losses] == [turn.question.id for turn in back.wins]


def test_a_run_and_itself() -> None:
    changes = compare(AFTER, AFTER)
    assert changes.paired == len(AFTER)
    assert changes.wins == changes.losses == ()
    assert changes.only_before == changes.only_after == changes.altered == ()
    assert changes.overall.hit_1 is not None
    assert (changes.overall.hit_1.difference.low, changes.overall.hit_1.difference.high) == (0, 0)


def test_runs_without_a_common_question() -> None:
    changes = compare(BEFORE[:2], AFTER[3:])
    assert changes.paired == 0
    assert changes.overall.hit_1 is changes.overall.outcome_right is None


BAD = [
    (b"", "is no run"),
    (b"[]", "is no run"),
    (b"{}", "`asked`"),
    (b"\xff\xfe", "is no run"),
    (b'{"asked": [{"question": 1}]}', "is no run"),
    (b"[" * 100_000, "is no run"),
    (msgspec.json.encode({"asked": [AFTER[0], AFTER[0]]}), "id twice"),
]


@pytest.mark.parametrize(("content", "message"), BAD)
def test_a_file_that_is_no_saved_run_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "old.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_saved(path)


def test_what_other_versions_saved_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_bytes(msgspec.json.encode({"asked": AFTER, "another figure": 1}))
    assert read_saved(path) == tuple(AFTER)
