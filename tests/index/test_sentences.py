from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import split_sentences

CASES = [
    ("", []),
    ("   ", []),
    ("One sentence only", ["One sentence only"]),
    ("Certainly. A bond pays.", ["Certainly.", "A bond pays."]),
    ("Who pays? The council! Really.", ["Who pays?", "The council!", "Really."]),
    ("He said “stop.” Then we left.", ["He said “stop.”", "Then we left."]),
    ("“Stop.” “Go on.”", ["“Stop.”", "“Go on.”"]),
    ("See Dr. Smith, e.g. on Monday. She knows.", ["See Dr. Smith, e.g. on Monday.", "She knows."]),
    ("J. K. Rowling wrote it. Twice.", ["J. K. Rowling wrote it.", "Twice."]),
    ("It costs £1.50 a day. Or 2.5 euros.", ["It costs £1.50 a day.", "Or 2.5 euros."]),
    ("1. Use the regime. 2. Publish.", ["1. Use the regime.", "2. Publish."]),
    ("The act of 2012. 14 days later it came.", ["The act of 2012.", "14 days later it came."]),
    ("lower case. goes on", ["lower case. goes on"]),
    ("Ask the U.S. Department of State. It knows.", ["Ask the U.S. Department of State.", "It knows."]),
    ("See No. 5 and Reg. 12. No. That is all.", ["See No. 5 and Reg. 12.", "No.", "That is all."]),
    ("Ask Cllr. Patel (tel. 020 1234). She knows.", ["Ask Cllr. Patel (tel. 020 1234).", "She knows."]),
    (
        "Any of: (a) a loan; (b) a grant; or (c) both. No more.",
        ["Any of: (a) a loan; (b) a grant; or (c) both.", "No more."],
    ),
    ("Wait… Now.", ["Wait…", "Now."]),
]


@pytest.mark.parametrize(("text", "sentences"), CASES)
def test_sentences_are_found(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


@given(st.text(alphabet=st.sampled_from("ab .?!“”\n1A’("), max_size=60))
def test_nothing_but_white_space_is_left_out(text: str) -> None:
    spans = split_sentences(text)
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
    assert spans == sorted(spans)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
