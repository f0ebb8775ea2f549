"""The Gaps page, for maintainers: what people could not find, most frequent first, and what is to become of it."""

from __future__ import annotations

import streamlit as st

from assistant import app_table
from assistant.app_gaps_figures import feedback, weeks
from assistant.app_gaps_form import form, key_of, times
from assistant.app_gaps_result import Result, failed, said_of, take_result
from assistant.app_library import library
from assistant.app_links import to_page
from assistant.app_pages import page_of
from assistant.app_signin import gate
from assistant.app_table import opened
from assistant.app_trouble import notice
from assistant.gaps.clusters import Vectors, cluster
from assistant.gaps.exports import gaps_csv
from assistant.gaps.known import letters_known
from assistant.gaps.read import read_figures, read_gaps
from assistant.gaps.records import Figures, Gap, Week
from assistant.home import default_corpus, default_home
from assistant.markup import tag
from assistant.text import clipped, count, label, long_date, one_line
from index.reader import Index
from ingest.errors import InputError

PAGE = 20  # gaps
LONGEST = 110  # characters of a question in a list
REFRESH = "refresh gaps"  # the key of the button: in the session for as long as the page is shown


def page() -> None:
    """Show the figures, the gaps with a form for each, and feedback."""
    index = library()
    st.title("What people could not find", anchor=False)
    if not gate():
        return
    app_table.apply()
    try:
        figures = read_figures(default_home())
        if index.corpus.questions.log:
            _kept(index, figures)
        else:
            notice(
                "Questions are not kept",
                "Nothing that people ask is written down. To see here what they could not find, add two lines to "
                "sources.toml and run citewell build: [questions] and, below it, log = true. Personal data is taken "
                "out before anything is written, but names can not be recognised: tell people that questions are kept.",
                id_="not-kept",
            )
        feedback(index, figures)
    except InputError as error:
        notice("The questions can not be shown", one_line(str(error)))


def _kept(index: Index, figures: Figures) -> None:
    days = index.corpus.questions.keep_days
    said = (
        f"In the last {count(days, 'day')}: {figures.asked} asked · {figures.answered} answered · "
        f"{figures.asked_back} asked back · {figures.refused} not answered · {figures.unhelpful} not helpful"
    )
    st.html(tag("p", said, class_="cw-say"))
    if figures.asked:
        weeks(figures)
    result = take_result()
    gaps = _gaps(index, anew=REFRESH not in st.session_state or (result is not None and not failed(result)))
    st.header("Gaps", anchor=False)
    if gaps:
        st.html(tag("p", f"{count(len(gaps), 'gap')}, the most frequent first", class_="cw-meta", role="status"))
    st.button("Refresh", key=REFRESH, icon=":material/refresh:", on_click=_forget)
    if gaps and (room := opened("Download the gaps", "gaps")):
        with room:
            _file(gaps)
    _listed(gaps, index, result)
    if not gaps:
        words = (
            "Every question that was kept is answered or decided."
            if figures.asked
            else "Nobody has asked anything yet."
        )
        st.html(tag("p", words, class_="cw-say"))


def _file(gaps: tuple[Gap, ...]) -> None:
    said = "The file has what people asked, less the personal data that was recognised. Delete it when it has served."
    st.html(tag("p", said, class_="cw-meta"))
    latest = max(gap.last for gap in gaps)  # in the name: of two long files of one name, Streamlit may keep the older
    name = f"gaps-{latest:%Y-%m-%d-%H%M%S}.csv"
    st.download_button("Download as CSV", gaps_csv(gaps), name, "text/csv", on_click="ignore")


def _listed(gaps: tuple[Gap, ...], index: Index, result: Result | None) -> None:
    """A page of the gaps; what came of a decision stands where its gap did."""
    shown = [gaps[at] for at in page_of(len(gaps), PAGE, "page of gaps")]
    told = min(result.place, len(shown)) if result and not failed(result) else None
    for place, gap in enumerate(shown):
        if result and place == told:
            said_of(result)
        _gap(gap, place, index, result)
    if result and told == len(shown):
        said_of(result)


def _gaps(index: Index, anew: bool) -> tuple[Gap, ...]:
    """The gaps as they were when the page was opened; ``anew`` when that is now, or something was decided."""
    made_of = index.manifest.content
    if anew or st.session_state.get("gaps of", (None,))[0] != made_of:
        wordings = read_gaps(default_home(), letters_known(index, default_corpus()))
        st.session_state["gaps of"] = (made_of, cluster(wordings, index, _vectors(made_of)))
    found: tuple[Gap, ...] = st.session_state["gaps of"][1]
    return found


def _forget() -> None:
    st.session_state.pop("gaps of", None)


@st.cache_resource(max_entries=1, show_spinner=False)
def _vectors(made_of: str) -> Vectors:  # of the index that is made of this
    return {}


def _gap(gap: Gap, place: int, index: Index, result: Result | None) -> None:
    oldest = min(gap.wordings, key=lambda wording: (wording.first, wording.text))  # stays so, whatever is asked next
    key = key_of(oldest)
    with st.container(border=True, key=f"gap-{key}"):
        st.subheader(label(clipped(gap.representative, 2 * LONGEST)), anchor=False)
        when = f"in {count(len(gap.weeks), 'week')}, last on {long_date(f'{gap.last:%Y-%m-%d}')}"
        asked = f"{times(gap.counts)} in {count(len(gap.wordings), 'wording')}, {when}"
        st.html(tag("p", asked, class_="cw-meta"))
        to_page("ask", "See the answer", q=gap.representative, via="gaps")
        if room := opened("The wordings, and what to do", key):
            with room:
                st.html(tag("p", f"By week: {_by_week(gap.weeks)}", class_="cw-meta"))
                form(gap, key, place, index)
                if result and failed(result) and result.key == key:
                    said_of(result)


def _by_week(weeks: tuple[Week, ...]) -> str:
    return " · ".join(f"{week.name}: {week.count}" for week in weeks)
