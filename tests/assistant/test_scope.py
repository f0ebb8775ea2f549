"""A question put to a part of the corpus alone."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from assistant.answer import answer
from assistant.records import Answer, Refusal
from assistant.scope import EVERYTHING, Scope, rows_within, titles, topics_of
from index.search import Index
from ingest.records import Topic

LATE = "What is the fine for a late book?"


@pytest.fixture
def with_topics(small: Index) -> Index:
    topics = (Topic("Fines", ("zebra", "late charges")), Topic("Printing", ("printing",)))
    object.__setattr__(small, "corpus", replace(small.corpus, topic=topics))
    return small


def test_a_topic_has_the_entries_whose_question_has_its_words(with_topics: Index) -> None:
    on = {entry.question: topics_of(with_topics, at) for at, entry in enumerate(with_topics.entries)}
    assert on["Is there a charge for late books?"] == ["Fines"]
    assert on["Can I print in the reading room?"] == ["Printing"]
    assert on["What do I need to join?"] == []


def test_what_lies_outside_neither_answers_nor_is_suggested(with_topics: Index) -> None:
    assert isinstance(answer(LATE, with_topics, Scope(topic="Fines")), Answer)
    elsewhere = answer(LATE, with_topics, Scope(topic="Printing"))
    assert not isinstance(elsewhere, Answer)
    positions = [with_topics.position(each.id) for each in elsewhere.suggestions]
    assert all("Printing" in topics_of(with_topics, at) for at in positions if at is not None)


def test_a_source_bounds_and_an_unknown_name_does_not(small: Index) -> None:
    for title in titles(small):
        rows = rows_within(small, Scope(source=title))
        found = answer(LATE, small, Scope(source=title))
        assert rows is None or len(rows) < len(small.views)
        for each in found.suggestions:
            entry = small.entry(each.id)
            assert entry is not None
            assert title in {place.source for place in entry.occurrences}
    assert rows_within(small, Scope(source="no such source", topic="nor topic")) is None
    assert answer(LATE, small, Scope(source="none")) == answer(LATE, small, EVERYTHING)


def test_nothing_within_is_a_refusal(with_topics: Index) -> None:
    topics = (Topic("Nothing", ("zebra",)),)
    object.__setattr__(with_topics, "corpus", replace(with_topics.corpus, topic=topics))
    refused = answer(LATE, with_topics, Scope(topic="Nothing"))
    assert isinstance(refused, Refusal)
    assert refused.suggestions == ()
