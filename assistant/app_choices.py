"""Ways on from an outcome: questions to pick from, and sending one's own to the people behind the pages."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

import streamlit as st

from assistant.app_companion import pick
from assistant.app_html import tag
from assistant.app_links import as_link, to_page
from assistant.app_text import LONGEST_QUESTION, clipped, mail_to, one_line
from index.search import Index

LONGEST_CHOICE = 150  # characters; two lines on a desktop


def choices(heading: str | None, questions: Iterable[str]) -> None:
    """Questions to pick from: each asks itself."""
    if not (asked := list(questions)):
        return
    with st.container(gap=None):
        if heading:
            st.html(tag("h2", heading, class_="cw-label"))
        words = [one_line(question)[:LONGEST_QUESTION] for question in asked]
        links = [(clipped(each, LONGEST_CHOICE), f"?q={quote(each)}") for each in words]
        pick(links, "choices", then=lambda position: ask(words[position]))


def ask(question: str) -> None:
    """Ask: the question goes into the address, from where it is answered."""
    if words := one_line(question)[:LONGEST_QUESTION]:
        st.query_params["q"] = words
    else:
        st.query_params.pop("q", None)


def send(index: Index, question: str, why: str) -> None:
    """How to send one's own question, or where else to look."""
    address = mail_to(index.corpus.contact, question, index.corpus.name)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(tag("p", why, class_="cw-say"), width="content")
        if address:
            st.link_button(as_link("Send your question by e-mail"), address, type="tertiary", icon=":material/mail:")
        to_page("browse", "Browse all the questions", ":material/menu_book:")
