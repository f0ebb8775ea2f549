from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from assistant.answer import answer
from assistant.examples import make_examples, weights_of
from assistant.records import Answer, Refusal
from assistant.refusal import PLAIN, UNTAUGHT, read_judge
from index.reader import Index

IndexRows = Callable[[Sequence[tuple[str, str]]], Index]

THINGS = (
    "parcel refund password invoice voucher delivery account newsletter receipt warranty exchange complaint "
    "discount basket catalogue address card deposit membership subscription"
).split()
ROWS = [
    (wording.format(thing), f"All about your {thing}.")
    for thing in THINGS
    for wording in ("Lost {}", "Late {}", "Is my {} lost or late?")
]


def test_a_corpus_with_several_questions_to_an_answer_teaches_itself(index_rows: IndexRows) -> None:
    judge = read_judge(index_rows(ROWS))
    assert judge.features == PLAIN
    assert judge.tested is not None
    assert judge.tested.auroc > 0.8


def test_it_answers_what_it_knows_and_refuses_the_rest(index_rows: IndexRows) -> None:
    index = index_rows(ROWS)
    assert isinstance(answer("my refund is late", index), Answer)
    assert isinstance(answer("how tall is the tower", index), Refusal)


def test_a_corpus_with_one_question_to_an_answer_is_judged_by_weights_learned_elsewhere(index_rows: IndexRows) -> None:
    assert read_judge(index_rows(ROWS[::3])) == UNTAUGHT


def test_a_corpus_with_few_wordings_is_judged_so_too(index_rows: IndexRows) -> None:
    assert read_judge(index_rows(ROWS[:24])) == UNTAUGHT


def test_examples_stand_for_all_three_sides(index_rows: IndexRows) -> None:
    examples = make_examples(index_rows(ROWS))
    assert {example.side for example in examples} == {"answerable", "near", "far"}
    assert {example.fold for example in examples} == set(range(5))
    assert not any(example.answers for example in examples if example.side != "answerable")


def test_each_side_weighs_its_share_however_many_examples_it_has(index_rows: IndexRows) -> None:
    examples = make_examples(index_rows(ROWS))
    weights = weights_of(examples)
    shares = {
        side: sum(weight for weight, example in zip(weights, examples, strict=True) if example.side == side)
        for side in ("answerable", "near", "far")
    }
    assert {side: share / len(examples) for side, share in shares.items()} == pytest.approx(
        {"answerable": 2 / 3, "near": 2 / 9, "far": 1 / 9}
    )
