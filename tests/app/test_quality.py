"""The Quality page: measure, read the figures, open a failure's explanation and come back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.app.conftest import ROOT, Open, serve, settled
from tests.app.states import at_rest
from tests.app.test_access import check

pytestmark = [pytest.mark.browser, pytest.mark.model]

QUESTIONS = 40  # of the test set, every so many of it


@pytest.fixture(scope="module")
def measured(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """An app with a small test set, of which one question can not go right; and its corpus folder."""
    folder = tmp_path_factory.mktemp("quality")
    shutil.copytree(home, folder / "home", ignore=shutil.ignore_patterns("evaluations"))
    (folder / "corpus").mkdir()
    rows = [json.loads(line) for line in (ROOT / "corpus/testset.jsonl").read_text("utf-8").splitlines()]
    sample = rows[:: len(rows) // QUESTIONS]
    question = "Do grants have to follow the same rules as contracts?"
    sample.append({"id": "wrong", "question": question, "relevant": [], "kind": "<b>odd</b> kind"})
    (folder / "corpus/testset.jsonl").write_text("".join(json.dumps(row) + "\n" for row in sample), "utf-8")
    corpus = folder / "corpus"
    with serve(
        ROOT / "assistant/app_server.py", folder / "home", folder / "log.txt", CITEWELL_CORPUS=str(corpus)
    ) as address:
        yield address, corpus


def measure(page: Page) -> None:
    page.get_by_role("button", name="Measure now").click()


def test_a_measurement_is_kept_shown_and_compared(open_page: Open, measured: tuple[str, Path]) -> None:
    page = open_page("/quality", base=measured[0])
    expect(page.get_by_text("Nothing has been measured yet.")).to_be_visible()
    check(page)
    measure(page)
    expect(page.get_by_label("Run")).to_be_visible()
    settled(page)
    runs = measured[1].parent / "home" / "evaluations"
    assert len(list(runs.glob("*.json"))) == 1
    expect(page.get_by_text("There is no earlier run of this test set to compare with.")).to_be_visible()
    expect(page.get_by_text("The right entry is found first (hit@1)")).to_be_visible()
    measure(page)
    expect(page.get_by_role("heading", name="Since the run before")).to_be_visible()
    expect(page.get_by_text("0 questions won, 0 lost.")).to_be_visible()
    assert len(list(runs.glob("*.json"))) == 2
    expect(page.locator("img.cw-plot")).to_have_count(4)
    for image in page.locator("img.cw-plot").all():
        assert len(image.get_attribute("alt") or "") > 40
        assert image.evaluate("image => image.complete && image.naturalWidth > 0")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        settled(page)
        check(page)


def test_a_failure_is_one_click_from_its_explanation(open_page: Open, measured: tuple[str, Path]) -> None:
    page = open_page("/quality", base=measured[0], width=390, scheme="dark")
    if page.get_by_text("Nothing has been measured yet.").count():
        measure(page)
    at_rest(page)
    page.get_by_text("What went wrong", exact=True).click()
    expect(page.get_by_role("heading", name="<b>odd</b> kind: 1 of 1 question")).to_be_visible()
    check(page)
    at_rest(page)
    page.get_by_role("link", name="Do grants have to follow the same rules as contracts?").click()
    expect(page.get_by_role("heading", name="Why this outcome")).to_be_focused()
    expect(page.get_by_text("The outcome: answered.")).to_be_visible()
    expect(page.get_by_role("heading", name="What speaks for and against the first entry")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(6)  # three entries, features, unanswered questions, sentences
    settled(page)
    check(page)
    address = urlsplit(page.url)
    assert parse_qs(address.query)["explain"] == ["Do grants have to follow the same rules as contracts?"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    again = open_page(f"/quality?{address.query}", base=measured[0])
    expect(again.get_by_role("heading", name="Why this outcome")).to_be_visible()
    check(again)
    again.get_by_role("link", name="Back to the figures").click()
    expect(again.get_by_label("Run")).to_be_visible()


@pytest.mark.parametrize("odd", ["%3F!", "%00%07", "<script>alert(1)</script>", "a" * 3000, "%20"])
def test_odd_questions_are_explained_calmly(open_page: Open, measured: tuple[str, Path], odd: str) -> None:
    page = open_page(f"/quality?explain={odd}", base=measured[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("Quality")
    expect(page.get_by_text("went wrong", exact=False).filter(has_text="Something")).to_have_count(0)


def test_without_a_test_set_it_says_what_to_do(open_page: Open, measured: tuple[str, Path]) -> None:
    aside = measured[1] / "aside"
    testset = measured[1] / "testset.jsonl"
    testset.rename(aside)
    try:
        page = open_page("/quality", base=measured[0])
        expect(page.get_by_role("button", name="Measure now")).to_be_disabled()
        expect(page.get_by_text("There is no test set")).to_contain_text("citewell make-testset")
        check(page)
    finally:
        aside.rename(testset)


def test_a_wrong_test_set_is_said_to_be_one(open_page: Open, measured: tuple[str, Path]) -> None:
    testset = measured[1] / "testset.jsonl"
    right = testset.read_bytes()
    testset.write_text('{"id": 1, "question": "?", "relevant": ["nothing"], "kind": "k"}\n')
    try:
        page = open_page("/quality", base=measured[0])
        page.get_by_role("button", name="Measure now").click()
        expect(page.get_by_role("heading", name="Nothing was measured")).to_be_visible()
        expect(page.get_by_text("the index has no entry 'nothing'")).to_be_visible()
        check(page)
    finally:
        testset.write_bytes(right)
