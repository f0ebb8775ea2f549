from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.spelling import Spelling

SLIPS = json.loads((Path(__file__).parents[1] / "data" / "spelling" / "slips.json").read_text(encoding="utf-8"))

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


@pytest.fixture(scope="module")
def words() -> Spelling:
    return Spelling.of(PAGES, ASKED)


@pytest.mark.parametrize(("text", "corrected"), CASES)
def test_only_what_is_misspelt_and_known_changes(text: str, corrected: str, words: Spelling) -> None:
    assert words.correct(text) == corrected


def test_slips_are_read_as_the_words_that_were_meant(tmp_path: Path) -> None:
    Spelling.of(SLIPS["pages"], SLIPS["questions"]).write(tmp_path)
    opened = Spelling.open(tmp_path)
    assert [[text, opened.correct(text)] for text, _ in SLIPS["corrected"]] == SLIPS["corrected"]


def test_without_any_words_only_the_dictionary_is_known(tmp_path: Path) -> None:
    Spelling.of([]).write(tmp_path)
    assert Spelling.open(tmp_path).correct("how does the concil mesure it") == "how does the concil mesure it"
