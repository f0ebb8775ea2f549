"""A question that the app could not answer: asked, seen by a maintainer, decided, built, answered, measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.app.conftest import ROOT, Open, settled
from tests.app.states import at_rest

pytestmark = [pytest.mark.browser, pytest.mark.model]

ASKED = "Will I be punished if I bring it back tomorrow?"
LIKEWISE = "Do I get into trouble for returning something after the day?"
ENTRY = "Is there a charge for late books?"


def citewell(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as from a shell, on the corpus and home of ``folder``."""
    where = {"CITEWELL_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from assistant.cli import run; run()", *arguments]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **where}, capture_output=True, text=True, timeout=300, check=False
    )


def choose(page: Page, label: str, option: str) -> None:
    box = page.get_by_label(label)
    box.scroll_into_view_if_needed()  # a list closes when what is under it scrolls
    at_rest(page)
    box.click()
    page.get_by_role("option", name=option).first.click()
    settled(page)


def decide(page: Page, wording: str, *choices: tuple[str, str]) -> None:
    """Decide on one wording of the gap that there is."""
    page.get_by_text("and what to do").click()
    expect(page.get_by_role("button", name="Save the decision")).to_be_visible()
    settled(page)
    at_rest(page)
    for other in page.get_by_test_id("stCheckbox").all():
        if other.inner_text().strip() != wording:
            other.locator("label").click()
            settled(page)
    for label, option in choices:
        choose(page, label, option)
    page.get_by_role("button", name="Save the decision").click()
    expect(page.get_by_text("Run citewell build to use it.")).to_be_visible()


def test_from_a_refusal_to_an_answer(open_page: Open, town: str, town_folder: Path) -> None:
    testset = town_folder / "corpus/testset.jsonl"
    for question in (ASKED, LIKEWISE):
        page = open_page(f"/?q={quote(question)}", base=town)
        expect(page.get_by_role("heading", name="In the words of")).to_have_count(0)
        page.close()

    gaps = open_page("/gaps", base=town)
    decide(gaps, LIKEWISE, ("What to do with them", "Measure with them"), ("Entry that should answer", ENTRY))
    gaps.reload()
    settled(gaps)
    expect(gaps.get_by_text(LIKEWISE)).to_have_count(0)
    rows = [json.loads(line) for line in testset.read_text("utf-8").splitlines()]
    assert rows[-1]["question"] == LIKEWISE
    assert citewell(town_folder, "evaluate", "corpus/testset.jsonl", "--save", "before.json").returncode == 0

    decide(gaps, ASKED, ("What to do with them", "An entry answers them"), ("Entry that answers", ENTRY))
    linked = [json.loads(line) for line in (town_folder / "corpus/alternates.jsonl").read_text("utf-8").splitlines()]
    assert [row["text"] for row in linked][-1:] == [ASKED]

    built = citewell(town_folder, "build")
    assert built.returncode == 0, built.stderr
    answered = open_page(f"/?q={quote(ASKED)}", base=town)
    expect(answered.get_by_role("heading", name="In the words of")).to_be_visible()
    expect(answered.locator(".st-key-answer blockquote")).to_contain_text("pence")

    after = citewell(town_folder, "evaluate", "corpus/testset.jsonl", "--json", "--compare", "before.json")
    told = json.loads(after.stdout)
    assert LIKEWISE in [turn["question"]["question"] for turn in told["comparison"]["wins"]]
    assert told["comparison"]["losses"] == []
    tested = next(row for row in told["asked"] if row["question"]["question"] == LIKEWISE)
    assert tested["ranked"][0] in tested["question"]["relevant"]
