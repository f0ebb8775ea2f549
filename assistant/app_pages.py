"""A long list, page by page."""

from __future__ import annotations

import streamlit as st


def page_of(length: int, size: int, key: str, show: int | None = None) -> range:
    """Positions of a list of ``length`` that are on the page in hand, chosen in a box where there are several pages.

    ``show`` is a position whose page is gone to now.
    """
    pages = max(1, -(-length // size))
    if show is not None:
        st.session_state[key] = show // size + 1
    elif st.session_state.get(key, 1) > pages:
        turn_back(key)
    shown = st.selectbox("Page", range(1, pages + 1), key=key) if pages > 1 else 1
    return range(length)[(shown - 1) * size : shown * size]


def turn_back(key: str) -> None:
    """Go to the first page: what is listed has changed."""
    st.session_state[key] = 1
