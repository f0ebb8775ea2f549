"""The form below a gap: which wordings, what is to become of them, and what was written."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from assistant.app_trouble import notice
from assistant.gaps.decisions import decide
from assistant.gaps.records import Counts, Decided, Decision, Gap, What
from assistant.home import default_corpus, default_home
from assistant.markup import join, tag
from assistant.text import clipped, count, label, one_line
from index.errors import IndexUnusable
from index.search import Index, make_query, search
from ingest.errors import InputError
from ingest.records import Entry

NEAREST = 5  # entries that are offered first
LONGEST = 110  # characters of a question in a list
WHATS: dict[What, str] = {
    "link": "An entry answers them: add them as other wordings",
    "unanswered": "The pages do not answer them",
    "test": "Measure with them: add them to the test set",
    "stub": "Write a new entry",
    "dismissed": "Dismiss them",
}
KINDS = {"near": "on the subject of the pages", "far": "about something else", "talk": "no question: talk, gibberish"}


def form(gap: Gap, key: str, index: Index) -> None:
    """What to decide. Nothing of it is lost when another part of the page is drawn anew: every choice has its key."""
    chosen = []
    for wording in gap.wordings:
        with st.container(gap=None):
            if st.checkbox(label(wording.text), True, key=f"{key} wording {wording.text}"):
                chosen.append(wording.text)
            st.html(tag("p", times(wording.counts), class_="cw-meta"))
    what: What = st.selectbox("What to do with them", list(WHATS), format_func=WHATS.__getitem__, key=f"{key} what")
    entry, paragraph, kind = None, None, "near"
    if what == "link":
        entry = _entry("Entry that answers", gap, index, f"{key} entry")
        paragraph = _paragraph(index.entry(entry), f"{key} paragraph {entry}") if entry else None
    elif what == "unanswered":
        kind = st.selectbox("They are", list(KINDS), format_func=KINDS.__getitem__, key=f"{key} kind")
    elif what == "test":
        entry = _entry(
            "Entry that should answer", gap, index, f"{key} tested", none="None: the pages do not answer them"
        )
        kind = st.text_input("Kind of question", "asked", key=f"{key} group", max_chars=40)
    decision = Decision(what, tuple(chosen), entry, paragraph, kind)
    st.button("Save the decision", key=f"{key} save", type="primary", on_click=_save, args=(decision,))


def times(counts: Counts) -> str:
    """How often, and what became of it."""
    parts = [
        (counts.refused, "not answered"),
        (counts.asked_back, "asked back"),
        (counts.weak, "answered without much confidence"),
        (counts.unhelpful, "answered, but not helpful"),
    ]
    told = ", ".join(f"{number} {words}" for number, words in parts if number)
    return f"Asked {count(counts.total, 'time')} ({told})"


def _entry(name: str, gap: Gap, index: Index, key: str, none: str = "") -> str | None:
    """A choice of entries: the nearest, then all others in the order of the pages."""
    near = _nearest(gap.representative, index)
    ids: list[str | None] = [*([None] if none else []), *dict.fromkeys([*near, *(entry.id for entry in index.entries)])]
    questions = {entry.id: clipped(entry.question, LONGEST) for entry in index.entries}
    chosen: str | None = st.selectbox(name, ids, format_func=lambda one: questions[one] if one else none, key=key)
    return chosen


def _nearest(question: str, index: Index) -> list[str]:
    """The entries that come nearest, searched for once in a session: every form of the page is drawn at every click."""
    key = f"nearest {index.manifest.content} {question}"
    if key not in st.session_state:
        hits = search(index, make_query(index, question))[:NEAREST]
        st.session_state[key] = [index.entries[hit.entry].id for hit in hits]
    near: list[str] = st.session_state[key]
    return near


def _paragraph(entry: Entry | None, key: str) -> int | None:
    places: list[int | None] = [None, *range(len(entry.answer) if entry else 0)]

    def words(place: int | None) -> str:
        return "The whole answer" if place is None or entry is None else clipped(entry.answer[place], LONGEST)

    chosen: int | None = st.selectbox("Paragraph", places, format_func=words, key=key)
    return chosen


def _save(decision: Decision) -> None:
    try:
        done = decide(default_home(), default_corpus(), decision, datetime.now(UTC))
        st.session_state["decided"] = (decision, done)
    except (InputError, IndexUnusable) as error:
        st.session_state["decided"] = (decision, str(error))


def told() -> None:
    """What became of the decision before this run of the page."""
    if "decided" not in st.session_state:
        return
    decision, done = st.session_state["decided"]
    if not isinstance(done, Decided):
        notice("Nothing was saved", one_line(done))
        return
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
        st.download_button("Download the new entry", done.stub, "new-entry.md", "text/markdown")
