"""Why an outcome came about, with its numbers in plain words."""

from __future__ import annotations

import streamlit as st

from assistant.markup import join, tag
from assistant.records import Answer, Outcome
from assistant.scope import EVERYTHING, Scope
from assistant.text import clipped, percent
from index.reader import Index


def reasons(outcome: Outcome, index: Index, scope: Scope) -> None:
    """Say how sure the outcome is, from where on something is answered, and what was measured."""
    about = "this entry" if isinstance(outcome, Answer) else "the closest entry"
    evidence = outcome.evidence
    if evidence.pinned:
        st.html(tag("p", "Whoever looks after these pages has chosen these words for this question.", class_="cw-say"))
        return
    if evidence.published:
        st.html(tag("p", "This is one of the pages' own questions, and this is its answer.", class_="cw-say"))
        return
    if carried := index.entry(evidence.carried) if evidence.carried else None:
        said = f"Your question was read with the topic of another in mind: {clipped(carried.question, 90)}"
        st.html(tag("p", said, class_="cw-say"))
    compared = f"all {len(index.entries)} entries" if scope == EVERYTHING else "the entries of the part you chose"
    st.html(
        tag(
            "p",
            f"Your question was compared with the questions and paragraphs of {compared}, by "
            f"meaning and by words. The chance that {about} answers it is put at {percent(outcome.confidence)}. "
            f"From {percent(evidence.answer_from)} on it is shown as the answer, from {percent(evidence.clarify_from)} "
            "on you are asked what you meant, and below that the pages are taken not to answer.",
            class_="cw-say",
        )
    )
    facts = join(
        join([tag("dt", name.replace("_", " ")), tag("dd", f"{value:.2f}")])
        for name, value in evidence.features.items()
    )
    st.html(tag("p", "What was measured", class_="cw-meta") + tag("dl", facts, class_="cw-facts"))
