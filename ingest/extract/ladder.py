"""The rungs in their order, and what of each is believed. A tag that one rung has taken is not taken by another.

First the markup that holds a question and its answer in containers, then what runs on from a question to the next. A
container in the answer of another is a pair of its own when it asks; any other question within an answer is part of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

from ingest.extract import (
    accordion,
    bold,
    definitions,
    details,
    docbook,
    headings,
    jsonld,
    microdata,
    numbered,
    paragraphs,
    repeated,
    tables,
)
from ingest.extract.asking import Signs, bare, is_control, is_faq_address, names_faq, seems
from ingest.extract.flow import Page
from ingest.extract.jsonld import Told
from ingest.extract.tree import Claim, Tree, squeeze
from ingest.extract.wording import CLICK

CONTAINERS = (microdata, details, accordion, definitions, tables, docbook, repeated)
FLOWING = (headings, numbered, bold)
SYMBOLS = "+-–−×✕›»▸▼▾▲⌄ "
# A group of fewer titles is a row of tabs as easily as a list of questions: statements among them are not believed.
GROUP = 4
# Of a page's titles that are no questions, those whose panel is links for the greater part open a menu.
LINKS = 0.8


def read_signs(soup: BeautifulSoup, told: Sequence[Told], address: str, declared: bool) -> Signs:
    """What the title of a page, its main headings and its address say of it, and which questions it tells itself."""
    titles = (" ".join(tag.get_text().split()) for tag in soup.find_all(["title", "h1"]))
    faq = any(map(names_faq, titles)) or is_faq_address(address)
    return Signs(faq, declared, frozenset(squeeze(each.question) for each in told))


def unfold(soup: BeautifulSoup, signs: Signs) -> None:
    """Show what an accordion hides: what is taken for its title or panel is not hidden for good, and nothing
    in a title only says what a click does. Changes the tree.
    """
    page = Page(soup, signs)
    labels: list[Tag] = []
    for claim in (claim for rung in CONTAINERS for claim in rung.find_pairs(page)):
        for tag in (node for node in (*claim.question, *claim.answer) if isinstance(node, Tag)):
            for attribute in ("hidden", "aria-hidden", "style"):
                tag.attrs.pop(attribute, None)
        for tag in (node for node in claim.question if isinstance(node, Tag)):
            for button in (tag, *tag.find_all("button")):
                button["aria-expanded"] = "true"
            labels += [each for each in tag.find_all(["span", "i"]) if _is_label(page, each, tag)]
    for label in labels:
        label.extract()


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
    taken = _judge(page, _propose(page, (claim for rung in CONTAINERS for claim in rung.find_pairs(page)), []))
    for rung in FLOWING:
        taken += _propose_outside(page, rung.find_pairs(page), taken)
    taken += _propose(page, jsonld.locate(page, told, _titles(page, taken)), taken)
    for find in (paragraphs.find_pairs, headings.find_statements):
        if not taken:
            taken += find(page)
    taken = sorted(_answered(page, taken), key=lambda claim: -page.length(*claim.answer))
    shown = _titles(page, (claim for claim in taken if page.length(*claim.answer)))
    return (*taken, *jsonld.append(soup, [each for each in told if squeeze(bare(each.question)) not in shown]))


def _titles(page: Page, claims: Iterable[Claim]) -> set[str]:
    return {squeeze(bare(page.words(*claim.question))) for claim in claims}


def _propose(page: Page, claims: Iterable[Claim], taken: Sequence[Claim]) -> list[Claim]:
    """Of the claims those whose question no one before them has taken."""
    marks = _Marks(page, (claim.question for claim in taken))
    chosen = []
    for claim in claims:
        if not marks.touch(claim.question):
            marks.add(claim.question)
            chosen.append(claim)
    return chosen


def _propose_outside(page: Page, claims: Iterable[Claim], taken: Sequence[Claim]) -> list[Claim]:
    """Of the claims those whose question is no part of what is taken."""
    marks = _Marks(page, (nodes for claim in taken for nodes in (claim.question, claim.answer)))
    return _propose(page, [claim for claim in claims if not marks.touch(claim.question)], taken)


class _Marks:
    """Stretches of the page."""

    def __init__(self, page: Tree, stretches: Iterable[Sequence[PageElement]]) -> None:
        self._page = page
        self._marked = bytearray(len(page.nodes) + 1)
        for nodes in stretches:
            self.add(nodes)

    def add(self, nodes: Sequence[PageElement]) -> None:
        for node in nodes:
            begin, end = self._page.begin[id(node)], self._page.end[id(node)] + 1
            self._marked[begin:end] = b"\1" * (end - begin)

    def touch(self, nodes: Sequence[PageElement]) -> bool:
        """Whether any part of the nodes lies within a stretch, or holds one."""
        spans = ((self._page.begin[id(node)], self._page.end[id(node)] + 1) for node in nodes)
        return any(1 in self._marked[begin:end] for begin, end in spans)


def _judge(page: Page, claims: Sequence[Claim]) -> list[Claim]:
    """The claims whose titles are questions, each judged beside those of its rung under the same heading."""
    marks = _Marks(page, (nodes for claim in claims for nodes in (claim.question, claim.answer)))
    outside = [h for h in page.headings if not marks.touch((h.tag,))]
    begins = page.places(h.tag for h in outside)
    groups: dict[tuple[str, int], list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[claim.method, bisect_left(begins, page.begin[id(claim.question[0])])].append(claim)
    asking = {claim.method for claim in claims if _asks(page, claim)}
    asking |= {"headings"} if any(page.asks(h.title) for h in outside) else set()
    kept: list[Claim] = []
    for (method, above), group in groups.items():
        faq = page.signs.faq or (above > 0 and (outside[above - 1].faq or outside[above - 1].under_faq))
        kept += _judge_group(page, group, faq, alone=asking <= {method})
    return list(_without_nested(page, kept))


def _asks(page: Page, claim: Claim) -> bool:
    return claim.sure or page.asks(page.title(*claim.question))


def _judge_group(page: Page, group: Sequence[Claim], faq: bool, alone: bool) -> Iterator[Claim]:
    """The questions of a group; ``alone`` when nothing else on the page asks."""
    asking = sum(_asks(page, claim) for claim in group)
    seeming = sum(claim.sure or seems(page.title(*claim.question)) for claim in group)
    most = 2 * asking >= len(group) or (len(group) > 1 and 2 * seeming >= len(group))
    statements = (faq and (alone or most)) or (most and len(group) >= GROUP)
    for claim in group:
        title = page.title(*claim.question)
        if is_control(title) or not page.length(*claim.answer):
            continue
        if _asks(page, claim):
            believed = most or faq
        else:
            believed = statements or (most and seems(title))
            believed = believed and not _is_menu(page, claim)
        if believed:
            yield claim


def _is_menu(page: Page, claim: Claim) -> bool:
    links = [link for node in claim.answer if isinstance(node, Tag) for link in node.find_all("a")]
    return len(links) > 1 and page.length(*links) >= LINKS * page.length(*claim.answer)


def _without_nested(page: Page, claims: Sequence[Claim]) -> Iterator[Claim]:
    """A statement within an answer to a question is part of it; one that holds questions is the title of a group."""
    answers = _Marks(page, (claim.answer for claim in claims if _asks(page, claim)))
    begins, ordered = _order(page, claims)
    for claim in claims:
        statement = not _asks(page, claim)
        if not (statement and (answers.touch(claim.question) or _inner(page, claim, begins, ordered))):
            yield claim


def _answered(page: Page, claims: Sequence[Claim]) -> Iterator[Claim]:
    """Without titles of groups of questions, and without those of a list of contents that come again below."""
    titles = _titles(page, (claim for claim in claims if page.length(*claim.answer)))
    begins, ordered = _order(page, claims)
    for claim in claims:
        own = whole = page.length(*claim.answer)
        covered = -1
        for inner in _inner(page, claim, begins, ordered):
            if page.begin[id(inner.question[0])] > covered:
                own -= page.length(*inner.question) + page.length(*inner.answer)
                covered = max(page.end[id(node)] for node in (*inner.question, *inner.answer))
        if own > 0 or not (whole or squeeze(bare(page.words(*claim.question))) in titles):
            yield claim


def _order(page: Page, claims: Sequence[Claim]) -> tuple[list[int], list[Claim]]:
    """The claims in the order of their questions, and where these begin."""
    ordered = sorted(claims, key=lambda claim: page.begin[id(claim.question[0])])
    return [page.begin[id(claim.question[0])] for claim in ordered], ordered


def _inner(page: Page, claim: Claim, begins: Sequence[int], ordered: Sequence[Claim]) -> list[Claim]:
    """The claims whose question is within the answer, in order."""
    spans = ((bisect_left(begins, page.begin[id(n)]), bisect_left(begins, page.end[id(n)] + 1)) for n in claim.answer)
    return [inner for first, last in spans for inner in ordered[first:last]]
