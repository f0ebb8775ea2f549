"""HTML -> a readable rendition, and the rendition -> blocks.

The rendition is plain text that a person can check a quotation against: headings as ``## ...`` (``#######`` for the
titles of accordions and definition lists, ``########`` for a paragraph that is all bold), list items as ``• ...`` or
``1. ...``, the beginning of a quotation as ``> ...``, table rows as ``a | b``, one line for each paragraph. Menus,
forms and what is hidden are left out. Spans point into the rendition.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString
from msgspec import Struct

from ingest.extract import mending, pruning
from ingest.extract.lines import VERBATIM_INDENT, read_blocks
from ingest.extract.main import Part, Piece, find_main
from ingest.extract.places import BLOCKS, HEADINGS, Place, enter, number_items
from ingest.records import Block

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# A bold paragraph of more words is emphasis, not a title.
BOLD_WORDS = 30


class Rendition(Struct, frozen=True):
    """A page as text, with the spans of its parts as in ``Capture``."""

    text: str
    main: tuple[tuple[int, int], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    dropped: tuple[str, ...] = ()  # what of the page is hidden by broken markup, one line each


def extract(text: str) -> tuple[Block, ...]:
    """The blocks of a rendition, in order, with spans into it. No text gives no blocks; never raises."""
    return read_blocks(text, markup=True)


def render(markup: bytes | str) -> str:
    """The text of the rendition alone."""
    return read(markup).text


def read(markup: bytes | str) -> Rendition:
    """The rendition of a page; of no text only when the page holds none at all. The encoding is found by its own signs.

    lxml gives up within some broken pages; where it finds nothing, the slower parser that does not is asked, and
    where a page is all menu or form, that is its text.
    """
    hidden = mending.find_hidden(markup)
    markup = mending.mend(markup)
    for parser in ("lxml", "html.parser"):
        for around in (True, False):
            soup = BeautifulSoup(markup if parser == "lxml" else mending.cut_comment(markup), parser)
            pruning.silence(soup)
            pruning.prune(soup, around)
            if written := list(_write(soup)):
                return _join(written, find_main(soup, [piece for piece, _ in written]), hidden)
    return Rendition("", dropped=hidden)


def _join(written: Sequence[tuple[Piece, str]], parts: Sequence[Part], dropped: tuple[str, ...]) -> Rendition:
    """The paragraphs as one text, with the spans of those in each part."""
    text = "\n\n".join(paragraph for _, paragraph in written) + "\n"
    ends = accumulate(len(paragraph) + 2 for _, paragraph in written)
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for end, (_, paragraph), part in zip(ends, written, parts, strict=True):
        spans[part].append((end - 2 - len(paragraph), end - 2))
    # A lone surrogate can not be stored; "?" takes its place, and as much room.
    return Rendition(text.encode("utf-8", "replace").decode(), tuple(spans["main"]), tuple(spans["apart"]), dropped)


def _write(soup: BeautifulSoup) -> Iterator[tuple[Piece, str]]:
    """The paragraphs of the rendition, in order."""
    tables = defaultdict(list)
    for row in soup.find_all("tr"):
        tables[id(row.find_parent("table"))].append(row)
    for rows in tables.values():
        _join_cells(rows)
    numbers = number_items(soup)
    opened: set[int] = set()  # list items whose marker is written
    for place, lines in _runs(soup):
        for paragraph in _paragraphs(lines):
            marker = "  "
            if place.item is not None and id(place.item) not in opened:
                number = numbers.get(id(place.item))
                marker = "• " if number is None else f"{number}. "
                opened.add(id(place.item))
            yield Piece(place, len(paragraph.words.split()), paragraph.linked), _set(place, paragraph, marker)


def _join_cells(table: Sequence[Tag]) -> None:
    """Make each row that holds nothing but words one line; in a table of questions, a title and its text."""
    rows = [(row, row.find_all(["td", "th"], recursive=False)) for row in table]
    pairs = [cells for _, cells in rows if len(cells) == 2]
    if pairs and 2 * sum(cells[0].get_text().strip().endswith("?") for cells in pairs) >= len(pairs):
        for title, answer in pairs:
            title.name, answer.name = "dt", "dd"
        return
    for row, cells in rows:
        if len(row.find_all(list(BLOCKS), limit=len(cells) + 1)) == len(cells):
            for cell in cells[1:]:
                cell.insert(0, " | ")
            for cell in cells:
                cell.name = "span"  # to unwrap it would search the whole row for its place


Line = list[tuple[str, Place]]  # pieces of text, and where they stand


def _runs(soup: BeautifulSoup) -> Iterator[tuple[Place, list[Line]]]:
    """Text in document order, cut where the block-level element around it changes."""
    places = {id(soup): Place(soup)}  # of each tag so far; a tag comes before what is in it
    block: Tag = soup
    lines: list[Line] = [[]]
    for node in soup.descendants:
        around = places[id(node.parent)]
        if isinstance(node, Tag):
            places[id(node)] = enter(node, around)
            if node.name == "br":
                lines.append([])
            elif node.name in BLOCKS:
                yield places[id(block)], lines
                block, lines = node, [[]]
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            if around.block is not block and node.strip():
                yield places[id(block)], lines
                block, lines = around.block, [[]]
            if around.block is block:
                lines[-1].append((node, around))
    yield places[id(block)], lines


class _Paragraph(NamedTuple):
    words: str
    bold: bool  # all of them
    linked: int  # how many of them are links


def _paragraphs(lines: Sequence[Line]) -> Iterator[_Paragraph]:
    """Each paragraph of a run; an empty line, or a bold one that asks, is a break."""
    words: list[str] = []
    linked = 0
    for line in [*lines, []]:
        text = " ".join(CONTROL.sub(" ", "".join(s for s, _ in line)).split())
        bold = bool(text) and all(place.bold for s, place in line if s.strip())
        title = bold and (text.endswith("?") or len(lines) == 1) and len(text.split()) <= BOLD_WORDS
        if words and (title or not text):
            yield _Paragraph("\n".join(words), False, linked)
            words, linked = [], 0
        links = sum(len(s.split()) for s, place in line if place.linked)
        if title:
            yield _Paragraph(text, True, links)
        elif text:
            words.append(text)
            linked += links


def _set(place: Place, paragraph: _Paragraph, marker: str) -> str:
    """A paragraph with the sign that says what it is; ``marker`` is for a list item."""
    words = paragraph.words
    if place.title is not None:
        level = int(place.title[1]) if place.title in HEADINGS else 7
        return f"{'#' * level} {' '.join(words.split())}"
    if place.block.name == "button":
        return f"####### {' '.join(words.split())}"
    if paragraph.bold and place.item is None:
        return f"######## {words}"
    if place.item is not None:
        depth = "  " * place.depth
        return f"{depth}{marker}{words}".replace("\n", f"\n{depth}  ")
    first, *others = words.split("\n")
    return "\n".join(["> " + first if place.quoted else _protect(first), *map(_protect, others)])


def _protect(line: str) -> str:
    """A line that begins with a sign of its own, indented so that it is read as words."""
    return " " * VERBATIM_INDENT + line if line.startswith(("#", ">")) else line
