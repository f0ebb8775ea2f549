"""How much of a page is read: enough for any that was written to be read, and no more than some seconds take."""

from __future__ import annotations

import re
from collections import Counter

from bs4 import BeautifulSoup
from bs4.element import PageElement

from ingest.errors import InputError

AGAIN = "divide the page, or save its text"
TAG = re.compile(r"<[a-z]", re.IGNORECASE)
TAG_IN_BYTES = re.compile(TAG.pattern.encode(), re.IGNORECASE)
# Tags of a page. The largest of the FAQ pages that were looked at has 4,500; this many take some 20 s and 250 MiB.
MOST_TAGS = 100_000
# Steps from every node up to the page, and from every node to its elder siblings: what asks each node for all within
# it, or takes nodes out one by one, goes all of them. 30,000 tags within one another, or 22,000 beside one another.
MOST_UP, MOST_BESIDE = 500_000_000, 250_000_000


def check_tags(markup: bytes | str) -> None:
    """InputError, without the name of the page, for more tags than MOST_TAGS."""
    found = TAG.finditer(markup) if isinstance(markup, str) else TAG_IN_BYTES.finditer(markup)
    if (count := sum(1 for _ in found)) > MOST_TAGS:
        raise InputError(f"has {count:,} tags, more than {MOST_TAGS:,}; {AGAIN}")


def check_nesting(soup: BeautifulSoup) -> None:
    """InputError, without the name of the page, for one that is nested too deep, or not at all."""
    depths = {id(soup): 0}
    children: Counter[int] = Counter()
    up = beside = 0
    node: PageElement
    for node in soup.descendants:
        above = id(node.parent)
        depths[id(node)] = depth = depths[above] + 1
        up, beside = up + depth, beside + children[above]
        children[above] += 1
        if up > MOST_UP:
            raise InputError(f"nests its tags too deep, up to {max(depths.values()):,} levels; {AGAIN}")
        if beside > MOST_BESIDE:
            most = max(children.values())
            raise InputError(f"has too many pieces beside one another, up to {most:,} in one tag; {AGAIN}")
