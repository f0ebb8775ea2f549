"""What this reader has asked in this visit: to go back to, to go on from, and to take along. Nobody else sees it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from assistant.app_companion import pick
from assistant.contract import WORDS
from assistant.gaps.log import note_followed, note_question
from assistant.home import default_home
from assistant.markup import tag
from assistant.records import Answer, Outcome
from assistant.scope import EVERYTHING, Scope
from assistant.text import clipped
from assistant.transcript import KEPT, Turn, as_csv, as_markdown, note
from index.reader import Index

TURNS, TOPIC = "turns so far", "topic so far"  # in the session
ASKS = ("q", "source", "topic", "after")  # in the address: what is asked
LONGEST_ASK = 1000  # characters of each of them: more than is read of any
LONGEST_LINE = 90  # characters of a question in the list


def remember(outcome: Outcome, index: Index, scope: Scope) -> Turn:
    """Add the outcome to the visit, unless it is there already; return its turn."""
    turns: list[Turn] = st.session_state.setdefault(TURNS, [])
    # Other parameters ask for nothing else.
    address = "?" + urlencode({name: given[:LONGEST_ASK] for name in ASKS if (given := st.query_params.get(name))})
    turn = next((turn for turn in turns if turn.address == address), None)
    if turn is None:
        number = _log(outcome, index, scope)
        turn = note(outcome, address, datetime.now().astimezone(), index, number, scope)
        turns.append(turn)
        del turns[:-KEPT]
    if isinstance(outcome, Answer):
        st.session_state[TOPIC] = outcome.entry.id
    return turn


def _log(outcome: Outcome, index: Index, scope: Scope) -> int | None:
    """Keep the question, where it stands for itself: all pages were asked, and no topic was carried from another.

    A maintainer who looks into what others asked is no asker.
    """
    if scope != EVERYTHING or outcome.evidence.carried or st.query_params.get("via"):
        return None
    return note_question(default_home(), index.corpus.questions, outcome, datetime.now(UTC))


def follow_up_offer(index: Index) -> None:
    """Note that one of the questions was taken which the last outcome offered."""
    if turns := st.session_state.get(TURNS):
        note_followed(default_home(), index.corpus.questions, turns[-1].number)


def topic_so_far() -> str | None:
    """The entry that was answered last in this visit."""
    return st.session_state.get(TOPIC)


def visit(index: Index) -> None:
    """List the questions of this visit, latest first, with the ways to take them along."""
    turns: list[Turn] = st.session_state.get(TURNS, [])
    if not turns:
        return
    with st.container(key="visit"):
        place = st.expander(f"Your questions in this visit ({len(turns)})", key="visit open", on_change="rerun")
        if place.open:
            with place:
                _list(index, turns)


def _list(index: Index, turns: Sequence[Turn]) -> None:
    st.html(
        tag(
            "p",
            f"Only you see this list. It is gone when you close the page; the last {KEPT} questions are kept.",
            class_="cw-meta",
        )
    )
    latest = turns[::-1]
    links = [(f"{clipped(turn.question, LONGEST_LINE)} · {WORDS[turn.outcome]}", turn.address) for turn in latest]
    pick(links, "turns", then=lambda position: _go_back(latest[position]))
    text, table = as_markdown(index.corpus.name, turns), as_csv(turns)
    # What is made only when it is asked for is thrown away as soon as two other readers' pages have been drawn.
    with st.container(horizontal=True, gap="small"):
        st.download_button("Download as Markdown", text, "questions.md", "text/markdown", on_click="ignore")
        st.download_button("Download as CSV", table, "questions.csv", "text/csv", on_click="ignore")


def _go_back(turn: Turn) -> None:
    st.query_params.from_dict(dict(parse_qsl(turn.address.removeprefix("?"))))
