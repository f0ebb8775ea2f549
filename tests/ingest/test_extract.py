"""Extraction holds for any text: it never raises, spans are true, and it loses no page without a word."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.captures import judge_form, read_capture
from ingest.extract import flat, html, markdown, plain
from ingest.finds import Page, find
from ingest.records import Capture, Source
from ingest.spans import fold

SOURCE = Source("T", "p.html", "faq", "p", "l")
# Text with the signs that extraction looks for, so that chance meets its rules.
SIGNS = st.sampled_from(
    ["\n", "\n\n", "\r\n", "• ", "1. ", "- ", "# ", "> ", "**", "?", ". ", "“", "Q: ", "A: ", " | ", "⊕ "]
)
TEXT = st.lists(SIGNS | st.text(max_size=12), max_size=30).map("".join)
MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<h2>", "<li>", "<ol start=x>", "<br>", "<b>", "<td>", "<tr>", "<table>", "<!--", "<dt>"]
    )
    | st.text(max_size=12),
    max_size=30,
).map("".join)


@pytest.mark.parametrize("module", [plain, markdown, flat, html])
@given(text=TEXT)
def test_spans_are_true(module: ModuleType, text: str) -> None:
    blocks = module.extract(text)
    position = 0
    for block in blocks:
        assert block.text == " ".join(text[block.start : block.end].split())
        assert block.text
        assert block.start >= position
        position = block.end
    page = find(Capture(SOURCE, "p", text, "", "plain"), blocks)
    for found in page.found:
        assert 0 <= found.start <= found.end <= len(text)


@given(markup=MARKUP, words=st.from_regex(r"[a-z]{3,9}( [a-z]{3,9}){0,9}", fullmatch=True))
def test_words_stand_in_the_rendition_whatever_is_before(markup: str, words: str) -> None:
    whole = f"<p>{words}</p><div>{markup}</div>"
    text = html.render(whole)
    assert words in text
    assert text == html.render(whole)


@given(st.binary(max_size=200))
def test_any_bytes_render(raw: bytes) -> None:
    html.render(raw).encode()


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 3000 + "<h2>Is it deep?</h2><p>Yes.</p>" + "</div>" * 3000,
        "<h2>Is it deep?</h2>&#1;<p>Yes.</p>",
        "<form><nav><h2>Is it deep?</h2><p>Yes.</p></nav></form>",
        "<body><b><h2>Is it deep?</h2><p>Yes.</p>",
    ],
)
def test_broken_pages_lose_nothing(page: str) -> None:
    text = html.render(page)
    found = find(Capture(SOURCE, "p", text, "", "html"), html.extract(text)).found
    assert [(f.question, [b.text for b in f.answer]) for f in found] == [("Is it deep?", ["Yes."])]


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("p.txt", "One line only. Is it flat?", "flat"),
        ("p.txt", "x" * 2000 + "\n" + "y" * 2000 + "\n", "flat"),
        ("p.txt", "x" * 2000 + "\n\n" + "y" * 2000, "plain"),
        ("p.txt", "A short line\nand another", "plain"),
        ("p.md", "One line", "markdown"),
    ],
)
def test_form_is_told_from_lines(name: str, text: str, form: str) -> None:
    assert judge_form(name, text) == form


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("\ufeffWer darf?\n\nJeder, Öl".encode(), "Öl"),
        ('<html><meta charset="iso-8859-1"><p>Käse</p>'.encode("latin-1"), "Käse"),
        ("<!DOCTYPE html><p>naïve</p>".encode(), "naïve"),
    ],
)
def test_encodings_are_found(raw: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(raw)
    assert words in read_capture(tmp_path, Source("T", "p", "faq", "p", "l")).text


def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_bytes(b"Who?\r\n\r\nAll\r\nof us.\r\n")
    capture = read_capture(tmp_path, Source("T", "p.txt", "faq", "p", "l"))
    assert capture.text == "Who?\r\n\r\nAll\r\nof us.\r\n"
    assert [block.text for block in plain.extract(capture.text)] == ["Who?", "All of us."]


DATA = Path(os.environ.get("CITEWELL_TEST_DATA") or Path(__file__).parents[2].parent / "shared" / "data") / "html_faq"


def read_page(raw: bytes) -> Page:
    text = html.render(raw)
    return find(Capture(SOURCE, "p", text, "", "html"), html.extract(text))


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no public FAQ pages at {DATA}; set CITEWELL_TEST_DATA to their folder")
def test_public_faq_pages() -> None:
    asked = found = right = 0
    for row in map(json.loads, (DATA / "truth.jsonl").read_text(encoding="utf-8").splitlines()):
        finds = {fold(f.question).chars: f for f in read_page((DATA / "pages" / row["page"]).read_bytes()).found}
        wanted = [fold(question).chars for question in row["questions"]]
        assert set(finds) <= set(wanted), row["page"]
        asked += len(wanted)
        found += sum(question in finds for question in wanted)
        for question, start in row.get("answer_starts", {}).items():
            answer = " ".join(block.text for block in finds[fold(question).chars].answer)
            right += fold(answer).chars.startswith(fold(start).chars[:40])
    assert found == asked > 0
    assert right >= 0.96 * asked
