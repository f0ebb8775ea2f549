"""A question put to a part of the corpus alone."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from assistant.answer import answer
from assistant.records import Answer, Refusal
from assistant.scope import EVERYTHING, Mask, Scope, is_about, rows_within
from index.reader import Index
from ingest.records import Topic
from tests.assistant.conftest import Run, Shelf

LATE = "What is the fine for a late book?"


@pytest.fixture
def with_topics(small: Index) -> Index:
    topics = (Topic("Fines", ("zebra", "late charges")), Topic("Printing", ("printing",)))
    object.__setattr__(small, "corpus", replace(small.corpus, topic=topics))
    return small


def questions(index: Index, chosen: Mask) -> set[str]:
    return {entry.question for entry, is_chosen in zip(index.entries, chosen, strict=True) if is_chosen}


def test_a_topic_has_the_entries_whose_question_has_its_words(with_topics: Index) -> None:
    on = {topic.name: questions(with_topics, is_about(with_topics, topic)) for topic in with_topics.corpus.topic}
    assert on == {"Fines": {"Is there a charge for late books?"}, "Printing": {"Can I print in the reading room?"}}


@pytest.mark.parametrize("words", [("it",), ("for the",), ("zebra",), ("late zebra",)])
def test_words_that_no_question_has_name_no_entry(small: Index, words: tuple[str, ...]) -> None:
    assert not is_about(small, Topic("T", words)).any()


def test_what_lies_outside_neither_answers_nor_is_suggested(with_topics: Index) -> None:
    assert isinstance(answer(LATE, with_topics, Scope(topic="Fines")), Answer)
    elsewhere = answer(LATE, with_topics, Scope(topic="Printing"))
    assert not isinstance(elsewhere, Answer)
    assert [each.question for each in elsewhere.suggestions] == ["Can I print in the reading room?"]


def test_a_source_bounds_and_an_unknown_name_does_not(small: Index) -> None:
    assert list(small.published) == ["Using the library", "Using the library (copy)"]
    for title, positions in small.published.items():
        entries = [small.entries[at] for at in positions]
        assert all(title in {place.source for place in entry.occurrences} for entry in entries)
        rows = rows_within(small, Scope(source=title))
        owners = set(range(len(small.entries)) if rows is None else small.entries_of(rows).tolist())
        assert owners == set(positions.tolist())
        assert {each.id for each in answer(LATE, small, Scope(source=title)).suggestions} <= {one.id for one in entries}
    assert rows_within(small, Scope(source="no such source", topic="nor topic")) is None
    assert answer(LATE, small, Scope(source="none")) == answer(LATE, small, EVERYTHING)


def test_the_pages_of_a_site_are_one_source(small: Index) -> None:
    sources = tuple(replace(source, part_of="All pages") for source in small.corpus.source)
    object.__setattr__(small, "corpus", replace(small.corpus, source=sources))
    assert {title: len(positions) for title, positions in small.published.items()} == {"All pages": len(small.entries)}


def test_nothing_within_is_a_refusal(with_topics: Index) -> None:
    topics = (Topic("Nothing", ("zebra",)),)
    object.__setattr__(with_topics, "corpus", replace(with_topics.corpus, topic=topics))
    refused = answer(LATE, with_topics, Scope(topic="Nothing"))
    assert isinstance(refused, Refusal)
    assert refused.suggestions == ()


def test_a_build_names_a_topic_without_entries(run: Run, shelf: Shelf) -> None:
    described = shelf.corpus / "sources.toml"
    topics = '\n[[topic]]\nname = "Printing"\nwords = ["print"]\n[[topic]]\nname = "Zoo"\nwords = ["zebra"]\n'
    described.write_text(described.read_text("utf-8") + topics, "utf-8")
    done = run("build", *shelf.options, "--accept")
    assert done.code == 0, done.err
    assert "topic 'Zoo' has no entry" in done.err
    assert "'Printing'" not in done.err
