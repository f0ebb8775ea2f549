"""A soup with its claims -> the rendition: plain text that a person can check a quotation against.

Headings are set as ``## ...`` (``#######`` for questions and titles that are no headings, ``########`` for a paragraph
that is all bold), list items as ``• ...`` or ``1. ...``, the beginning of a quotation as ``> ...``, table rows as
``a | b``, one line for each paragraph. Spans point into the rendition.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from ingest.extract.lines import protect
from ingest.extract.places import BLOCKS, HEADINGS, Place, Role, enter, number_items
from ingest.extract.tree import Claim
from ingest.records import Pair, Rendition

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# A bold paragraph of more words is emphasis, not a title.
BOLD_WORDS = 30


def compose(soup: BeautifulSoup, claims: Sequence[Claim]) -> Rendition:
    """The paragraphs with blank lines between them, and where in them the claims stand."""
    paragraphs: list[str] = []
    spans: dict[tuple[int, bool], list[int]] = {}  # of the question and the answer of each claim
    position = 0
    for role, words in _write(soup, _assign(claims)):
        paragraph = words.encode("utf-8", "replace").decode()  # a lone surrogate can not be stored
        end = position + len(paragraph)
        if role:
            for number in role.claims:
                spans.setdefault((number, role.asks), [position, end])[1] = end
        paragraphs.append(paragraph)
        position = end + 2
    pairs = []
    for number, claim in enumerate(claims):
        if question := spans.get((number, True)):
            answer = spans.get((number, False), [question[1], question[1]])
            pairs.append(Pair((question[0], question[1]), (answer[0], answer[1]), claim.method))
    return Rendition("\n\n".join(paragraphs), "html", tuple(sorted(pairs, key=lambda pair: pair.question)))


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


def _write(soup: BeautifulSoup, roles: Mapping[int, Role]) -> Iterator[tuple[Role | None, str]]:
    """The paragraphs of the rendition, in order, each with what it is to a claim."""
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
                yield place.role, f"{'#' * _rank(place.title)} {' '.join(words)}"
            continue
        for paragraph in _paragraphs(lines):
            marker = "  "
            if place.item is not None and id(place.item) not in opened:
                number = numbers.get(id(place.item))
                marker = "• " if number is None else f"{number}. "
                opened.add(id(place.item))
            yield place.role, _set(place, paragraph, marker)


def _join_cells(table: Sequence[Tag], roles: Mapping[int, Role]) -> None:
    """Make each row that holds nothing but words one line; not one that holds a question with its answer."""
    for row in table:
        cells = row.find_all(["td", "th"], recursive=False)
        claimed = any(id(cell) in roles for cell in cells)
        if not claimed and len(row.find_all(list(BLOCKS), limit=len(cells) + 1)) == len(cells):
            for cell in cells[1:]:
                cell.insert_before(" | ")
            for cell in cells:
                cell.unwrap()


Line = list[tuple[str, bool]]  # pieces of text, and whether they are bold


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
                lines[-1].append((" ", False))
            elif node.name in BLOCKS:
                yield place, lines
                place, lines = inside, [[]]
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            here = msgspec.structs.replace(around, role=role) if role else around
            if node.strip() and (here.block is not place.block or here.role != place.role):
                yield place, lines
                place, lines = here, [[]]
            if here.block is place.block:
                lines[-1].append((node, here.bold))
    yield place, lines


def _paragraphs(lines: Sequence[Line]) -> Iterator[tuple[str, bool]]:
    """The words of each paragraph and whether they are all bold; an empty line, or a bold one that asks, is a break."""
    words: list[str] = []
    for line in [*lines, []]:
        text = " ".join(CONTROL.sub(" ", "".join(s for s, _ in line)).split())
        bold = bool(text) and all(b for s, b in line if s.strip())
        title = bold and (text.endswith("?") or len(lines) == 1) and len(text.split()) <= BOLD_WORDS
        if words and (title or not text):
            yield "\n".join(words), False
            words = []
        if title:
            yield text, True
        elif text:
            words.append(text)


def _set(place: Place, paragraph: tuple[str, bool], marker: str) -> str:
    """A paragraph with the sign that says what it is; ``marker`` is for a list item."""
    words, bold = paragraph
    if place.title is not None:
        return f"{'#' * _rank(place.title)} {' '.join(words.split())}"
    if place.block.name == "button":
        return f"####### {' '.join(words.split())}"
    if bold and place.item is None:
        return f"######## {words}"
    if place.item is not None:
        depth = "  " * place.depth
        return f"{depth}{marker}{words}".replace("\n", f"\n{depth}  ")
    first, *others = words.split("\n")
    return "\n".join(["> " + first if place.quoted else protect(first), *map(protect, others)])


def _rank(title: str | None) -> int:
    return int(title[1]) if title in HEADINGS else 7
