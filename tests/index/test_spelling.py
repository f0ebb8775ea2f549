from __future__ import annotations

import pytest

from index.spelling import Spelling

PAGES = [
    "The council will measure social value",
    "commissioning by councils",
    "a VEAT for Oldham Cares",
    "socail aims",
]
ASKED = ["procurment rules", "procurment", "procurment in councils", "attitudes of the council", "TUPE transfer"]

CASES = [
    ("how does the concil mesure it", "how does the council measure it"),
    ("concils", "councils"),
    ("comissioning", "commissioning"),
    ("what atitudes", "what attitudes"),
    ("bicycle repair", "bicycle repair"),  # spelt rightly, though the index has neither
    ("VEAT and TUPE", "VEAT and TUPE"),
    ("a veat or tupe", "a veat or tupe"),  # acronyms, typed in a hurry
    ("oldham", "oldham"),
    ("oldam", "oldham"),
    ("procurment", "procurment"),  # a slip of those who ask is no model, however frequent
    ("socail", "social"),  # a slip of the pages themselves is no model
    ("xqzzkt", "xqzzkt"),
    ("", ""),
    ("can u 12345", "can u 12345"),
]


@pytest.mark.parametrize(("text", "corrected"), CASES)
def test_only_what_is_misspelt_and_known_changes(text: str, corrected: str) -> None:
    assert Spelling(PAGES, ASKED).correct(text) == corrected
