"""The form below a gap: which wordings, and what is to become of them."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import streamlit as st

from assistant.app_gaps_result import save
from assistant.gaps.records import Counts, Decision, Gap, What, Wording
from assistant.markup import join, tag
from assistant.text import clipped, count, label, told_apart
from index.reader import Index
from index.search import make_query, search
from ingest.records import Entry
from ingest.sameness import letters_of

EACH = 20  # wordings that are chosen one by one: whatever people ask, a message of the page stays short
NEAREST = 5  # entries that are offered
LONGEST = 110  # characters of a question in a list
WHATS: dict[What, str] = {
    "link": "An entry answers them: add them as other wordings",
    "unanswered": "The pages do not answer them",
    "test": "Measure with them: add them to the test set",
    "stub": "Write a new entry",
    "dismissed": "Dismiss them",
}
# What has to be drawn, and so seen, before a decision can be saved; of an entry that answers, its paragraphs too.
FIELDS: dict[What, tuple[str, ...]] = {"link": ("entry",), "unanswered": ("kind",), "test": ("entry", "kind")}
KINDS = {"near": "on the subject of the pages", "far": "about something else", "talk": "no question: talk, gibberish"}


def form(gap: Gap, key: str, place: int, index: Index) -> None:
    """What to decide. Nothing of it is lost when another part of the page is drawn anew: every choice has its key."""
    for wording in gap.wordings[:EACH]:
        with st.container(gap=None):
            st.checkbox(label(wording.text), True, key=f"{key} wording {key_of(wording)}")
            st.html(tag("p", times(wording.counts), class_="cw-meta"))
    if others := gap.wordings[EACH:]:
        _others(others, f"{key} others")
    what: What = st.selectbox("What to do with them", list(WHATS), format_func=WHATS.__getitem__, key=f"{key} what")
    if what == "link":
        entry = _entry("Entry that answers", gap, index, f"{key} link entry")
        if entry:
            _paragraph(index.entry(entry), f"{key} paragraph {entry}")
    elif what == "unanswered":
        st.selectbox("They are", list(KINDS), format_func=KINDS.__getitem__, key=f"{key} unanswered kind")
    elif what == "test":
        _entry("Entry that should answer", gap, index, f"{key} test entry", none="None: the pages do not answer them")
        st.text_input("Kind of question", "asked", key=f"{key} test kind", max_chars=40)
    st.button("Save the decision", key=f"{key} save", type="primary", on_click=_save, args=(gap, key, place))


def key_of(wording: Wording) -> str:
    """A short name of its letters, however many these are: each message of the page has the keys of all choices."""
    return sha256(letters_of(wording.text).encode()).hexdigest()[:12]


def _others(wordings: Sequence[Wording], key: str) -> None:
    """One choice for all of these, which are listed once it is taken."""
    if st.checkbox(f"And {count(len(wordings), 'other wording')}", key=key):
        lines = join(tag("li", clipped(wording.text, LONGEST)) for wording in wordings)
        st.html(tag("ul", lines, class_="cw-meta"))


def _save(gap: Gap, key: str, place: int) -> None:
    save(key, place, _decision(gap, key))


def _decision(gap: Gap, key: str) -> Decision | None:
    """What is chosen when the button is pressed; None where the form that goes with it was not drawn yet.

    What the last run of the page was given may be older: who is quick presses before a choice is drawn.
    """
    chosen = st.session_state
    what: What = chosen[f"{key} what"]
    entry, kind = chosen.get(f"{key} {what} entry"), chosen.get(f"{key} {what} kind", "near")
    paragraph = f"{key} paragraph {entry}" if what == "link" and entry else None
    needed = [*(f"{key} {what} {field}" for field in FIELDS.get(what, ())), *([paragraph] if paragraph else [])]
    if not all(field in chosen for field in needed):
        return None
    return Decision(what, _texts(gap, key), entry, chosen[paragraph] if paragraph else None, kind)


def _texts(gap: Gap, key: str) -> tuple[str, ...]:
    """The wordings that are chosen."""
    chosen = st.session_state
    each = [wording for wording in gap.wordings[:EACH] if chosen[f"{key} wording {key_of(wording)}"]]
    others = gap.wordings[EACH:] if chosen.get(f"{key} others") else ()
    return tuple(wording.text for wording in (*each, *others))


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
    """A choice of the entries nearest to the gap, of those searched for, and of none where that is a choice."""
    wanted = st.text_input(
        "Find another entry", key=f"{key} find", placeholder="Words of its question", max_chars=LONGEST
    )
    before = st.session_state.get(key)
    found = [*([before] if before else []), *(_nearest(wanted, index) if wanted.strip() else [])]
    offered = dict.fromkeys([*found, *_nearest(gap.representative, index)])
    ids: list[str | None] = [*([None] if none else []), *(id_ for id_ in offered if index.entry(id_))]
    names = dict(zip(ids, told_apart(_question(one, index) or none for one in ids), strict=True))
    chosen: str | None = st.selectbox(name, ids, format_func=names.__getitem__, key=key)
    return chosen


def _question(entry: str | None, index: Index) -> str:
    known = index.entry(entry) if entry else None
    return clipped(known.question, LONGEST) if known else ""


def _nearest(question: str, index: Index) -> tuple[str, ...]:
    """The entries that come nearest, the nearest first."""
    return _searched(index.manifest.content, question, index)


@st.cache_resource(max_entries=200, show_spinner=False)
def _searched(made_of: str, question: str, _index: Index) -> tuple[str, ...]:  # a form is drawn at every click
    hits = search(_index, make_query(_index, question))[:NEAREST]
    return tuple(_index.entries[hit.entry].id for hit in hits)


def _paragraph(entry: Entry | None, key: str) -> None:
    places: list[int | None] = [None, *range(len(entry.answer) if entry else 0)]
    words = ["The whole answer", *(clipped(text, LONGEST) for text in (entry.answer if entry else ()))]
    names = dict(zip(places, told_apart(words), strict=True))
    st.selectbox("Paragraph", places, format_func=names.__getitem__, key=key)
