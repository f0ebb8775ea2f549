"""What a question is put to: all pages, or one source or topic. In the address as ``source=`` and ``topic=``."""

from __future__ import annotations

import streamlit as st

from assistant.scope import EVERYTHING, Scope
from assistant.text import label
from index.reader import Index

ANY = {"source": "All sources", "topic": "All topics"}


def choose_scope(index: Index) -> Scope:
    """Show what is looked at, and what changes it; return it."""
    names = {"source": list(index.published), "topic": [topic.name for topic in index.corpus.topic]}
    offered = {key: options for key, options in names.items() if len(options) > 1}
    if not offered:
        return EVERYTHING
    given = {key: st.query_params.get(key) for key in offered}
    chosen = {key: value if value in offered[key] else None for key, value in given.items()}
    named = [value for value in chosen.values() if value]
    shown = f"Looking in: {' · '.join(named)}" if named else "Looking in all pages"
    # No popover and no compact expander: what Streamlit writes on these is too pale in one of the themes.
    with st.expander(label(shown), key="scope"):
        for key, options in offered.items():
            st.session_state[key] = chosen[key] or ANY[key]
            st.selectbox(key.capitalize(), [ANY[key], *options], key=key, on_change=_chosen, args=(key,))
    return Scope(**chosen)


def look_everywhere() -> None:
    """Put the question to all pages again."""
    for key in ANY:
        st.query_params.pop(key, None)


def _chosen(key: str) -> None:
    if (value := st.session_state[key]) != ANY[key]:
        st.query_params[key] = value
    else:
        st.query_params.pop(key, None)
