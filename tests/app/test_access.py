"""axe-core finds nothing on any page and state, light and dark (WCAG 2.2 A and AA, and its best practices)."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.app.conftest import Open
from tests.app.test_reading import QUESTION, UNANSWERABLE

pytestmark = [pytest.mark.browser, pytest.mark.model]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    "empty": "/",
    "answered": f"/?q={quote(QUESTION)}",
    "refused": f"/?q={quote(UNANSWERABLE)}",
    "browse": "/browse",
    "one entry": "/browse?entry=how-do-you-measure-social-value",
    "sources": "/sources",
    "stored page": "/capture?path=pages/your-questions-answered.txt&start=600&end=700",
    "no stored page": "/capture?path=none",
}


def check(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    lines = [f"{each['id']}: {each['help']}\n    {node['html'][:300]}" for each in found for node in each["nodes"][:3]]
    assert not lines, "\n".join(lines)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", PAGES)
def test_no_violation(open_page: Open, state: str, scheme: str) -> None:
    page = open_page(PAGES[state], scheme=scheme)
    check(page)
    if state in ("answered", "refused", "sources"):
        summaries = page.locator("summary")
        for position in range(summaries.count()):
            summaries.nth(position).click()
        expect(page.locator("details:not([open])")).to_have_count(0)
        check(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_when_unclear(open_page: Open, unclear: str, scheme: str) -> None:
    check(open_page(f"/?q={quote(unclear)}", scheme=scheme))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_without_an_index(open_page: Open, app_without_index: str, scheme: str) -> None:
    page = open_page(base=app_without_index, scheme=scheme)
    expect(page.get_by_role("heading", level=1)).to_have_text("The pages are not ready yet")
    check(page)


def test_no_violation_on_a_phone(open_page: Open) -> None:
    check(open_page(PAGES["answered"], width=390))
