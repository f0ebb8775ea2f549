from __future__ import annotations

from pathlib import Path

import pytest

from assistant.drafts import draft_testset
from assistant.testset import Question, read_testset, write_new_testset
from index.reader import Index
from index.words import words_of
from ingest.errors import InputError


@pytest.fixture
def rows(small: Index) -> dict[str | int, Question]:
    return {row.id: row for row in draft_testset(small)}


def test_every_entry_is_asked_about_in_other_forms(small: Index, rows: dict[str, Question]) -> None:
    assert rows["keyword:how-long-can-i-keep-a-book"].question == "long keep book"
    assert rows["passage:is-there-a-charge-for-late-books"].question == "fine ten pence book"
    typo = rows["typo:can-i-print-in-the-reading-room"].question
    assert typo != "Can I print in the reading room?"
    assert len(typo.split()) == 7
    for row in rows.values():
        assert row.split == "draft"
        assert row.kind == str(row.id).partition(":")[0]
        assert row.relevant == (() if row.kind.startswith("out-of-scope") else (str(row.id).partition(":")[2],))


def test_no_row_is_already_in_the_index(small: Index, rows: dict[str, Question]) -> None:
    known = [view.text for view in small.views] + [row.text for row in small.unanswered]
    assert not {tuple(words_of(text)) for text in known} & {tuple(words_of(row.question)) for row in rows.values()}
    assert len({row.question for row in rows.values()}) == len(rows)


def test_the_same_index_gives_the_same_rows(small: Index) -> None:
    assert draft_testset(small) == draft_testset(small)


def test_fewer_rows_are_of_every_kind(small: Index) -> None:
    every = draft_testset(small)
    few = draft_testset(small, 6)
    assert len(few) == 6
    assert {row.kind for row in few} == {row.kind for row in every}
    assert [row for row in every if row in few] == list(few)
    assert draft_testset(small, 10_000) == every


def test_drafts_are_a_test_set(small: Index, tmp_path: Path) -> None:
    rows = draft_testset(small)
    write_new_testset(tmp_path / "drafts.jsonl", rows)
    assert read_testset(tmp_path / "drafts.jsonl", small, "draft") == rows


def test_nothing_is_written_over(small: Index, tmp_path: Path) -> None:
    path = tmp_path / "testset.jsonl"
    path.write_text("by hand")
    with pytest.raises(InputError, match="not written over"):
        write_new_testset(path, draft_testset(small))
    assert path.read_text() == "by hand"
