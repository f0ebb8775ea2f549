"""What a reader does with an answer: mind its age, compare, copy and print it, go on from it, take it along.

Each as a person would, on a desktop in the light and on a phone in the dark.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from assistant.answer import answer
from assistant.records import Answer
from assistant.sharing import markdown, plain
from index.reader import Index
from tests.app.client import visit
from tests.app.conftest import Open, settled
from tests.app.states import at_rest
from tests.app.test_reading import QUESTION, UNANSWERABLE, ask
from tests.app.test_sessions import questions

pytestmark = [pytest.mark.browser, pytest.mark.model]

DATED = "Did Plymouth use the innovation partnership procedure?"
FOLLOW_UP = "and for loans, is it the same?"
LOOKS = {"desktop": {"width": 1280, "scheme": "light"}, "phone": {"width": 390, "scheme": "dark"}}


@pytest.fixture(params=LOOKS)
def see(request: pytest.FixtureRequest, open_page: Open) -> Callable[..., Page]:
    """Open an address as somebody with that kind of screen does."""

    def see(path: str = "/", **more: str) -> Page:
        page = open_page(path, **LOOKS[request.param], **more)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        return page

    return see


def asked(question: str, **more: str) -> str:
    return "/?" + "&".join(f"{name}={quote(value)}" for name, value in {"q": question, **more}.items())


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_the_box_has_the_focus_and_examples_stand_under_their_topics(see: Callable[..., Page], index: Index) -> None:
    page = see()
    expect(page.get_by_label("Your question")).to_be_focused()
    topic = index.corpus.topic[0]
    expect(page.get_by_role("heading", name=topic.name)).to_be_visible()
    page.get_by_role("link", name=topic.examples[0]).click()
    expect(page.locator("#result")).to_be_focused()
    expect(page.get_by_label("Your question")).to_have_value(topic.examples[0])


def test_a_citation_says_whose_words_and_from_when(see: Callable[..., Page], index: Index) -> None:
    page = see(asked(DATED))
    source = page.locator("#source-1")
    expect(source).to_have_text("[1] Your questions answered, E3M · dated 8 June 2021")
    expect(page.locator(".cw-caution", has_text=index.corpus.freshness[0].say)).to_be_visible()
    link = page.get_by_role("link", name="Open at these words").first.get_attribute("href") or ""
    assert "#:~:text=" in link
    undated = see(asked(QUESTION))
    expect(undated.locator("#source-1")).to_contain_text("date not recorded")
    expect(undated.locator(".cw-caution")).to_have_count(0)


def test_copies_that_differ_are_both_shown(see: Callable[..., Page], town: str) -> None:
    page = see(asked("What is the charge for late books?"), base=town)
    caution = page.locator(".cw-caution", has_text="Another page answers this differently")
    expect(caution).to_contain_text("ten pence")
    expect(caution).to_contain_text("twenty pence")
    page.get_by_text("Read the other answer").click()
    expect(page.locator(".cw-words:visible", has_text=re.compile("fine is (ten|twenty) pence"))).to_be_visible()


def test_what_was_meant_is_picked_by_a_button(see: Callable[..., Page], unclear: str) -> None:
    page = see(asked(unclear))
    page.locator(".stButton").get_by_role("button").first.click()
    expect(page.get_by_role("heading", name="In the words of")).to_be_focused()


def test_copy_link_and_citation(see: Callable[..., Page], index: Index) -> None:
    outcome = answer(QUESTION, index)
    assert isinstance(outcome, Answer)
    page = see(asked(QUESTION))
    wanted = {"Copy with citation": plain(outcome, index), "Copy as Markdown": markdown(outcome, index)}
    for name, words in {**wanted, "Copy link": page.url}.items():
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == words
    again = see(f"/?{urlsplit(page.url).query}")
    expect(again.locator("blockquote mark").first).to_have_text(outcome.citations[0].quote, use_inner_text=True)


def test_a_print_has_the_words_and_their_sources_and_no_controls(see: Callable[..., Page], index: Index) -> None:
    outcome = answer(QUESTION, index)
    assert isinstance(outcome, Answer)
    page = see(asked(QUESTION))
    expect(page.locator("#result")).to_be_visible()
    page.emulate_media(media="print")
    paper = page.locator(".cw-paper")
    for citation in outcome.citations:
        expect(paper).to_contain_text(f"“{citation.quote}” [{citation.number}]")
        expect(paper).to_contain_text(citation.url or "")
    expect(paper.get_by_role("heading", level=1)).to_have_text(QUESTION)
    assert paper.evaluate("e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]") == [
        "rgb(0, 0, 0)",
        "rgb(255, 255, 255)",
    ]
    for hidden in ("Ask the pages", "Print", "Did this answer your question?", "Related questions"):
        expect(page.get_by_text(hidden, exact=True).first).to_be_hidden()


def test_a_follow_up_carries_the_topic_which_can_be_put_down(see: Callable[..., Page], index: Index) -> None:
    page = see(asked(QUESTION))
    expect(page.locator("#result")).to_be_visible()
    ask(page, FOLLOW_UP)
    expect(page.get_by_text("Going on from:")).to_be_visible()
    before = answer(QUESTION, index)
    assert isinstance(before, Answer)
    assert query(page)["after"] == [before.entry.id]
    page.get_by_role("button", name="Ask it on its own").click()
    expect(page.get_by_text("Going on from:")).to_have_count(0)
    expect(page.locator("#result")).to_be_focused()
    assert query(page) == {"q": [FOLLOW_UP]}
    ask(page, QUESTION)
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    expect(page.get_by_text("Going on from:")).to_have_count(0)


def test_a_source_or_topic_narrows_the_question(see: Callable[..., Page], index: Index) -> None:
    page = see(asked("How is social value measured?"))
    expect(page.get_by_role("heading", name="In the words of")).to_be_visible()
    page.get_by_text("Looking in all pages").click()
    at_rest(page)
    page.get_by_label("Topic").click()
    page.get_by_role("option", name="Getting started").click()
    expect(page.get_by_role("heading", name="This part of the pages does not answer this")).to_be_visible()
    assert query(page)["topic"] == ["Getting started"]
    page.get_by_role("button", name="Look in all pages").click()
    expect(page.get_by_role("heading", name="In the words of")).to_be_focused()
    assert "topic" not in query(page)


def test_the_questions_of_a_visit_are_listed_and_taken_along(see: Callable[..., Page]) -> None:
    page = see()
    formula = '=HYPERLINK("https://example.org")'
    for question in (QUESTION, UNANSWERABLE, formula):
        ask(page, question)
        expect(page.locator("#result")).to_be_visible()
        page.wait_for_url(lambda url, question=question: parse_qs(urlsplit(url).query).get("q") == [question])
        settled(page)
    page.get_by_text("Your questions in this visit (3)").click()
    rows = page.locator(".st-key-visit").get_by_role("listitem")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("not answered")
    at_rest(page)  # the button slides down as the list opens: what is pressed and let go must be one thing

    with page.expect_download() as loading:
        page.get_by_role("button", name="Download as Markdown").click()
    text = Path(loading.value.path()).read_text("utf-8")
    assert text.startswith("# Questions to “From Procurement to Partnership”")
    assert text.count("\n## ") == 3
    with page.expect_download() as loading:
        page.get_by_role("button", name="Download as CSV").click()
    table = list(csv.DictReader(io.StringIO(Path(loading.value.path()).read_text("utf-8-sig"))))
    assert [row["outcome"] for row in table][:2] == ["Answered", "Not answered"]
    assert table[2]["question"] == f"'{formula}"
    rows.last.get_by_role("link").click()
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)


def test_a_file_stays_there_while_its_list_is_open_whoever_asks(see: Callable[..., Page], app: str) -> None:
    page = see(asked(QUESTION))
    page.get_by_text("Your questions in this visit (1)").click()
    expect(page.locator(".st-key-visit").get_by_role("listitem")).to_have_count(1)
    at_rest(page)
    with page.expect_download() as loading:
        page.get_by_role("button", name="Download as CSV").click()
    with visit(app) as other:
        for question in questions("later", 3):
            other.ask(question)
    again = page.request.get(loading.value.url)
    assert again.ok
    assert again.headers["cache-control"] == "no-store"
    assert again.body() == Path(loading.value.path()).read_bytes()


def test_an_answer_that_did_not_help_is_noted_with_its_reason(see: Callable[..., Page]) -> None:
    page = see(asked(QUESTION))
    page.get_by_role("button", name="No", exact=True).click()
    reason = page.get_by_label("What was missing?")
    reason.fill("It says nothing about loans.")
    expect(page.get_by_text("Kept for whoever looks after these pages")).to_be_visible()
    page.get_by_role("button", name="Send the reason").click()
    expect(page.get_by_role("status").filter(has_text="Thank you. That was noted.")).to_be_visible()


def test_an_answer_that_helped_is_noted(see: Callable[..., Page]) -> None:
    page = see(asked(QUESTION))
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="That was noted.")).to_be_visible()
    ask(page, DATED)
    expect(page.get_by_role("button", name="Yes", exact=True)).to_be_visible()
