"""Whether an answer helped: two buttons, and after "No" room for a reason. What is kept is said beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import streamlit as st

from assistant.gaps.log import LONGEST_REASON, note_feedback, note_reason
from assistant.gaps.records import Feedback
from assistant.home import default_home
from assistant.markup import tag
from assistant.records import Answer, Outcome
from index.reader import Index

_GIVEN = "feedback given"  # in the session: what was said, by the address of what it was said of


@dataclass(frozen=True)
class _Given:
    helpful: bool
    number: int | None  # in the log; None: it could not be kept
    why: bool = False  # whether a reason was given


def feedback(outcome: Outcome, index: Index, number: int | None, address: str) -> None:
    """Ask whether an answer helped. ``number`` is that of the question in the log, ``address`` what was asked."""
    if not isinstance(outcome, Answer):
        return
    given = st.session_state.setdefault(_GIVEN, {}).get(address)
    with st.container(key="feedback", gap="small"):
        if given is None:
            _ask(outcome, index, number, address)
        elif given.number is None:
            st.html(
                tag("p", "That could not be noted: nothing can be written just now.", class_="cw-say", role="status")
            )
        elif given.helpful or given.why:
            st.html(tag("p", "Thank you. That was noted.", class_="cw-say", role="status"))
        else:
            _ask_why(index, address)


def _ask(answer: Answer, index: Index, number: int | None, address: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(tag("p", "Did this answer your question?", class_="cw-say"), width="content")
        for words, helpful in (("Yes", True), ("No", False)):
            st.button(
                words, key=f"helpful {words}", on_click=_say, args=(answer.entry.id, index, number, address, helpful)
            )


def _ask_why(index: Index, address: str) -> None:
    kept = "your question, the answer and your reason" if index.corpus.questions.log else "the answer and your reason"
    with st.form("why", border=False):
        st.html(tag("p", "Thank you, that was noted.", class_="cw-say", role="status"))
        st.text_area("What was missing? (optional)", key="why", max_chars=LONGEST_REASON, height=90)
        st.html(
            tag(
                "p",
                f"Kept for whoever looks after these pages: {kept}, with e-mail addresses, numbers and the like taken "
                "out. Please name nobody.",
                class_="cw-meta",
            )
        )
        st.form_submit_button("Send the reason", on_click=_say_why, args=(address,))


def _say(entry: str, index: Index, number: int | None, address: str, helpful: bool) -> None:
    said = Feedback(datetime.now(UTC), entry, helpful, question=number)
    kept = note_feedback(default_home(), index.corpus.questions, said)
    st.session_state[_GIVEN][address] = _Given(helpful, kept)


def _say_why(address: str) -> None:
    given = st.session_state[_GIVEN][address]
    if reason := st.session_state["why"].strip():
        note_reason(default_home(), given.number, reason)
        st.session_state[_GIVEN][address] = replace(given, why=True)
