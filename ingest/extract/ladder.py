"""The rungs in their order, and what of each is believed. A tag that one rung has taken is not taken by another.

First the markup that holds a question and its answer in containers, then what runs on from a question to the next. A
container in the answer of another is a pair of its own when it asks; any other question within an answer is part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bs4 import BeautifulSoup, Tag

from ingest.extract import (
    accordion,
    bold,
    definitions,
    details,
    docbook,
    headings,
    jsonld,
    labels,
    marked,
    microdata,
    numbered,
    paragraphs,
    repeated,
    tables,
)
from ingest.extract.asking import Signs, bare, is_faq_address, names_faq
from ingest.extract.calls import is_call
from ingest.extract.flow import Page
from ingest.extract.jsonld import Told
from ingest.extract.judging import Marks, inner_claims, is_menu, judge, order
from ingest.extract.rhetoric import drop_rhetoric, weigh_article
from ingest.extract.tree import Claim, squeeze
from ingest.extract.wording import CLICK, FAQ

CONTAINERS = (microdata, details, accordion, definitions, tables, docbook, repeated)
FLOWING = (headings, numbered, marked, bold)
PRUNED = frozenset(("nav", "aside", "dialog", "header", "footer"))
PRUNED_ROLES = frozenset(("navigation", "banner", "contentinfo", "search"))
SYMBOLS = "+-–−×✕›»▸▼▾▲⌄ "


def read_signs(soup: BeautifulSoup, told: Sequence[Told], address: str, declared: bool) -> Signs:
    """What the title of a page, its main headings and its address say of it, and which questions it tells itself."""
    titles = (" ".join(tag.get_text().split()) for tag in soup.find_all(["title", "h1"]))
    faq = any(map(names_faq, titles)) or is_faq_address(address)
    titled = any(FAQ.search(tag.get_text()) for tag in soup.find_all("title", limit=1))
    return Signs(faq, titled, weigh_article(soup), declared, frozenset(squeeze(each.question) for each in told))


def unfold(soup: BeautifulSoup, signs: Signs) -> None:
    """Show what an accordion hides: the title and panel of a question are not hidden for good. Changes the tree.

    What in a title only says what a click on it does is taken out.
    """
    page = Page(soup, signs)
    claims = [claim for rung in CONTAINERS for claim in rung.find_pairs(page)]
    asking = [claim for claim in claims if page.asks(page.title(*claim.question))]
    signs_of_click: list[Tag] = []
    for claim in (*asking, *judge(page, claims)):
        for tag in (node for node in (*claim.question, *claim.answer) if isinstance(node, Tag)):
            for attribute in ("hidden", "aria-hidden", "inert", "style"):
                tag.attrs.pop(attribute, None)
            if (tag.name in PRUNED or tag.get("role") in PRUNED_ROLES) and not is_menu(page, claim):
                tag.name = "div"  # a title or a panel, whatever its builder calls it
                tag.attrs.pop("role", None)
        for tag in (node for node in claim.question if isinstance(node, Tag)):
            for button in (tag, *tag.find_all("button")):
                button["aria-expanded"] = "true"
            signs_of_click += [each for each in tag.find_all(["span", "i"]) if _is_label(page, each, tag)]
    for sign in signs_of_click:
        sign.extract()


def _is_label(page: Page, tag: Tag, title: Tag) -> bool:
    """Whether a part of a title says only what a click on it does: "Show", "+"."""
    words = page.words(tag)
    last = CLICK.fullmatch(words) and page.words(title).endswith(words)
    return 0 < page.length(tag) < page.length(title) and bool(last or not words.strip(SYMBOLS))


def claim_pairs(soup: BeautifulSoup, signs: Signs, told: Sequence[Told]) -> tuple[Claim, ...]:
    """The questions of a page with their answers, an answer before those that are within it.

    Adds to the tree what only the structured data has.
    """
    page = Page(soup, signs)
    taken = judge(page, _propose(page, (claim for rung in CONTAINERS for claim in rung.find_pairs(page)), []))
    for rung in FLOWING:
        proposed = _propose_outside(page, rung.find_pairs(page), taken)
        taken += [claim for claim in proposed if not is_call(page, claim)]
    taken += _propose(page, jsonld.locate(page, told, _titles(page, taken)), taken)
    for find in (paragraphs.find_pairs, headings.find_statements):
        if not taken:
            taken += [claim for claim in find(page) if not is_call(page, claim)]
    taken = sorted(_answered(page, drop_rhetoric(page, taken)), key=lambda claim: -page.length(*claim.answer))
    for number in labels.find_numbers(page, taken):
        number.extract()
    shown = _titles(page, (claim for claim in taken if page.length(*claim.answer)))
    return (*taken, *jsonld.append(soup, [each for each in told if squeeze(bare(each.question)) not in shown]))


def _titles(page: Page, claims: Iterable[Claim]) -> set[str]:
    return {squeeze(bare(page.words(*claim.question))) for claim in claims}


def _propose(page: Page, claims: Iterable[Claim], taken: Sequence[Claim]) -> list[Claim]:
    """Of the claims those whose question no one before them has taken."""
    marks = Marks(page, (claim.question for claim in taken))
    chosen = []
    for claim in claims:
        if not marks.touch(claim.question):
            marks.add(claim.question)
            chosen.append(claim)
    return chosen


def _propose_outside(page: Page, claims: Iterable[Claim], taken: Sequence[Claim]) -> list[Claim]:
    """Of the claims those whose question is no part of what is taken."""
    marks = Marks(page, (nodes for claim in taken for nodes in (claim.question, claim.answer)))
    return _propose(page, [claim for claim in claims if not marks.touch(claim.question)], taken)


def _answered(page: Page, claims: Sequence[Claim]) -> Iterator[Claim]:
    """Without titles of groups of questions, and without those of a list of contents that come again below."""
    titles = _titles(page, (claim for claim in claims if page.length(*claim.answer)))
    begins, ordered = order(page, claims)
    for claim in claims:
        own = whole = page.length(*claim.answer)
        covered = -1
        for inner in inner_claims(page, claim, begins, ordered):
            if page.begin[id(inner.question[0])] > covered:
                own -= page.length(*inner.question) + page.length(*inner.answer)
                covered = max(page.end[id(node)] for node in (*inner.question, *inner.answer))
        title = page.words(*claim.question)
        if own > 0 or not (whole or squeeze(bare(title)) in titles or not page.asks(title)):
            yield claim
