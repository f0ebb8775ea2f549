"""The parsed page with what the rungs ask of it, counted once: where a tag begins and ends, and the words in it.

Pages nest thousands of tags deep: nothing here walks up or down the tree for every tag.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString
from msgspec import Struct

from ingest.extract.asking import TITLE_CHARS, Signs, asks
from ingest.extract.places import BLOCKS, HEADINGS

# A title of more words is a paragraph. The longest question of the public FAQ pages has 45.
TITLE_WORDS = 60
WORDS = re.compile(r"\w")


def squeeze(text: str) -> str:
    """What of a text counts when the same words are looked for in another place: letters and digits in lower case."""
    return "".join(WORDS.findall(text.casefold()))


class Claim(Struct, frozen=True, eq=False):
    """Nodes that a rung takes for a question, and those it takes for the answer: whole subtrees, in page order."""

    question: tuple[PageElement, ...]
    answer: tuple[PageElement, ...]
    method: str
    sure: bool = False  # the markup itself says that this is a question; else its title is judged


class Tree:
    """A soup that will not change any more. Positions count its nodes in page order."""

    def __init__(self, soup: BeautifulSoup, signs: Signs) -> None:
        self.soup, self.signs = soup, signs
        self.nodes: list[PageElement] = list(soup.descendants)
        self._tags = [node for node in self.nodes if isinstance(node, Tag)]
        self.begin = {id(node): position for position, node in enumerate(self.nodes)}
        self.end = dict(self.begin)  # of each node, the position of the last that is within it
        self._holds_block: set[int] = set()
        self._headings = [self.begin[id(tag)] for tag in self.tags(*HEADINGS)]
        self._count()
        self.targets = {str(tag["name"]): tag for tag in self.tags("a") if tag.has_attr("name")}
        self.targets |= {str(tag["id"]): tag for tag in reversed(self.find("id"))}

    def _count(self) -> None:
        for node in reversed(self.nodes):
            parent = id(node.parent)
            if parent in self.end:
                self.end[parent] = max(self.end[parent], self.end[id(node)])
            if isinstance(node, Tag) and (node.name in BLOCKS or id(node) in self._holds_block):
                self._holds_block.add(parent)
        self._spots: list[int] = []  # positions of the strings that a reader sees
        self._strings: list[str] = []
        self._chars = [0]
        for position, node in enumerate(self.nodes):
            if isinstance(node, NavigableString) and not isinstance(node, PreformattedString) and node.strip():
                self._spots.append(position)
                self._strings.append(str(node))
                self._chars.append(self._chars[-1] + len(node.strip()))

    def find(self, *attributes: str) -> list[Tag]:
        """The tags that have one of the attributes, in page order."""
        return [tag for tag in self._tags if not tag.attrs.keys().isdisjoint(attributes)]

    def tags(self, *names: str) -> list[Tag]:
        """The tags with one of the names, in page order."""
        return [tag for tag in self._tags if tag.name in names]

    def holds(self, outer: PageElement, inner: PageElement) -> bool:
        """Whether ``inner`` is ``outer`` or within it."""
        if outer is self.soup:
            return True
        return self.begin[id(outer)] <= self.begin[id(inner)] <= self.end[id(outer)]

    def holds_block(self, node: PageElement) -> bool:
        """Whether a block-level tag is within the node."""
        return id(node) in self._holds_block

    def length(self, *nodes: PageElement) -> int:
        """How many characters of text are in the nodes."""
        spans = (self._strings_of(node) for node in nodes)
        return sum(self._chars[last] - self._chars[first] for first, last in spans)

    def words(self, *nodes: PageElement) -> str:
        """The text in the nodes, white space collapsed."""
        spans = (self._strings_of(node) for node in nodes)
        return " ".join(" ".join(s for first, last in spans for s in self._strings[first:last]).split())

    def beginning(self, node: PageElement, chars: int) -> str:
        """The first ``chars`` characters of the text in the node, white space collapsed; it may be any length."""
        first, last = self._strings_of(node)
        return " ".join(" ".join(self._strings[first : min(last, first + chars)]).split())[:chars]

    def holds_heading(self, node: PageElement) -> bool:
        """Whether a heading is within the node."""
        ahead = bisect_left(self._headings, self.begin[id(node)] + 1)
        return ahead < len(self._headings) and self._headings[ahead] <= self.end[id(node)]

    def title(self, *nodes: PageElement) -> str:
        """The same when it has the length of a title; else "", as for what holds no letter."""
        if not 0 < self.length(*nodes) <= TITLE_CHARS:
            return ""
        words = self.words(*nodes)
        return words if len(words.split()) <= TITLE_WORDS and WORDS.search(words) else ""

    def asks(self, title: str) -> bool:
        """Whether a title is a question, by its words or because the page's structured data says so."""
        return asks(title) or (bool(self.signs.told) and squeeze(title) in self.signs.told)

    def _strings_of(self, node: PageElement) -> tuple[int, int]:
        if node is self.soup:
            return 0, len(self._strings)
        return bisect_left(self._spots, self.begin[id(node)]), bisect_left(self._spots, self.end[id(node)] + 1)

    def grow(self, node: Tag, apart: PageElement | None = None) -> Tag:
        """The outermost tag that has no other words than ``node`` and does not hold ``apart``."""
        length = self.length(node)
        while isinstance(parent := node.parent, Tag) and id(parent) in self.begin and parent.name != "body":
            if self.length(parent) != length or (apart is not None and self.holds(parent, apart)):
                break
            node = parent
        return node

    def common(self, nodes: Sequence[PageElement]) -> Tag:
        """The innermost tag that holds all of the nodes."""
        first, last = min(nodes, key=self._begin), max(nodes, key=self._begin)
        around = first.parent
        while around is not None and around is not self.soup and not self.holds(around, last):
            around = around.parent
        return around or self.soup

    def _begin(self, node: PageElement) -> int:
        return self.begin[id(node)]

    def places(self, nodes: Iterable[PageElement]) -> list[int]:
        """Where the nodes begin, in order."""
        return sorted(map(self._begin, nodes))

    def follow(self, node: PageElement, stops: Sequence[int], within: Tag) -> Iterator[PageElement]:
        """What comes after ``node``, in largest pieces, up to the first of the ``places`` and the end of ``within``."""
        return self._follow(node, stops, within, len(self.nodes))

    def _follow(self, node: PageElement, stops: Sequence[int], within: Tag, close: int) -> Iterator[PageElement]:
        position = self.end[id(node)] + 1
        ahead = bisect_left(stops, position)
        limit = self.end.get(id(within), len(self.nodes) - 1) + 1
        limit = min(limit, stops[ahead], close) if ahead < len(stops) else min(limit, close)
        while position < limit:
            piece = self.nodes[position]
            if self.end[id(piece)] < limit:
                yield piece
                position = self.end[id(piece)] + 1
            else:
                position += 1
