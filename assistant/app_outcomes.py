"""The three outcomes on the Ask page. Each returns what to announce, and the id of the heading to go to."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from assistant.app_choices import choices, send
from assistant.app_companion import tools
from assistant.app_entry import conflicts, places, whole_answer
from assistant.app_html import Html, tag
from assistant.app_library import entry_of, source_of
from assistant.app_links import to_capture, to_web
from assistant.app_reasons import reasons
from assistant.app_text import count, long_date, one_line, short_name
from assistant.app_trouble import notice
from assistant.records import Answer, Citation, Clarification, Outcome, Refusal
from index.search import Index
from ingest.records import Entry

RESULT = "result"  # the id of the outcome's heading


def show_outcome(outcome: Outcome, index: Index) -> tuple[str, str]:
    """Show an outcome."""
    exact = index.entry_asking(one_line(outcome.question))
    if isinstance(outcome, Answer) and (exact is None or exact.id == outcome.entry.id):
        return _answered(outcome, index)
    if exact is not None:  # one of the pages' own questions, picked from a list: show that one, whatever the scores
        return _entry_itself(exact, index)
    if isinstance(outcome, Clarification):
        return _did_you_mean(outcome, index)
    if isinstance(outcome, Refusal):
        return _not_answered(outcome, index)
    return _answered(outcome, index)


def _answered(answer: Answer, index: Index) -> tuple[str, str]:
    entry = entry_of(index, answer.entry.id)
    publisher = _publisher(index, answer.citations[0].capture)
    _speaker(publisher, entry, next((citation.date for citation in answer.citations if citation.date), None))
    _short_answer(answer)
    with st.container(gap="xsmall"):
        _citations(answer, index)
        tools(_to_copy(answer, index))
    conflicts(entry.conflicts if entry else ())
    with st.container(gap="xsmall"):
        with st.expander("Read the whole answer"):
            st.html(tag("p", "The sentences above are marked.", class_="cw-meta"))
            whole_answer(answer.entry.answer, [citation.quote for citation in answer.citations])
        if entry is not None and len(entry.occurrences) > 1:
            with st.expander(f"Also published in {count(len(entry.occurrences) - 1, 'other place')}"):
                places(entry.occurrences[1:])
        with st.expander("Why this answer?"):
            reasons(answer, index)
    choices("Related questions", [each.question for each in answer.suggestions])
    return f"Answered, in the words of {publisher}. {answer.text}", RESULT


def _speaker(publisher: str, entry: Entry | None, dated: str | None) -> None:
    """Who is speaking, in how many places, and when."""
    facts = [f"from {count(len(entry.occurrences), 'place')}"] if entry else []
    facts += [day] if (day := long_date(dated)) else []
    st.html(
        tag(
            "div",
            tag("h2", f"In the words of {publisher}", id=RESULT, tabindex=-1),
            tag("p", " · ".join(facts), class_="cw-meta"),
            class_="cw-speaker",
        )
    )


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
        where = f"{numbers} {quotes[0].title}, {_publisher(index, quotes[0].capture)}"
        st.html(tag("p", where, id=f"source-{quotes[0].number}", class_="cw-say"))
        for citation in quotes:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                if len(quotes) > 1:
                    st.html(tag("p", f"[{citation.number}]", class_="cw-meta"), width="content")
                to_web("Open at these words", citation.link or citation.url)
                to_capture("Show in the source", citation.capture, citation.start, citation.end)


def _to_copy(answer: Answer, index: Index) -> str:
    """The short answer with its citations, as it goes into an e-mail."""
    lines = [f"“{one_line(answer.text)}”", ""]
    for citation in answer.citations:
        facts = (citation.title, _publisher(index, citation.capture), long_date(citation.date), citation.link)
        lines.append(f"[{citation.number}] {', '.join(fact for fact in facts if fact)}")
    return "\n".join(lines)


def _did_you_mean(outcome: Clarification, index: Index) -> tuple[str, str]:
    st.html(
        tag("h2", "Did you mean one of these?", id=RESULT, tabindex=-1, class_="cw-plain")
        + tag("p", "The pages may answer your question under one of their own.", class_="cw-say")
    )
    choices(None, [each.question for each in outcome.suggestions])
    send(index, outcome.question, "None of these?")
    with st.expander("Why these?"):
        reasons(outcome, index)
    return f"Did you mean one of these {count(len(outcome.suggestions), 'question')}?", RESULT


def _not_answered(outcome: Refusal, index: Index) -> tuple[str, str]:
    notice("The pages do not answer this", f"All {_looked_at(index)} were looked at.", id_=RESULT)
    send(index, outcome.question, "Ask the people behind the pages instead.")
    choices("The closest questions", [each.question for each in outcome.suggestions])
    with st.expander("Why no answer?"):
        reasons(outcome, index)
    return "The pages do not answer this.", RESULT


def _looked_at(index: Index) -> str:
    passages = len(index.entries) - index.answers
    return count(index.answers, "answer") + (f" and {count(passages, 'other passage')}" if passages else "")


def _entry_itself(entry: Entry, index: Index) -> tuple[str, str]:
    publisher = _publisher(index, entry.occurrences[0].capture) if entry.occurrences else "the publisher"
    _speaker(publisher, entry, next((found.date for found in entry.occurrences if found.date), None))
    whole_answer(entry.answer)
    conflicts(entry.conflicts)
    places(entry.occurrences)
    return f"The whole answer, in the words of {publisher}.", RESULT


def _publisher(index: Index, capture: str) -> str:
    source = source_of(index, capture)
    return (short_name(source.publisher) if source else "") or "the publisher"
