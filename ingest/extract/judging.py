"""Which claims of the rungs with containers are believed: by their titles, beside those of their group."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bs4 import Tag
from bs4.element import PageElement

from ingest.extract.asking import is_control, seems
from ingest.extract.flow import Page
from ingest.extract.tree import Claim, Tree

# A group of fewer titles is a row of tabs as easily as a list of questions: statements among them are not believed.
GROUP = 4
# Of a page's titles that are no questions, those whose panel is links for the greater part open a menu.
LINKS = 0.8


class Marks:
    """Stretches of the page."""

    def __init__(self, page: Tree, stretches: Iterable[Sequence[PageElement]]) -> None:
        self._page = page
        self._marked = bytearray(len(page.nodes) + 1)
        for nodes in stretches:
            self.add(nodes)

    def add(self, nodes: Sequence[PageElement]) -> None:
        """Mark all that is within the nodes."""
        for node in nodes:
            begin, end = self._page.begin[id(node)], self._page.end[id(node)] + 1
            self._marked[begin:end] = b"\1" * (end - begin)

    def touch(self, nodes: Sequence[PageElement]) -> bool:
        """Whether any part of the nodes lies within a stretch, or holds one."""
        spans = ((self._page.begin[id(node)], self._page.end[id(node)] + 1) for node in nodes)
        return any(1 in self._marked[begin:end] for begin, end in spans)


def judge(page: Page, claims: Sequence[Claim]) -> list[Claim]:
    """The claims whose titles are questions, each judged beside those of its rung under the same heading."""
    marks = Marks(page, (nodes for claim in claims for nodes in (claim.question, claim.answer)))
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
            believed = believed and not is_menu(page, claim)
        if believed:
            yield claim


def is_menu(page: Page, claim: Claim) -> bool:
    """Whether what the title opens is links for the greater part."""
    links = [link for node in claim.answer if isinstance(node, Tag) for link in node.find_all("a")]
    return len(links) > 1 and page.length(*links) >= LINKS * page.length(*claim.answer)


def _without_nested(page: Page, claims: Sequence[Claim]) -> Iterator[Claim]:
    """A statement within an answer to a question is part of it; one that holds questions is the title of a group."""
    answers = Marks(page, (claim.answer for claim in claims if _asks(page, claim)))
    begins, ordered = order(page, claims)
    for claim in claims:
        statement = not _asks(page, claim)
        if not (statement and (answers.touch(claim.question) or inner_claims(page, claim, begins, ordered))):
            yield claim


def order(page: Page, claims: Sequence[Claim]) -> tuple[list[int], list[Claim]]:
    """The claims in the order of their questions, and where these begin."""
    ordered = sorted(claims, key=lambda claim: page.begin[id(claim.question[0])])
    return [page.begin[id(claim.question[0])] for claim in ordered], ordered


def inner_claims(page: Page, claim: Claim, begins: Sequence[int], ordered: Sequence[Claim]) -> list[Claim]:
    """The claims whose question is within the answer, in order."""
    spans = ((bisect_left(begins, page.begin[id(n)]), bisect_left(begins, page.end[id(n)] + 1)) for n in claim.answer)
    return [inner for first, last in spans for inner in ordered[first:last]]
