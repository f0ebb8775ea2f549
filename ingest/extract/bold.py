"""Questions that only their type tells: bold lines, bold words that begin a paragraph, and "Q:" with "A:"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bs4.element import PageElement

from ingest.extract.asking import bare, is_control, seems
from ingest.extract.flow import Line, Page
from ingest.extract.links import in_faq_part, points_ahead
from ingest.extract.tree import Claim
from ingest.extract.wording import QUESTION_MARK
from ingest.questions import ANSWER_MARK

Nodes = tuple[PageElement, ...]
# Questions in a row share the answer under them; more of them are a list of contents.
SHARED = 3
FEW = 2


def find_pairs(page: Page) -> Iterator[Claim]:
    """Each such question with all that follows up to the next one, a heading, or a bold line that names a topic."""
    lines = page.lines
    found: dict[int, Nodes] = {}  # by the number of its line
    for number, line in enumerate(lines):
        if question := _marked(page, lines, number) or _bold(page, line):
            found[number] = question
    if not found or not _are_questions(page, lines, found):
        return
    topics = [lines[n - 1].nodes[0] for n in found if n and n - 1 not in found and _is_topic(page, lines[n - 1])]
    stops = page.places([*topics, *(h.tag for h in page.headings), *(nodes[0] for nodes in found.values())])
    within = page.common([nodes[0] for nodes in found.values()])
    for run in _runs(page, found):
        answer = tuple(page.follow(found[run[-1]][-1], stops, within))
        for number in run[-SHARED:]:
            yield Claim(found[number], answer, "bold")


def _marked(page: Page, lines: Sequence[Line], number: int) -> Nodes:
    """The line when it begins with "Q:" and asks, or has an "A:" after it."""
    title = page.title(*lines[number].nodes)
    if not QUESTION_MARK.match(title) or points_ahead(page, *lines[number].nodes):
        return ()
    following = page.words(*lines[number + 1].nodes) if number + 1 < len(lines) else ""
    return lines[number].nodes if page.asks(title) or ANSWER_MARK.match(following) else ()


def _bold(page: Page, line: Line) -> Nodes:
    """The bold words when they ask; with a number before them, or on a FAQ, their mark may be missing."""
    title = page.title(*line.lead) if line.lead else ""
    unmarked = line.bold and seems(title) and (page.signs.faq or bare(title) != title)
    asks = title and (page.asks(title) or unmarked)
    return line.lead if asks and not points_ahead(page, *line.nodes) else ()


def _are_questions(page: Page, lines: Sequence[Line], found: dict[int, Nodes]) -> bool:
    """Whether the page means them as questions: a bold sentence in an article may ask for effect."""
    marked = sum(bool(QUESTION_MARK.match(page.title(*nodes))) for nodes in found.values())
    titles = sum(line.bold and not is_control(page.title(*line.nodes)) for line in lines)
    titles += sum(not lines[number].bold for number in found)
    under_faq = any(h.faq and page.begin[id(h.tag)] < page.begin[id(found[max(found)][0])] for h in page.headings)
    enough = 2 * len(found) >= titles and (len(found) >= FEW or page.signs.declared)
    in_part = in_faq_part(page, [nodes[0] for nodes in found.values()])
    return bool(marked) or page.signs.faq or under_faq or in_part or enough


def _is_topic(page: Page, line: Line) -> bool:
    return line.bold and bool(page.title(*line.nodes)) and not ANSWER_MARK.match(page.title(*line.nodes))


def _runs(page: Page, found: dict[int, Nodes]) -> Iterator[list[int]]:
    """The numbers of the lines that are questions, those in one list that stand directly after one another."""
    run: list[int] = []
    for number in found:
        if run and (number != run[-1] + 1 or _has_words_between(page, found[run[-1]], found[number])):
            yield run
            run = []
        run.append(number)
    yield run


def _has_words_between(page: Page, one: Nodes, other: Nodes) -> bool:
    return page.length(*page.follow(one[-1], page.places(other), page.soup)) > 0
