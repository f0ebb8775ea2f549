"""schema.org's FAQPage as JSON-LD: which words of the page are questions, and questions that the page does not show."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence, Set

from bs4 import BeautifulSoup, Tag
from msgspec import Struct

from ingest.extract import pruning
from ingest.extract.flow import Page
from ingest.extract.tree import Claim, squeeze

HEADING = "Questions in the structured data of the page"
WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
# So much of a told answer, squeezed, must stand on the page for the page's words to be the answer.
ENOUGH = 40


class Told(Struct, frozen=True):
    """A question with its answer as HTML, as the structured data has them."""

    question: str
    answer: str


def read_told(soup: BeautifulSoup) -> tuple[Told, ...]:
    """The questions of all scripts of this kind that can be read, each once; what is broken is passed over."""
    told: dict[str, Told] = {}
    for script in soup.find_all("script", type=re.compile("ld\\+json", re.IGNORECASE)):
        for each in _questions(_load(script.get_text())):
            told.setdefault(squeeze(each.question), each)
    told.pop("", None)
    return tuple(told.values())


def _load(text: str) -> object:
    text = WRAPPING.sub("", text)
    for attempt in (text, TRAILING_COMMA.sub("", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _questions(data: object) -> Iterator[Told]:
    """The questions anywhere in the data, in order."""
    waiting = [data]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict):
            types = node.get("@type")
            question = _text(node.get("name") or node.get("text"))
            answer = _answer(node.get("acceptedAnswer")) or _answer(node.get("suggestedAnswer"))
            if "Question" in (types if isinstance(types, list) else [types]) and question and answer:
                yield Told(_plain(question), answer)
            waiting += reversed(list(node.values()))


def _answer(node: object) -> str:
    if isinstance(node, list):
        return next(filter(None, map(_answer, node)), "")
    return _text(node.get("text")) if isinstance(node, dict) else _text(node)


def _text(node: object) -> str:
    if isinstance(node, list):
        node = "\n".join(each for each in node if isinstance(each, str))
    return node.strip() if isinstance(node, str) else ""


def _plain(markup: str) -> str:
    return " ".join(_parse(markup).get_text().split())


def _parse(markup: str) -> BeautifulSoup:
    """The markup as a page, without what a reader would not see; it may be escaped once more than it should be."""
    text = html.unescape(markup) if "<" not in markup else markup
    marked = text if "<" in text else text.replace("\n", "<br>")
    soup = BeautifulSoup(marked, "html.parser")
    pruning.silence(soup)
    pruning.prune(soup, around=False)
    return soup


def locate(page: Page, told: Sequence[Told], taken: Set[str]) -> Iterator[Claim]:
    """Told questions that are on the page but not ``taken`` (squeezed), with the page's own words for the answer."""
    missing = {key: each for each in told if (key := squeeze(each.question)) not in taken}
    if not missing:
        return
    spots: dict[str, Tag] = {}
    for tag in (node for node in page.nodes if isinstance(node, Tag)):
        if (title := page.title(tag)) and (key := squeeze(title)) in missing:
            spots[key] = tag  # the innermost comes last
    stops = page.places([*spots.values(), *(h.tag for h in page.headings)])
    for key, tag in spots.items():
        sought, answer, gathered = squeeze(_plain(missing[key].answer)), [], ""
        for node in page.follow(tag, stops, page.soup):
            answer.append(node)
            words = squeeze(page.words(node))
            ended = sought[-ENOUGH:] in gathered[-ENOUGH:] + words
            gathered += words
            if ended:
                break
        if sought[:ENOUGH] in gathered:
            yield Claim((tag,), tuple(answer), "json-ld", sure=True)


def append(soup: BeautifulSoup, told: Sequence[Told]) -> tuple[Claim, ...]:
    """Put questions that the page does not show at its end, under a heading of their own."""
    claims = []
    section = soup.new_tag("section")
    section.append(soup.new_tag("h2", string=HEADING))
    for each in told:
        answer = soup.new_tag("div")
        answer.extend(list(_parse(each.answer).contents))
        if answer.get_text().strip():
            question = soup.new_tag("h3", string=each.question)
            section.extend([question, answer])
            claims.append(Claim((question,), (answer,), "json-ld", sure=True))
    if claims:
        (soup.body or soup).append(section)
    return tuple(claims)
