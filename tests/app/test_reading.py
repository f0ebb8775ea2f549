"""What a reader does: ask, follow a citation, be refused, browse, filter, all of it also by keyboard and on a phone."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from assistant.answer import answer
from assistant.records import Answer
from index.reader import Index
from tests.app.conftest import Open, settled

pytestmark = [pytest.mark.browser, pytest.mark.model]

QUESTION = "Do grants have to follow the same rules as contracts?"
UNANSWERABLE = "Where is the best pizza in Rome?"


def ask(page: Page, question: str) -> None:
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")


def in_view(page: Page, selector: str) -> bool:
    script = "e => { const box = e.getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight }"
    return bool(page.locator(selector).evaluate(script))


def test_a_question_is_answered_in_exact_words_and_the_citation_leads_to_them(open_page: Open, index: Index) -> None:
    expected = answer(QUESTION, index)
    assert isinstance(expected, Answer)
    page = open_page()
    ask(page, QUESTION)
    expect(page.get_by_role("heading", name="In the words of E3M")).to_be_focused()
    assert parse_qs(urlsplit(page.url).query)["q"] == [QUESTION]
    marks = page.locator("blockquote mark")
    assert [" ".join(text.split()) for text in marks.all_inner_texts()] == [
        " ".join(citation.quote.split()) for citation in expected.citations
    ]
    first = expected.citations[0]
    expect(page.get_by_role("link", name="Open at these words").first).to_have_attribute("href", first.link or "")
    page.get_by_role("link", name="Show in the source").first.click()
    mark = page.locator("#quoted-words")
    expect(mark).to_be_focused()
    assert first.quote in mark.evaluate("e => e.textContent")
    assert in_view(page, "#quoted-words")
    page.go_back()
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    expect(page.get_by_role("heading", name="In the words of E3M")).to_be_visible()


def test_the_whole_answer_has_the_sentences_marked(open_page: Open, index: Index) -> None:
    expected = answer(QUESTION, index)
    assert isinstance(expected, Answer)
    page = open_page(f"/?q={quote(QUESTION)}")
    page.get_by_text("Read the whole answer").click()
    words = page.locator(".cw-words")
    expect(words).to_be_visible()
    marked = " ".join(" ".join(words.locator("mark").all_inner_texts()).split())
    assert marked == " ".join(" ".join(citation.quote for citation in expected.citations).split())


def test_an_example_and_a_related_question_are_asked_by_a_click(open_page: Open, index: Index) -> None:
    page = open_page()
    example = index.corpus.topic[0].examples[0]
    page.get_by_role("link", name=example).click()
    expect(page.get_by_label("Your question")).to_have_value(example)
    expect(page.locator("#result")).to_be_focused()
    expect(page.get_by_role("heading", name="Related questions")).to_be_visible()
    page.locator("h2", has_text="Related questions").scroll_into_view_if_needed()
    page.get_by_role("listitem").get_by_role("link").first.click()
    expect(page.get_by_label("Your question")).not_to_have_value(example)
    expect(page.locator("#result")).to_be_focused()


def test_what_the_pages_do_not_answer_is_refused_with_a_way_to_ask_people(open_page: Open, index: Index) -> None:
    page = open_page(f"/?q={quote(UNANSWERABLE)}")
    expect(page.get_by_role("heading", name="The pages do not answer this")).to_be_visible()
    expect(page.locator("blockquote")).to_have_count(0)
    address = page.get_by_role("link", name="Send your question by e-mail").get_attribute("href") or ""
    assert address.startswith(f"mailto:{index.corpus.contact}?")
    assert parse_qs(urlsplit(address).query)["body"] == [UNANSWERABLE]
    expect(page.get_by_role("heading", name="The closest questions")).to_be_visible()


def test_an_unclear_question_offers_questions_to_pick_from(open_page: Open, unclear: str) -> None:
    page = open_page(f"/?q={quote(unclear)}")
    expect(page.get_by_role("heading", name="Did you mean one of these?")).to_be_visible()
    page.locator(".stButton").get_by_role("button").first.click()
    expect(page.get_by_role("heading", name="In the words of")).to_be_visible()


@pytest.mark.parametrize("odd", ["", "   ", "?", "\U0001f600", "a" * 10_000, "\x00\x07\u202e", "<b>$x$ :smile:</b>"])
def test_odd_questions_get_a_calm_page(open_page: Open, odd: str) -> None:
    page = open_page(f"/?q={quote(odd)}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask the pages")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_question_that_is_too_long_is_cut_and_said_to_be(open_page: Open) -> None:
    page = open_page()
    ask(page, "why " * 200)
    expect(page.get_by_text("Only the first 500 characters of the question were used.")).to_be_visible()


def test_asking_nothing_says_so(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".cw-say", has_text="Type a question first.")).to_be_visible()


def test_browse_filters_and_each_entry_has_an_address(open_page: Open, index: Index) -> None:
    page = open_page("/browse")
    entries = page.get_by_test_id("stExpander")
    expect(entries).to_have_count(len(index.entries))
    search = page.get_by_label("Search the questions and answers")
    search.fill("light touch")
    search.press("Enter")
    texts = (" ".join((entry.question, *entry.answer, *entry.alternates)).lower() for entry in index.entries)
    expect(entries).to_have_count(sum("light" in text and "touch" in text for text in texts))
    entries.first.locator("summary").click()
    expect(page.locator(".cw-words:visible").first).to_be_visible()
    page.wait_for_url("**/browse?*entry=*")
    address = urlsplit(page.url)
    again = open_page(f"{address.path}?{address.query}")
    expect(again.locator(".cw-words:visible")).to_have_count(1)
    closed = again.locator("details:not([open]) summary")
    closed.first.click()
    expect(again.locator(".cw-words:visible")).to_have_count(2)


def test_sources_lead_to_the_stored_page(open_page: Open, index: Index) -> None:
    page = open_page("/sources")
    expect(page.get_by_role("link", name="Read the stored page")).to_have_count(len(index.captures))
    expect(page.get_by_role("row")).to_have_count(len(index.entries) + 1)
    page.get_by_role("link", name="Read the stored page").first.click()
    text = next(iter(index.captures.values()))
    expect(page.locator(".cw-capture")).to_be_visible()
    assert page.locator(".cw-capture").evaluate("e => e.textContent") == text


@pytest.mark.parametrize(
    "query", ["path=../../etc/passwd", "path=pages/your-questions-answered.txt&start=9&end=3", "start=x&end=-1", ""]
)
def test_a_wrong_address_of_a_stored_page_is_no_error(open_page: Open, query: str) -> None:
    page = open_page(f"/capture?{query}")
    expect(page.locator("#quoted-words")).to_have_count(0)
    expect(page.get_by_text("went wrong")).to_have_count(0)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what has this name, as somebody without a mouse does."""
    script = """() => { let e = document.activeElement;
        while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
        return (e?.getAttribute("aria-label") || e?.innerText || "").trim() }"""
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(str(page.evaluate(script)))
        if seen[-1].endswith(name) and len(seen[-1]) < len(name) + 40:  # an icon's name may stand before it
            return
    pytest.fail(f"Tab does not lead to {name!r}, only to {seen}")


