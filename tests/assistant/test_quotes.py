from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.quotes import choose_quotes
from assistant.records import Quote
from index.build import build_index
from index.material import Material
from index.reader import Index
from index.search import make_query
from index.sentences import split_sentences
from ingest.entries import read_ready_made
from ingest.records import Corpus
from tests.conftest import ROOT, HashedWords

DATA = ROOT / "tests" / "data" / "quotes"
MADE_UP = json.loads((DATA / "made-up.json").read_text(encoding="utf-8"))
BUNDLED = json.loads((DATA / "bundled.json").read_text(encoding="utf-8"))

# Paragraphs of short pieces that mean something to the rules, in any order.
PIECES = [
    "Yes.",
    "This is so.",
    "The hall is let.",
    "But it rains!",
    "Such as:",
    "e.g. No. 5",
    "“Stop.”",
    "long " * 40 + "end.",
    "Ⅷ … ?",
]
PARAGRAPHS = st.builds(
    lambda marker, pieces: marker + " ".join(pieces),
    st.sampled_from(["", "", "• ", "1. ", "2. "]),
    st.lists(st.sampled_from(PIECES) | st.text(min_size=1, max_size=20), min_size=1, max_size=6),
).filter(lambda text: text.strip())


def index_of(question: str, answer: list[str]) -> Index:
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.jsonl"
        rows.write_text(json.dumps({"question": question, "answer": answer}) + "\n", encoding="utf-8")
        made = read_ready_made(rows)
        material = Material(Corpus("", (made.capture.source,)), made.entries, {made.capture.path: made.capture.text})
        return build_index(Path(folder) / "home", material, HashedWords(), lambda index: b"").index


def quotes_for(index: Index, question: str, position: int = 0) -> tuple[Quote, ...]:
    return choose_quotes(index, make_query(index, question, index.encoder.encode([question])[0]), position)


@pytest.mark.parametrize("case", MADE_UP, ids=lambda case: case["name"])
def test_the_words_that_answer_are_quoted(case: dict[str, Any]) -> None:
    quotes = quotes_for(index_of(case["entry"], case["answer"]), case["question"])
    assert [quote.text for quote in quotes] == case["expected"]


@pytest.mark.model
@pytest.mark.parametrize("case", BUNDLED, ids=lambda case: case["question"])
def test_the_words_that_answer_are_quoted_from_the_bundled_corpus(index: Index, case: dict[str, Any]) -> None:
    position = index.position(case["entry"])
    assert position is not None
    quotes = choose_quotes(index, make_query(index, case["question"]), position)
    assert [quote.text for quote in quotes] == case["expected"]


@settings(max_examples=30, deadline=None)
@given(st.lists(PARAGRAPHS, min_size=1, max_size=5), st.sampled_from(["Is the hall let?", "Does it rain?", "xyzzy"]))
def test_quotes_are_runs_of_whole_sentences_in_reading_order(answer: list[str], question: str) -> None:
    index = index_of("Which hall?", answer)
    quotes = quotes_for(index, question)
    assert quotes
    assert [quote.passage.paragraph for quote in quotes] == sorted({quote.passage.paragraph for quote in quotes})
    for quote in quotes:
        spans = split_sentences(quote.passage.text)
        assert quote.text == quote.text.strip() != ""
        assert quote.start in {start for start, _ in spans}
        assert quote.end in {end for _, end in spans}
    whole = [quote for quote in quotes if quote.text[-1] in ".!?"]
    assert sum(len(split_sentences(quote.text)) for quote in whole) <= 3
