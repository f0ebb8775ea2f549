"""What the last rebuild changed, on the Sources page: entries that were added, changed, removed or moved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from assistant.app_entry import LONGEST_LINE, entry_links
from assistant.app_table import opened, rest
from assistant.console_plan import HOW
from assistant.home import default_home
from assistant.last_change import find_change, name_previous
from assistant.markup import Html, join, tag, unseen
from assistant.text import clipped, count
from index.reader import Index
from ingest.plan import Changed, Moved, Plan

SHOWN = 50  # of each kind of change
_MARKED = re.compile(r"\[-(.*?)-\]|\{\+(.*?)\+\}", re.DOTALL)  # as ingest/diffs.py marks words


def last_rebuild(index: Index) -> None:
    """Show what changed since the generation before; nothing where there is none to compare with."""
    home = default_home()
    previous = name_previous(home)
    plan = _plan(str(home), previous, index.folder.name, index) if previous else None
    if plan is None:
        return
    st.header("What the last rebuild changed", anchor=False)
    st.html(tag("p", f"{count(plan.after, 'entry', 'entries')} now: {plan.counts}.", class_="cw-say"))
    if plan.added:
        entry_links(_title("added", len(plan.added)), plan.added[:SHOWN], len(plan.added), "rebuild")
    _told("changed", [_change(change) for change in plan.changed])
    _told("removed", [tag("p", clipped(each.question, LONGEST_LINE), class_="cw-question") for each in plan.removed])
    told = [move for move in plan.moved if move.how in HOW]
    _told("moved", [tag("p", say_moved(move, _asks(index, move)), class_="cw-say") for move in told])
    if others := len(plan.moved) - len(told):
        moved = f"{others} stand elsewhere on their page, or have other copies, in the same words as before."
        st.html(tag("p", moved, class_="cw-meta"))


@st.cache_resource(max_entries=2, show_spinner=False)
def _plan(home: str, previous: str, current: str, _index: Index) -> Plan | None:
    return find_change(Path(home), previous, _index)


def _title(what: str, number: int) -> str:
    return f"{count(number, 'entry', 'entries')} {what}"


def _told(what: str, changes: Sequence[Html]) -> None:
    if changes and (place := opened(_title(what, len(changes)), "rebuild")):
        with place:
            st.html(join(changes[:SHOWN]))
            rest(len(changes), SHOWN)


def _change(change: Changed) -> Html:
    lines = (tag("li", show_diff(line)) for line in change.diff)
    return join([tag("p", clipped(change.question, LONGEST_LINE), class_="cw-question"), tag("ul", *lines)])


def show_diff(line: str) -> Html:
    """A line of a difference, its words that went struck out, those that came underlined; both are said too."""
    line = line.removeprefix("~ ")  # a paragraph that was reworded, as the marks within it show
    pieces: list[str] = []
    last = 0
    for found in _MARKED.finditer(line):
        went, came = found.groups()
        words = tag("del", unseen("removed: "), went) if came is None else tag("ins", unseen("added: "), came)
        pieces += [line[last : found.start()], words]
        last = found.end()
    return join([*pieces, line[last:]])


def _asks(index: Index, move: Moved) -> str:
    entry = index.entry(move.after)
    return clipped(entry.question, LONGEST_LINE) if entry else move.after


def say_moved(move: Moved, question: str) -> str:
    """What moved where, in words; ``question`` is what the entry asks now."""
    if move.how == "id":
        return f"“{clipped(move.was, LONGEST_LINE)}” now asks: “{question}”"
    return f"“{question}” is {HOW[move.how]}: {move.was or 'none'} before, {move.now or 'none'} now"
