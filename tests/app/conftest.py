"""A real app on a free port, and a real browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.answer import answer
from assistant.records import Clarification
from index.reader import Index
from tests.app.homes import make_maintained, make_town

ROOT = Path(__file__).parents[2]
START = 60  # seconds an app may take to listen
POLICY = "Content Security Policy"  # what Chromium calls it in the console
ANSWER = 30_000  # milliseconds a page may take; the first one opens the index and loads the model

expect.set_options(timeout=ANSWER)


def chromium() -> str | None:
    """The browser to use."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CITEWELL_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        reason = "no Chromium found: install Debian's package chromium, or set CITEWELL_CHROMIUM"
        (pytest.fail if os.environ.get("CITEWELL_REQUIRE_BROWSER") == "1" else pytest.skip)(reason)
    with sync_playwright() as playwright:
        # Chromium refuses to run as root with its sandbox, and containers run tests as root.
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


class Running(NamedTuple):
    """An app that listens."""

    address: str
    pid: int


@contextmanager
def serve(script: Path, home: Path, log: Path, **settings: str) -> Iterator[str]:
    """Run an app on a free port, with ``settings`` in its environment; gives its address."""
    with start(script, home, log, **settings) as running:
        yield running.address


@contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """Run the app over the home and the corpus in ``folder``, where its log goes too; gives its address."""
    corpus = {"CITEWELL_CORPUS": str(folder / "corpus")}
    with serve(ROOT / "assistant/app_server.py", folder / "home", folder / "log.txt", **corpus) as address:
        yield address


@contextmanager
def start(script: Path, home: Path, log: Path, **settings: str) -> Iterator[Running]:
    """Run an app on a free port, with ``settings`` in its environment."""
    port = free_port()
    options = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    command = ["-m", "assistant.app_start", "run", str(script), *options]
    with _run(command, port, log, CITEWELL_HOME=str(home), **settings) as running:
        yield running


@contextmanager
def serve_command(home: Path, log: Path, *options: str) -> Iterator[Running]:
    """Run ``citewell serve`` on a free port, with further ``options``."""
    port = free_port()
    call = "from assistant.cli import main; main()"
    with _run(["-c", call, "serve", "--home", str(home), "--port", str(port), *options], port, log) as running:
        yield running


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def _run(command: list[str], port: int, log: Path, **settings: str) -> Iterator[Running]:
    with log.open("wb") as output:
        app = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", app, log)
        yield Running(f"http://127.0.0.1:{port}", app.pid)
    finally:
        app.terminate()
        app.wait(timeout=10)


def _wait(address: str, app: subprocess.Popen[bytes], log: Path) -> None:
    pause = threading.Event()
    for _ in range(START * 10):
        if app.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=1):  # noqa: S310  (our own address)
                return
        except (urllib.error.URLError, OSError):
            pause.wait(0.1)
    pytest.fail(f"the app did not start:\n{log.read_text(errors='replace')}")


@pytest.fixture(scope="session")
def app(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over the bundled corpus."""
    with serve(ROOT / "assistant/app_server.py", home, tmp_path_factory.mktemp("app") / "log.txt") as address:
        yield address


@pytest.fixture(scope="session")
def app_without_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("empty")
    with serve(ROOT / "assistant/app_server.py", folder / "home", folder / "log.txt") as address:
        yield address


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, app: str) -> Iterator[Open]:
    """Open an address of the app and wait until it has settled.

    A script error in the page fails the test, and so does what goes against the page's own policy.
    """
    contexts, errors = [], []

    def opened(path: str = "/", *, width: int = 1280, scheme: str = "light", base: str = app) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if POLICY in said.text else None)
        page.on("dialog", lambda dialog: errors.append(f"dialog: {dialog.message}"))
        page.goto(base + path)
        settled(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def settled(page: Page) -> None:
    """Wait until the page has a title and its script has run to the end."""
    expect(page.locator("h1").first).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


@pytest.fixture(scope="session")
def unclear(index: Index) -> str:
    """A question of the test set that the app answers with a question."""
    rows = (json.loads(row) for row in (ROOT / "corpus/testset.jsonl").read_text("utf-8").splitlines())
    found = next((row["question"] for row in rows if isinstance(answer(row["question"], index), Clarification)), None)
    return found or pytest.skip("no question of the test set leads to a clarification")


@pytest.fixture(scope="session")
def town_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up library of two publishers who differ, indexed with the real model, its questions kept."""
    return make_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="session")
def town(town_folder: Path) -> Iterator[str]:
    """The app over that library."""
    with serve_folder(town_folder) as address:
        yield address


@pytest.fixture(scope="session")
def maintained(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over the bundled corpus, with questions that were kept and runs that were measured."""
    folder = make_maintained(tmp_path_factory.mktemp("maintained"), home)
    with serve_folder(folder) as address:
        yield address
