"""How often people asked, as bars, and what they said of answers: above the gaps, and below them."""

from __future__ import annotations

import streamlit as st

from assistant.app_table import opened, show_table
from assistant.gaps.read import read_feedback
from assistant.gaps.records import Feedback, Figures
from assistant.home import default_home
from assistant.markup import Html, tag
from assistant.plots import as_image, plot_weeks
from assistant.text import clipped, long_date, one_line
from index.reader import Index

NEWEST = 20  # of feedback
LONGEST = 110  # characters of a question in a list


def weeks(figures: Figures) -> None:
    """A bar for each week, and the same as a table."""
    asked = tuple((week.name, week.count) for week in figures.weeks)
    address, words = _image(asked, dark=st.context.theme.type == "dark")
    st.html(tag("img", src=address, alt=words, class_="cw-plot"))
    if place := opened("The same as a table", "weeks"):
        with place:
            show_table("Questions by week", ("Week", "Questions"), ((name, str(number)) for name, number in asked))


@st.cache_resource(max_entries=8, show_spinner=False)
def _image(asked: tuple[tuple[str, int], ...], *, dark: bool) -> tuple[str, str]:
    return as_image(plot_weeks(asked), dark=dark)


def feedback(index: Index, figures: Figures) -> None:
    """What was said of answers, the newest first."""
    st.header("Feedback", anchor=False)
    said = read_feedback(default_home(), NEWEST)
    if not said:
        st.html(tag("p", "Nobody has said yet whether an answer helped.", class_="cw-say"))
        return
    st.html(
        tag("p", f"{figures.helpful} helpful · {figures.unhelpful} not helpful; the newest first", class_="cw-meta")
    )
    st.html(tag("ul", *(tag("li", *_said(one, index)) for one in said)))


def _said(one: Feedback, index: Index) -> list[Html]:
    entry = index.entry(one.entry) if one.entry else None
    about = clipped(entry.question, LONGEST) if entry else one_line(one.entry or "no entry")
    helped = "helpful" if one.helpful else "not helpful"
    meta = tag("p", f"{long_date(f'{one.when:%Y-%m-%d}')} · {helped} · {about}", class_="cw-meta")
    return [meta, tag("p", one_line(one.reason), class_="cw-say")] if one.reason else [meta]
