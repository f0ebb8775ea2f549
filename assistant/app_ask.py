"""The Ask page: a question in, one of the three outcomes out. The question is also the address, ``?q=...``."""

from __future__ import annotations

import streamlit as st

from assistant.answer import answer
from assistant.app_choices import ask, choices
from assistant.app_companion import guide
from assistant.app_html import tag
from assistant.app_library import library
from assistant.app_outcomes import show_outcome
from assistant.app_text import LONGEST_QUESTION, count, one_line
from index.search import Index


def page() -> None:
    """Show the box, and under it what the toolkit says to the question in the address."""
    index = library()
    st.title("Ask the pages", anchor=False)
    given = one_line(st.query_params.get("q", ""))
    question = given[:LONGEST_QUESTION]
    _box(question)
    if len(given) > LONGEST_QUESTION:
        st.html(tag("p", f"Only the first {LONGEST_QUESTION} characters of the question were used.", class_="cw-meta"))
    if question:
        outcome = answer(question, index)
        if outcome.evidence.read_as != question:
            st.html(tag("p", f"Read as: {outcome.evidence.read_as}", class_="cw-meta"))
        said, to = show_outcome(outcome, index)
    else:
        said, to = _welcome(index), ""
    guide(question, said, to if st.session_state.get("reading") else "")
    st.session_state["reading"] = True  # from now on a result takes the focus; a page just opened does not


def _box(question: str) -> None:
    """The question box. When the address has another question than before, the box takes it over."""
    if "question" not in st.session_state or st.session_state.get("asked") != question:
        st.session_state["question"] = question
    st.session_state["asked"] = question
    with (
        st.form("ask", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input("Your question", key="question", max_chars=LONGEST_QUESTION, autocomplete="off", width="stretch")
        st.form_submit_button("Ask", type="primary", on_click=_submitted)


def _submitted() -> None:
    """What was typed is asked; nothing typed is said so."""
    ask(st.session_state["question"])
    st.session_state["empty"] = "q" not in st.query_params


def _welcome(index: Index) -> str:
    """The empty page: examples, and what to expect."""
    said = "Type a question first." if st.session_state.pop("empty", False) else ""
    if said:
        st.html(tag("p", said, class_="cw-say"))
    if index.corpus.examples:
        choices("Try one of these", index.corpus.examples)
    pages = count(len(index.captures), "page")
    st.html(
        tag(
            "p",
            f"Answers are the exact words of {pages}, each with the place where they stand. "
            "Where the pages do not answer, this page says so.",
            class_="cw-meta",
        )
    )
    return said
