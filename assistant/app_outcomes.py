"""The three outcomes on the Ask page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from assistant.app_choices import choices, offers, send
from assistant.app_companion import tools
from assistant.app_entry import conflicts, places, whole_answer
from assistant.app_links import to_capture, to_web
from assistant.app_paper import on_paper
from assistant.app_reasons import reasons
from assistant.app_scope import look_everywhere
from assistant.app_trouble import notice
from assistant.app_visit import follow_up_offer
from assistant.markup import Html, tag
from assistant.provenance import dates_of, publisher_of, warnings
from assistant.records import Answer, Citation, Clarification, Outcome, Refusal
from assistant.scope import EVERYTHING, Scope
from assistant.sharing import markdown, plain
from assistant.text import count, one_line
from index.reader import Index
from ingest.records import Entry

RESULT = "result"  # the id of the outcome's heading


def show_outcome(outcome: Outcome, index: Index, scope: Scope) -> tuple[str, str]:
    """Show an outcome. Return what to announce, and the id of the heading to go to."""
    if isinstance(outcome, Answer):
        return _answered(outcome, index, scope)
    if isinstance(outcome, Clarification):
        return _did_you_mean(outcome, index, scope)
    return _not_answered(outcome, index, scope)


def _answered(answer: Answer, index: Index, scope: Scope) -> tuple[str, str]:
    entry = index.entry(answer.entry.id)
    publisher = publisher_of(index, answer.citations[0].capture)
    with st.container(key="answer"):
        _speaker(publisher, entry)
        _short_answer(answer)
        with st.container(gap="xsmall"):
            _citations(answer, index)
            cautions(warnings(answer, index))
            tools(plain(answer, index), markdown(answer, index))
        conflicts(entry.conflicts if entry else (), index)
        with st.container(gap="xsmall"):
            with st.expander("Read the whole answer"):
                st.html(tag("p", "The sentences above are marked.", class_="cw-meta"))
                whole_answer(answer.entry.answer, [citation.quote for citation in answer.citations])
            if entry is not None and len(entry.occurrences) > 1:
                with st.expander(f"Also published in {count(len(entry.occurrences) - 1, 'other place')}"):
                    places(entry.occurrences[1:])
            with st.expander("Why this answer?"):
                reasons(answer, index, scope)
    on_paper(answer, index)
    return f"Answered, in the words of {publisher}. {answer.text}", RESULT


def related(outcome: Outcome) -> None:
    """Offer what stands near an answer."""
    if isinstance(outcome, Answer):
        with st.container(key="around"):
            choices("Related questions", [each.question for each in outcome.suggestions])


def _speaker(publisher: str, entry: Entry | None) -> None:
    """Who is speaking, and in how many places."""
    facts = [tag("p", f"from {count(len(entry.occurrences), 'place')}", class_="cw-meta")] if entry else []
    heading = tag("h2", f"In the words of {publisher}", id=RESULT, tabindex=-1)
    st.html(tag("div", heading, *facts, class_="cw-speaker"))


def _short_answer(answer: Answer) -> None:
    listed: dict[str, int] = {}  # capture -> the number that its source is listed under
    quotes = [
        tag(
            "p",
            tag("mark", citation.quote, class_="cw-mark"),
            _number(citation, listed.setdefault(citation.capture, citation.number)),
        )
        for citation in answer.citations
    ]
    st.html(tag("blockquote", *quotes, class_="cw-short"))
    if one_line(answer.entry.question).casefold() != one_line(answer.question).casefold():
        asked = [tag("span", "Question answered: ", class_="cw-meta"), answer.entry.question]
        st.html(tag("p", *asked, class_="cw-question"))


def _number(citation: Citation, source: int) -> Html:
    return tag("a", f"[{citation.number}]", href=f"#source-{source}", aria_label=f"Source {citation.number}")


def _citations(answer: Answer, index: Index) -> None:
    """Each source once, and under it a line for each of the quotes that stand there."""
    for _, group in groupby(answer.citations, key=lambda citation: (citation.capture, citation.title)):
        quotes = list(group)
        numbers = " ".join(f"[{citation.number}]" for citation in quotes)
        whose = f"{numbers} {quotes[0].title}, {publisher_of(index, quotes[0].capture)}"
        when = tag("span", f" · {dates_of(quotes[0], index)}", class_="cw-meta")
        st.html(tag("p", whose, when, id=f"source-{quotes[0].number}", class_="cw-say"))
        for citation in quotes:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                if len(quotes) > 1:
                    st.html(tag("p", f"[{citation.number}]", class_="cw-meta"), width="content")
                to_web("Open at these words", citation.link or citation.url)
                to_capture("Show in the source", citation.capture, citation.start, citation.end)


def cautions(said: Sequence[str]) -> None:
    """What to mind with what is quoted."""
    if said:
        st.html(tag("div", *(tag("p", tag("strong", "Take care: "), each) for each in said), class_="cw-caution"))


def _did_you_mean(outcome: Clarification, index: Index, scope: Scope) -> tuple[str, str]:
    st.html(
        tag("h2", "Did you mean one of these?", id=RESULT, tabindex=-1, class_="cw-plain")
        + tag("p", "The pages may answer your question under one of their own.", class_="cw-say")
    )
    offers((each.question for each in outcome.suggestions), then=lambda: follow_up_offer(index))
    send(index, outcome.question, "None of these?")
    with st.expander("Why these?"):
        reasons(outcome, index, scope)
    return f"Did you mean one of these {count(len(outcome.suggestions), 'question')}?", RESULT


def _not_answered(outcome: Refusal, index: Index, scope: Scope) -> tuple[str, str]:
    if scope == EVERYTHING:
        notice("The pages do not answer this", f"All {_looked_at(index)} were looked at.", id_=RESULT)
    else:
        notice("This part of the pages does not answer this", f"Only {scope.named} was looked at.", id_=RESULT)
        st.button("Look in all pages", on_click=look_everywhere)
    send(index, outcome.question, "Ask the people behind the pages instead.")
    choices("The closest questions", [each.question for each in outcome.suggestions])
    with st.expander("Why no answer?"):
        reasons(outcome, index, scope)
    return "The pages do not answer this.", RESULT


def _looked_at(index: Index) -> str:
    passages = len(index.entries) - index.answers
    return count(index.answers, "answer") + (f" and {count(passages, 'other passage')}" if passages else "")
