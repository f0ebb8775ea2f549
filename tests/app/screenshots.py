"""Takes pictures of the app's pages and states, for the README and to look at after a change of the app.

    python -m tests.app.screenshots [NAME ...]

Starts the app over the current index and writes docs/screens/NAME-DEVICE-SCHEME.png for each state of ``states.py``
(or of those named), and the README's pictures. The same page gives the same bytes, or a few pixels of an edge differ.
"""

from __future__ import annotations

import io
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from assistant.home import default_home
from tests.app.conftest import ROOT, chromium, serve, settled
from tests.app.homes import make_maintained
from tests.app.states import STATES, State, at_rest

DOCS = ROOT / "docs"
DEVICES = {"desktop": (1280, 800), "phone": (390, 844)}  # CSS pixels
SCHEMES = ("light", "dark")
HIGHEST = 2400  # CSS pixels of a page that are pictured
COLOURS = 32  # of a picture: letters stay smooth, and a file stays small
README = {"answer": "answered", "refusal": "refused"}  # picture -> state
README_SIZE = (1280, 940)


def main(names: list[str]) -> None:
    """Picture the states named, or all."""
    path = chromium()
    if path is None:
        sys.exit("no Chromium found: install Debian's package chromium, or set CITEWELL_CHROMIUM")
    (DOCS / "screens").mkdir(exist_ok=True)
    home = default_home().resolve()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        homes = {False: home, True: make_maintained(folder, home) / "home"}
        script = ROOT / "assistant/app_server.py"
        apps = {kept: stack.enter_context(serve(script, at, folder / f"{kept}.txt")) for kept, at in homes.items()}
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, state in ((name, STATES[name]) for name in names or STATES):
            for device, size in DEVICES.items():
                for scheme in SCHEMES:
                    file = DOCS / "screens" / f"{name}-{device}-{scheme}.png"
                    picture(browser, apps[state.maintained], state, size, scheme, file)
        for name, shown in README.items():
            if not names or shown in names:
                seen = STATES[shown]._replace(whole=False)
                picture(browser, apps[False], seen, README_SIZE, "light", DOCS / f"{name}.png")
        browser.close()


def picture(browser: Browser, address: str, state: State, size: tuple[int, int], scheme: str, file: Path) -> None:
    """Write the picture of a state."""
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto(address + state.path)
    settled(page)
    state.prepare(page)
    at_rest(page)
    if state.whole:
        page.set_viewport_size({"width": width, "height": min(max(height_of(page), height), HIGHEST)})
    small = Image.open(io.BytesIO(still(page))).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(file, optimize=True)
    page.close()
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.0f} kB")


def still(page: Page) -> bytes:
    """A picture that comes out alike twice in a row: what is drawn late has been drawn."""
    before, taken = b"", page.screenshot(animations="disabled", caret="hide")
    while taken != before:
        before, taken = taken, page.screenshot(animations="disabled", caret="hide")
    return taken


def height_of(page: Page) -> int:
    """The height of all that the page scrolls through, in CSS pixels."""
    return int(page.get_by_test_id("stMain").evaluate("e => e.scrollHeight"))


if __name__ == "__main__":
    main(sys.argv[1:])
