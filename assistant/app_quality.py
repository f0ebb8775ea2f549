"""The Quality page, for maintainers: how well the index answers its test set, and why a question goes as it goes.

``?explain=...`` is the address of an explanation. What is read of a kept run stays in memory: a run never changes.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from assistant.app_companion import guide
from assistant.app_explanation import explanation
from assistant.app_library import library
from assistant.app_links import to_page
from assistant.app_measure import measure, offer
from assistant.app_quality_run import show_run, when
from assistant.app_signin import gate
from assistant.home import default_home
from assistant.markup import tag
from assistant.runs import About, Headline, Run, find_earlier, find_runs, read_headline, read_run
from assistant.text import LONGEST_QUESTION, count, one_line, percent, told_apart
from ingest.errors import InputError

RUN = "quality run"  # in the session: the file of the run that is shown
MADE = "run just made"


def page() -> None:
    """Show the run that is picked, or the explanation that the address names."""
    st.title("Quality", anchor=False)
    if not gate():
        return
    if question := one_line(st.query_params.get("explain", ""))[:LONGEST_QUESTION]:
        to_page("quality", "Back to the figures", ":material/arrow_back:")
        _box()
        said, to = explanation(question, library())
        guide(f"explain {question}", said, to)
        return
    said = ""
    if MADE in st.session_state:
        st.session_state[RUN] = st.session_state.pop(MADE)
        said = "The measurement is done, and is shown."
    top = st.container()
    with top:
        asked = offer()
    _figures()
    st.header("Explain a question", anchor=False)
    _box()
    guide(f"quality {st.session_state.get(RUN)}", said)
    with top:  # at last, so that the figures can be read meanwhile
        if asked and (made := measure(library())):
            st.session_state[MADE] = made
            st.rerun()


def _box() -> None:
    with st.form("explain", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Question to explain", key="to explain", max_chars=LONGEST_QUESTION, autocomplete="off")
        st.form_submit_button("Explain", on_click=_explain)


def _explain() -> None:
    if question := one_line(st.session_state["to explain"]):
        st.query_params["explain"] = question


def _figures() -> None:
    """The run that is picked, beside the one before it; what to do when there is none."""
    known = {path: headline for path in find_runs(default_home()) if (headline := _headline(path))}
    if not known:
        st.html(
            tag("p", "Nothing has been measured yet.", class_="cw-question")
            + tag("p", "Measure now, or run: citewell evaluate. Each run is kept and shown here.", class_="cw-meta")
        )
        return
    if st.session_state.get(RUN) not in known:
        st.session_state[RUN] = next(iter(known))
    names = dict(zip(known, told_apart(map(_name, known.values())), strict=True))
    picked = st.selectbox("Run", list(known), key=RUN, format_func=names.__getitem__)
    try:
        earlier = find_earlier(known[picked].about, {path: each.about for path, each in known.items()})
        show_run(str(picked), _run(str(picked)), _run(str(earlier)) if earlier else None)
    except InputError as gone:
        st.html(tag("p", one_line(str(gone)), class_="cw-say", role="alert"))


def _name(headline: Headline) -> str:
    hit = headline.overall.hit_1
    found = f"found first {percent(hit.value)}, " if hit else ""
    return f"{when(headline.about)}: {found}{count(headline.testset, 'question')}{_part(headline.about)}"


def _part(about: About) -> str:
    return f" of the part {about.split}" if about.split else ""


def _headline(path: Path) -> Headline | None:
    try:
        return _known_headline(str(path))
    except InputError:  # of another version, or no run: it can not be shown
        return None


@st.cache_resource(max_entries=100, show_spinner=False)
def _known_headline(path: str) -> Headline:
    return read_headline(Path(path))


@st.cache_resource(max_entries=3, show_spinner=False)
def _run(path: str) -> Run:
    return read_run(Path(path))
