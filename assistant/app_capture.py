"""The capture viewer: a stored page as plain text, ``/capture?path=...&start=...&end=...``, the quote marked in it."""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st

from assistant.app_companion import guide, pick
from assistant.app_library import library
from assistant.app_links import go_to, to_page, to_web
from assistant.markup import Html, tag, unseen
from assistant.provenance import source_of
from assistant.text import count, label, one_line
from index.reader import Index

QUOTE = "quoted-words"  # the id of the mark


def page() -> None:
    """Show the stored page that the address names."""
    index = library()
    path = st.query_params.get("path", "")
    if path not in index.captures:
        st.title("Stored page", anchor=False)
        st.html(tag("p", "There is no stored page of that name. These are the pages there are:", class_="cw-say"))
        pages = {each: source.title if (source := source_of(index, each)) else each for each in index.captures}
        picked = pick([(title, f"capture?path={quote(each)}") for each, title in pages.items()], "pages")
        if picked is not None:
            go_to("capture", path=list(pages)[picked])
        return
    text = index.captures[path]
    span = _span(st.query_params.get("start"), st.query_params.get("end"), len(text))
    _heading(path, index, text)
    if span:
        st.html(tag("p", tag("a", "Go to the marked words", href=f"#{QUOTE}"), class_="cw-say"))
        guide(f"{path} {span}", "The words are marked in the stored page.", QUOTE, "center")
    elif "start" in st.query_params:
        st.html(tag("p", "The address names no words that stand in this page.", class_="cw-meta"))
    st.html(_body(text, span))


def _span(start: str | None, end: str | None, length: int) -> tuple[int, int] | None:
    """The span that the address names, if it lies in the text."""
    digits = (start or "", end or "")
    if not all(each.isascii() and each.isdigit() and len(each) < 10 for each in digits):
        return None
    first, last = map(int, digits)
    return (first, last) if first < last <= length else None


def _heading(path: str, index: Index, text: str) -> None:
    """Title, publisher, address and fingerprint of the page."""
    source = source_of(index, path)
    st.title(label(source.title if source else path), anchor=False)
    page = next((page for page in index.report.pages if page.capture == path), None) if index.report else None
    facts = {
        "Publisher": source.publisher if source else None,
        "Address": (source.url or "not recorded") if source else None,
        "Stored as": f"{path}, {count(len(text), 'character')}" + (f", {page.form}" if page else ""),
        "Fingerprint": f"SHA-256 {page.sha256}" if page else None,
    }
    rows = (Html(tag("dt", name) + tag("dd", one_line(fact))) for name, fact in facts.items() if fact)
    st.html(tag("dl", *rows, class_="cw-facts"))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        to_web("Compare with the live page", source.url if source else None)
        to_page("sources", "All sources", ":material/arrow_back:")


def _body(text: str, span: tuple[int, int] | None) -> Html:
    """The text as it was stored, the span marked, framed and announced."""
    if span is None:
        return tag("div", text, class_="cw-capture")
    start, end = span
    quoted = tag(
        "mark",
        unseen("Marked words begin: "),
        text[start:end],
        unseen(" Marked words end. "),
        id=QUOTE,
        tabindex=-1,
        class_="cw-mark cw-frame",
    )
    return tag("div", text[:start], quoted, text[end:], class_="cw-capture")
