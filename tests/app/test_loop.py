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
    page.get_by_label(label).click()
    page.get_by_role("option", name=option).first.click()
    settled(page)


def decide(page: Page, question: str, *choices: tuple[str, str]) -> None:
    gap = page.locator("[class*=st-key-gap-]", has_text=question)
    if not gap.get_by_role("button", name="Save the decision").count():
        gap.get_by_text("and what to do").click()
    for label, option in choices:
        choose(page, label, option)
    gap.get_by_role("button", name="Save the decision").click()
    expect(page.get_by_role("status").filter(has_text="added to")).to_be_visible()


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
    assert [row["question"] for row in rows] == [LIKEWISE]
    assert citewell(town_folder, "evaluate", "corpus/testset.jsonl", "--save", "before.json").returncode == 0

    decide(gaps, ASKED, ("What to do with them", "An entry answers them"), ("Entry that answers", ENTRY))
    expect(gaps.get_by_text("Run citewell build to use it.")).to_be_visible()
    linked = [json.loads(line) for line in (town_folder / "corpus/alternates.jsonl").read_text("utf-8").splitlines()]
    assert [row["text"] for row in linked][-1:] == [ASKED]

    built = citewell(town_folder, "build")
    assert built.returncode == 0, built.stderr
    answered = open_page(f"/?q={quote(ASKED)}", base=town)
    expect(answered.get_by_role("heading", name="In the words of")).to_be_visible()
    expect(answered.locator("blockquote")).to_contain_text("pence")

    after = citewell(town_folder, "evaluate", "corpus/testset.jsonl", "--json", "--compare", "before.json")
    told = json.loads(after.stdout)
    assert [turn["question"]["question"] for turn in told["comparison"]["wins"]] == [LIKEWISE]
    assert told["comparison"]["losses"] == []
    assert told["overall"]["hit_1"]["value"] == 1.0
