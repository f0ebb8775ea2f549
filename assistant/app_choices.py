"""Ways on from an outcome: questions to pick from, and sending one's own to the people behind the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import quote

import streamlit as st

from assistant.app_companion import pick
from assistant.app_links import as_link, to_page
from assistant.markup import tag
from assistant.text import LONGEST_QUESTION, clipped, label, mail_to, one_line
from index.reader import Index

LONGEST_CHOICE = 150  # characters; two lines on a desktop


def choices(heading: str | None, questions: Iterable[str], key: str = "choices") -> None:
    """Questions to pick from: each asks itself."""
    if not (words := [one_line(question)[:LONGEST_QUESTION] for question in questions]):
        return
    with st.container(gap=None):
        if heading:
            st.html(tag("h2", heading, class_="cw-label"))
        links = [(clipped(each, LONGEST_CHOICE), f"?q={quote(each)}") for each in words]
        pick(links, key, then=lambda position: ask(words[position]))


def offers(questions: Iterable[str], then: Callable[[], None]) -> None:
    """The same as buttons, for a choice that is to be made; ``then`` is called when one was."""

    def taken(question: str) -> None:
        then()
        ask(question)

    for position, question in enumerate(questions):
        words = label(clipped(question, LONGEST_CHOICE))
        st.button(words, key=f"offer {position}", on_click=taken, args=(question,), width="stretch")


def ask(question: str, after: str | None = None) -> None:
    """Ask: the question goes into the address, from where it is answered.

    ``after`` is the entry that was answered before, where the question may go on from it.
    """
    for said_of_the_last in ("after", "via"):
        st.query_params.pop(said_of_the_last, None)
    if words := one_line(question)[:LONGEST_QUESTION]:
        st.query_params["q"] = words
        if after:
            st.query_params["after"] = after
    else:
        st.query_params.pop("q", None)


def send(index: Index, question: str, why: str) -> None:
    """How to send one's own question, or where else to look."""
    address = mail_to(index.corpus.contact, question, index.corpus.name)
    with st.container(gap=None):
        st.html(tag("p", why, class_="cw-say"))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if address:
                st.link_button(
                    as_link("Send your question by e-mail"), address, type="tertiary", icon=":material/mail:"
                )
            to_page("browse", "Browse all the questions", ":material/menu_book:")
