"""Lists of questions: each item begins with a question on a line of its own and goes on with the answer."""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import Tag

from ingest.extract.asking import asks_whole
from ingest.extract.flow import Page
from ingest.extract.links import points_ahead
from ingest.extract.tree import Claim


def find_pairs(page: Page) -> Iterator[Claim]:
    """The questions of each list of which at least half of the items, and two, ask and answer."""
    for listing in page.tags("ol", "ul"):
        items = listing.find_all("li", recursive=False)
        claims = [claim for item in items if (claim := _claim(page, item))]
        if len(claims) > 1 and 2 * len(claims) >= len(items):
            yield from claims


def _claim(page: Page, item: Tag) -> Claim | None:
    line = page.first_line(item)
    if line is None:
        return None
    question = line.lead if line.lead and page.asks(page.title(*line.lead)) else line.nodes
    title = page.title(*question)
    if not asks_whole(title) or points_ahead(page, *question):
        return None
    answer = tuple(page.follow(question[-1], (), item))
    return Claim(question, answer, "numbered") if page.length(*answer) else None
