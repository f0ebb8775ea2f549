"""Tables in the style of the maintainers' pages, and expanders whose content is sent once they are open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager

import streamlit as st

from assistant.markup import table, tag

_STYLE = """<style>
.cw-table { font-size: 0.95rem; }
.cw-table .wide { overflow-x: auto; }
.cw-table .wide:focus-visible { outline: 2px solid; outline-offset: 2px; }
.cw-table table { border-collapse: collapse; width: 100%; margin: 0; }
.cw-table caption { text-align: left; padding: 0 0 0.4em; color: light-dark(#4A5A63, #A9B6BD); }
.cw-table th, .cw-table td {
  text-align: left; vertical-align: top; padding: 0.35em 0.9em 0.35em 0; min-width: 4.5em; font-weight: 400;
  border: 0; border-bottom: 1px solid light-dark(#D8D3C4, #37444B);
}
.cw-table thead th { font-weight: 600; }
.cw-plot { display: block; width: 100%; max-width: 40rem; height: auto; }
h2.cw-label { padding-top: 0.7em; }
h3.cw-label { font-size: 1rem; font-weight: 600; margin: 0; padding: 0.6em 0 0.1em; }
</style>"""


def apply() -> None:
    """Put the style on the page."""
    st.html(_STYLE)


def show_table(caption: str, names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table in the style of the page; nothing of no rows."""
    if found := list(rows):
        st.html(tag("div", table(caption, names, found), class_="cw-table"))


def rest(number: int, shown: int, where: str = "") -> None:
    """How many of a list of ``number`` are not shown; ``where`` they are follows."""
    if number > shown:
        st.html(tag("p", f"And {number - shown} more{where}.", class_="cw-meta"))


def opened(title: str, key: str, *, at_first: bool = False) -> AbstractContextManager[object] | None:
    """An expander to fill, once it is open; None while it is closed: what nobody looks at is not sent.

    ``at_first`` it is open or closed; from then on the reader decides.
    """
    place = st.expander(title, expanded=at_first, key=f"{key} {title}", on_change="rerun")
    return place if place.open else None
