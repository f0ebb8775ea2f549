from __future__ import annotations

import json
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.asked import Asked
from index.keywords import Keywords
from index.words import Words, words_of

GOLDEN = json.loads((Path(__file__).parents[1] / "data" / "keywords" / "bm25s.json").read_text(encoding="utf-8"))
WORDS = "library card book loan room key print scan fee staff".split()

some_words = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)


def keywords_of(texts: list[str]) -> Keywords:
    return Keywords.of(Words.of(texts))


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def best_of_all(asked: Asked, count: int) -> list[int]:
    scores = asked.at(np.arange(asked.total))
    order = np.argsort(-scores, kind="stable")[:count]
    return [int(row) for row in order if scores[row] > 0]


@pytest.mark.parametrize("case", GOLDEN["asked"], ids=lambda case: case["question"][:30])
def test_scores_are_those_of_bm25s(case: dict[str, object], tmp_path: Path) -> None:
    keywords_of(GOLDEN["texts"]).write(tmp_path)
    asked = Keywords.open(tmp_path).ask(str(case["question"]))
    expected = np.zeros(len(GOLDEN["texts"]))
    for row, score in dict(case["scores"]).items():  # type: ignore[call-overload]
        expected[int(row)] = score
    rows = np.arange(asked.total)
    np.testing.assert_allclose(asked.at(rows), expected, atol=3e-7)
    np.testing.assert_allclose(sum(asked.parts_at(rows).values(), np.zeros(len(rows))), expected, atol=3e-7)


def test_scores_lie_between_0_and_1() -> None:
    keywords, rows = keywords_of(["a library card", "the card", "", "printing in colour"]), np.arange(4)
    for question in ("library card", "card card card", "zebra", "", "the", "printing zebra"):
        scores = keywords.ask(question).at(rows)
        assert scores.shape == (4,)
        assert scores.min() >= 0
        assert scores.max() <= 1 + 1e-6
    assert list(keywords.ask("library card").best(9)) == [0, 1]
    # Unknown words count against every text, and one word alone counts as though it had one beside it.
    most = {question: keywords.ask(question).at(rows).max() for question in ("printing", "printing zebra")}
    assert keywords.ask("printing zebra yak").at(rows).max() < most["printing zebra"]
    assert most["printing"] == most["printing zebra"]


def test_words_are_folded() -> None:
    assert words_of("Café COMMISSIONERS’ commissioner's") == words_of("cafe commissioner commissioners'")


def test_rows_may_be_asked_for_in_any_order() -> None:
    asked = keywords_of(["library card", "book", "card", "library book card"]).ask("library card")
    rows = np.array([3, 0, 2, 0])
    np.testing.assert_array_equal(asked.at(rows), asked.at(np.arange(4))[rows])


@settings(deadline=None)
@given(st.lists(some_words, max_size=20), some_words, st.integers(1, 30), st.integers(1, 40))
def test_the_best_are_those_of_all(texts: list[str], question: str, count: int, times: int) -> None:
    asked = keywords_of(texts * times).ask(question)  # each text many times: ties, and words of many rows
    assert list(asked.best(count)) == best_of_all(asked, count)


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_the_best_are_those_of_all_where_frequent_words_are_only_looked_up(data: st.DataObject) -> None:
    chance = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    shares = [0.8, 0.5, 0.3, 0.1, 0.02, 0.01]
    has = chance.random((1000, len(shares))) < shares
    texts = [" ".join(word for word, is_there in zip(WORDS, row, strict=False) if is_there) for row in has]
    asked = keywords_of(texts).ask(" ".join(data.draw(st.permutations(WORDS[: len(shares)]))))
    count = data.draw(st.integers(1, 50))
    with patch("index.asked.SHORT", 0):  # else all are read
        assert list(asked.best(count)) == best_of_all(asked, count)


@settings(deadline=None)
@given(st.lists(some_words, max_size=12), st.lists(some_words | st.text(max_size=8), max_size=12))
def test_what_was_read_before_changes_nothing_but_the_time(before: list[str], now: list[str]) -> None:
    previous = Words.of(before)
    rows = np.array([before.index(text) if text in before else -1 for text in now], dtype=np.int64)
    anew, again = Words.of(now), Words.of(now, previous, rows)
    assert again.vocabulary.all() == anew.vocabulary.all()
    np.testing.assert_array_equal(again.ids, anew.ids)
    np.testing.assert_array_equal(again.starts, anew.starts)


def test_a_rebuilt_index_is_byte_for_byte_one_that_is_made_from_nothing(tmp_path: Path) -> None:
    before, now = ["a library card", "opening hours", "zebra"], ["opening hours", "", "printing", "a library card"]
    keywords_of(before).write(tmp_path / "before")
    known = Keywords.open(tmp_path / "before").words
    Keywords.of(Words.of(now, known, np.array([1, -1, -1, 0]))).write(tmp_path / "again")
    keywords_of(now).write(tmp_path / "anew")
    assert files_of(tmp_path / "again") == files_of(tmp_path / "anew")
    assert "zebra" not in Keywords.open(tmp_path / "again").words.vocabulary.all()


def test_a_known_text_is_not_read_again() -> None:
    words = Words.of(["never read", "new"], Words.of(["library card"]), np.array([0, -1]))
    assert words.vocabulary.all() == ["card", "librari", "new"]


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    keywords_of([]).write(tmp_path)
    assert not len(Keywords.open(tmp_path).ask("library card").best(10))
