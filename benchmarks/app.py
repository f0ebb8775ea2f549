"""The app in a browser: how soon a page can be used, and how soon the answer is on the screen.

    python -m benchmarks.app [--home DIR] [--starts 3] [--visits 10]

Each page keeps its own time, frame by frame, so the driver's way to it is not in the figures. Prints the minimum,
median, 95th percentile and maximum of each in milliseconds; a trivial app shows what of them is Streamlit's own.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import numpy as np

from assistant.answer import answer
from assistant.home import default_home
from assistant.records import Answer, Clarification, Outcome, Refusal
from index.errors import IndexUnusable
from index.reader import Index, open_index

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TESTSET = Path("corpus/testset.jsonl")
OF_EACH = 7  # questions of each outcome
START = 60  # seconds a server may take until it answers
SHOWN = 60_000  # milliseconds a page may take

# What the least app costs: a box whose text comes back. What is above it is Citewell's.
TRIVIAL = """
import streamlit as st
st.title("Trivial", anchor=False)
with st.form("ask", border=False):
    said = st.text_input("Your question")
    st.form_submit_button("Ask")
if said:
    st.html(f'<h2 id="result">{said}</h2>')
"""

# Runs in every page before anything of it does. `window.since(start, wanted)` resolves to the milliseconds from
# `start` to the first frame in which `wanted` is on the screen: a selector, words that stand in it, and none of the
# marks of a page that is still loading or shows what was there before.
CLOCK = """
window.entered = 0;
addEventListener("keydown", (event) => { if (event.key === "Enter") window.entered = performance.now(); }, true);
addEventListener("click", () => { window.clicked = performance.now(); }, true);
const squeeze = (text) => text.replace(/\\s+/g, " ").trim();
const shown = ({ selector, words }) => [...document.querySelectorAll(selector)].some((each) =>
  each.getClientRects().length && !each.disabled && squeeze(each.textContent).includes(squeeze(words)) &&
  !each.closest("[data-stale=true]"));
window.since = (start, wanted) => new Promise((resolve) => {
  const look = () => {
    if (shown(wanted) && !document.querySelector("[data-testid=stSkeleton], [data-testid=stAppSkeleton]"))
      resolve(performance.now() - window[start]);
    else requestAnimationFrame(look);
  };
  look();
});
window.opened = 0;
window.usable = new Promise((resolve) => addEventListener("DOMContentLoaded", () =>
  window.since("opened", { selector: "[aria-label='Your question']", words: "" }).then(resolve)));
