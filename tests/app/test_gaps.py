"""The Gaps page: a form that keeps what is in it, entries that are searched for, and what is said of a decision."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.gaps.log import note_question
from assistant.records import Evidence, Refusal
from ingest.fetch.store import lock_corpus
from ingest.records import Questions
from tests.app.conftest import Open, serve_folder, settled
from tests.app.homes import make_town
from tests.app.states import at_rest
from tests.app.test_access import check

pytestmark = [pytest.mark.browser, pytest.mark.model]

DOG, TELESCOPE, CAFE = "may I bring my dog along", "do you lend telescopes", "where can I get a coffee"
LATE = "Is there a charge for late books?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_town(tmp_path_factory.mktemp("gaps"))


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with serve_folder(folder) as where:
        yield where


def ask(folder: Path, question: str) -> None:
    refused = Refusal(question, 0.1, (), Evidence(0.65, 0.35, question, {}))
    assert note_question(folder / "home", Questions(log=True), refused, datetime.now(UTC))


def open_form(page: Page, question: str) -> None:
    gap = page.locator("[class*=st-key-gap-]").filter(has=page.get_by_role("heading", name=question))
    gap.get_by_text("and what to do").click()
    expect(page.get_by_role("button", name="Save the decision")).to_be_visible()
    settled(page)
    at_rest(page)


def open_choices(page: Page) -> None:
    box = page.get_by_label("Entry that answers")
    box.scroll_into_view_if_needed()  # a list closes when what is under it scrolls
    at_rest(page)
    box.click()


def test_a_form_offers_few_entries_and_keeps_what_is_in_it(open_page: Open, address: str, folder: Path) -> None:
    ask(folder, DOG)
    page = open_page("/gaps", base=address)
    expect(page.get_by_test_id("stCheckbox")).to_have_count(0)
    open_form(page, DOG)
    open_choices(page)
    expect(page.get_by_role("option").first).to_be_visible()
    assert page.get_by_role("option").count() <= 5
    page.keyboard.press("Escape")

    find = page.get_by_label("Find another entry")
    find.fill("is there a charge for late books")
    find.press("Enter")
    settled(page)
    open_choices(page)
    expect(page.get_by_role("option", name=LATE).first).to_be_visible()
    page.get_by_role("option", name=LATE).first.click()
    settled(page)

    ask(folder, f"{DOG}, or may I not")
    ask(folder, TELESCOPE)
    page.locator("[data-testid=stCheckbox] label").first.click()
    settled(page)
    expect(page.get_by_role("heading", name=TELESCOPE)).to_have_count(0)
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("heading", name=TELESCOPE)).to_be_visible()
    expect(page.get_by_test_id("stCheckbox")).to_have_count(2)
    expect(page.get_by_label("Find another entry")).to_have_value("is there a charge for late books")
    expect(page.get_by_label("Entry that answers")).to_have_value(LATE)


def test_what_came_of_a_decision_is_said_once(open_page: Open, address: str, folder: Path) -> None:
    ask(folder, TELESCOPE)
    page = open_page("/gaps", base=address)
    open_form(page, TELESCOPE)
    save = page.get_by_role("button", name="Save the decision")
    with lock_corpus(folder / "corpus"):
        save.click()
        expect(page.get_by_text("is being refreshed already; wait for that to end")).to_be_in_viewport()
    save.click()
    expect(page.get_by_text("Run citewell build to use it.")).to_be_visible()
    expect(page.get_by_text("is being refreshed already")).to_have_count(0)
    expect(page.get_by_role("heading", name=TELESCOPE)).to_have_count(0)
    page.get_by_role("button", name="Refresh").click()
    settled(page)
    expect(page.get_by_text("Run citewell build to use it.")).to_have_count(0)


def test_the_gaps_are_taken_along_as_a_table(open_page: Open, address: str, folder: Path) -> None:
    ask(folder, CAFE)
    page = open_page("/gaps", base=address, width=390, scheme="dark")
    page.get_by_text("Download the gaps").click()
    button = page.get_by_role("button", name="Download as CSV")
    expect(button).to_be_visible()
    at_rest(page)
    check(page)
    with page.expect_download() as loading:
        button.click()
    table = list(csv.DictReader(io.StringIO(Path(loading.value.path()).read_text("utf-8-sig"))))
    assert CAFE in [row["question"] for row in table]
    assert page.request.get(loading.value.url).headers["cache-control"] == "no-store"
