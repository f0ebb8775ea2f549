"""The measure of main text, on texts whose overlap is counted by hand."""

from __future__ import annotations

import pytest

from benchmarks.public.articles import Page, extract_prose, measure

TRUE = "one two three four five six"  # three runs of four words


@pytest.mark.parametrize(
    ("found", "precision", "recall"),
    [
        (TRUE, 1, 1),
        ("one two three four five", 1, 2 / 3),
        (TRUE + " seven eight nine", 1 / 2, 1),
        ("other words", 0, 0),
    ],
)
def test_runs_of_four_words_are_compared(found: str, precision: float, recall: float) -> None:
    rows = measure([Page("0", b"", TRUE), Page("1", b"", TRUE)], lambda _: found)
    assert rows["all"].precision.value == pytest.approx(precision)
    assert rows["held out"].recall.value == pytest.approx(recall)


def test_prose_is_what_a_build_would_index() -> None:
    text = "This sentence has more than a dozen words, so that it is prose and not a menu."
    page = f"<h1>Title</h1><h2>Part</h2><p>{text}</p><div class='cookie-banner'><p>{text} Accept.</p></div>"
    assert extract_prose(f"<!doctype html><body>{page}".encode()).split("\n") == ["Part", text]
