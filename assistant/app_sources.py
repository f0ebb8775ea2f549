"""The Sources page: what was read, and what each page gave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from assistant.app_entry import LONGEST_LINE, entry_links
from assistant.app_library import catalogue, library
from assistant.app_links import to_capture, to_page, to_web
from assistant.app_pages import page_of
from assistant.app_picture import picture
from assistant.app_rebuild import last_rebuild
from assistant.app_table import opened, rest
from assistant.catalogue import Catalogue, Found
from assistant.console_coverage import COVERAGE, coverage_of, sum_up
from assistant.markup import Html, join, tag
from assistant.provenance import source_of
from assistant.text import clipped, count, label, long_date, one_line, percent
from index.reader import Index
from ingest.records import Differing, Merged

PAGE = 20  # stored pages
LISTED = 100  # of each kind of finding on a stored page; more are in report.json
T = TypeVar("T")
NOTHING = Found()  # of a page that the build did not report on


def page() -> None:
    """Show each stored page, what the last rebuild changed, and the picture of the pages."""
    index = library()
    st.title("Sources", anchor=False)
    st.html(
        tag(
            "p",
            f"{count(len(index.entries), 'entry', 'entries')} were read from "
            f"{count(len(index.captures), 'stored page')}. "
            "What was published more than once is one entry here, and every copy stays listed.",
            class_="cw-say",
        )
        + (tag("p", sum_up(index.report), class_="cw-meta") if index.report else "")
    )
    captures = list(index.captures)
    shown = page_of(len(captures), PAGE, "page of sources")
    for at in shown:
        with st.container(border=True):
            _capture(at + 1, captures[at], catalogue(index), index)
    last_rebuild(index)
    picture({at + 1: captures[at] for at in shown}, catalogue(index), index)


def _capture(number: int, capture: str, listed: Catalogue, index: Index) -> None:
    """One stored page: whose it is, what it gave, and the ways to it."""
    source, found = source_of(index, capture), listed.found.get(capture, NOTHING)
    st.header(f"{number}. {label(source.title if source else capture)}", anchor=False)
    if source:
        fetched = f"Fetched {day}" if (day := long_date(source.fetched)) else "When it was fetched is not recorded"
        rights = ". ".join(filter(None, (source.publisher, source.licence, fetched)))
        st.html(tag("p", f"{rights}.", class_="cw-meta"))
    if index.report:
        st.html(_gave(found))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        to_page("capture", "Read the stored page", ":material/article:", path=capture)
        to_web("Live page", source.url if source else None)
    if taken := listed.taken.get(capture):
        title = f"{count(len(taken), 'entry', 'entries')} taken from it"
        entries = [index.entries[position] for position in taken[:LISTED]]
        entry_links(title, entries, len(taken), capture, ", on the Browse page")
    _details(capture, found, index)


def _gave(found: Found) -> Html:
    """The figures of one page."""
    row = found.page
    if row is None:
        return tag("p", "The build reported nothing on this page.", class_="cw-say")
    differing, others = map(len, _apart(found.differing))
    figures = [
        (row.entries, count(row.entries, "entry", "entries") + " taken"),
        (row.merged, count(row.merged, "copy", "copies") + " merged"),
        (row.unanswered, count(row.unanswered, "question") + " without an answer"),
        (differing, f"{differing} answered differently elsewhere"),
        (others, f"{others} also asked under another heading"),
        (len(found.dropped), count(len(found.dropped), "piece") + " left out"),
    ]
    told = " · ".join(words for figure, words in figures if figure) or "Nothing was taken."
    covered = " · ".join(f"{name} {said}" for name, said in zip(COVERAGE, coverage_of(row), strict=True) if said)
    return join([tag("p", told, class_="cw-say"), tag("p", f"The build says: {covered}", class_="cw-meta")])


def _details(capture: str, found: Found, index: Index) -> None:
    """What was merged into which with what score, what has no answer, what was left out."""

    def merged(copy: Merged) -> None:
        alike = f"question {percent(copy.question_score)} alike"
        alike += "" if copy.answer_score is None else f", answer {percent(copy.answer_score)}"
        entry = index.entry(copy.entry)
        _line(entry.question if entry else copy.entry, alike, capture, copy.start, copy.end)

    copies = count(len(found.merged), "copy", "copies")
    _listed(f"{copies} merged into an entry from elsewhere", found.merged, capture, merged)
    _listed(
        f"{count(len(found.unanswered), 'question')} without an answer on the page",
        found.unanswered,
        capture,
        lambda each: _line(each.question, "no answer here", capture, each.start, each.end),
    )
    elsewhere, under_another = _apart(found.differing)
    for how, pairs in (
        ("answered differently elsewhere", elsewhere),
        ("also asked under another heading", under_another),
    ):
        _listed(f"{count(len(pairs), 'question')} {how}", pairs, capture, _differing)
    _listed(
        f"{count(len(found.dropped), 'piece')} left out",
        found.dropped,
        capture,
        lambda each: _line(each.text, each.reason, capture, each.start, each.end),
    )


def _listed(title: str, found: Sequence[T], capture: str, show: Callable[[T], None]) -> None:
    """What the build found of one kind, in an expander; nothing where it found none."""
    if found and (place := opened(title, capture)):
        with place:
            for each in found[:LISTED]:
                show(each)
            rest(len(found), LISTED, ", in report.json")


def _apart(pairs: Sequence[Differing]) -> tuple[list[Differing], list[Differing]]:
    """Those that are answered differently elsewhere, and those that are asked under another heading."""
    return [each for each in pairs if each.headings is None], [each for each in pairs if each.headings is not None]


def _differing(pair: Differing) -> None:
    """A question that this page and another answer differently, and in what."""
    told = "; ".join(one_line(part.text) for part in pair.differences)
    alike = f"the answers are {percent(pair.answer_score)} alike; both are kept{told and f': {told}'}"
    st.html(tag("p", one_line(pair.question), class_="cw-say") + tag("p", alike, class_="cw-meta"))


def _line(text: str, note: str, capture: str, start: int, end: int) -> None:
    with st.container(gap=None):
        words = tag("p", clipped(text, LONGEST_LINE), class_="cw-question") if text else ""
        st.html(words + tag("p", note, class_="cw-meta"))
        if start < end:  # else it is not in the text of the page
            to_capture("Show in the source", capture, start, end)
