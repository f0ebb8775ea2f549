"""A corpus of what breaks pages, and readers who ask it: all of it is shown as written, and nothing of it runs.

The strings are public lists (DOMPurify's, Streamlit's own fixes, the big list of naughty strings). They are indexed as
the pages of a corpus, with their titles and headings, and as ready-made rows, and put into the box of the app.
"""

from __future__ import annotations

import html
import json
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.app_browse import PAGE
from assistant.refusal import calibrate
from assistant.text import LONGEST_QUESTION, one_line
from index.build import build_index
from index.encoder import load_encoder
from index.material import Material
from index.reader import Index, open_index
from ingest.entries import read_ready_made
from tests.app.conftest import ROOT, serve, settled
from tests.app.test_hostile import plain, unlisted
from tests.conftest import material_of
from tests.promises import Shown

pytestmark = [pytest.mark.browser, pytest.mark.model]

LISTS = {"xss_dompurify.jsonl": "payload", "markdown_render.jsonl": "markdown", "naughty_strings.jsonl": "s"}
SOME = 7  # every n-th string is asked where not all are
LONGEST = 2000  # characters; longer ones say nothing new

# Before anything of a page runs: what a script in the strings would do is noted, and does not hold the page up.
CANARY = """window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = (...all) => { ran.push([name, ...all]) };
"""

# What could run or lead astray: handlers in attributes, and addresses that are neither of the web nor of the page.
# Components keep their elements in shadow roots.
DANGERS = """() => {
  const dangers = [];
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        const address = /^(href|src|srcset|action|formaction|data|poster|xlink:href|background|ping)$/i.test(name);
        const scheme = address && value.replace(/[\\u0000-\\u0020]/g, "").match(/^[a-z][a-z0-9+.-]*:/i);
        if (/^on|^srcdoc$/i.test(name) || (scheme && !/^(https?|mailto):/i.test(scheme[0])))
          dangers.push(`${element.tagName} ${name}=${value.slice(0, 100)}`);
      }
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(document.body);
  return [...dangers, ...window.ran.map(String)];
}"""

OPEN_ALL = "all => all.filter(each => !each.closest('details').open).forEach(each => each.click())"


EXPANDER = "[data-testid=stExpander]"
OWN_WORDS = f".cw-words:not({EXPANDER} {EXPANDER} *)"  # not those of another answer, which a conflict shows within


class Hostile(NamedTuple):
    """An app over hostile text."""

    address: str
    index: Index


@pytest.fixture(scope="module")
def strings(test_data: Path) -> list[str]:
    """The lists' strings that are anything on a line, each once."""
    found: list[str] = []
    for name, field in LISTS.items():
        rows = (test_data / "robustness" / name).read_text("utf-8").strip().split("\n")
        found += [json.loads(row)[field] for row in rows]
    return [text for text in dict.fromkeys(found) if one_line(text) and len(text) < LONGEST]


