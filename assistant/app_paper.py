"""An answer as it is printed: the screen shows nothing of it, and the print nothing else of the page."""

from __future__ import annotations

import streamlit as st

from assistant.markup import Html, join, tag
from assistant.provenance import publisher_of
from assistant.records import Answer, Citation
from assistant.sharing import facts_of, remarks
from assistant.text import count
from index.reader import Index


def on_paper(answer: Answer, index: Index) -> None:
    """Lay out the question, the quoted words, and their sources with addresses in full."""
    quotes = (tag("p", f"“{citation.quote}” [{citation.number}]") for citation in answer.citations)
    sources = (tag("li", _source(citation, index), value=citation.number) for citation in answer.citations)
    entry = index.entry(answer.entry.id)
    pieces = [
        tag("p", index.corpus.name, class_="cw-brand"),
        tag("h1", answer.question),
        tag("p", f"In the words of {publisher_of(index, answer.citations[0].capture)}:"),
        tag("blockquote", *quotes, class_="cw-short"),
        tag("p", f"Question answered: {answer.entry.question}"),
        tag("p", "Sources" + (f" ({count(len(entry.occurrences), 'place')} in all)" if entry else "")),
        tag("ol", *sources),
        *(tag("p", remark) for remark in remarks(answer, index)),
    ]
    st.html(tag("div", *pieces, class_="cw-paper"))


def _source(citation: Citation, index: Index) -> Html:
    facts = tag("span", ", ".join(facts_of(citation, index)))
    return join([facts, *([tag("div", citation.url)] if citation.url else [])])