def test_the_keyboard_is_enough(open_page: Open) -> None:
    page = open_page()
    tab_to(page, "Your question")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_be_focused()
    tab_to(page, "Source 1")
    tab_to(page, "Open at these words")
    tab_to(page, "Show in the source")
    page.keyboard.press("Enter")
    expect(page.locator("#quoted-words")).to_be_focused()
    page.go_back()
    settled(page)
    tab_to(page, "Yes")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="That was noted.")).to_be_visible()
    tab_to(page, "Browse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Browse all questions")


@pytest.mark.parametrize(
    "path",
    ["/", f"/?q={quote(QUESTION)}", f"/?q={quote(UNANSWERABLE)}", "/browse", "/sources",
     "/capture?path=pages/your-questions-answered.txt&start=600&end=700"],
)  # fmt: skip
def test_a_phone_shows_every_page_without_scrolling_sideways(open_page: Open, path: str) -> None:
    page = open_page(path, width=390)
    for name in ("Ask", "Browse", "Sources"):
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.get_by_test_id("stMain").evaluate("e => e.scrollWidth") <= 390


def test_nothing_is_fetched_from_elsewhere(open_page: Open, app: str) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{app}/?q={quote(QUESTION)}")
    expect(page.locator("#result")).to_be_visible()
    assert [url for url in asked if not url.startswith((app, "data:", "blob:"))] == []
