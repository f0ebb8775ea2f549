"""The picture at the end of the Sources page: which entry was found on which stored page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import streamlit as st

from assistant.app_table import opened
from assistant.catalogue import Catalogue
from assistant.markup import Html, join, tag, unseen
from assistant.text import clipped, count
from index.reader import Index
from ingest.records import Entry

SHOWN = 200  # entries
OPEN = 50  # as many are shown unasked
LONGEST_LINE = 110  # characters of a question

_SIGNS = {
    "taken": ("●", "taken from here"),
    "copy": ("○", "a copy"),
    "question": ("?", "the question only"),
    "": ("", ""),
}


def picture(captures: Mapping[int, str], listed: Catalogue, index: Index) -> None:
    """Show which entries were found on ``captures``, by the numbers that they have on the page."""
    positions = sorted({position for capture in captures.values() for position in listed.present.get(capture, ())})
    if not positions:
        return
    st.header("What was found where", anchor=False)
    of = f"The first {SHOWN} of " if len(positions) > SHOWN else ""
    title = f"{of}{count(len(positions), 'entry', 'entries')} on {count(len(captures), 'stored page')}"
    if place := opened(title, f"picture {min(captures)}", at_first=len(positions) <= OPEN):
        with place:
            st.html(_table(captures, [index.entries[position] for position in positions[:SHOWN]]))


def _table(captures: Mapping[int, str], entries: list[Entry]) -> Html:
    """Entries down, stored pages across, by their numbers above."""
    signs = " · ".join(f"{sign} {words}" for sign, words in _SIGNS.values() if sign)
    heads = (tag("th", unseen("Page "), str(number), scope="col") for number in captures)
    head = tag("thead", tag("tr", tag("th", "Entry", scope="col"), *heads))
    rows = (_row(entry, captures.values()) for entry in entries)
    return join(
        [
            tag("p", f"{signs}. The numbers are those of the pages above.", class_="cw-meta"),
            tag("div", tag("table", head, tag("tbody", *rows), class_="cw-map"), class_="cw-wide", tabindex=0),
        ]
    )


def _row(entry: Entry, captures: Iterable[str]) -> Html:
    times = Counter(found.capture for found in entry.occurrences)
    cells = []
    for capture in captures:
        sign, words = _SIGNS[_role(entry, capture)]
        often = f" ×{times[capture]}" if times[capture] > 1 else ""
        cells.append(tag("td", tag("span", sign + often, aria_hidden="true"), unseen(words + often)))
    return tag("tr", tag("th", clipped(entry.question, LONGEST_LINE), scope="row"), *cells)


def _role(entry: Entry, capture: str) -> str:
    """What a page is to an entry."""
    here = [found for found in entry.occurrences if found.capture == capture]
    if not here:
        return ""
    if entry.occurrences[0].capture == capture:
        return "taken"
    return "question" if all(found.method == "question only" for found in here) else "copy"
