"""HTML -> a readable rendition, and the rendition -> blocks.

The rendition is plain text that a person can check a quotation against: headings as ``## ...`` (``#######`` for the
titles of accordions and definition lists, ``########`` for a paragraph that is all bold), list items as ``• ...`` or
``1. ...``, quotations as ``> ...``, table rows as ``a | b``, one line for each paragraph. Menus, forms and what is
hidden are left out. Spans point into the rendition.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from ingest.extract import pruning
from ingest.extract.lines import VERBATIM_INDENT, read_blocks
from ingest.records import Block

BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody "
    "td tfoot th thead tr ul".split()
)  # a list of 46 strings would fill a screen
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
TITLES = frozenset(("summary", "dt", "legend"))
BOLD = frozenset(("b", "strong"))
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# A bold paragraph of more words is emphasis, not a title.
BOLD_WORDS = 30


def extract(text: str) -> tuple[Block, ...]:
    """The blocks of a rendition, in order, with spans into it. No text gives no blocks; never raises."""
    return read_blocks(text, markup=True)


def render(markup: bytes | str) -> str:
    """The rendition of a page; "" only when the page holds no text at all. The encoding is found by its own signs.

    lxml gives up within some broken pages; where it finds nothing, the slower parser that does not is asked, and
    where a page is all menu or form, that is its text.
    """
    for parser in ("lxml", "html.parser"):
        for pruned in (True, False):
            soup = BeautifulSoup(markup, parser)
            pruning.silence(soup)
            if pruned:
                pruning.prune(soup)
            if text := "\n\n".join(_write(soup)):
                return text.encode("utf-8", "replace").decode() + "\n"  # a lone surrogate can not be stored
    return ""


def _write(soup: BeautifulSoup) -> Iterator[str]:
    """The paragraphs of the rendition, in order."""
    for table in soup.find_all("table"):
        _join_cells(table)
    opened: set[int] = set()  # list items whose marker is written
    for block, lines in _runs(soup):
        item = _nearest(block, {"li"})
        for paragraph in _paragraphs(lines):
            yield _set(block, item, paragraph, first=id(item) not in opened)
            opened.add(id(item))


def _join_cells(table: Tag) -> None:
    """Make each row that holds nothing but words one line; in a table of questions, a title and its text."""
    rows = [(row, row.find_all(["td", "th"], recursive=False)) for row in table.find_all("tr")]
    pairs = [cells for _, cells in rows if len(cells) == 2]
    if pairs and 2 * sum(cells[0].get_text().strip().endswith("?") for cells in pairs) >= len(pairs):
        for title, answer in pairs:
            title.name, answer.name = "dt", "dd"
        return
    for row, cells in rows:
        if len(row.find_all(list(BLOCKS))) == len(cells):
            for cell in cells[1:]:
                cell.insert_before(" | ")
            for cell in cells:
                cell.unwrap()


Line = list[NavigableString]


def _runs(soup: BeautifulSoup) -> Iterator[tuple[Tag, list[Line]]]:
    """Text in document order, cut where the block-level element around it changes. No recursion: pages nest deep."""
    block: Tag = soup
    lines: list[Line] = [[]]
    for node in soup.descendants:
        if isinstance(node, Tag):
            if node.name == "br":
                lines.append([])
            elif node.name in BLOCKS:
                yield block, lines
                block, lines = node, [[]]
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            around = _nearest(node, BLOCKS) or soup
            if around is not block and node.strip():
                yield block, lines
                block, lines = around, [[]]
            if around is block:
                lines[-1].append(node)
    yield block, lines


def _nearest(node: Tag | NavigableString, names: Container[str]) -> Tag | None:
    """The element itself or the closest around it with one of ``names``."""
    tag = node if isinstance(node, Tag) else node.parent
    while tag is not None and tag.name not in names:
        tag = tag.parent
    return tag


def _paragraphs(lines: Sequence[Line]) -> Iterator[tuple[str, bool]]:
    """The words of each paragraph and whether they are all bold; an empty line, or a bold one that asks, is a break."""
    words: list[str] = []
    for line in [*lines, []]:
        text = " ".join(CONTROL.sub(" ", "".join(line)).split())
        bold = bool(text) and all(_is_bold(s) for s in line if s.strip())
        title = bold and (text.endswith("?") or len(lines) == 1) and len(text.split()) <= BOLD_WORDS
        if words and (title or not text):
            yield "\n".join(words), False
            words = []
        if title:
            yield text, True
        elif text:
            words.append(text)


def _is_bold(words: NavigableString) -> bool:
    """Whether ``words`` are bold within their block: an unclosed <b> around the whole page makes no titles."""
    around = _nearest(words, BOLD | BLOCKS)
    return around is not None and around.name in BOLD


def _set(block: Tag, item: Tag | None, paragraph: tuple[str, bool], first: bool) -> str:
    """A paragraph with the marker that says what it is."""
    words, bold = paragraph
    title = _nearest(block, HEADINGS | TITLES | {"li", "body"})
    if title is not None and title.name in HEADINGS | TITLES:
        level = int(title.name[1]) if title.name in HEADINGS else 7
        return f"{'#' * level} {' '.join(words.split())}"
    if block.name == "button":
        return f"####### {' '.join(words.split())}"
    if bold and item is None:
        return f"######## {words}"
    if item is not None:
        depth = "  " * len(item.find_parents(["ul", "ol"]))
        return f"{depth}{_marker(item) if first else '  '}{words}".replace("\n", f"\n{depth}  ")
    if _nearest(block, {"blockquote"}):
        return "> " + words.replace("\n", "\n> ")
    return "\n".join(" " * VERBATIM_INDENT + w if w.startswith(("#", ">")) else w for w in words.split("\n"))


def _marker(item: Tag) -> str:
    around = item.parent
    if around is None or around.name != "ol":
        return "• "
    start = str(around.get("start", "1"))
    number = int(start) if start.isascii() and start.isdigit() else 1
    return f"{number + len(item.find_previous_siblings('li'))}. "
