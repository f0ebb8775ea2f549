"""Links: between the pages of the app, to the live page, to the stored page. Every label is text made safe."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from assistant.markup import tag
from assistant.text import label, web_address

_pages: dict[str, st.Page] = {}


def register(pages: Mapping[str, st.Page]) -> None:
    """Tell what pages there are; ``app.py`` does."""
    _pages.update(pages)


def masthead(name: str, current: str) -> None:
    """The line on top of every page: whose toolkit this is, and the pages. On a phone too nothing hides in a menu."""
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        gap="xsmall",
        key="masthead",
    ):
        st.html(tag("p", name, class_="cw-brand"), width="content")
        with st.container(horizontal=True, width="content", gap="xsmall"):
            for key in ("ask", "browse", "sources"):
                title = _pages[key].title
                st.page_link(_pages[key], label=f"**{title}**" if title == current else title)


def footer() -> None:
    """The way to the maintainers' pages, at the foot of every page."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="footer"):
        st.html(tag("p", "For maintainers:", class_="cw-meta"), width="content")
        for key in ("quality", "gaps"):
            st.page_link(_pages[key], label=as_link(_pages[key].title))


def to_page(name: str, text: str, icon: str | None = None, **query: str) -> None:
    """A link to a page of the app."""
    st.page_link(_pages[name], label=as_link(text), icon=icon, query_params=query or None)


def go_to(name: str, **query: str) -> None:
    """Go to a page of the app now."""
    st.switch_page(_pages[name], query_params=query)


def to_capture(text: str, capture: str, start: int, end: int) -> None:
    """A link to the stored page, at the words from ``start`` to ``end``."""
    to_page("capture", text, ":material/format_ink_highlighter:", path=capture, start=str(start), end=str(end))


def to_web(text: str, url: str | None) -> None:
    """A link that leaves the app; nothing when the address is not one of the web."""
    if address := web_address(url):
        st.link_button(as_link(text), address, type="tertiary", icon=":material/open_in_new:")


def as_link(text: str) -> str:
    """A label in the colour of links."""
    return f":blue[{label(text)}]"
