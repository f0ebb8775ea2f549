"""What stands around each piece of an HTML page. Told from above to below, once: pages nest thousands of tags deep."""

from __future__ import annotations

import re

import msgspec
from bs4 import BeautifulSoup, Tag
from msgspec import Struct

BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody "
    "td tfoot th thead tr ul".split()
)  # a list of 46 strings would fill a screen
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
TITLES = frozenset(("summary", "dt", "legend"))
BOLD = frozenset(("b", "strong"))
# Lists deeper than this are set like this one: 8,000 nested lists would make 64 million characters of indent.
DEEPEST = 8
NUMBER = re.compile(r"[0-9]{1,9}")


class Role(Struct, frozen=True):
    """What a piece of text is to one or more claims, by their numbers: their question or their answer."""

    claims: tuple[int, ...]
    asks: bool


class Place(Struct, frozen=True):
    """What is around a piece of text, or around the words of a tag."""

    block: Tag  # the closest block-level tag; the page itself when there is none
    item: Tag | None = None  # the closest list item
    depth: int = 0  # lists around that item, at most DEEPEST
    lists: int = 0  # lists around the text, at most DEEPEST
    title: str | None = None  # the name of the tag that makes it a title
    quoted: bool = False
    bold: bool = False  # within the block: an unclosed <b> around the whole page makes no titles
    linked: bool = False
    role: Role | None = None  # None: no part of a question or an answer


def enter(tag: Tag, above: Place) -> Place:
    """The place within ``tag``, which stands at the place ``above``."""
    if tag.name == "a":
        return msgspec.structs.replace(above, linked=True)
    if tag.name not in BLOCKS:
        return msgspec.structs.replace(above, bold=True) if tag.name in BOLD else above
    listed = tag.name == "li"
    title = tag.name if tag.name in HEADINGS | TITLES else above.title
    return Place(
        block=tag,
        item=tag if listed else above.item,
        depth=above.lists if listed else above.depth,
        lists=min(above.lists + (tag.name in {"ul", "ol"}), DEEPEST),
        title=None if listed or tag.name == "body" else title,
        quoted=above.quoted or tag.name == "blockquote",
        linked=above.linked and tag.name != "body",
        role=above.role,
    )


def number_items(soup: BeautifulSoup) -> dict[int, int]:
    """The number of each item of an ordered list, by the ``id()`` of its tag."""
    numbers = {}
    for ordered in soup.find_all("ol"):
        start = str(ordered.get("start", ""))
        first = int(start) if NUMBER.fullmatch(start) else 1
        for number, item in enumerate(ordered.find_all("li", recursive=False), start=first):
            numbers[id(item)] = number
    return numbers
