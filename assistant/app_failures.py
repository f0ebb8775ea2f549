"""What went wrong in a run, on the Quality page: each question by its kind, a click away from its explanation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from urllib.parse import quote

import streamlit as st

from assistant.app_companion import pick
from assistant.app_table import rest
from assistant.contract import WORDS
from assistant.evaluation import find_failures
from assistant.markup import tag
from assistant.runs import Run
from assistant.testset import Asked
from assistant.text import LONGEST_QUESTION, clipped, count, one_line, percent

LISTED = 100  # questions of one kind; more are in the HTML page of `citewell evaluate --report`
LONGEST = 150  # characters of a question in a list


def failures(run: Run) -> None:
    """Each question that went wrong, by its kind; a click explains it."""
    inside, outside = find_failures(run.asked)
    if not inside and not outside:
        st.html(tag("p", "Every question got what it should.", class_="cw-say"))
        return
    st.html(tag("p", "A click on a question explains why it went as it went.", class_="cw-meta"))
    totals = Counter(one.question.kind for one in run.asked)
    kinds: dict[str, list[Asked]] = defaultdict(list)
    for one in (*inside, *outside):
        kinds[one.question.kind].append(one)
    for kind, failed in kinds.items():
        st.html(tag("h3", f"{kind}: {len(failed)} of {count(totals[kind], 'question')}", class_="cw-label"))
        questions([(one.question.question, _fate(one)) for one in failed[:LISTED]], f"failed {kind}")
        rest(len(failed), LISTED, ", less sure than these")


def _fate(one: Asked) -> str:
    """What became of a question, in words."""
    sure = percent(one.confidence)
    if not one.question.relevant:
        return f"answered at {sure}, though the pages do not answer it"
    said = f"answered wrongly at {sure}" if one.outcome == "answered" else f"{WORDS[one.outcome]} at {sure}"
    place = next((at for at, entry in enumerate(one.ranked, start=1) if entry in one.question.relevant), None)
    return f"{said}, the right entry {f'in place {place}' if place else 'not among the first ten'}"


def questions(asked: Sequence[tuple[str, str]], key: str) -> None:
    """Questions with what is said of each; a click explains one."""
    words = [one_line(question)[:LONGEST_QUESTION] for question, _ in asked]
    links = [
        (f"{clipped(each, LONGEST)} ({told})", f"?explain={quote(each)}")
        for each, (_, told) in zip(words, asked, strict=True)
    ]
    pick(links, key, then=lambda position: st.query_params.__setitem__("explain", words[position]))
