"""At 400 % in a window of 1280 by 1024 every page can still be read and used: WCAG 2.2, 1.4.4, 1.4.10 and 2.4.11."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.app.conftest import settled
from tests.app.states import STATES, at_rest

pytestmark = [pytest.mark.browser, pytest.mark.model]

WIDTH, HEIGHT = 320, 256  # CSS pixels that are left of such a window
MOST_CONTROLS = 200  # Tab is pressed no more often

CONTROLS = ", ".join(f"{each}:not([tabindex='-1'])" for each in ("a[href]", "button", "input", "summary"))

# What hides a part of its text. Visually hidden words are meant to; a text box scrolls, and says so by its caret.
CLIPPED = """() => [...document.querySelectorAll("body *")].filter(element => {
  const style = getComputedStyle(element);
  if (!element.checkVisibility() || !element.innerText?.trim() || element.clientWidth <= 1) return false;
  return ["hidden", "clip"].includes(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
}).map(element => `${element.tagName}.${element.className}: ${element.innerText.trim().slice(0, 60)}`)"""

WIDE = """() => [document.documentElement, document.querySelector("[data-testid=stMain]")]
  .filter(each => each.scrollWidth > innerWidth).map(each => `${each.tagName} ${each.scrollWidth}`)"""

# The control that has the focus: what it is called, and whether it is seen where it is: its first or last line, if it
# does not fit. What lies over it there must be of the control or around it.
FOCUSED = """() => {
  let element = document.activeElement, root = document;
  while (element?.shadowRoot?.activeElement) { root = element.shadowRoot; element = root.activeElement; }
  if (!element || element === document.body) return null;
  const name = (element.getAttribute("aria-label") || element.innerText || "").trim().slice(0, 60);
  const seen = [...element.getClientRects()].some(box => [0.25, 0.5, 0.75].some(part => {
    const [x, y] = [box.left + box.width / 2, box.top + box.height * part];
    const over = root.elementFromPoint(x, y);
    return over && (element.contains(over) || over.contains(element) || over.closest("label, [data-baseweb]"));
  }));
  return { name: `${element.tagName} ${name}`, seen, first: (element.dataset.visited ??= String(performance.now())) };
}"""


@pytest.fixture
def zoomed(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The state of the test, in a window at 400 %."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    page = context.new_page()
    state = STATES[request.param]
    page.goto(request.getfixturevalue("maintained" if state.maintained else "app") + state.path)
    settled(page)
    state.prepare(page)
    at_rest(page)
    yield page
    context.close()


@pytest.mark.parametrize("zoomed", [name for name in STATES if name != "print"], indirect=True)  # paper is not zoomed
def test_nothing_is_lost_at_400_percent(zoomed: Page) -> None:
    assert zoomed.evaluate(WIDE) == []
    assert zoomed.evaluate(CLIPPED) == []
    controls = zoomed.locator(CONTROLS).locator("visible=true")
    met = focused_in_turn(zoomed)
    assert [name for name, seen in met if not seen] == []
    assert len(met) >= controls.count()


def focused_in_turn(page: Page) -> list[tuple[str, bool]]:
    """Every control that Tab leads to, once: its name, and whether it is seen when it has the focus."""
    met: dict[str, tuple[str, bool]] = {}
    for _ in range(MOST_CONTROLS):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None:  # from the last one Tab leads out of the page, and then to its first
            continue
        if found["first"] in met:
            break
        met[found["first"]] = (found["name"], found["seen"])
    return list(met.values())
