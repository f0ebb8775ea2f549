"""The Gaps page, for maintainers: what people could not find, most frequent first, and what is to become of it."""

from __future__ import annotations

from hashlib import sha256

import altair as alt
import streamlit as st

from assistant import app_table
from assistant.app_gaps_form import form, times, told
from assistant.app_library import library
from assistant.app_links import to_page
from assistant.app_signin import gate
from assistant.app_table import show_table
from assistant.app_trouble import notice
from assistant.gaps.clusters import cluster
from assistant.gaps.exports import gaps_csv
from assistant.gaps.read import read_feedback, read_figures, read_gaps
from assistant.gaps.records import Feedback, Figures, Gap, Week
from assistant.home import default_home
from assistant.markup import Html, tag
from assistant.text import clipped, count, label, long_date, one_line
from index.search import Index
from ingest.errors import InputError

PAGE = 20  # gaps
FEEDBACK = 20  # the newest
LONGEST = 110  # characters of a question in a list
BAR = "#2F8F86"  # beside the primary colours, at 3 to 1 and more on the light background and on the dark one


def page() -> None:
    """Show the figures, the gaps with a form for each, and feedback."""
    index = library()
    st.title("What people could not find", anchor=False)
    if not gate():
        return
    app_table.apply()
    told()
    try:
        if index.corpus.questions.log:
            _kept(index)
        else:
            notice(
                "Questions are not kept",
                "Nothing that people ask is written down. To see here what they could not find, add two lines to "
                "sources.toml and run citewell build: [questions] and, below it, log = true. Personal data is taken "
                "out before anything is written, but names can not be recognised: tell people that questions are kept.",
                id_="not-kept",
            )
        _feedback(index)
    except InputError as error:
        notice("The questions can not be shown", one_line(str(error)))


def _kept(index: Index) -> None:
    figures = read_figures(default_home())
    days = index.corpus.questions.keep_days
    said = (
        f"In the last {count(days, 'day')}: {figures.asked} asked · {figures.answered} answered · "
        f"{figures.asked_back} asked back · {figures.refused} not answered · {figures.unhelpful} not helpful"
    )
    st.html(tag("p", said, class_="cw-say"))
    if figures.asked:
        _weeks(figures)
    gaps = _gaps(index)
    st.header("Gaps", anchor=False)
    if not gaps:
        words = (
            "Every question that was kept is answered or decided."
            if figures.asked
            else "Nobody has asked anything yet."
        )
        st.html(tag("p", words, class_="cw-say"))
        return
    st.html(tag("p", f"{count(len(gaps), 'gap')}, the most frequent first", class_="cw-meta", role="status"))
    st.download_button("Download as CSV", gaps_csv(gaps), "gaps.csv", "text/csv", icon=":material/download:")
    pages = -(-len(gaps) // PAGE)
    shown = st.selectbox("Page", range(1, pages + 1)) if pages > 1 else 1
    for gap in gaps[(shown - 1) * PAGE : shown * PAGE]:
        _gap(gap, index)


def _gaps(index: Index) -> tuple[Gap, ...]:
    """The gaps; those of the session, as long as the same wordings stand in the log."""
    wordings = read_gaps(default_home())
    key = (index.manifest.content, wordings)
    if st.session_state.get("gaps of", (None,))[0] != key:
        st.session_state["gaps of"] = (key, cluster(wordings, index))
    found: tuple[Gap, ...] = st.session_state["gaps of"][1]
    return found


def _weeks(figures: Figures) -> None:
    """A bar for each week, and the same as a table."""
    rows = [{"Week": week.name, "Questions": week.count} for week in figures.weeks]
    bars = alt.Chart(alt.InlineData(values=rows)).mark_bar(color=BAR, size=18)
    chart = bars.encode(
        x=alt.X("Week:O", title="Week", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("Questions:Q", title="Questions", axis=alt.Axis(tickMinStep=1)),
    ).properties(height=150)
    st.altair_chart(chart, width="stretch")
    with st.expander("The same as a table"):
        show_table("Questions by week", ("Week", "Questions"), ((week.name, str(week.count)) for week in figures.weeks))


def _gap(gap: Gap, index: Index) -> None:
    key = sha256(gap.wordings[0].text.encode()).hexdigest()[:12]
    with st.container(border=True, key=f"gap-{key}"):
        st.subheader(label(clipped(gap.representative, 2 * LONGEST)), anchor=False)
        asked = f"{times(gap.counts)} in {count(len(gap.weeks), 'week')}, last on {long_date(f'{gap.last:%Y-%m-%d}')}"
        st.html(tag("p", asked, class_="cw-meta"))
        to_page("ask", "See the answer", q=gap.representative, via="gaps")
        with st.expander(f"{count(len(gap.wordings), 'wording')}, and what to do", key=f"{key} open"):
            st.html(tag("p", f"By week: {_by_week(gap.weeks)}", class_="cw-meta"))
            form(gap, key, index)


def _by_week(weeks: tuple[Week, ...]) -> str:
    return " · ".join(f"{week.name}: {week.count}" for week in weeks)


def _feedback(index: Index) -> None:
    st.header("Feedback", anchor=False)
    said = read_feedback(default_home(), FEEDBACK)
    if not said:
        st.html(tag("p", "Nobody has said yet whether an answer helped.", class_="cw-say"))
        return
    figures = read_figures(default_home())
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
