"""What is shown when there is no index, or when something failed: what happened, and the next step."""

from __future__ import annotations

import streamlit as st

from assistant.markup import tag
from assistant.text import one_line


def no_index(message: str) -> None:
    """There is no usable index."""
    st.title("The pages are not ready yet", anchor=False)
    notice("There is no usable index", one_line(message.replace("`", "")))
    st.markdown("Whoever looks after this app can put that right. Then reload this page.")


def older_index() -> None:
    """The newest index is damaged, and the one before it answers. What is damaged is in the server's log."""
    words = "The newest pages can not be read: you see them as they were before they were last brought up to date."
    st.html(tag("p", words, class_="cw-say", role="status"))


def unexpected() -> None:
    """Something failed that should not have. The details are in the server's log, not on the page."""
    st.title("Something went wrong", anchor=False)
    notice(
        "This page could not be shown",
        "The fault is on our side, and it has been noted in the log of the server. "
        "Reload the page or ask again; if it happens again, tell whoever looks after this app.",
    )


def notice(heading: str, *paragraphs: str, id_: str = "notice") -> None:
    """A calm framed message in the colours of "not answered"."""
    body = (tag("p", text) for text in paragraphs)
    st.html(tag("div", tag("h2", heading, id=id_, tabindex=-1), *body, class_="cw-notice"))
