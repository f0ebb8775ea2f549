"""The Sources page: what was read, what each page gave, and which entry was found where."""

from __future__ import annotations

from collections import Counter, defaultdict
from urllib.parse import quote

import streamlit as st

from assistant.app_companion import pick
from assistant.app_html import Html, join, tag, unseen
from assistant.app_library import library
from assistant.app_links import go_to, to_capture, to_page, to_web
from assistant.app_text import clipped, count, label, one_line, percent
from assistant.provenance import source_of
from index.search import Index
from ingest.records import Entry, Report

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
    )
    taken = defaultdict(list)
    for entry in index.entries:
        taken[entry.occurrences[0].capture].append(entry)
    for number, capture in enumerate(index.captures, start=1):
        with st.container(border=True):
            _capture(number, capture, taken[capture], index)
    if index.captures and index.entries:
        st.header("What was found where", anchor=False)
        st.html(_picture(index))


def _capture(number: int, capture: str, entries: list[Entry], index: Index) -> None:
    """One stored page: whose it is, what it gave, and the ways to it."""
    source = source_of(index, capture)
    st.header(f"{number}. {label(source.title if source else capture)}", anchor=False)
    if source:
        rights = ". ".join(filter(None, (source.publisher, source.licence)))
        st.html(tag("p", f"{rights}.", class_="cw-meta"))
    if index.report:
        st.html(_gave(capture, index.report))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        to_page("capture", "Read the stored page", ":material/article:", path=capture)
        to_web("Live page", source.url if source else None)
    if entries:
        with st.expander(f"{count(len(entries), 'entry', 'entries')} taken from it"):
            links = [(one_line(entry.question), f"browse?entry={quote(entry.id)}") for entry in entries]
            picked = pick(links, f"taken {capture}")
        if picked is not None:
            go_to("browse", entry=entries[picked].id)
    if index.report:
        _details(capture, index.report, index)


def _gave(capture: str, report: Report) -> Html:
    """The figures of one page."""
    row = next((page for page in report.pages if page.capture == capture), None)
    if row is None:
        return tag("p", "The build reported nothing on this page.", class_="cw-say")
    dropped = sum(each.capture == capture for each in report.dropped)
    differing = sum(capture in each.captures for each in report.differing)
    figures = [
        (row.entries, count(row.entries, "entry", "entries") + " taken"),
        (row.merged, count(row.merged, "copy", "copies") + " merged"),
        (row.unanswered, count(row.unanswered, "question") + " without an answer"),
        (differing, f"{differing} answered differently elsewhere"),
        (dropped, count(dropped, "piece") + " left out"),
    ]
    return tag("p", " · ".join(words for figure, words in figures if figure) or "Nothing was taken.", class_="cw-say")


def _details(capture: str, report: Report, index: Index) -> None:
    """What was merged into which with what score, what has no answer, what was left out."""
    if merged := [each for each in report.merged if each.capture == capture]:
        with st.expander(f"{count(len(merged), 'copy', 'copies')} merged into an entry from elsewhere"):
            for copy in merged:
                alike = f"question {percent(copy.question_score)} alike"
                alike += "" if copy.answer_score is None else f", answer {percent(copy.answer_score)}"
                entry = index.entry(copy.entry)
                _line(entry.question if entry else copy.entry, alike, capture, copy.start, copy.end)
    if unanswered := [each for each in report.unanswered if each.capture == capture]:
        with st.expander(f"{count(len(unanswered), 'question')} without an answer on the page"):
            for question in unanswered:
                _line(question.question, "no answer here", capture, question.start, question.end)
    if differing := [each for each in report.differing if capture in each.captures]:
        with st.expander(f"{count(len(differing), 'question')} answered differently elsewhere"):
            for each in differing:
                alike = f"the answers are {percent(each.answer_score)} alike; both are kept"
                told = [one_line(part.text) for part in each.differences]
                alike += f": {'; '.join(told)}" if told else ""
                st.html(tag("p", one_line(each.question), class_="cw-say") + tag("p", alike, class_="cw-meta"))
    if dropped := [each for each in report.dropped if each.capture == capture]:
        with st.expander(f"{count(len(dropped), 'piece')} left out"):
            for piece in dropped:
                _line(piece.text, piece.reason, capture, piece.start, piece.end)


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
