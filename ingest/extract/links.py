"""Where a title leads, and what is around it: what tells questions from lists of contents and from teasers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from bs4 import Tag
from bs4.element import PageElement

from ingest.extract.tree import Tree

FAQ_CLASS = re.compile(r"(?:^|[\W_])(?:faqs?|q-?and-?a)(?:$|[\W_])", re.IGNORECASE)
CLOSE = 3  # tags; the class of the body may say what the site is


def points_ahead(tree: Tree, *nodes: PageElement) -> bool:
    """Whether all of the words are one link to a later place on the page, as in a table of contents."""
    links = [
        each
        for node in nodes
        for each in tree.nodes[tree.begin[id(node)] : tree.end[id(node)] + 1]
        if isinstance(each, Tag) and each.name == "a" and "#" in str(each.get("href", ""))
    ]
    if len(links) != 1 or tree.length(links[0]) < tree.length(*nodes):
        return False
    target = tree.targets.get(str(links[0]["href"]).rpartition("#")[2])
    return target is not None and tree.begin[id(target)] > tree.end[id(nodes[-1])]


def in_faq_part(tree: Tree, nodes: Sequence[PageElement]) -> bool:
    """Whether the innermost tag around all of the nodes, or one close around it, has a class or id that says FAQ."""
    tag: Tag | None = tree.common(nodes)
    for _ in range(CLOSE):
        if tag is None:
            break
        if FAQ_CLASS.search(" ".join(map(str, (*tag.get_attribute_list("class"), tag.get("id", ""))))):
            return True
        tag = tag.parent
    return False


def links_away(tree: Tree, *nodes: PageElement) -> bool:
    """Whether most of the words are one link to another page, or in one, as in a list of articles."""
    around = [tag for tag in islice(nodes[0].parents, CLOSE) if tag.name == "a"]
    found = (node if node.name == "a" else node.find("a") for node in nodes if isinstance(node, Tag))
    links = [link for link in (*around, *found) if link is not None and not _stays(str(link.get("href", "#")))]
    return any(2 * tree.length(link) >= tree.length(*nodes) for link in links)


def _stays(href: str) -> bool:
    return href.startswith(("#", "javascript:"))
