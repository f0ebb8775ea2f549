"""A decision is saved, and what came of it is shown once: where its gap stood, or at its button where it was not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import streamlit as st

from assistant.app_signin import admitted
from assistant.app_trouble import notice
from assistant.gaps.decisions import decide
from assistant.gaps.records import Decided, Decision
from assistant.home import default_corpus, default_home
from assistant.markup import join, tag
from assistant.text import count, one_line
from index.errors import IndexUnusable
from ingest.errors import InputError

RESULT = "decided"  # in the session
NOT_DRAWN = "the form had not changed yet when the button was pressed; look at it, and save again"


class Result(NamedTuple):
    """What came of a decision on the gap that stood at ``place`` of its page: for the next run of it."""

    key: str
    place: int
    done: tuple[Decision, Decided] | str  # what was decided, and what that did; or why nothing was saved


def save(key: str, place: int, decision: Decision | None) -> None:
    """Do what was decided, unless its form was not drawn yet; the next run of the page says what came of it."""
    if not admitted():
        return
    done: tuple[Decision, Decided] | str = NOT_DRAWN
    if decision:
        try:
            done = decision, decide(default_home(), default_corpus(), decision, datetime.now(UTC))
        except (InputError, IndexUnusable) as error:
            done = str(error)
    st.session_state[RESULT] = Result(key, place, done)


def take_result() -> Result | None:
    """What came of the decision before this run of the page; only this run has it."""
    result: Result | None = st.session_state.pop(RESULT, None)
    return result


def failed(result: Result) -> bool:
    """Whether nothing was saved."""
    return isinstance(result.done, str)


def said_of(result: Result) -> None:
    """Show what came of a decision."""
    if isinstance(result.done, str):
        notice("Nothing was saved", one_line(result.done))
        return
    decision, done = result.done
    lines = []
    if done.file:
        lines.append(f"{count(len(done.written), 'row')} added to {done.file}. Run citewell build to use it.")
    lines += [f"Not added, because it stands in {one_line(each.where)}: {one_line(each.text)}" for each in done.skipped]
    if done.stub:
        lines.append("Download the beginning of the new entry, complete it, and put it among the pages.")
    if decision.what == "dismissed":
        lines.append(f"{count(len(decision.texts), 'wording')} dismissed. Nothing was written to the corpus.")
    st.html(tag("div", join(tag("p", line, class_="cw-say") for line in lines), role="status"))
    if done.stub:
        st.download_button("Download the new entry", done.stub, "new-entry.md", "text/markdown", on_click="ignore")
