"""An answer as it is passed on: the quoted words with their citations, as plain text and as Markdown."""

from __future__ import annotations

import re

from assistant.provenance import UNNAMED, dates_of, publisher_of, warnings
from assistant.records import Answer, Citation
from assistant.text import one_line
from index.reader import Index

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~$&-]|^\d+(?=[.)]))")  # what Markdown reads anything into


def plain(answer: Answer, index: Index) -> str:
    """Return the answer as it goes into an e-mail."""
    listed = [f"[{citation.number}] {cited(citation, index)}" for citation in answer.citations]
    return "\n".join([f"“{one_line(answer.text)}”", "", *listed, *_apart(remarks(answer, index))])


def markdown(answer: Answer, index: Index) -> str:
    """Return the answer as Markdown: a quotation, then its sources by their numbers."""
    quoted = [f"> {escape(citation.quote)} [{citation.number}]" for citation in answer.citations]
    listed = [f"{citation.number}. {_linked(citation, index)}" for citation in answer.citations]
    told = [escape(remark) for remark in remarks(answer, index)]
    return "\n".join(["\n>\n".join(quoted), "", *listed, *_apart(told)])


def cited(citation: Citation, index: Index) -> str:
    """Return title, publisher, dates and address of what is cited, on one line."""
    return ", ".join([*facts_of(citation, index), *([citation.link] if citation.link else [])])


def facts_of(citation: Citation, index: Index) -> list[str]:
    """Return title, publisher where it is known, and dates of what is cited."""
    publisher = publisher_of(index, citation.capture)
    facts = (citation.title, publisher if publisher != UNNAMED else "", dates_of(citation, index))
    return [one_line(fact) for fact in facts if fact]


def remarks(answer: Answer, index: Index) -> list[str]:
    """Return what whoever gets the answer should know too: that it is old, and that another page says otherwise."""
    others = (
        f"Another page answers this differently: {other.source}. {'; '.join(each.text for each in other.differences)}"
        for other in answer.conflicts
    )
    return [one_line(remark) for remark in (*warnings(answer, index), *others)]


def escape(text: str) -> str:
    """Return ``text`` on one line, as Markdown that shows just that."""
    return _MARKUP.sub(lambda found: f"\\{found[0]}" if not found[0].isdigit() else f"{found[0]}\\", one_line(text))


def _linked(citation: Citation, index: Index) -> str:
    title, *others = map(escape, facts_of(citation, index))
    address = (citation.link or "").replace("<", "%3C").replace(">", "%3E")
    return ", ".join([f"[{title}](<{address}>)" if address else title, *others])


def _apart(remarks: list[str]) -> list[str]:
    return ["", *remarks] if remarks else []
