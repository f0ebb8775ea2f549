"""The Ask page: a question in, one of the three outcomes out.

What is asked is also the address: ``?q=`` the question, ``source=`` and ``topic=`` what it is put to, ``after=`` the
entry from which it goes on.
"""

from __future__ import annotations

import streamlit as st

from assistant.answer import answer
from assistant.app_choices import ask, choices
from assistant.app_companion import guide
from assistant.app_feedback import feedback
from assistant.app_library import library
from assistant.app_links import as_link
from assistant.app_outcomes import related, show_outcome
from assistant.app_scope import choose_scope
from assistant.app_visit import ASKS, remember, topic_so_far, visit
from assistant.followup import leans_on_another
from assistant.markup import tag
from assistant.records import Outcome
from assistant.text import LONGEST_QUESTION, clipped, count, one_line
from index.reader import Index

BOX = "question"  # the key of the question box


def page() -> None:
    """Show the box, and under it what the toolkit says to the question in the address."""
    index = library()
    given = one_line(st.query_params.get("q", ""))
    question = given[:LONGEST_QUESTION]
    with st.container(key="box", gap="small"):
        st.title("Ask the pages", anchor=False)
        _box(question)
        scope = choose_scope(index)
    if st.session_state.pop("cut", False) or len(given) > LONGEST_QUESTION:
        st.html(tag("p", f"Only the first {LONGEST_QUESTION} characters of the question were used.", class_="cw-meta"))
    if question:
        outcome = answer(question, index, scope, st.query_params.get("after"))
        _how_it_was_read(outcome, index)
        said, to = show_outcome(outcome, index, scope)
        turn = remember(outcome, index, scope)
        feedback(outcome, index, turn.number, turn.address)
        related(outcome)
    else:
        said, to = _welcome(index), BOX
    visit(index)
    # A result takes the focus once somebody has asked; a page just opened is read from its top.
    asked = "&".join(st.query_params.get(name, "") for name in ASKS)
    guide(asked, said, to if not question or st.session_state.get("reading") else "")
    st.session_state["reading"] = True


def _box(question: str) -> None:
    """The question box. When the address has another question than before, the box takes it over."""
    if BOX not in st.session_state or st.session_state.get("asked") != question:
        st.session_state[BOX] = question
    st.session_state["asked"] = question
    with (
        st.form("ask", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        # No max_chars: Streamlit would write a count over what is typed. What is too long is cut, and said to be.
        st.text_input("Your question", key=BOX, autocomplete="off", width="stretch")
        st.form_submit_button("Ask", type="primary", on_click=_submitted)


def _submitted() -> None:
    """What was typed is asked; nothing typed is said so."""
    words = one_line(st.session_state[BOX])
    ask(words, topic_so_far() if leans_on_another(words) else None)
    st.session_state["empty"], st.session_state["cut"] = not words, len(words) > LONGEST_QUESTION


def _how_it_was_read(outcome: Outcome, index: Index) -> None:
    """What was made of the question before it was searched for; a topic that was carried can be put down."""
    if outcome.evidence.read_as != outcome.question:
        st.html(tag("p", f"Read as: {outcome.evidence.read_as}", class_="cw-meta"))
    entry = index.entry(outcome.evidence.carried) if outcome.evidence.carried else None
    if entry:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="carried"):
            st.html(tag("p", f"Going on from: {clipped(entry.question, 60)}", class_="cw-meta"), width="content")
            st.button(as_link("Ask it on its own"), type="tertiary", on_click=ask, args=(outcome.question,))


def _welcome(index: Index) -> str:
    """The empty page: examples, and what to expect."""
    said = "Type a question first." if st.session_state.pop("empty", False) else ""
    if said:
        st.html(tag("p", said, class_="cw-say"))
    pages = count(len(index.captures), "page")
    st.html(
        tag(
            "p",
            f"Answers are the exact words of {pages}, each with the place where they stand. "
            "Where the pages do not answer, this page says so." + _what_is_kept(index),
            class_="cw-meta",
        )
    )
    choices("Try one of these", index.corpus.examples)
    _by_topic(index)
    return said


def _what_is_kept(index: Index) -> str:
    settings = index.corpus.questions
    if not settings.log:
        return ""
    days = count(settings.keep_days, "day")
    return f" Questions are kept for {days}, with personal data taken out, to make these pages better: name nobody."


def _by_topic(index: Index) -> None:
    """The examples of each topic, in two columns as long as each other."""
    columns, lengths = st.columns(2, gap="large"), [0, 0]
    for topic in index.corpus.topic:
        shorter = lengths.index(min(lengths))
        lengths[shorter] += len(topic.examples)
        with columns[shorter]:
            choices(topic.name, topic.examples, f"choices {topic.name}")
