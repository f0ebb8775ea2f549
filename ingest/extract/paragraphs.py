"""Questions that nothing marks but their words: a paragraph that asks, and what follows it."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.extract.asking import asks_whole
from ingest.extract.flow import Page
from ingest.extract.links import in_faq_part, links_away, points_ahead
from ingest.extract.tree import Claim

# Shares of the lines of the page: a page that is no FAQ asks seldom, and for effect.
SHARE, DECLARED_SHARE = 1 / 4, 1 / 6
MANY, FEW = 3, 2


def find_pairs(page: Page) -> Iterator[Claim]:
    """Each line that asks with all that follows up to the next one or the next heading."""
    titles = [(line, page.title(*line.nodes)) for line in page.lines]
    asking = [line for line, title in titles if title and asks_whole(title)]
    asking = [line for line in asking if not points_ahead(page, *line.nodes) and not links_away(page, *line.nodes)]
    share = len(asking) / max(1, len(page.lines))
    many = len(asking) >= MANY and share >= SHARE
    declared = page.signs.declared and share >= (DECLARED_SHARE if len(asking) >= FEW else SHARE)
    if not asking:
        return
    within = page.common([line.nodes[0] for line in asking]) if len(asking) > 1 else page.soup
    in_part = len(asking) >= FEW and in_faq_part(page, [line.nodes[0] for line in asking])
    if not (many or declared or in_part or page.signs.faq):
        return
    stops = page.places([*(line.nodes[0] for line in asking), *(h.tag for h in page.headings)])
    for line in asking:
        answer = tuple(page.follow(line.nodes[-1], stops, within))
        if not page.length(*answer):
            answer = tuple(page.follow(line.nodes[-1], stops, page.soup))
        yield Claim(line.nodes, answer, "paragraphs")
