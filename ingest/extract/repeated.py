"""Siblings built alike, each a short title and what belongs to it, as page builders write accordions without ARIA."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bs4 import Tag
from bs4.element import PageElement, PreformattedString

from ingest.extract.links import links_away
from ingest.extract.places import HEADINGS
from ingest.extract.tree import Claim, Tree
from ingest.questions import ASKS

HINT = re.compile(r"faq|accordion|collaps|toggle|question|expand|q-?and-?a", re.IGNORECASE)
STATE = re.compile(
    r"(?:is-|has-)?(?:active|open(?:ed)?|show|shown|collapsed|expanded|closed|current|selected|first|last|odd|even)$|\d"
)
WRAPPERS = frozenset(("div", "section", "article", "li"))
Shape = tuple[str, ...]


def find_pairs(tree: Tree) -> Iterator[Claim]:
    """The title and panel of each of two or more siblings of one shape, or of siblings that take turns."""
    for parent in (tree.soup, *tree.nodes):
        if isinstance(parent, Tag):
            children = [child for child in parent.children if isinstance(child, Tag) and tree.length(child)]
            pairs = (_turns(tree, children) or _wrapped(tree, children)) if len(children) > 1 else []
            if pairs and _are_questions(tree, [title for title, _ in pairs], (parent, children[0], pairs[0][0])):
                for title, answer in pairs:
                    yield Claim((title,), answer, "repeated")


def _are_questions(tree: Tree, titles: Sequence[Tag], around: Sequence[Tag]) -> bool:
    """Whether enough of the titles ask, given what the classes ``around`` say; not where they lead to other pages."""
    asking = sum(tree.asks(words) and bool(ASKS.search(words)) for words in map(tree.title, titles))
    hinted = bool(HINT.search(" ".join(name for tag in around for name in _shape(tag))))
    teasers = 2 * sum(links_away(tree, title) for title in titles) > len(titles)
    return not teasers and (2 * asking >= len(titles) or (hinted and (asking > 0 or tree.signs.faq)))


def _wrapped(tree: Tree, children: Sequence[Tag]) -> list[tuple[Tag, tuple[PageElement, ...]]]:
    groups: dict[Shape, list[tuple[Tag, tuple[PageElement, ...]]]] = {}
    for child in children:
        if child.name in WRAPPERS and (child.name != "li" or child.get("class")):
            first, *rest = _unwrap(tree, child)
            # A heading with all that comes under it is the headings' rung; with one panel it is a title.
            titled = isinstance(first, Tag) and (first.name not in HEADINGS or _is_panel(rest))
            if isinstance(first, Tag) and titled and tree.title(first) and tree.length(*rest):
                groups.setdefault((*_shape(child), *_shape(first)), []).append((first, tuple(rest)))
    largest = max(groups.values(), key=len, default=[])
    return largest if len(largest) > 1 else []


def _is_panel(rest: Sequence[PageElement]) -> bool:
    return len(rest) == 1 and isinstance(rest[0], Tag) and rest[0].name in WRAPPERS


def _unwrap(tree: Tree, tag: Tag) -> list[PageElement]:
    """The nodes with words in ``tag``, or in the only tag that holds all of its words."""
    nodes = _worded(tree, tag)
    while len(nodes) == 1 and isinstance(nodes[0], Tag):
        nodes = _worded(tree, nodes[0])
    return nodes or [tag]


def _worded(tree: Tree, tag: Tag) -> list[PageElement]:
    return [node for node in tag.children if tree.length(node) and not isinstance(node, PreformattedString)]


def _turns(tree: Tree, children: Sequence[Tag]) -> list[tuple[Tag, tuple[PageElement, ...]]]:
    """Title, panel, title, panel: what stands before the first and after the last such pair is passed over."""
    pairs: dict[tuple[Shape, Shape], list[tuple[Tag, tuple[PageElement, ...]]]] = {}
    for title, panel in pairwise(children):
        turn = _shape(title), _shape(panel)
        plain = title.name in HEADINGS and not _is_panel([panel])
        if turn[0] != turn[1] and panel.name in WRAPPERS | {"p", "ul"} and not plain and tree.title(title):
            pairs.setdefault(turn, []).append((title, (panel,)))
    shapes = Counter(map(_shape, children))
    fitting = [
        each
        for (first, second), each in pairs.items()
        if len(each) > 1 and shapes[first] == len(each) == shapes[second]
    ]
    return max(fitting, key=lambda each: sum(tree.asks(tree.title(title)) for title, _ in each), default=[])


def _shape(tag: Tag) -> Shape:
    classes = (str(name) for name in tag.get_attribute_list("class") if name)
    return tag.name, *sorted(name for name in classes if not STATE.search(name))
