"""axe-core finds nothing on any page and state, light and dark (WCAG 2.2 A and AA, and its best practices)."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.app.conftest import Open
from tests.app.states import STATES, at_rest

pytestmark = [pytest.mark.browser, pytest.mark.model]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A screen in the light and a phone in the dark: between them, every colour and every width.
LOOKS = {"desktop": (1280, "light"), "phone": (390, "dark")}


def check(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    lines = [f"{each['id']}: {each['help']}\n    {node['html'][:300]}" for each in found for node in each["nodes"][:3]]
    assert not lines, "\n".join(lines)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", STATES)
def test_no_violation(open_page: Open, request: pytest.FixtureRequest, name: str, look: str) -> None:
    (width, scheme), state = LOOKS[look], STATES[name]
    base = request.getfixturevalue("maintained" if state.maintained else "app")
    page = open_page(state.path, width=width, scheme=scheme, base=base)
    state.prepare(page)
    at_rest(page)
    check(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_without_an_index(open_page: Open, app_without_index: str, scheme: str) -> None:
    page = open_page(base=app_without_index, scheme=scheme)
    expect(page.get_by_role("heading", level=1)).to_have_text("The pages are not ready yet")
    check(page)
