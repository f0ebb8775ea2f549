"""Question headings of any level: the answer goes on to the next heading of the same or a higher rank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from bs4 import Tag

from ingest.extract.asking import is_control
from ingest.extract.flow import Heading, Page
from ingest.extract.links import links_away, points_ahead
from ingest.extract.tree import Claim
from ingest.extract.wording import FAQ, SPEAKS

# Of the headings of one level at least this share asks where the page does not say that it is a FAQ; where the
# maintainer says so, the smaller share does.
SHARE, DECLARED_SHARE = 1 / 2, 1 / 3
# Below so many a level's questions may be rhetorical.
FEW = 2
# Of so many and this share the odd statement between them is a question too, on any page.
MANY, MOST = 4, 2 / 3
# Statements under a page title alone.
SERIES = 3
# A statement after the last question of a FAQ must be a sentence: "Contact us" is none.
SENTENCE_WORDS = 4


def find_pairs(page: Page) -> Iterator[Claim]:
    """The headings of each level that carries questions, with what stands under them."""
    for level in range(1, 7):
        rank = [h for h in page.headings if h.level == level and not is_control(h.title)]
        chosen = _choose(page, [h for h in rank if not points_ahead(page, h.tag)])
        yield from _with_answers(page, chosen, level)


def find_statements(page: Page) -> Iterator[Claim]:
    """The headings directly under a visible "Frequently asked questions", where nothing on the page asks.

    Where only the title of the page says so, those of the level that has the most of them.
    """
    if any(page.asks(h.title) for h in page.headings):
        return
    heads = [position for position, head in enumerate(page.headings) if FAQ.search(head.title)]
    if heads:
        head, after = page.headings[heads[0]], page.headings[heads[0] + 1 :]
        below = list(takewhile(lambda each: each.level > head.level, after))
        level, least = min((h.level for h in _without_topics(page, below)), default=0), FEW
    elif page.signs.titled:
        below = [h for h in page.headings if h.level > 1]
        level, least = Counter(h.level for h in below).most_common(1)[0][0] if below else 0, SERIES
    else:
        return
    chosen = [h for h in below if h.level == level and not is_control(h.title)]
    if len(chosen) >= least and not any(links_away(page, h.tag) for h in chosen):
        yield from _with_answers(page, chosen, level)


def _without_topics(page: Page, heads: Sequence[Heading]) -> Iterator[Heading]:
    """The headings with words of their own before the next one."""
    stops = page.places(h.tag for h in page.headings)
    return (head for head in heads if page.length(*page.follow(head.tag, stops, page.soup)))


def _choose(page: Page, rank: Sequence[Heading]) -> list[Heading]:
    """The headings of one level that are questions, in the order of the page."""
    asking = [h for h in rank if page.asks(h.title)]
    if 2 * sum(links_away(page, h.tag) for h in asking) > len(asking):
        return []  # teasers of other pages
    if not asking or (asking[0].level == 1 and not _is_alone(page, rank)):
        return []
    in_faq = [h for h in asking if page.signs.faq or h.under_faq]
    if in_faq:
        inside = [h for h in rank if page.signs.faq or h.under_faq or page.asks(h.title)]
        return _with_statements(page, inside, asking, in_faq)
    least = DECLARED_SHARE if page.signs.declared and len(asking) >= FEW else SHARE
    enough = len(asking) >= least * len(rank) and (len(asking) >= FEW or page.signs.declared)
    if enough and len(asking) >= MANY and len(asking) >= MOST * len(rank):
        return _with_statements(page, rank, asking, asking)
    return asking if enough else []


def _is_alone(page: Page, rank: Sequence[Heading]) -> bool:
    """The title of a page is a question only where the whole page answers it, or where there are many like it."""
    lower = any(h.level > 1 and page.asks(h.title) for h in page.headings)
    return len(rank) > FEW or (len(rank) == 1 and not lower and (page.signs.faq or page.signs.declared))


def _with_statements(
    page: Page, rank: Sequence[Heading], asking: Sequence[Heading], among: Sequence[Heading]
) -> list[Heading]:
    """The questions of a rank and the statements ``among`` some of them, with text of their own under them."""
    within, last = _common(page, among), page.begin[id(among[-1].tag)]
    asks = set(map(id, asking))
    topics = {id(one) for one, after in pairwise(page.headings) if after.level > one.level and page.asks(after.title)}
    return [
        head
        for head in rank
        if id(head) in asks
        or (
            not (head.faq or id(head) in topics or any(map(page.asks, head.above)))
            and (page.begin[id(head.tag)] < last or _is_said(head.title))
            and page.holds(within, head.tag)
        )
    ]


def _is_said(title: str) -> bool:
    """Whether a statement is said by the one who asks: such a one may be the last of them too."""
    sentence = len(title.split()) >= SENTENCE_WORDS and title.endswith((".", "!"))
    return sentence or bool(SPEAKS.match(title))


def _common(page: Page, heads: Sequence[Heading]) -> Tag:
    """The innermost tag around the headings, and around the containers that each of them has to itself."""
    if len(heads) == 1:
        return _surroundings(page, heads[0].tag)
    return page.common([h.tag for h in heads])


def _with_answers(page: Page, chosen: Sequence[Heading], level: int) -> Iterator[Claim]:
    stops = page.places(h.tag for h in page.headings if h.level <= level)
    common = page.common([h.tag for h in chosen]) if len(chosen) > 1 else None
    for head in chosen:
        within = common or _surroundings(page, head.tag)
        answer = tuple(page.follow(head.tag, stops, within))
        if not page.length(*answer):
            answer = tuple(page.follow(head.tag, stops, page.soup))
        yield Claim((head.tag,), answer, "headings")


def _surroundings(page: Page, tag: Tag) -> Tag:
    """The innermost tag around a heading that has more words than the heading."""
    return page.grow(tag).parent or page.soup
