"""Why a question goes as it goes, on the Quality page: what was read, found, weighed and quoted, in plain words."""

from __future__ import annotations

import streamlit as st

from assistant import app_table
from assistant.app_links import to_page
from assistant.app_table import show_table
from assistant.contract import WORDS
from assistant.explain import EntryMatch, Explanation, Judgement, ViewMatch, explain
from assistant.markup import Html, join, tag
from assistant.text import count, percent
from index.reader import Index

HEADING = "explanation"  # its id

VIEWS = {
    "question": "its question",
    "alternate": "another wording",
    "paragraph": "paragraph {}",
    "sentence": "a sentence of paragraph {}",
}

FEATURES = {
    "meaning, wordings": "meaning, by its wordings",
    "meaning, closest": "meaning, by its closest text",
    "keywords, wordings": "words, by its wordings",
    "keywords, closest": "words, by its closest text",
    "lead over the next": "lead over the next entry",
    "votes": "share of the nearest questions that are its own",
    "unanswered": "nearness to questions that are known to have no answer",
}


def explanation(question: str, index: Index) -> tuple[str, str]:
    """Explain ``question``. Returns what to announce, and the id of the heading to go to."""
    told = explain(question, index)
    app_table.apply()
    st.html(
        tag("h2", "Why this outcome", id=HEADING, tabindex=-1, class_="cw-plain")
        + tag("p", told.question, class_="cw-question")
        + _outcome(told)
    )
    to_page("ask", "Ask it", ":material/search:", q=question, via="gaps")  # a look, not a question to keep
    for place, entry in enumerate(told.entries, start=1):
        _entry(place, entry)
    # What is pinned or published is certain, whatever the judgement adds up to.
    if told.judgement and not (told.pinned or told.published):
        _judgement(told.judgement, told.confidence)
    if told.unanswered:
        st.header("Nearest questions that the pages are known not to answer", anchor=False)
        show_table(
            "Meaning: 1 is the same, 0 has nothing in common",
            ("question", "kind", "meaning"),
            ((each.text, each.kind, f"{each.meaning:.2f}") for each in told.unanswered),
        )
    if told.sentences:
        st.header("The sentences of the paragraphs that are quoted", anchor=False)
        show_table(
            "Those that are shown as the answer are marked as quoted",
            ("sentence", "quoted", "paragraph", "meaning", "words"),
            (
                (
                    one.text,
                    "quoted" if one.quoted else "not quoted",
                    str(one.paragraph + 1),
                    *_scores(one.meaning, one.keywords),
                )
                for one in told.sentences
            ),
        )
    return f"{told.question}: {WORDS[told.outcome]}", HEADING


def _outcome(told: Explanation) -> Html:
    if told.pinned:
        said = f"The outcome: {WORDS[told.outcome]}, in words pinned to this question, whatever is found below."
        return join(tag("p", line, class_="cw-say") for line in (said, f"The reason given: {told.pinned}"))
    if told.published:
        said = f"The outcome: {WORDS[told.outcome]}. This is one of the pages' own questions, whatever is found below."
        return tag("p", said, class_="cw-say")
    if not told.judgement:
        return tag("p", "There is no word in it to look for, so it is not answered.", class_="cw-say")
    lines = [
        f"The outcome: {WORDS[told.outcome]}. The chance that the first entry answers it is put at "
        f"{percent(told.confidence)}. From {percent(told.answer_from)} on it is shown as the answer, from "
        f"{percent(told.clarify_from)} on the reader is asked back."
    ]
    if told.read_as != told.question:
        lines.insert(0, f"Read as: {told.read_as}")
    return join(tag("p", line, class_="cw-say") for line in lines)


def _entry(place: int, entry: EntryMatch) -> None:
    """One of the nearest entries: its score in parts, and the views of it that come nearest."""
    st.html(
        tag("h2", f"{place}. {entry.question}", class_="cw-label")
        + tag(
            "p",
            f"Score {entry.score:.2f}. Meaning: {entry.meaning.wording:.2f} by its wordings, "
            f"{entry.meaning.closest:.2f} by its closest text. Words: {entry.keywords.wording:.2f} and "
            f"{entry.keywords.closest:.2f}.",
            class_="cw-meta",
        )
    )
    show_table(
        f"What of it comes nearest: {count(len(entry.views), 'text')}",
        ("text", "what it is", "meaning", "words", "words in common"),
        ((view.text, _what(view), *_scores(view.meaning, view.keywords), _words(view)) for view in entry.views),
    )
    to_page("browse", "Read the entry", ":material/menu_book:", entry=entry.id)


def _what(view: ViewMatch) -> str:
    return VIEWS[view.kind].format((view.paragraph or 0) + 1)


def _words(view: ViewMatch) -> str:
    return ", ".join(f"{word.stem} {word.weight:.2f}" for word in view.words) or "none"


def _scores(*values: float | None) -> tuple[str, ...]:
    return tuple("too short" if value is None else f"{value:.2f}" for value in values)


def _judgement(judged: Judgement, confidence: float) -> None:
    """How the confidence adds up."""
    st.header("What speaks for and against the first entry", anchor=False)
    show_table(
        "What each adds to the log-odds: above 0 it speaks for an answer, below 0 against it",
        ("measured", "value", "adds"),
        (
            *(
                (FEATURES.get(one.feature, one.feature), f"{one.value:.2f}", f"{one.log_odds:+.2f}")
                for one in judged.contributions
            ),
            ("to begin with", "", f"{judged.bias:+.2f}"),
            (f"together, a chance of {percent(confidence)}", "", f"{judged.log_odds:+.2f}"),
        ),
    )
