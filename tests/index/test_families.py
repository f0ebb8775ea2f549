from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec
import numpy as np

from index.families import find_families
from index.reader import Index
from index.search import make_query, search
from ingest.records import Conflict

IndexRows = Callable[[Sequence[tuple[str, str]]], Index]

PARCELS = [
    ("Where is my parcel?", "Follow the link in the mail that we sent."),
    ("My parcel is late, where is it?", "Follow the link in the mail that we sent."),
    ("Has my parcel been sent?", "Follow  the link in the mail that we SENT."),
    ("How do I return a jacket?", "Send it back within a month."),
]


def found(index: Index, question: str) -> list[str]:
    return [index.entries[hit.entry].id for hit in search(index, make_query(index, question))]


def test_one_answer_under_several_questions_is_found_once(index_rows: IndexRows) -> None:
    ids = found(index_rows(PARCELS), "is my parcel late")
    assert ids[0] == "q1"  # the member that comes closest stands for the others
    assert sorted(ids) == ["q1", "q3"]


def test_every_member_can_be_found(index_rows: IndexRows) -> None:
    index = index_rows(PARCELS)
    assert [found(index, question)[0] for question, _ in PARCELS] == ["q0", "q1", "q2", "q3"]


def test_wordings_of_a_family_count_together(index_rows: IndexRows) -> None:
    index = index_rows(PARCELS)
    alone = replace(index, families=np.arange(len(PARCELS)))
    question = "parcel sent late"
    together, single = (search(one, make_query(one, question))[0] for one in (index, alone))
    assert index.entries[together.entry].id == index.entries[single.entry].id
    assert together.keywords.closest == single.keywords.closest
    assert together.keywords.wording < single.keywords.wording  # the mean over three questions, not the best alone


def test_unlike_questions_stay_apart_whatever_their_answer(index_rows: IndexRows) -> None:
    index = index_rows([("Is parking free?", "Yes."), ("Can dogs come in?", "Yes."), ("Is there a lift?", "No.")])
    assert sorted(found(index, "free parking for dogs with a lift")) == ["q0", "q1", "q2"]


def test_answers_that_contradict_each_other_are_offered_once(index_rows: IndexRows) -> None:
    rows = [*PARCELS, ("How do I return a jacket?", "Send it back within a week."), ("Who are you?", "A shop.")]
    index = index_rows(rows)
    one, other = (index.entries[number] for number in (3, 4))
    named = [
        msgspec.structs.replace(entry, conflicts=(Conflict(rival.id, "shop", 1.0, 0.9, ()),))
        for entry, rival in ((one, other), (other, one))
    ]
    entries = (*index.entries[:3], *named, index.entries[5])
    encoded, rows = np.eye(6, dtype=np.float16), np.arange(6)
    assert find_families(index.entries, encoded, rows).tolist() == [0, 1, 2, 3, 4, 5]
    assert find_families(entries, encoded, rows).tolist() == [0, 1, 2, 3, 3, 5]
