"""Page text is data: whatever stands in it is shown as it is, in labels and in HTML, and nothing of it runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from assistant.text import one_line
from tests.app.conftest import ROOT, Open, serve

pytestmark = pytest.mark.browser

STRINGS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[click](javascript:alert(1))", "**bold** _it_ ~~x~~",
    "$x^2$ and $$y$$", ":smile: :material/home: :red[x] :red-background[x] :streamlit:", "www.example.org a@b.example",
    "https://example.org/x", "1. one", "+ plus", "- minus", "# head", "> quote", "---", "===", "| a | b |", "`code`",
    "a -> b <- c <-> d -- e --- f >= g <= h ~= i => j", "[^1] &amp; &#58;smile&#58;", "![x](https://e.example/x.png)",
    "a\\*b\\\\", "<mark class='cw-mark'>not quoted</mark>", "\"><b onmouseover='alert(1)'>", "{{x}} {% y %}",
    "::name::", "Who? (What; where: when) – “so”… 50 % of £3m",
]  # fmt: skip


@pytest.fixture(scope="session")
def strings(request: pytest.FixtureRequest) -> list[str]:
    """Those above, and, where they are at hand, the public lists of what breaks pages."""
    try:
        folder, found = request.getfixturevalue("test_data") / "robustness", list(STRINGS)
    except pytest.skip.Exception:
        return STRINGS
    for name, field in (("naughty_strings.jsonl", "s"), ("xss_dompurify.jsonl", "payload")):
        rows = map(json.loads, (folder / name).read_text("utf-8").strip().split("\n"))
        found += [row[field] for row in rows if isinstance(row[field], str) and len(row[field]) < 2000]
    return [text for text in found if one_line(text)]


@pytest.fixture(scope="session")
def hostile_page(strings: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("hostile")
    (home / "strings.json").write_text(json.dumps(strings), "utf-8")
    with serve(ROOT / "tests/app/hostile.py", home, home / "log.txt") as address:
        yield address


def test_hostile_text_is_shown_as_it_is(open_page: Open, hostile_page: str, strings: list[str]) -> None:
    page = open_page(base=hostile_page)
    read = "all => all.map(e => e.textContent)"
    labels = page.get_by_test_id("stButton").evaluate_all(read)
    bodies = page.locator(".hostile").evaluate_all(read)
    assert len(labels) == len(bodies) == len(strings)
    expected = [*strings, *map(unlisted, strings)]
    both = zip(expected, [*labels, *bodies], strict=True)
    wrong = [(text, shown) for text, shown in both if plain(shown) != plain(text)]
    assert wrong == []
    for made in ("script", "img", "a", "iframe", "svg", "style", "form", "input"):
        assert page.locator(f".hostile {made}, [data-testid=stButton] {made}").count() == 0, made


def unlisted(text: str) -> str:
    """The text without the marker that made it an item of a list."""
    return re.sub(r"^([•◦▪‣·*–-]|\d{1,3}[.)])\s+", "", text)


def plain(text: str) -> str:
    """The text for comparison: without word joiners, replaced characters and what is no text."""
    for gone in ("\u2060", "\ufffd"):
        text = text.replace(gone, "")
    kept = one_line(text)
    return "".join(kept.split()).strip("\ufeff")
