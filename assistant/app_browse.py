"""The Browse page: every entry, by source, with a filter. Each opens in place; ``?entry=id`` is its address."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from assistant.app_companion import guide
from assistant.app_entry import conflicts, places, whole_answer
from assistant.app_library import catalogue, library
from assistant.app_pages import page_of, turn_back
from assistant.catalogue import Catalogue, Listed, choose
from assistant.markup import tag
from assistant.text import count, label, one_line
from index.reader import Index
from ingest.records import Entry

KINDS = {"Everything": None, "Questions": "qa", "Other passages": "prose"}
PAGE = 50  # entries
_WORDS, _PAGE, _GONE_TO = "words of entries", "page of entries", "entry gone to"  # in the session


def page() -> None:
    """Show the entries that the filters let through."""
    index = library()
    st.title("Browse all questions", anchor=False)
    wanted, arrived = st.query_params.get("entry"), _WORDS not in st.session_state
    found = _filtered(catalogue(index))
    st.html(
        tag("p", f"{len(found)} of {count(len(index.entries), 'entry', 'entries')}", class_="cw-meta", role="status")
    )
    if not found:
        st.html(tag("p", "Nothing has all these words. Try fewer, or another source.", class_="cw-say"))
    shown = [found[at] for at in page_of(len(found), PAGE, _PAGE, _place(wanted, found, arrived=arrived))]
    for source, entries in groupby(shown, key=lambda listed: listed.source):
        st.header(label(source), anchor=False)
        for listed in entries:
            _entry(index.entries[listed.position], index, opened=listed.id == wanted)
    if wanted and index.position(wanted) is None:
        st.html(tag("p", "The entry in the address is not, or no longer, there.", class_="cw-meta"))
    guide(f"browse {wanted}", "", f"entry-{wanted}" if wanted else "", "start")


def _filtered(listed: Catalogue) -> list[Listed]:
    """The entries by source, in the order of the corpus, that have every word searched for."""
    words = st.text_input(
        "Search the questions and answers",
        key=_WORDS,
        max_chars=200,
        type="search",
        on_change=turn_back,
        args=(_PAGE,),
    )
    left, right = st.columns(2)
    source = left.selectbox(
        "Source",
        [None, *listed.sources],
        format_func=lambda title: title or "All sources",
        on_change=turn_back,
        args=(_PAGE,),
    )
    kind = right.selectbox("Kind", list(KINDS), on_change=turn_back, args=(_PAGE,))
    return choose(listed, one_line(words), source, KINDS[kind])


def _place(wanted: str | None, found: list[Listed], *, arrived: bool) -> int | None:
    """Where the entry of the address is, when it is new there; None once it was gone to: a reader may turn the page."""
    if not arrived and st.session_state.get(_GONE_TO) == wanted:
        return None
    st.session_state[_GONE_TO] = wanted
    return next((at for at, listed in enumerate(found) if listed.id == wanted), 0 if arrived else None)


def _entry(entry: Entry, index: Index, *, opened: bool) -> None:
    """One entry, closed until it is wanted; opening it puts it into the address.

    What is in it is sent only then.
    """
    key = f"entry {entry.id}"
    if opened:  # not by `expanded`, which would close it without a word once the address names another
        st.session_state.setdefault(key, True)
    place = st.expander(label(entry.question), key=key, on_change=_toggled, args=(entry.id, key))
    if not place.open:
        return
    with place:
        st.html(tag("div", id=f"entry-{entry.id}", tabindex=-1, class_="cw-anchor"))
        whole_answer(entry.answer)
        conflicts(entry.conflicts, index)
        st.html(tag("p", f"Published in {count(len(entry.occurrences), 'place')}", class_="cw-meta"))
        places(entry.occurrences)


def _toggled(entry_id: str, key: str) -> None:
    if st.session_state[key]:
        st.query_params["entry"] = entry_id
    elif st.query_params.get("entry") == entry_id:
        del st.query_params["entry"]
