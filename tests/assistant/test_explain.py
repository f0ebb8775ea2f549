from __future__ import annotations

from math import exp

import pytest

from assistant.answer import answer
from assistant.explain import explain
from assistant.records import Answer
from index.reader import Index

QUESTIONS = ["What is the fine for a late book?", "print a colour page", "who painted the Mona Lisa", "coffee"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_parts_add_up(small: Index, question: str) -> None:
    told, outcome = explain(question, small), answer(question, small)
    assert told.confidence == outcome.confidence
    assert told.judgement is not None
    assert told.judgement.log_odds == pytest.approx(
        told.judgement.bias + sum(one.log_odds for one in told.judgement.contributions)
    )
    assert 1 / (1 + exp(-told.judgement.log_odds)) == pytest.approx(told.confidence)
    assert {one.feature: one.value for one in told.judgement.contributions} == {
        name: outcome.evidence.features[name] for name in (one.feature for one in told.judgement.contributions)
    }
    assert [entry.score for entry in told.entries] == sorted((entry.score for entry in told.entries), reverse=True)
    for entry in told.entries:
        near = [view.meaning + view.keywords for view in entry.views]
        assert near == sorted(near, reverse=True)
        for view in entry.views:
            assert sum(word.weight for word in view.words) == pytest.approx(view.keywords, abs=1e-6)
            assert view.meaning <= entry.meaning.closest + 1e-6
            assert view.keywords <= entry.keywords.closest + 1e-6


def test_it_says_how_a_question_was_read_and_what_matched(small: Index) -> None:
    told = explain("overdeu book fine", small)
    assert told.read_as == "overdue book fine"
    best = told.entries[0]
    assert best.id == "is-there-a-charge-for-late-books"
    assert (best.views[0].kind, best.views[0].text) == ("alternate", "fine for an overdue book")
    assert {word.stem for word in best.views[0].words} == {"overdu", "book", "fine"}
    assert told.unanswered[0].meaning >= told.unanswered[-1].meaning


def test_the_quoted_sentences_are_the_answer(small: Index) -> None:
    outcome = answer("What is the fine for a late book?", small)
    told = explain("What is the fine for a late book?", small)
    assert isinstance(outcome, Answer)
    assert " ".join(one.text for one in told.sentences if one.quoted) == outcome.text.replace("\n", " ")
    assert told.sentences[0].text == "Certainly."
    assert told.sentences[0].meaning is None  # too short to be a view
    assert told.sentences[1].meaning is not None
    listed = [one.text for one in explain("What do I need to join?", small).sentences if one.quoted]
    assert listed[0] == "Bring one of these:"
    assert len(listed) == 3


@pytest.mark.parametrize("question", ["", "?!", "\n"])
def test_without_a_word_there_is_nothing_to_explain(small: Index, question: str) -> None:
    told = explain(question, small)
    assert (told.outcome, told.confidence, told.entries, told.judgement) == ("refused", 0.0, (), None)


def test_a_refusal_quotes_nothing(small: Index) -> None:
    assert explain("who painted the Mona Lisa", small).sentences == ()