@pytest.fixture(scope="module")
def of_pages(strings: list[str], home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    """The strings in the headings, questions and answers of stored pages, and in what the corpus says of them."""
    corpus, texts = tmp_path_factory.mktemp("pages"), iter(strings)
    (corpus / "pages").mkdir()
    lines = [f"name = {quoted(next(texts))}", f"examples = [{', '.join(map(quoted, islice(texts, 5)))}]"]
    for number in range(3):
        lines += ["[[source]]", f'capture = "pages/{number}.html"', 'kind = "auto"', 'url = "https://pages.example/"']
        lines += [f"{name} = {quoted(next(texts))}" for name in ("title", "publisher", "licence")]
        sections = (
            f"<h2>What does {text} mean?</h2><p>It says {text}, and that is all.</p>"
            for text in map(html.escape, map(one_line, strings[number:300:3]))
        )
        (corpus / f"pages/{number}.html").write_text(f"<main><h1>Page</h1>{''.join(sections)}</main>", "utf-8")
    (corpus / "sources.toml").write_text("\n".join(lines), "utf-8")
    yield from served(material_of(corpus), home, tmp_path_factory.mktemp("of-pages"))


def quoted(text: str) -> str:
    return json.dumps(one_line(text), ensure_ascii=False)


@pytest.fixture(scope="module")
def of_rows(strings: list[str], home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    """Each string as a question, as its own answer, and in the name of its source."""
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    rows = ({"id": n, "question": text, "answer": [text], "source": f"From {text}"} for n, text in enumerate(strings))
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    yield from served(Material.of_ready_made(read_ready_made(path)), home, tmp_path_factory.mktemp("of-rows"))


def served(material: Material, home: Path, folder: Path) -> Iterator[Hostile]:
    shutil.copytree(home / "models", folder / "models")
    build_index(folder, material, load_encoder(home=home), calibrate)
    with serve(ROOT / "assistant/app_server.py", folder, folder / "log.txt") as address:
        yield Hostile(address, open_index(folder))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that notes what should not happen; the test fails when something did."""
    context = browser.new_context()
    context.add_init_script(CANARY)
    page, wrong, asked = context.new_page(), [], []
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    own = page.url.split("/", 3)[2]
    context.close()
    assert wrong == []
    assert [url for url in asked if urlsplit(url).netloc != own and not url.startswith(("data:", "blob:"))] == []


def show(page: Page, address: str) -> None:
    page.goto(address)
    settled(page)


@pytest.mark.parametrize("kind", ["of_pages", "of_rows"])
def test_every_entry_is_shown_as_written(page: Page, kind: str, request: pytest.FixtureRequest) -> None:
    hostile: Hostile = request.getfixturevalue(kind)
    entries = hostile.index.entries
    questions, answers = [], []
    for first in range(0, len(entries), PAGE):
        here = min(PAGE, len(entries) - first)
        show(page, f"{hostile.address}/browse?entry={quote(entries[first].id)}")
        found = page.get_by_test_id("stExpander")
        expect(found).to_have_count(here)
        titles = found.locator("summary [data-testid=stMarkdownContainer]")
        questions += titles.evaluate_all("all => all.map(e => e.textContent)")
        found.locator("summary").evaluate_all(OPEN_ALL)
        words = page.locator(OWN_WORDS)
        expect(words).to_have_count(here)
        settled(page)
        answers += words.evaluate_all("all => all.map(e => e.textContent)")
        assert page.evaluate(DANGERS) == []
    assert differing(questions, [entry.question for entry in entries]) == []
    assert differing(answers, ["".join(map(unlisted, entry.answer)) for entry in entries]) == []


def differing(shown: list[str], written: list[str]) -> list[str]:
    """What is shown but was not written so, or written and not shown: by its characters, in any order."""
    return sorted({*map(plain, shown)} ^ {*map(plain, written)})


@pytest.mark.parametrize("kind", ["of_pages", "of_rows"])
def test_sources_and_stored_pages_are_shown_as_written(page: Page, kind: str, request: pytest.FixtureRequest) -> None:
    hostile: Hostile = request.getfixturevalue(kind)
    show(page, hostile.address)
    assert page.evaluate(DANGERS) == []
    show(page, f"{hostile.address}/sources")
    page.locator("summary").evaluate_all(OPEN_ALL)
    expect(page.locator("details:not([open])")).to_have_count(0)
    settled(page)
    assert page.evaluate(DANGERS) == []
    for path, text in hostile.index.captures.items():
        show(page, f"{hostile.address}/capture?path={quote(path)}&start=10&end=300")
        stored = page.locator(".cw-capture").evaluate("e => e.textContent")
        assert plain(stored.replace("Marked words begin: ", "").replace(" Marked words end. ", "")) == plain(text)
        assert page.evaluate(DANGERS) == []


# The focus comes to the result last: what is typed before would be typed into a page that is about to change.
ANSWERED = """question => new URL(location).searchParams.get("q") === question
  && document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning"
  && document.activeElement?.id === "result" """


def test_strings_are_questions(page: Page, of_rows: Hostile, strings: list[str]) -> None:
    ask_all(page, of_rows, strings[::SOME])


@pytest.mark.soak
def test_every_string_is_a_question(page: Page, of_rows: Hostile, strings: list[str], shown: Shown) -> None:
    asked = ask_all(page, of_rows, strings)
    fault = "strings that break pages (DOMPurify's, Streamlit's, naughty strings) are indexed and asked"
    shown("what pages and people say is text and never runs", fault, asked, "nothing ran, all shown as written")


def ask_all(page: Page, hostile: Hostile, strings: list[str]) -> int:
    """Ask each string in the app; return how many were asked."""
    show(page, hostile.address)
    box = page.get_by_label("Your question")
    questions = dict.fromkeys(one_line(text)[:LONGEST_QUESTION].strip() for text in strings)
    for question in questions:
        box.fill(question)
        box.press("Enter")
        page.wait_for_function(ANSWERED, arg=question)
        assert box.input_value() == question
        assert page.evaluate(DANGERS) == []
    return len(questions)
