"""The lines of a page as a reader sees them, and the headings among them: what the rungs without containers go by."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString
from msgspec import Struct

from ingest.extract.asking import Signs, names_faq
from ingest.extract.closing import find_close
from ingest.extract.places import BLOCKS, BOLD, HEADINGS
from ingest.extract.tree import Tree

BOLD_STYLE = re.compile(r"font-weight:\s*(?:bold|[6-9]00)", re.IGNORECASE)
# Where an answer begins on the line of its question: "Is it free? A: It is."
ANSWER_BEGINS = re.compile(r"(?<=[?？])\s+(?=A(?:nswer)?\s?\d*[:.]\s)")
ANSWER_LABEL = re.compile(r"(?<!\s)\s*+A(?:nswer)?\s?\d*[:.]\s*")
# Within an item the answer may follow its question without any mark.
ITEM_ANSWER = re.compile(r"(\s*(?:[^\s.!?？]+\s+){2,}[^\s.!?？]+[?？])\s+(?=\S)")
TITLED = HEADINGS | {"summary", "dt", "button", "legend", "caption", "th"}


class Line(Struct, frozen=True, eq=False):
    """Inline nodes between two breaks. ``lead`` are those at its beginning that are bold, all of them or some."""

    nodes: tuple[PageElement, ...]
    lead: tuple[PageElement, ...]
    around: Tag

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return len(self.lead) == len(self.nodes)


class Heading(Struct, frozen=True, eq=False):
    """A heading with its rank, 1 to 6, and whether it says that questions follow."""

    tag: Tag
    level: int
    title: str
    faq: bool
    above: tuple[str, ...]  # the titles that it stands under, the highest first

    @property
    def under_faq(self) -> bool:
        """Whether one that it stands under says so."""
        return any(map(names_faq, self.above))


class Page(Tree):
    """A tree with its lines and headings."""

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the page that hold words, in order; none that is part of a heading or another title."""
        lines: list[Line] = []
        for node in (self.soup, *self.nodes):
            if isinstance(node, Tag) and (node is self.soup or node.name in BLOCKS or self.holds_block(node)):
                lines += _lines_in(self, node)
        return tuple(sorted(lines, key=lambda line: self.begin[id(line.nodes[0])]))

    @cached_property
    def close(self) -> int:
        """Where the page's own end begins: no answer that runs on goes further."""
        return find_close(self, [line.nodes for line in self.lines])

    def follow(self, node: PageElement, stops: Sequence[int], within: Tag) -> Iterator[PageElement]:
        """The same up to the page's own end, unless nothing is before that."""
        pieces = list(self._follow(node, stops, within, self.close))
        return iter(pieces) if self.length(*pieces) else super().follow(node, stops, within)

    @cached_property
    def _beginnings(self) -> list[int]:
        return [self.begin[id(line.nodes[0])] for line in self.lines]

    def first_line(self, tag: Tag) -> Line | None:
        """The first line within a tag."""
        position = bisect_left(self._beginnings, self.begin[id(tag)])
        found = position < len(self.lines) and self._beginnings[position] <= self.end[id(tag)]
        return self.lines[position] if found else None

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The headings of the page that hold words, in order."""
        headings: list[Heading] = []
        path: list[Heading] = []
        for tag in (node for node in self.nodes if isinstance(node, Tag)):
            level = _rank(tag)
            if level and (title := self.title(tag)):
                path = [above for above in path if above.level < level]
                headings.append(Heading(tag, level, title, names_faq(title), tuple(h.title for h in path)))
                path.append(headings[-1])
        return tuple(headings)


def break_lines(soup: BeautifulSoup, signs: Signs) -> None:
    """Put a break before each "A:" that stands on the line of its question; in the lists of a FAQ, after the question.

    Changes the tree.
    """
    for item in soup.find_all("li") if signs.faq else ():
        words = item.contents[0] if item.contents else None
        if isinstance(words, NavigableString) and (begin := ITEM_ANSWER.match(words)):
            words.replace_with(words[: begin.end(1)], soup.new_tag("br"), words[begin.end() :])
    for string in soup.find_all(string=ANSWER_LABEL):
        label = string.parent
        if begin := ANSWER_BEGINS.search(string):
            string.replace_with(string[: begin.start()], soup.new_tag("br"), string[begin.end() :])
        elif label and label.name in BOLD and ANSWER_LABEL.fullmatch(string) and label.previous_sibling:
            label.insert_before(soup.new_tag("br"))


def _lines_in(tree: Tree, block: Tag) -> Iterator[Line]:
    if block.name in TITLED:
        return
    run: list[PageElement] = []
    for child in (*block.children, None):
        if child is None or (isinstance(child, Tag) and _breaks(tree, child)):
            if any(tree.length(node) for node in run):
                yield Line(tuple(run), tuple(_lead(tree, run, block)), block)
            run = []
        elif not isinstance(child, PreformattedString) and (run or tree.length(child)):
            run.append(child)


def _breaks(tree: Tree, tag: Tag) -> bool:
    return tag.name == "br" or tag.name in BLOCKS or tree.holds_block(tag)


def _lead(tree: Tree, run: Sequence[PageElement], block: Tag) -> Iterator[PageElement]:
    for node in run:
        if tree.length(node) and not _is_bold(tree, node, block):
            return
        yield node


def _is_bold(tree: Tree, node: PageElement, block: Tag) -> bool:
    inside = tree.nodes[tree.begin[id(node)] : tree.end[id(node)] + 1]
    strings = [each for each in inside if isinstance(each, NavigableString) and each.strip()]
    return tree.title(node) != "" and all(_has_bold_around(string, block) for string in strings)


def _has_bold_around(string: NavigableString, block: Tag) -> bool:
    tag = string.parent
    while tag is not None and tag is not block:
        if tag.name in BOLD or BOLD_STYLE.search(str(tag.get("style", ""))):
            return True
        tag = tag.parent
    return bool(BOLD_STYLE.search(str(block.get("style", "")))) if tag is block else False


def _rank(tag: Tag) -> int:
    if tag.name in HEADINGS:
        return int(tag.name[1])
    level = str(tag.get("aria-level", ""))
    return int(level) if tag.get("role") == "heading" and level in {*"123456"} else 0