"""


def main() -> None:
    """Measure a server's first visitor, later ones, questions, and the ways between the pages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--home", type=Path, default=default_home(), help="where the index lives")
    parser.add_argument("--starts", type=int, default=3, help="servers to start, each for its first visit")
    parser.add_argument("--visits", type=int, default=10, help="visits of a warm server")
    given = parser.parse_args()
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        sys.exit('benchmarks.app drives a browser with playwright: run `pip install -e ".[test]"` first')
    chromium = os.environ.get("CITEWELL_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        sys.exit("benchmarks.app found no Chromium: install Debian's package chromium, or set CITEWELL_CHROMIUM")
    try:
        index = open_index(given.home)
    except IndexUnusable as unusable:
        sys.exit(f"benchmarks.app: {unusable}")
    print(f"{'':46}{'min':>8} {'p50':>8} {'p95':>8} {'max':>8}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        bench_trivial(browser, given.visits)
        bench_first_visits(browser, given.home, given.starts)
        with citewell(given.home) as address:
            bench_visits(browser, address, given.visits, "a warm server")
            bench_questions(browser, address, index)
            bench_ways(browser, address, index, given.visits)


def bench_trivial(browser: Browser, visits: int) -> None:
    """What of the figures is Streamlit's own."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "trivial.py"
        script.write_text(TRIVIAL, encoding="utf-8")
        port = free_port()
        options = ["--server.headless=true", "--browser.gatherUsageStats=false", "--server.fileWatcherType=none"]
        command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", *options]
        with served(command, port) as address:
            bench_visits(browser, address, visits, "a trivial app")
            with opened(browser, address) as page:
                wanted = [(text, {"selector": "#result", "words": text}) for text in "abcdefghijklmnopqrst"]
                show("a trivial app: Enter to text", [ask(page, *each) for each in wanted])


def bench_first_visits(browser: Browser, home: Path, starts: int) -> None:
    """The first visit of a server as soon as it listens, and of one that was left alone for a while."""
    for name, pause in (("as soon as it listens", 0), ("5 s after it listens", 5)):
        times = []
        for _ in range(starts):
            with citewell(home) as address:
                time.sleep(pause)
                times.append(visit(browser, address)[0])
        show(f"first visit, {name}: box usable", times)


def bench_visits(browser: Browser, address: str, visits: int, name: str) -> None:
    """Visits one after the other, each in a browser that has seen nothing of the app, and each once more."""
    visit(browser, address)
    new, again = zip(*(visit(browser, address) for _ in range(visits)), strict=True)
    show(f"{name}: box usable", new)
    show(f"{name}, seen before: box usable", again)


def bench_questions(browser: Browser, address: str, index: Index) -> None:
    """Enter to answer: the first question of a session, and all of one session."""
    asked = questions(index)
    firsts: list[tuple[Outcome, float]] = []
    for question, outcome in asked:
        with opened(browser, address) as page:
            firsts.append((outcome, ask(page, question, sign(outcome))))
    with opened(browser, address) as page:
        ask(page, "?", {"selector": "#result", "words": ""})
        later = [(outcome, ask(page, question, sign(outcome))) for question, outcome in asked]
    for kind in (Answer, Clarification, Refusal):
        for when, timed in (("first of a session", firsts), ("later", later)):
            show(f"Enter to {kind.__name__}, {when}", [took for outcome, took in timed if isinstance(outcome, kind)])
    show("Enter to outcome, all", [took for _, took in firsts + later])


def questions(index: Index) -> list[tuple[str, Outcome]]:
    """As many questions of each outcome, in turns, so that no two outcomes on end look alike."""
    by_kind: dict[type, list[tuple[str, Outcome]]] = {}
    for row in TESTSET.read_text(encoding="utf-8").splitlines():
        question = json.loads(row)["question"]
        outcome = answer(question, index)
        by_kind.setdefault(type(outcome), []).append((question, outcome))
    spread = (found[:: max(1, len(found) // OF_EACH)][:OF_EACH] for found in by_kind.values())
    return [each for turn in zip_longest(*spread) for each in turn if each]


def sign(outcome: Outcome) -> dict[str, str]:
    """What is on the screen when the outcome is."""
    if isinstance(outcome, Answer):
        return {"selector": ".cw-short mark", "words": outcome.citations[-1].quote}
    said = "Did you mean one of these?" if isinstance(outcome, Clarification) else "The pages do not answer this"
    return {"selector": "#result", "words": said}


def bench_ways(browser: Browser, address: str, index: Index, visits: int) -> None:
    """From page to page by its links, and to a stored page at the quoted words."""
    cited = next(outcome for _, outcome in questions(index) if isinstance(outcome, Answer))
    browse, sources, capture, start, example = [], [], [], [], []
    offered = [*index.corpus.examples, *(each for topic in index.corpus.topic for each in topic.examples)]
    for _ in range(visits):
        with opened(browser, f"{address}/?{urlencode({'q': cited.question})}", sign(cited)) as page:
            capture.append(follow(page, "Show in the source", {"selector": "#quoted-words", "words": ""}))
            browse.append(follow(page, "Browse", heading("Browse all questions")))
            sources.append(follow(page, "Sources", heading("Sources")))
            start.append(follow(page, "Ask", {"selector": "[aria-label='Your question']", "words": ""}))
            if offered:
                example.append(follow(page, offered[0], {"selector": "#result", "words": ""}))
    show("click to the quoted words in the stored page", capture)
    show("click to Browse", browse)
    show("click to Sources", sources)
    show("click to Ask", start)
    show("click on an example to its outcome", example)


def heading(words: str) -> dict[str, str]:
    """The title of a page."""
    return {"selector": "h1", "words": words}


def follow(page: Page, link: str, wanted: dict[str, str]) -> float:
    """Click a link; the milliseconds until what is wanted is on the screen. Waits until the page is at rest."""
    page.get_by_role("link", name=link).first.click()
    took = page.evaluate("wanted => since('clicked', wanted)", wanted)
    rest(page)
    return float(took)


def ask(page: Page, question: str, wanted: dict[str, str]) -> float:
    """Ask as a reader does; the milliseconds from Enter to the outcome. Waits until the page is at rest."""
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")
    took = page.evaluate("wanted => since('entered', wanted)", wanted)
    rest(page)
    return float(took)


def visit(browser: Browser, address: str) -> tuple[float, float]:
    """Open the app in a new browser, then again in the same one; the milliseconds until the box can be used."""
    with opened(browser, address) as page:
        new = page.evaluate("usable")
        page.goto(address)
        return float(new), float(page.evaluate("usable"))


@contextmanager
def opened(browser: Browser, address: str, wanted: dict[str, str] | None = None) -> Iterator[Page]:
    """A page of a browser that has seen nothing of the app, at rest."""
    context = browser.new_context(viewport={"width": 1280, "height": 844})
    context.add_init_script(CLOCK)
    page = context.new_page()
    page.set_default_timeout(SHOWN)
    page.goto(address)
    if wanted:
        page.evaluate("wanted => since('opened', wanted)", wanted)
    else:
        page.evaluate("usable")
    rest(page)
    yield page
    context.close()


def rest(page: Page) -> None:
    """Wait until the server has done all that it was asked."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


@contextmanager
def citewell(home: Path) -> Iterator[str]:
    """`citewell serve` on a free port."""
    port = free_port()
    start = "from assistant.cli import main; main()"
    with served([sys.executable, "-c", start, "serve", "--home", str(home), "--port", str(port)], port) as address:
        yield address


@contextmanager
def served(command: list[str], port: int) -> Iterator[str]:
    """A server from its start until it is ended; gives its address as soon as it says that it is well."""
    address = f"http://localhost:{port}"
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + START
        while not is_well(address):
            if server.poll() is not None or time.monotonic() > until:
                sys.exit(f"`{' '.join(command)}` does not serve; run it to see why")
            time.sleep(0.05)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=10)


def is_well(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):  # noqa: S310  # our own server
            return True
    except (urllib.error.URLError, OSError):
        return False


def free_port() -> int:
    with socket.create_server(("localhost", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def show(name: str, times: Sequence[float]) -> None:
    """Print one line of figures, in milliseconds."""
    if not times:
        return
    figures = (min(times), np.median(times), np.percentile(times, 95), max(times))
    print(f"{name:46}{' '.join(f'{each:8.0f}' for each in figures)}", flush=True)


if __name__ == "__main__":
    main()
