"""The three outcomes, on the made-up library with the test encoder."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answer import answer
from assistant.citations import verifies
from assistant.console import Console
from assistant.contract import reply
from assistant.records import Answer, Clarification, Refusal
from assistant.refusal import ANSWER_FROM, CLARIFY_FROM, calibrate
from index.build import build_index
from index.encoder import Encoder
from index.reader import Index, open_index
from tests.conftest import material_of

ANSWERED = [
    ("What is the fine for a late book?", ["The fine is ten pence a day for each book.\nIt stops at five pounds."]),
    ("print a colour page", ["A page costs five pence in black and twenty pence in colour."]),
    ("what does my daughter need to join", ["Children need the signature of a parent."]),
    (
        "What do I need to join?",
        [
            "Bring one of these:",
            "A passport or a driving licence.",
            "A letter with your address that is less than three months old.",
        ],
    ),
]


@pytest.mark.parametrize(("question", "quotes"), ANSWERED)
def test_the_answer_is_in_the_publishers_words(small: Index, question: str, quotes: list[str]) -> None:
    outcome = answer(question, small)
    assert isinstance(outcome, Answer)
    assert outcome.confidence >= ANSWER_FROM
    shown = [" ".join(quote.split()) for quote in quotes]
    assert outcome.text.split("\n") == shown
    assert [" ".join(citation.quote.split()) for citation in outcome.citations] == shown
    assert [citation.number for citation in outcome.citations] == list(range(1, len(quotes) + 1))
    assert all(verifies(small, citation, line) for citation, line in zip(outcome.citations, shown, strict=True))
    assert outcome.entry.id not in [suggestion.id for suggestion in outcome.suggestions]


@pytest.mark.parametrize("question", ["Is the ocean deep?", "who painted the Mona Lisa", "coffee"])
def test_what_the_pages_do_not_say_is_refused(small: Index, question: str) -> None:
    outcome = answer(question, small)
    assert isinstance(outcome, Refusal | Clarification)
    assert outcome.confidence < ANSWER_FROM
    assert outcome.suggestions


@pytest.mark.parametrize("question", ["", "   ", "?!", "\n\t", "🤷", "…"])
def test_without_a_word_there_is_nothing_to_look_for(small: Index, question: str) -> None:
    outcome = answer(question, small)
    assert outcome == Refusal(question, 0.0, (), outcome.evidence)


def test_misspelt_words_are_read_as_meant(small: Index) -> None:
    outcome = answer("overdeu bok fine", small)
    assert isinstance(outcome, Answer)
    assert outcome.entry.id == "is-there-a-charge-for-late-books"


@pytest.mark.parametrize("question", ["book", "late book", "print", "join the library", "renew my card in colour"])
def test_suggestions_are_never_likelier_than_the_first_entry(small: Index, question: str) -> None:
    outcome = answer(question, small)
    confidences = [outcome.confidence, *(suggestion.confidence for suggestion in outcome.suggestions)]
    assert confidences == sorted(confidences, reverse=True)


def test_the_thresholds_are_in_order() -> None:
    assert 0 < CLARIFY_FROM < ANSWER_FROM < 1


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_any_text_is_a_question(small: Index, question: str) -> None:
    outcome = answer(question, small)
    assert outcome.question == question
    assert 0 <= outcome.confidence <= 1


def test_a_very_long_question_is_answered_from_its_beginning(small: Index) -> None:
    assert answer("fine for a late book " * 2000, small).confidence > 0


def test_the_contract_has_these_fields_in_this_order(small: Index) -> None:
    for question in ("What is the fine for a late book?", "who painted the Mona Lisa", ""):
        row = json.loads(msgspec.json.encode(reply(answer(question, small), 0.0031)))
        assert list(row) == [
            "question", "outcome", "confidence", "answer", "entry", "citations", "suggestions", "took_ms", "conflicts",
        ]  # fmt: skip
        assert (row["outcome"] == "answered") == (row["answer"] is not None) == (row["entry"] is not None)
        assert row["took_ms"] == 3.1
        for citation in row["citations"]:
            assert list(citation) == [
                "number", "title", "url", "link", "heading", "quote", "capture", "start", "end", "date",
            ]  # fmt: skip
            assert small.captures[citation["capture"]][citation["start"] : citation["end"]] == citation["quote"]
        for suggestion in row["suggestions"]:
            assert list(suggestion) == ["id", "question", "confidence"]


def test_an_answer_names_the_pages_that_contradict_it(
    library: Path, tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "Is there a charge for late books?"
    (library / "pages" / "fines.md").write_text(f"## {question}\n\nThe fine is nine pence a day for each book.\n")
    with (library / "sources.toml").open("a") as file:
        file.write('[[source]]\ntitle = "Fines"\ncapture = "pages/fines.md"\n')
        file.write('kind = "faq"\npublisher = "p"\nlicence = "l"\n')
    build_index(tmp_path / "home", material_of(library), encoder, calibrate)
    monkeypatch.setattr("index.reader.load_encoder", lambda *given: encoder)
    index = open_index(tmp_path / "home")
    outcome = answer(question, index)
    assert isinstance(outcome, Answer)
    (conflict,) = outcome.conflicts
    first = "is-there-a-charge-for-late-books"
    assert {outcome.entry.id, conflict.entry} == {first, f"{first}-2"}
    assert reply(outcome, 0.1).conflicts == (conflict,)
    stream = io.StringIO()
    Console(stream).show_outcome(outcome, index)
    told = f"Another page answers this differently: {conflict.source}: {conflict.differences[0].text}"
    assert told in stream.getvalue()
    assert all(fine in conflict.differences[0].text for fine in ("ten pence", "nine pence"))


def test_a_question_of_the_pages_is_answered_by_its_entry_whatever_else_is_near(
    index_rows: Callable[[Sequence[tuple[str, str]]], Index],
) -> None:
    near = [
        (f"What is the fine for a late book of kind {n}?", f"The fine for kind {n} is {n} pence.") for n in range(5)
    ]
    index = index_rows([*near, ("Fine?", "All is well.")])
    outcome = answer("fine?", index)
    assert isinstance(outcome, Answer)
    assert outcome.text == "All is well."
    for question, words in near:
        asked = answer(question, index)
        assert isinstance(asked, Answer)
        assert asked.text == words
