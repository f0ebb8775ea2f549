from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.spelling import Spelling
from index.tally import Tally

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
    return Spelling.of(Tally.of(PAGES, ASKED))


@pytest.mark.parametrize(("text", "corrected"), CASES)
def test_only_what_is_misspelt_and_known_changes(text: str, corrected: str, words: Spelling) -> None:
    assert words.correct(text) == corrected


def test_slips_are_read_as_the_words_that_were_meant(tmp_path: Path) -> None:
    Spelling.of(Tally.of(SLIPS["pages"], SLIPS["questions"])).write(tmp_path)
    opened = Spelling.open(tmp_path)
    assert [[text, opened.correct(text)] for text, _ in SLIPS["corrected"]] == SLIPS["corrected"]


def test_without_any_words_only_the_dictionary_is_known(tmp_path: Path) -> None:
    Spelling.of(Tally.of([])).write(tmp_path)
    assert Spelling.open(tmp_path).correct("how does the concil mesure it") == "how does the concil mesure it"


def test_a_rebuilt_spelling_is_byte_for_byte_one_that_is_made_from_nothing(tmp_path: Path) -> None:
    pages, asked = SLIPS["pages"], SLIPS["questions"]
    Spelling.of(Tally.of(pages[:8], asked[:8])).write(tmp_path / "before")
    known = Spelling.open(tmp_path / "before").tally
    come, gone = Tally.of(pages[8:], asked[8:]), Tally.of(pages[:2], asked[:2])
    Spelling.of(known.changed(come, gone)).write(tmp_path / "again")
    Spelling.of(Tally.of(pages[2:], asked[2:])).write(tmp_path / "anew")
    assert _files_of(tmp_path / "again") == _files_of(tmp_path / "anew")


def _files_of(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.npy")}
