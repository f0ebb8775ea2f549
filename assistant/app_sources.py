"""The Sources page: what was read, and what each page gave."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

import streamlit as st

from assistant.app_companion import pick
from assistant.app_library import catalogue, library
from assistant.app_links import go_to, to_capture, to_page, to_web
from assistant.app_pages import page_of
from assistant.app_picture import picture
from assistant.app_rebuild import last_rebuild
from assistant.app_table import opened
from assistant.catalogue import Catalogue, Found
from assistant.console_coverage import COVERAGE, coverage_of, sum_up
from assistant.markup import Html, join, tag
from assistant.provenance import source_of
from assistant.text import clipped, count, label, long_date, one_line, percent
from index.search import Index
from ingest.records import Differing

PAGE = 20  # stored pages
LISTED = 100  # of each kind of finding on a stored page; more are in report.json
LONGEST_LINE = 110  # characters of a question in the lists; its link shows the whole
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
        _taken(capture, taken, index)
    _details(capture, found, index)


def _taken(capture: str, positions: Sequence[int], index: Index) -> None:
    """Links to the entries whose text is from here."""
    picked = None
    if place := opened(f"{count(len(positions), 'entry', 'entries')} taken from it", capture):
        entries = [index.entries[position] for position in positions[:LISTED]]
        with place:
            links = [(one_line(entry.question), f"browse?entry={quote(entry.id)}") for entry in entries]
            picked = pick(links, f"taken {capture}")
            _rest(len(positions), "on the Browse page")
        if picked is not None:
            go_to("browse", entry=entries[picked].id)


def _gave(found: Found) -> Html:
    """The figures of one page."""
    row = found.page
    if row is None:
        return tag("p", "The build reported nothing on this page.", class_="cw-say")
    others = sum(pair.headings is not None for pair in found.differing)
    differing = len(found.differing) - others
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
    merged, unanswered, dropped = found.merged, found.unanswered, found.dropped
    if merged and (
        place := opened(f"{count(len(merged), 'copy', 'copies')} merged into an entry from elsewhere", capture)
    ):
        with place:
            for copy in merged[:LISTED]:
                alike = f"question {percent(copy.question_score)} alike"
                alike += "" if copy.answer_score is None else f", answer {percent(copy.answer_score)}"
                entry = index.entry(copy.entry)
                _line(entry.question if entry else copy.entry, alike, capture, copy.start, copy.end)
            _rest(len(merged))
    if unanswered and (place := opened(f"{count(len(unanswered), 'question')} without an answer on the page", capture)):
        with place:
            for question in unanswered[:LISTED]:
                _line(question.question, "no answer here", capture, question.start, question.end)
            _rest(len(unanswered))
    _differing("answered differently elsewhere", [each for each in found.differing if each.headings is None], capture)
    _differing("also asked under another heading", [each for each in found.differing if each.headings], capture)
    if dropped and (place := opened(f"{count(len(dropped), 'piece')} left out", capture)):
        with place:
            for piece in dropped[:LISTED]:
                _line(piece.text, piece.reason, capture, piece.start, piece.end)
            _rest(len(dropped))


def _differing(how: str, pairs: list[Differing], capture: str) -> None:
    """Questions that this page and another answer differently, and in what."""
    if pairs and (place := opened(f"{count(len(pairs), 'question')} {how}", capture)):
        with place:
            for each in pairs[:LISTED]:
                told = "; ".join(one_line(part.text) for part in each.differences)
                alike = f"the answers are {percent(each.answer_score)} alike; both are kept{told and f': {told}'}"
                st.html(tag("p", one_line(each.question), class_="cw-say") + tag("p", alike, class_="cw-meta"))
            _rest(len(pairs))


def _line(text: str, note: str, capture: str, start: int, end: int) -> None:
    with st.container(gap=None):
        words = tag("p", clipped(text, LONGEST_LINE), class_="cw-question") if text else ""
        st.html(words + tag("p", note, class_="cw-meta"))
        if start < end:  # else it is not in the text of the page
            to_capture("Show in the source", capture, start, end)


def _rest(number: int, where: str = "in report.json") -> None:
    if number > LISTED:
        st.html(tag("p", f"And {number - LISTED} more, {where}.", class_="cw-meta"))
