"""A soup with its claims -> the rendition: plain text that a person can check a quotation against.

Headings are set as ``## ...`` (``#######`` for questions and titles that are no headings, ``########`` for a paragraph
that is all bold), list items as ``• ...`` or ``1. ...``, the beginning of a quotation as ``> ...``, table rows as
``a | b``, one line for each paragraph. Spans point into the rendition.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from ingest.extract.lines import protect
from ingest.extract.main import Part, Piece, find_main
from ingest.extract.places import BLOCKS, HEADINGS, Place, Role, enter, number_items
from ingest.extract.tree import Claim
from ingest.records import Pair, Rendition

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# A bold paragraph of more words is emphasis, not a title.
BOLD_WORDS = 30


class _Written(NamedTuple):
    role: Role | None  # what the paragraph is to a claim
    piece: Piece
    words: str  # as they are set


def compose(soup: BeautifulSoup, claims: Sequence[Claim]) -> Rendition:
    """The paragraphs with blank lines between them; where in them the claims stand, and the parts of the page."""
    written = list(_write(soup, _assign(claims)))
    paragraphs: list[str] = []
    claimed: dict[tuple[int, bool], list[int]] = {}  # spans of the question and the answer of each claim
    parts: dict[Part, list[tuple[int, int]]] = defaultdict(list)
    position = 0
    for (role, _, words), part in zip(written, find_main(soup, [each.piece for each in written]), strict=True):
        paragraph = words.encode("utf-8", "replace").decode()  # a lone surrogate can not be stored
        end = position + len(paragraph)
        for number in role.claims if role else ():
            claimed.setdefault((number, role is not None and role.asks), [position, end])[1] = end
        parts[part].append((position, end))
        paragraphs.append(paragraph)
        position = end + 2
    text = "\n\n".join(paragraphs) + "\n" if paragraphs else ""
    return Rendition(text, "html", _list_pairs(claims, claimed), main=tuple(parts["main"]), apart=tuple(parts["apart"]))


def _list_pairs(claims: Sequence[Claim], spans: Mapping[tuple[int, bool], Sequence[int]]) -> tuple[Pair, ...]:
    pairs = []
    for number, claim in enumerate(claims):
        if question := spans.get((number, True)):
            answer = spans.get((number, False), [question[1], question[1]])
            pairs.append(Pair((question[0], question[1]), (answer[0], answer[1]), claim.method))
    return tuple(sorted(pairs, key=lambda pair: pair.question))


def _assign(claims: Sequence[Claim]) -> dict[int, Role]:
    """What each claimed node is to which claims, by its ``id()``: of claims within one another to the last of them."""
    shared: dict[tuple[int, ...], tuple[int, ...]] = {}
    for number, claim in enumerate(claims):
        nodes = tuple(map(id, claim.answer))
        shared[nodes] = (*shared.get(nodes, ()), number)
    roles = {node: Role(numbers, asks=False) for nodes, numbers in shared.items() for node in nodes}
    for number, claim in enumerate(claims):
        roles |= {id(node): Role((number,), asks=True) for node in claim.question}
    return roles


def _write(soup: BeautifulSoup, roles: Mapping[int, Role]) -> Iterator[_Written]:
    """The paragraphs of the rendition, in order."""
    tables = defaultdict(list)
    for row in soup.find_all("tr"):
        tables[id(row.find_parent("table"))].append(row)
    for rows in tables.values():
        _join_cells(rows, roles)
    numbers = number_items(soup)
    opened: set[int] = set()  # list items whose marker is written
    for place, lines in _runs(soup, roles):
        if place.role and place.role.asks:
            words = CONTROL.sub(" ", " ".join("".join(s for s, _ in line) for line in lines)).split()
            opened.add(id(place.item))
            if words:
                yield _Written(place.role, Piece(place, len(words), 0), f"{'#' * _rank(place.title)} {' '.join(words)}")
            continue
        for paragraph in _paragraphs(lines):
            marker = "  "
            if place.item is not None and id(place.item) not in opened:
                number = numbers.get(id(place.item))
                marker = "• " if number is None else f"{number}. "
                opened.add(id(place.item))
            piece = Piece(place, len(paragraph.words.split()), paragraph.linked)
            yield _Written(place.role, piece, _set(place, paragraph, marker))


def _join_cells(table: Sequence[Tag], roles: Mapping[int, Role]) -> None:
    """Make each row that holds nothing but words one line; not one that holds a question with its answer."""
    for row in table:
        cells = row.find_all(["td", "th"], recursive=False)
        claimed = any(id(cell) in roles for cell in cells)
        if not claimed and len(row.find_all(list(BLOCKS), limit=len(cells) + 1)) == len(cells):
            for cell in cells[1:]:
                cell.insert(0, " | ")
            for cell in cells:
                cell.name = "span"  # to unwrap it would search the whole row for its place


Line = list[tuple[str, Place]]  # pieces of text, and where they stand


def _runs(soup: BeautifulSoup, roles: Mapping[int, Role]) -> Iterator[tuple[Place, list[Line]]]:
    """Text in document order, cut where the block-level element around it, or its part in a claim, changes."""
    places = {id(soup): Place(soup)}  # of each tag so far; a tag comes before what is in it
    place = places[id(soup)]
    lines: list[Line] = [[]]
    for node in soup.descendants:
        around = places[id(node.parent)]
        role = roles.get(id(node))
        if isinstance(node, Tag):
            inside = around if around.role and around.role.asks else enter(node, around)
            if role:
                inside = msgspec.structs.replace(inside, role=role, title=inside.title if role.asks else None)
            places[id(node)] = inside
            if node.name == "br":
                lines.append([])
            elif node.name in BLOCKS and inside.block is not node:  # within a question
                lines[-1].append((" ", inside))
            elif node.name in BLOCKS:
                yield place, lines
                place, lines = inside, [[]]
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            here = msgspec.structs.replace(around, role=role) if role else around
            if node.strip() and (here.block is not place.block or here.role != place.role):
                yield place, lines
                place, lines = here, [[]]
            if here.block is place.block:
                lines[-1].append((node, here))
    yield place, lines


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
        return f"{'#' * _rank(place.title)} {' '.join(words.split())}"
    if place.block.name == "button":
        return f"####### {' '.join(words.split())}"
    if paragraph.bold and place.item is None:
        return f"######## {words}"
    if place.item is not None:
        depth = "  " * place.depth
        return f"{depth}{marker}{words}".replace("\n", f"\n{depth}  ")
    first, *others = words.split("\n")
    return "\n".join(["> " + first if place.quoted else protect(first), *map(protect, others)])


def _rank(title: str | None) -> int:
    return int(title[1]) if title in HEADINGS else 7
