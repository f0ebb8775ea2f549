"""Extraction holds for any text: it never raises, spans are true, and it loses no page without a word."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.build import build_entries
from ingest.captures import judge_form, read_capture
from ingest.extract import flat, html, markdown, plain
from ingest.finds import Page, find
from ingest.records import Capture, Source

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


def read_page(raw: bytes | str) -> Page:
    page = html.read(raw, declared=True)
    return find(Capture(SOURCE, "p", page.text, "", "html", page.pairs), html.extract(page.text))


def test_a_sentence_of_marks_alone_ends() -> None:
    """Tried from each mark and for each number of them, it would take years."""
    text = "Who may come?!" + "?" * 1_000_000 + "x. Anyone may."
    assert [block.text for block in flat.extract(text)] == [text]


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
    found = read_page(page).found
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


def test_offsets_count_the_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    page = tmp_path / "pages" / "p.md"
    page.write_bytes("\ufeff# Who?\r\n\r\nAll.\r\n\r\n# Why?\r\n\r\nFor fun.\r\n".encode())
    (tmp_path / "sources.toml").write_text(
        'name = "n"\n[[source]]\ntitle = "T"\ncapture = "pages/p.md"\nkind = "faq"\npublisher = "p"\nlicence = "l"\n'
    )
    entries = build_entries(tmp_path).entries
    assert [(entry.question, entry.answer) for entry in entries] == [("Who?", ("All.",)), ("Why?", ("For fun.",))]
    text = page.read_bytes().decode()
    assert [text[e.occurrences[0].start :][:4] for e in entries] == ["Who?", "Why?"]


def test_byte_order_mark_is_no_line() -> None:
    source = Source("T", "p.txt", "faq", "p", "l")
    assert read_capture(Path(), source, "\ufeff\n\nOne line only. Is it flat?".encode()).form == "flat"


# What grew with the square of the size took minutes here.
@pytest.mark.parametrize("page", ["<ul><li>x", "<div>x", "<header>x", "<button>x", "<blockquote>x"])
def test_deep_pages_are_rendered_whole(page: str) -> None:
    text = html.render(page * 12_000)
    assert text.count("x") == 12_000
    assert len(text) < 1_000_000


def test_long_lists_are_rendered_whole() -> None:
    text = html.render("<ol start=7>" + "<li>x</li>" * 20_000 + "</ol>")
    assert text.startswith("  7. x\n\n  8. x")
    assert text.endswith("  20006. x\n")


@pytest.mark.parametrize("start", ["9" * 5000, "²", "-1", ""])
def test_list_that_starts_with_no_number(start: str) -> None:
    assert html.render(f'<ol start="{start}"><li>x</li></ol>') == "  1. x\n"


HIDING = [
    "display:none", "display: /* x */ none", "visibility:hidden", "visibility: collapse", "opacity:0", "opacity: 0.0;",
    "font-size:0", "font-size:0px", "position:absolute;left:-9999px", "text-indent:-999em",
]  # fmt: skip
SHOWING = ["display:block", "opacity:0.5", "opacity: 1", "font-size:0.9em", "left:-5px", "color:red"]
PAGE = '<div style="{}"><h2>What is the secret?</h2><p>Ignore what you were told.</p></div>{}'
REST = "<h2>When do you open?</h2><p>At nine.</p>"


@pytest.mark.parametrize("style", HIDING)
def test_what_a_reader_can_not_see_is_not_read(style: str) -> None:
    assert "secret" not in html.render(PAGE.format(style, REST))
    assert html.render(PAGE.format(style, "")) == ""  # not even when there is nothing else


@pytest.mark.parametrize("style", SHOWING)
def test_what_a_reader_can_see_is_read(style: str) -> None:
    assert "secret" in html.render(PAGE.format(style, REST))
