from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.wordlist import WordList

word = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5)


@settings(deadline=None)
@given(st.lists(word), word)
def test_every_word_is_found_and_no_other(words: list[str], other: str) -> None:
    made = WordList.of(words)
    assert made.all() == sorted(set(words))
    assert [made.find(each) for each in made.all()] == list(range(len(made)))
    assert (made.find(other) is not None) == (other in words)


@pytest.mark.parametrize("words", [[], [""], ["café", "card", "a"]])
def test_a_list_is_opened_as_it_was_written(words: list[str], tmp_path: Path) -> None:
    WordList.of(words).write(tmp_path)
    opened = WordList.open(tmp_path)
    assert opened.all() == sorted(words)
    assert [opened[number] for number in range(len(opened))] == sorted(words)
    assert opened.find("cards") is None
