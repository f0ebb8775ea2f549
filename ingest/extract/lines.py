"""Lines -> blocks, for every form that has lines. Does not guess headings and knows no question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ingest.records import Block

# What stands before the words of a list item. Four digits are a year, not a number.
MARKER = re.compile(r"(?:[•‣◦▪●·*-]|\d{1,3}[.)]|[a-z]\))\s+(?=\S)")
# What stands before the words of a numbered question: "3.", "2.1)", "Q4:".
NUMBERED = re.compile(
    r"(?:\d{1,3}(?:\.\d{1,3})*[.)]|(?:Q|Question|F|Frage|P|Pregunta|D|Domanda)\s?\d*\s?[:.)])\s+", re.IGNORECASE
)
# The glyphs that accordions leave before their titles.
TOGGLE = re.compile(r"[⊕⊖⊞⊟＋➕▸▶►▹▼▾]\s*(?=\S)")
# A line that names itself question or answer stands for itself, with or without a blank line before it.
LABEL = re.compile(r"(?:Q(?:uestion)?|A(?:nswer)?)\s?\d{0,3}:\s+(?=\S)")
HEADING = re.compile(r"(#{1,8})\s+(?=\S)")
BOLD = re.compile(r"(\*\*|__)(?=\S)(.{1,200}?)\1")
QUOTED = ("“", '"', "«", "„")
LINE = re.compile(r"[^\r\n]+")
BREAK = re.compile(r"\r\n|\r|\n")
# Markdown reads a line that is indented this far as plain text, whatever it starts with.
VERBATIM_INDENT = 4


Kind = Literal["heading", "paragraph", "item", "quote"]


def read_blocks(text: str, markup: bool) -> tuple[Block, ...]:
    """The blocks of ``text`` in order: paragraphs between blank lines, and each list item for itself.

    With ``markup`` also Markdown's headings, bold lines that stand alone (as headings of level 8) and ``>`` quotations.
    Markers of headings, quotations and accordions lie outside the span; markers of items lie inside. A quotation is
    one block for each ``>``: a span over two of them would hold the second.
    """
    blocks = (_finish(text, draft, markup) for draft in _group(text, markup))
    return tuple(block for block in blocks if block.text)


def protect(line: str) -> str:
    """A line that begins with the sign of a heading or quotation, indented so that it is read as words."""
    return " " * VERBATIM_INDENT + line if line.startswith(("#", ">")) else line


@dataclass(slots=True)
class _Draft:
    """A block while its lines are gathered; ``indent`` is where its marker stands, from the margin."""

    kind: Kind
    start: int
    end: int
    indent: int
    level: int = 0


def _group(text: str, markup: bool) -> Iterator[_Draft]:
    """Join the lines that belong together: hard-wrapped paragraphs and items."""
    draft: _Draft | None = None
    after_item = False
    for line in _lines(text):
        if line is None:
            after_item = draft is not None and draft.kind == "item"
            if draft:
                yield draft
            draft = None
            continue
        opened = _open(text, line, draft, after_item, markup)
        if draft and opened is None:
            draft.end = line[1]
            continue
        if draft:
            yield draft
        draft = opened
        if draft and draft.kind == "heading":
            yield draft
            draft = None
    if draft:
        yield draft


def _lines(text: str) -> Iterator[tuple[int, int, int] | None]:
    """Each line as (first character, end, indent), without the white space around it; None for a blank line."""
    position = 0
    for line in [*BREAK.finditer(text), None]:
        end = line.start() if line else len(text)
        words = text[position:end].strip()
        if words:
            first = text.index(words[0], position)
            yield first, first + len(words), first - position
        else:
            yield None
        position = line.end() if line else end


def _open(text: str, line: tuple[int, int, int], draft: _Draft | None, after_item: bool, markup: bool) -> _Draft | None:
    """The block that this line begins, or None when it goes on with ``draft``."""
    start, end, indent = line
    if markup and indent < VERBATIM_INDENT:
        if heading := HEADING.match(text, start, end):
            return _Draft("heading", heading.end(), _without_hashes(text, heading.end(), end), indent, len(heading[1]))
        if text[start] == ">":
            return _Draft("quote", start, end, indent)
    if MARKER.match(text, start, end) and _may_interrupt(text, start, draft, after_item):
        return _Draft("item", start, end, indent)
    if toggle := TOGGLE.match(text, start, end):
        return _Draft("paragraph", toggle.end(), end, indent)
    if draft and not (draft.kind == "item" and indent < draft.indent) and not LABEL.match(text, start, end):
        return None
    return _Draft("paragraph", start, end, indent)


def _may_interrupt(text: str, start: int, draft: _Draft | None, after_item: bool) -> bool:
    """A wrapped line may begin with a number: within a paragraph only ``1.`` or a bullet opens a list."""
    return draft is None or draft.kind == "item" or after_item or not text[start].isdigit() or text[start] == "1"


def _without_hashes(text: str, start: int, end: int) -> int:
    """Where the words of ``# Heading #`` end."""
    return start + (len(text[start:end].rstrip("# \t")) or end - start)


def _finish(text: str, draft: _Draft, markup: bool) -> Block:
    kind, start, end, level = draft.kind, draft.start, draft.end, draft.level
    if kind == "quote":
        start = end - len(text[start:end].lstrip("> \t\r\n\f\v"))
    elif kind == "paragraph" and markup and (bold := BOLD.fullmatch(text, start, end)) and bold[1] not in bold[2]:
        kind, level, start, end = "heading", 8, bold.start(2), bold.end(2)
    elif kind == "paragraph" and text[start:end].startswith(QUOTED):
        kind = "quote"
    return Block(kind, " ".join(text[start:end].split()), start, end, level)
