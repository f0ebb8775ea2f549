"""The gate of the maintainers' pages in a real app: who is let in, by password or by where they are."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.signin import TRIES
from tests.app.client import visit
from tests.app.conftest import ROOT, Open, serve, serve_command, settled
from tests.app.conftest import chromium as chromium_path
from tests.app.test_access import check

pytestmark = [pytest.mark.browser, pytest.mark.model]

PASSWORD = "p\u00e4ssword \u20ac"  # noqa: S105
INSIDE = "Nothing has been measured yet."


@pytest.fixture(scope="module")
def guarded(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """An app with a password, and its log."""
    folder = tmp_path_factory.mktemp("guarded")
    shutil.copytree(home, folder / "home", ignore=shutil.ignore_patterns("evaluations"))
    log = folder / "log.txt"
    with serve(ROOT / "assistant/app_server.py", folder / "home", log, CITEWELL_PASSWORD=PASSWORD) as address:
        yield address, log


def enter(page: Page, password: str) -> None:
    box = page.get_by_label("Password for maintainers")
    box.fill(password)
    box.press("Enter")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_password_lets_in_until_signed_out(open_page: Open, guarded: tuple[str, Path], scheme: str) -> None:
    base, log = guarded
    page = open_page("/quality", base=base, scheme=scheme, width=390)
    expect(page.get_by_text(INSIDE)).to_have_count(0)
    check(page)
    enter(page, "wrong")
    expect(page.get_by_role("alert")).to_have_text("You are not signed in: the password was not accepted. Try again.")
    expect(page.get_by_label("Password for maintainers")).to_have_value("")
    check(page)
    enter(page, PASSWORD)
    expect(page.get_by_text(INSIDE)).to_be_visible()
    settled(page)
    expect(page.locator("input[type=password]")).to_have_count(0)
    assert PASSWORD not in page.content()
    check(page)
    other = open_page("/quality", base=base)
    expect(other.get_by_label("Password for maintainers")).to_be_visible()  # signed in is a session, not a machine
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password for maintainers")).to_be_visible()
    expect(page.get_by_text(INSIDE)).to_have_count(0)
    assert PASSWORD not in log.read_text(errors="replace")


def test_signing_in_leaves_nothing_in_the_browser(open_page: Open, guarded: tuple[str, Path]) -> None:
    page = open_page("/quality", base=guarded[0])
    before = {cookie["name"] for cookie in page.context.cookies()}
    enter(page, PASSWORD)
    expect(page.get_by_text("You are signed in as a maintainer.")).to_be_visible()
    assert {cookie["name"] for cookie in page.context.cookies()} == before
    page.reload()
    expect(page.get_by_label("Password for maintainers")).to_be_visible()


def test_without_a_password_this_computer_alone_is_let_in(
    open_page: Open, home: Path, browser: Browser, tmp_path: Path
) -> None:
    with serve_command(home, tmp_path / "log.txt", "--host", "faq.example") as running:
        check_let_in(open_page, running.address, browser)


def check_let_in(open_page: Open, app: str, browser: Browser) -> None:
    said = "No password is set: this page opens on this computer only."
    page = open_page("/quality", base=app)
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_role("button", name="Measure now")).to_be_visible()
    # A foreign name that leads to this computer, as a rebound name or a proxy has it.
    chromium = browser.browser_type.launch(
        executable_path=chromium_path(), args=["--no-sandbox", "--host-resolver-rules=MAP faq.example 127.0.0.1"]
    )
    stranger = chromium.new_page()
    stranger.goto(f"http://faq.example:{urlsplit(app).port}/quality")
    settled(stranger)
    expect(stranger.get_by_role("heading", name="This page is for maintainers")).to_be_visible()
    expect(stranger.get_by_role("button", name="Measure now")).to_have_count(0)
    check(stranger)
    chromium.close()


@pytest.mark.parametrize(
    "headers", [{"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}, {"Via": "1.1 proxy"}]
)
def test_what_a_proxy_passes_on_is_refused(app: str, headers: dict[str, str]) -> None:
    assert "This page is for maintainers" not in told(app, {})
    assert "This page is for maintainers" in told(app, headers)


def told(app: str, headers: dict[str, str]) -> str:
    """What the app sends to a browser that opens the Quality page, with these headers put there on the way."""
    with visit(app, origin=app, subprotocols=["streamlit"], additional_headers=headers) as reader:
        return reader.open("quality")


def test_too_many_tries_have_to_wait(open_page: Open, guarded: tuple[str, Path]) -> None:
    page = open_page("/quality", base=guarded[0])
    for _ in range(TRIES + 1):
        enter(page, "wrong")
        expect(page.get_by_role("alert")).to_be_visible()
        settled(page)
        expect(page.get_by_label("Password for maintainers")).to_have_value("")
    expect(page.get_by_role("alert")).to_contain_text("Too many tries: try again in")
    enter(page, PASSWORD)
    settled(page)
    expect(page.get_by_text(INSIDE)).to_have_count(0)
