"""The table of docs/reliability.md: its rows are of tests that there are, and are written as told."""

from __future__ import annotations

import re

from tests.conftest import ROOT
from tests.promises import END, HEAD, START, with_rows

PAGE = f"# Title\n{START}\n{HEAD}\n| A | f | 1 | r | `pytest a` |\n| B | f | 1 | r | `pytest b` |\n{END}\nEnd.\n"


def test_rows_take_the_place_of_what_the_same_tests_told_before() -> None:
    told = with_rows(PAGE, {"`pytest b` |", "`pytest c` |"}, ["| C | f | 2 | r | `pytest c` |"])
    assert told == PAGE.replace("| B | f | 1 | r | `pytest b` |", "| C | f | 2 | r | `pytest c` |")
    assert with_rows(f"{START}\n{END}", set(), ["| A | `pytest a` |"]) == f"{START}\n{HEAD}\n| A | `pytest a` |\n{END}"


def test_every_row_is_of_a_test() -> None:
    page = (ROOT / "docs/reliability.md").read_text("utf-8")
    rows = re.findall(r"`pytest ([\w/.]+)::(\w+)[^`]*` \|$", page, re.MULTILINE)
    assert len(rows) == page.split(START)[1].split(END)[0].count("`pytest ")
    assert rows
    for path, name in rows:
        assert f"def {name}(" in (ROOT / path).read_text("utf-8"), (path, name)
