"""Questions that go on from the one before: what leans on it, and what its topic is worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest

from assistant.answer import answer
from assistant.followup import leans_on_another
from assistant.records import Answer
from index.reader import Index

ROWS = [
    msgspec.json.decode(line)
    for line in (Path(__file__).parents[1] / "data" / "followups.jsonl").read_bytes().splitlines()
]


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("and for grants?", True),
        ("What about subsidies?", True),
        ("who pays for it?", True),
        ("Do grants have to follow the same rules as contracts?", False),
        ("android phones", False),
        ("If a council has assets, can it transfer them to a charity?", False),
        ("", False),
    ],
)
def test_what_goes_on_from_another(question: str, leans: bool) -> None:
    assert leans_on_another(question) is leans


def test_only_what_leans_is_carried_and_nothing_unknown(small: Index) -> None:
    position = small.position_asking("Is there a charge for late books?")
    assert position is not None
    entry = small.entries[position]
    carried = answer("and how late is the charge?", small, after=entry.id)
    assert carried.evidence.carried == entry.id
    assert answer("What is the fine for a late book?", small, after=entry.id).evidence.carried is None
    assert answer("and how late is the charge?", small, after="no-such-entry").evidence.carried is None


def test_a_question_of_the_pages_carries_nothing(
    index_rows: Callable[[Sequence[tuple[str, str]]], Index],
) -> None:
    index = index_rows([("What about fines?", "They are due in a week."), ("What about books?", "They are lent.")])
    outcome = answer("what about books?", index, after="q0")
    assert outcome.evidence.published
    assert outcome.evidence.carried is None


def test_a_topic_never_answers_what_is_far_from_the_pages(small: Index) -> None:
    alone = answer("and who painted the Mona Lisa?", small)
    carried = answer("and who painted the Mona Lisa?", small, after=small.entries[0].id)
    assert not isinstance(alone, Answer)
    assert not isinstance(carried, Answer)


@pytest.mark.model
def test_a_topic_helps_more_than_it_harms(index: Index) -> None:
    def count(carry: bool) -> tuple[int, int]:
        """How many are answered rightly, and how many otherwise."""
        right = wrong = 0
        for row in ROWS:
            outcome = answer(row["question"], index, after=row["after"] if carry else None)
            if isinstance(outcome, Answer):
                right += outcome.entry.id in row["relevant"]
                wrong += outcome.entry.id not in row["relevant"]
        return right, wrong

    (alone, alone_wrong), (carried, carried_wrong) = count(False), count(True)
    assert carried >= alone + 5
    assert carried_wrong <= alone_wrong + 1
