"""What the privacy note and the accessibility statement say of the browser is so."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.app.conftest import Open, settled
from tests.app.states import ANSWERED
from tests.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.model]

STORED = "() => [Object.keys(localStorage), Object.keys(sessionStorage)]"


def test_the_browser_keeps_what_the_privacy_note_says(open_page: Open, town: str, town_folder: Path) -> None:
    note = (ROOT / "docs/privacy.md").read_text("utf-8")
    cookies = set(re.findall(r"^\| Cookie \| `(\S+)`", note, re.MULTILINE))
    [stored] = re.findall(r"^\| Local storage \| `(\S+)`", note, re.MULTILINE)
    page = open_page(f"/?q={quote('What is the charge for late books?')}", base=town)
    for path in ("/gaps", "/browse"):
        page.goto(town + path)
        settled(page)
    kept = page.context.cookies()
    assert {cookie["name"] for cookie in kept} == cookies
    assert [cookie["expires"] for cookie in kept] == [-1]  # until the browser is closed
    local, session = page.evaluate(STORED)
    assert {re.sub("-/.*-", "-<page>-", name) for name in local} == {stored}
    assert session == []
    log = (town_folder / "log.txt").read_text("utf-8")
    assert "late" not in log
    assert "GET" not in log


def test_the_known_issues_of_access_are_issues_still(open_page: Open) -> None:
    page = open_page(f"/?q={quote(ANSWERED)}")
    assert page.evaluate("document.documentElement.lang") == "en"
    expect(page.get_by_role("navigation")).to_have_count(0)
    outside = page.get_by_role("link", name="Open at these words", exact=True).first  # no word of a new tab
    expect(outside).to_have_attribute("target", "_blank")
    expect(outside).to_have_attribute("rel", "noreferrer")
    page.locator("h2", has_text="Related questions").scroll_into_view_if_needed()
    with page.context.expect_page() as opened:
        page.get_by_role("listitem").get_by_role("link").first.click(modifiers=["Control"])
    opened.value.close()
    page.get_by_role("link", name="Browse", exact=True).click(modifiers=["Control"])
    page.wait_for_url("**/browse")
    assert len(page.context.pages) == 1
