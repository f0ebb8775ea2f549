"""Entries on the page: the whole answer as it is structured, every place where it was published, links to several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from urllib.parse import quote

import streamlit as st

from assistant.app_companion import pick
from assistant.app_links import go_to, to_capture, to_web
from assistant.app_table import opened, rest
from assistant.markup import passage, tag
from assistant.text import clipped, label, long_date, one_line, percent
from index.reader import Index
from ingest.records import Conflict, Entry, Occurrence

LONGEST_LINE = 110  # characters of a question in a list


def whole_answer(paragraphs: tuple[str, ...], quotes: Iterable[str] = ()) -> None:
    """The whole answer, with the quotes marked in it."""
    st.html(tag("div", passage(paragraphs, quotes), class_="cw-words"))


def entry_links(title: str, entries: Sequence[Entry], number: int, key: str, where: str = "") -> None:
    """Links to ``entries``, the first of ``number``, in an expander; ``where`` the others are is said below them."""
    picked = None
    if place := opened(title, key):
        with place:
            links = [(clipped(each.question, LONGEST_LINE), f"browse?entry={quote(each.id)}") for each in entries]
            picked = pick(links, f"entries {key}")
            rest(number, len(entries), where)
    if picked is not None:
        go_to("browse", entry=entries[picked].id)


def conflicts(found: Iterable[Conflict], index: Index) -> None:
    """What other pages answer to the same question: whose, what differs, and the whole of it."""
    for conflict in found:
        with st.container(gap="xsmall"):
            st.html(
                tag(
                    "div",
                    tag("p", f"Another page answers this differently: {one_line(conflict.source)}"),
                    tag("ul", *(tag("li", each.text) for each in conflict.differences)),
                    class_="cw-caution",
                )
            )
            other = index.entry(conflict.entry)
            if other is not None:
                with st.expander(label(f"Read the other answer, from {conflict.source}")):
                    st.html(tag("p", other.question, class_="cw-question"))
                    whole_answer(other.answer)
                    places(other.occurrences[:1])


def places(occurrences: Iterable[Occurrence]) -> None:
    """Places where an entry was published: what stands there, and the ways to it."""
    for facts, found in groupby(occurrences, key=_facts):
        with st.container(gap=None):
            st.html(tag("p", " · ".join(facts), class_="cw-say"))
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                here = list(found)
                for number, place in enumerate(here, start=1):
                    which = f" ({number} of {len(here)})" if len(here) > 1 else ""
                    to_capture(f"Show in the source{which}", place.capture, place.start, place.end)
                to_web("Live page", here[0].url)


def _facts(place: Occurrence) -> tuple[str, ...]:
    day = long_date(place.date)
    return (place.source, _found(place), *([day] if day else []))


def _found(place: Occurrence) -> str:
    """How much of the entry stands there, in words."""
    if place.method == "question only":
        return "the question only"
    return "the same text" if place.score >= 0.995 else f"{percent(place.score)} of the text"
