"""The Browse page: every entry, by source, with a filter. Each opens in place; ``?entry=id`` is its address."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from assistant.app_companion import guide
from assistant.app_entry import conflicts, places, whole_answer
from assistant.app_html import tag
from assistant.app_library import library
from assistant.app_text import count, label, one_line
from index.search import Index
from ingest.records import Entry

KINDS = {"Everything": None, "Questions": "qa", "Other passages": "prose"}
NO_SOURCE = "Without a source"


def page() -> None:
    """Show the entries that the filters let through."""
    index = library()
    st.title("Browse all questions", anchor=False)
    wanted = st.query_params.get("entry")
    found = _filtered(tuple(index.entries))
    st.html(
        tag("p", f"{len(found)} of {count(len(index.entries), 'entry', 'entries')}", class_="cw-meta", role="status")
    )
    if not found:
        st.html(tag("p", "Nothing has all these words. Try fewer, or another source.", class_="cw-say"))
    for source, entries in groupby(found, key=_source):
        st.header(label(source), anchor=False)
        for entry in entries:
            _entry(entry, index, opened=entry.id == wanted)
    if wanted and index.position(wanted) is None:
        st.html(tag("p", "The entry in the address is not, or no longer, there.", class_="cw-meta"))
    guide(f"browse {wanted}", "", f"entry-{wanted}" if wanted else "", "start")


def _source(entry: Entry) -> str:
    return entry.occurrences[0].source if entry.occurrences else NO_SOURCE


def _filtered(entries: tuple[Entry, ...]) -> list[Entry]:
    """The entries by source, in the order of the corpus, that have every word searched for."""
    sources = list(dict.fromkeys(_source(entry) for entry in entries))
    words = one_line(st.text_input("Search the questions and answers", max_chars=200, type="search")).casefold().split()
    left, right = st.columns(2)
    source = left.selectbox("Source", [None, *sources], format_func=lambda title: title or "All sources")
    kind = KINDS[right.selectbox("Kind", list(KINDS))]
    found = [
        entry
        for entry in entries
        if (source is None or _source(entry) == source)
        and (kind is None or entry.kind == kind)
        and all(word in _searched(entry) for word in words)
    ]
    return sorted(found, key=lambda entry: sources.index(_source(entry)))


def _searched(entry: Entry) -> str:
    return " ".join((entry.question, *entry.answer, *entry.alternates)).casefold()


def _entry(entry: Entry, index: Index, *, opened: bool) -> None:
    """One entry, closed until it is wanted; opening it puts it into the address.

    What is in it is sent only then: the page is as long as the corpus.
    """
    key = f"entry {entry.id}"
    place = st.expander(label(entry.question), expanded=opened, key=key, on_change=_toggled, args=(entry.id, key))
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
