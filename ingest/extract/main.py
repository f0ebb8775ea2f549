"""Which part of an HTML page each paragraph belongs to. Goes by tags, their names, links and lengths, never by words.

Three steps: parts that are named as furniture ("cookie-banner") are set apart; the prose that is left shows which
element is the page's main text; in there, lists of nothing but links are set apart too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from bs4 import BeautifulSoup, Tag

from ingest.extract.places import Place

# What classes, ids and roles call the parts around a text, as whole words: "shared-office" does not share anything.
# The first are never a wrapper of the text, and may be longer than it: fifty comments on a short notice.
APART = frozenset(
    "breadcrumb breadcrumbs comment comments consent contentinfo cookie cookies copyright disqus footer gdpr menu "
    "modal nav navbar navigation newsletter overlay pager pagination popup privacy promo promos promotion recirc "
    "recommend recommendation recommendations recommended related replies reply respond share sharing sharedaddy "
    "shares sidebar signup social sponsor sponsored submenu subscribe subscription subscriptions trending".split()
)
FURNITURE = APART | frozenset(
    "ad ads advert advertisement author authors banner bio buttons byline caption carousel credit credits date "
    "dateline dek figcaption figure flyout follow gallery hashtags kicker login masthead meta metadata paywall "
    "popular posted prev rail readmore skip slideshow tag tags teaser time timestamp toolbar video widget "
    "widgets".split()
)
TAGS = frozenset(("figure", "figcaption", "footer", "time"))  # whose own name says it
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# A name that stands around more of the page's prose says nothing on this page: "elementor-widget" around everything.
APART_SHARE, FURNITURE_SHARE = 0.75, 0.3
# A paragraph is prose from so many words on, when at most this share of them are links.
PROSE_WORDS, PROSE_LINKS = 12, 0.35
# An element with less prose of its own than this share of the most is a teaser or remark: it can not be the main text.
CORE_SHARE = 0.3
# The main text is the smallest element with this share of such prose.
MAIN_SHARE = 0.8
# Within the main text a paragraph or list with more links than this share of its words is a pointer to other pages.
PARAGRAPH_LINKS, LIST_LINKS = 0.8, 0.6

# What is apart has a name that no part of the text has; beside the main text stands whatever else is not in it.
Part = Literal["main", "beside", "apart"]
Words = Counter[int]  # how many words stand in a tag, by its ``id()``


class Piece(NamedTuple):
    """A paragraph of the rendition."""

    place: Place
    words: int
    linked: int  # of them links

    @property
    def is_prose(self) -> bool:
        """Whether this is a sentence or more, and not a row of links."""
        return self.place.title is None and self.words >= PROSE_WORDS and self.linked <= PROSE_LINKS * self.words


def find_main(soup: BeautifulSoup, pieces: Sequence[Piece]) -> tuple[Part, ...]:
    """The part of the page that each paragraph belongs to. All is main where there is no prose. Linear in the page.

    The shares above were set on one half of the article_extraction pages (see benchmarks/public/articles.py).
    """
    tags = soup.find_all(True)
    prose = [piece for piece in pieces if piece.is_prose]
    names = _name_furniture(tags, _weigh(tags, prose))
    furniture = _mark_below(tags, names)
    core = _find_core(tags, [piece for piece in prose if id(piece.place.block) not in furniture])
    if core is None:
        return tuple("main" for _ in pieces)
    apart = _mark_below(tags, {tag: APART.intersection(words) for tag, words in names.items()})
    inside = {id(core), *map(id, core.find_all(True))} - furniture
    lists = _find_link_lists(pieces)
    return tuple(_place(piece, apart, inside, lists) for piece in pieces)


def _place(piece: Piece, apart: set[int], inside: set[int], link_lists: set[int]) -> Part:
    block = id(piece.place.block)
    if block in apart:
        return "apart"
    pointer = piece.linked > PARAGRAPH_LINKS * piece.words or _list_of(piece) in link_lists
    return "main" if block in inside and not pointer else "beside"


def _weigh(tags: Sequence[Tag], pieces: Iterable[Piece]) -> Words:
    """The words of ``pieces`` in each tag and below."""
    weights: Words = Counter()
    for piece in pieces:
        weights[id(piece.place.block)] += piece.words
    for tag in reversed(tags):  # from below to above
        weights[id(tag.parent)] += weights[id(tag)]
    return weights


def _name_furniture(tags: Sequence[Tag], weights: Words) -> dict[int, frozenset[str]]:
    """The names by which each tag is furniture, by its ``id()``."""
    whole = max(weights.values(), default=0)
    around: dict[int, frozenset[str]] = {}
    names: dict[int, frozenset[str]] = {}
    held: Counter[str] = Counter()
    for tag in tags:
        above = around.get(id(tag.parent), frozenset())
        names[id(tag)] = frozenset(n for n in _names(tag) if weights[id(tag)] <= _share(n) * whole) - above
        around[id(tag)] = above | names[id(tag)]
        held.update(dict.fromkeys(names[id(tag)], weights[id(tag)]))
    everywhere = {name for name in held if name not in APART and held[name] > APART_SHARE * whole}
    return {tag: words - everywhere for tag, words in names.items()}


def _mark_below(tags: Sequence[Tag], names: Mapping[int, frozenset[str]]) -> set[int]:
    """The ``id()`` of each tag that has a name, and of all below it."""
    marked: set[int] = set()
    for tag in tags:
        if id(tag.parent) in marked or names[id(tag)]:
            marked.add(id(tag))
    return marked


def _share(name: str) -> float:
    return APART_SHARE if name in APART else FURNITURE_SHARE


def _names(tag: Tag) -> Iterator[str]:
    """The names of ``tag`` that stand for furniture."""
    if tag.name in TAGS:
        yield tag.name
    for name in (*tag.get_attribute_list("class"), tag.get("id"), tag.get("role")):
        yield from FURNITURE.intersection(word.lower() for word in WORD.findall(str(name or "")))


def _find_core(tags: Sequence[Tag], prose: Sequence[Piece]) -> Tag | None:
    """The element that is the main text; None when there is no prose."""
    own: Words = Counter()
    for piece in prose:
        own[id(piece.place.block.parent)] += piece.words
    most = max(own.values(), default=0)
    weights = _weigh(tags, [piece for piece in prose if own[id(piece.place.block.parent)] >= CORE_SHARE * most])
    least = MAIN_SHARE * max(weights.values(), default=0)
    core = None
    for tag in tags:  # each of them within the one before
        if weights[id(tag)] >= least > 0 and tag.name not in {"p", "li"}:
            core = tag
    return core and _with_equals(core, _weigh(tags, prose))


def _with_equals(core: Tag, weights: Words) -> Tag:
    """The element around ``core`` in which more of its kind stand: the parts of a guide are as long as they are."""
    for tag in (core, *core.parents):
        classes = tag.get("class")
        if (classes or (tag.name == "section" and tag.get("id"))) and tag.parent is not None:
            kind = tag.parent.find_all(tag.name, recursive=False)
            if sum(other.get("class") == classes and weights[id(other)] > 0 for other in kind) > 1:
                core = tag.parent
    return core


def _find_link_lists(pieces: Iterable[Piece]) -> set[int]:
    """The ``id()`` of each list whose words are for the most part links."""
    words: Words = Counter()
    linked: Words = Counter()
    for piece in pieces:
        if around := _list_of(piece):
            words[around] += piece.words
            linked[around] += piece.linked
    return {around for around in words if linked[around] > LIST_LINKS * words[around]}


def _list_of(piece: Piece) -> int | None:
    return id(piece.place.item.parent) if piece.place.item is not None else None
