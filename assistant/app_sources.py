"""The Sources page: what was read, what each page gave, and which entry was found where."""

from __future__ import annotations

from collections import Counter, defaultdict
from urllib.parse import quote

import streamlit as st

from assistant.app_companion import pick
from assistant.app_html import Html, join, tag, unseen
from assistant.app_library import library
from assistant.app_links import go_to, to_capture, to_page, to_web
from assistant.app_rebuild import last_rebuild
from assistant.app_table import opened
from assistant.app_text import clipped, count, label, long_date, one_line, percent
from assistant.console_coverage import COVERAGE, coverage_of, sum_up
from assistant.provenance import source_of
from index.search import Index
from ingest.records import Differing, Entry, Report

LONGEST_LINE = 110  # characters of a question in the lists and the table; its link shows the whole


def page() -> None:
    """Show each stored page, then the picture of all of them."""
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
    taken = defaultdict(list)
    for entry in index.entries:
        taken[entry.occurrences[0].capture].append(entry)
    for number, capture in enumerate(index.captures, start=1):
        with st.container(border=True):
            _capture(number, capture, taken[capture], index)
    last_rebuild(index)
    if index.captures and index.entries:
        st.header("What was found where", anchor=False)
        st.html(_picture(index))


def _capture(number: int, capture: str, entries: list[Entry], index: Index) -> None:
    """One stored page: whose it is, what it gave, and the ways to it."""
    source = source_of(index, capture)
    st.header(f"{number}. {label(source.title if source else capture)}", anchor=False)
    if source:
        fetched = f"Fetched {day}" if (day := long_date(source.fetched)) else "When it was fetched is not recorded"
        rights = ". ".join(filter(None, (source.publisher, source.licence, fetched)))
        st.html(tag("p", f"{rights}.", class_="cw-meta"))
    if index.report:
        st.html(_gave(capture, index.report))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        to_page("capture", "Read the stored page", ":material/article:", path=capture)
        to_web("Live page", source.url if source else None)
    if entries:
        _taken(capture, entries)
    if index.report:
        _details(capture, index.report, index)


def _taken(capture: str, entries: list[Entry]) -> None:
    """Links to the entries whose text is from here."""
    picked = None
    if place := opened(f"{count(len(entries), 'entry', 'entries')} taken from it", capture):
        with place:
            links = [(one_line(entry.question), f"browse?entry={quote(entry.id)}") for entry in entries]
            picked = pick(links, f"taken {capture}")
    if picked is not None:
        go_to("browse", entry=entries[picked].id)


def _gave(capture: str, report: Report) -> Html:
    """The figures of one page."""
    row = next((page for page in report.pages if page.capture == capture), None)
    if row is None:
        return tag("p", "The build reported nothing on this page.", class_="cw-say")
    dropped = sum(each.capture == capture for each in report.dropped)
    differing = [each.headings is None for each in report.differing if capture in each.captures]
    figures = [
        (row.entries, count(row.entries, "entry", "entries") + " taken"),
        (row.merged, count(row.merged, "copy", "copies") + " merged"),
        (row.unanswered, count(row.unanswered, "question") + " without an answer"),
        (sum(differing), f"{sum(differing)} answered differently elsewhere"),
        (differing.count(False), f"{differing.count(False)} also asked under another heading"),
        (dropped, count(dropped, "piece") + " left out"),
    ]
    told = " · ".join(words for figure, words in figures if figure) or "Nothing was taken."
    covered = " · ".join(f"{name} {said}" for name, said in zip(COVERAGE, coverage_of(row), strict=True) if said)
    return join([tag("p", told, class_="cw-say"), tag("p", f"The build says: {covered}", class_="cw-meta")])


def _details(capture: str, report: Report, index: Index) -> None:
    """What was merged into which with what score, what has no answer, what was left out."""
    merged = [each for each in report.merged if each.capture == capture]
    if merged and (
        place := opened(f"{count(len(merged), 'copy', 'copies')} merged into an entry from elsewhere", capture)
    ):
        with place:
            for copy in merged:
                alike = f"question {percent(copy.question_score)} alike"
                alike += "" if copy.answer_score is None else f", answer {percent(copy.answer_score)}"
                entry = index.entry(copy.entry)
                _line(entry.question if entry else copy.entry, alike, capture, copy.start, copy.end)
    unanswered = [each for each in report.unanswered if each.capture == capture]
    if unanswered and (place := opened(f"{count(len(unanswered), 'question')} without an answer on the page", capture)):
        with place:
            for question in unanswered:
                _line(question.question, "no answer here", capture, question.start, question.end)
    differing = [each for each in report.differing if capture in each.captures]
    _differing("answered differently elsewhere", [each for each in differing if each.headings is None], capture)
    _differing("also asked under another heading", [each for each in differing if each.headings], capture)
    dropped = [each for each in report.dropped if each.capture == capture]
    if dropped and (place := opened(f"{count(len(dropped), 'piece')} left out", capture)):
        with place:
            for piece in dropped:
                _line(piece.text, piece.reason, capture, piece.start, piece.end)


def _differing(how: str, pairs: list[Differing], capture: str) -> None:
    """Questions that this page and another answer differently, and in what."""
    if pairs and (place := opened(f"{count(len(pairs), 'question')} {how}", capture)):
        with place:
            for each in pairs:
                told = "; ".join(one_line(part.text) for part in each.differences)
                alike = f"the answers are {percent(each.answer_score)} alike; both are kept{told and f': {told}'}"
                st.html(tag("p", one_line(each.question), class_="cw-say") + tag("p", alike, class_="cw-meta"))


def _line(text: str, note: str, capture: str, start: int, end: int) -> None:
    with st.container(gap=None):
        words = tag("p", clipped(text, LONGEST_LINE), class_="cw-question") if text else ""
        st.html(words + tag("p", note, class_="cw-meta"))
        if start < end:  # else it is not in the text of the page
            to_capture("Show in the source", capture, start, end)


_SIGNS = {
    "taken": ("●", "taken from here"),
    "copy": ("○", "a copy"),
    "question": ("?", "the question only"),
    "": ("", ""),
}


def _picture(index: Index) -> Html:
    """A table: entries down, stored pages across, by their numbers above."""
    captures = list(index.captures)
    signs = " · ".join(f"{sign} {words}" for sign, words in _SIGNS.values() if sign)
    heads = (tag("th", unseen("Page "), str(number), scope="col") for number in range(1, len(captures) + 1))
    rows = (_row(entry, captures) for entry in index.entries)
    return join(
        [
            tag("p", f"{signs}. The numbers are those of the pages above.", class_="cw-meta"),
            tag(
                "table",
                tag("thead", tag("tr", tag("th", "Entry", scope="col"), *heads)),
                tag("tbody", *rows),
                class_="cw-map",
            ),
        ]
    )


def _row(entry: Entry, captures: list[str]) -> Html:
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
