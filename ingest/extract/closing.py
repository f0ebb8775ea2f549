"""Where the text of a page is over: the lines at its end that speak of the page itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from bs4 import Tag
from bs4.element import PageElement

from ingest.extract.tree import Tree

# What the last lines of a page say of it, in the languages of the pages that were looked at.
COLOPHON = re.compile(
    r"\bweb ?-?master\b|\bbest (?:viewed|seen|experienced)\b|\bvisitors? (?:since|no)\b"
    r"|\b(?:you are|you['’]re) (?:the )?visitor\b"
    r"|\b(?:last|page|site) (?:was )?(?:last )?"
    r"(?:updated?|modified|changed|revised|edited|generated)\b"
    r"|\b(?:maintained|designed|hosted|powered) by\b|©|\(c\)\s?(?:19|20)\d\d|\bcopyright\b.{0,200}\b(?:19|20)\d\d"
    r"|\ball rights reserved\b"
    r"|\bthis (?:page|site|document|faq) (?:is|was|has been) (?:last |maintained|generated|written)"
    r"|\b(?:zuletzt|letzte) (?:geändert|aktualisiert|änderung|aktualisierung)|\bdernière (?:mise à jour|modification)"
    r"|\búltima (?:actualización|modificación)|\bultim[oa] aggiornament[oa]",
    re.IGNORECASE,
)
# Longer lines, and more words after a rule, are text.
LINE_WORDS, END_WORDS = 25, 80
LINKS = 0.8
CLOSE = 3  # tags around a line
# What stands apart from the text above it.
SET_APART = ("address", "center", "footer")


def find_close(tree: Tree, lines: Sequence[Sequence[PageElement]]) -> int:
    """The position at which the page's own end begins; the number of its nodes where it has none.

    ``lines`` are the nodes of each line, in order. Goes from the end upwards over lines that speak of the page, or are
    nothing but links or an address; after a rule or in a centred block at the end one of them speaks for all.
    """
    position = len(tree.nodes)
    for nodes in reversed(lines):
        if not _is_colophon(tree, nodes):
            break
        position = tree.begin[id(nodes[0])]
    return min(position, _find_apart(tree, lines))


def _find_apart(tree: Tree, lines: Sequence[Sequence[PageElement]]) -> int:
    """Where the last rule, address or centred block stands, when all after it is short and speaks of the page."""
    apart = [tag for tag in tree.tags("hr", *SET_APART) if tag.name == "hr" or tree.length(tag)]
    for tag in reversed(apart[-2:]):
        begin = tree.begin[id(tag)]
        after = [nodes for nodes in lines if tree.begin[id(nodes[0])] >= begin]
        words = [tree.words(*nodes) for nodes in after]
        short = words and sum(len(each.split()) for each in words) <= END_WORDS
        asks = any(tree.asks(each) for each in words)
        headed = any(begin < tree.begin[id(h)] for h in tree.tags("h1", "h2", "h3", "h4", "h5", "h6"))
        if short and not asks and not headed and any(_speaks(tree, nodes) for nodes in after):
            return begin
    return len(tree.nodes)


def _speaks(tree: Tree, nodes: Sequence[PageElement]) -> bool:
    return _is_colophon(tree, nodes) or _is_address(nodes)


def _is_colophon(tree: Tree, nodes: Sequence[PageElement]) -> bool:
    words = tree.words(*nodes)
    if len(words.split()) > LINE_WORDS or tree.asks(words):
        return False
    links = [link for node in nodes if isinstance(node, Tag) for link in ([node] if node.name == "a" else node("a"))]
    menu = len(links) > 1 and tree.length(*links) >= LINKS * tree.length(*nodes)
    return menu or bool(COLOPHON.search(words))


def _is_address(nodes: Sequence[PageElement]) -> bool:
    return any(tag.name == "address" for tag in islice(nodes[0].parents, CLOSE))
