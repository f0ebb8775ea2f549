"""A FAQ that stands in a page as it was posted: the plain text in ``<pre>`` gets tags. Changes the tree."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bs4 import BeautifulSoup, Tag

from ingest.extract import plain
from ingest.extract.lines import NUMBERED
from ingest.questions import ASKS, find_questions, strip_number
from ingest.records import Block

RULE = re.compile(r"\s*[-=*_~]{3,}\s*")
SUBJECT = re.compile(r"(?:Subject:\s*)(?=\S)")
BEGINS = re.compile(r"[QA]\s?\d{0,3}[.:)]\s|(?:Question|Answer)\s?\d{0,3}[.:)]\s")
FEW = 2


def tag_questions(soup: BeautifulSoup) -> None:
    """Write each ``<pre>`` that holds questions with answers as definition lists, paragraphs between them."""
    for block in soup.find_all("pre"):
        blocks = plain.extract(_space(block.get_text()))
        asks = find_questions(blocks)
        answered = sum(asks[i] and not asks[i + 1] for i in range(len(blocks) - 1))
        if answered >= FEW and not block.find("code"):
            _write(soup, block, blocks, asks)


def _space(text: str) -> str:
    """The text with a blank line wherever a question begins or ends, or a rule is drawn."""
    lines: list[str] = []
    asking = False  # a question goes on
    for line in text.expandtabs().splitlines():
        words = SUBJECT.sub("", line.strip())
        begins = bool(BEGINS.match(words) or NUMBERED.match(words))
        if begins or RULE.fullmatch(line):
            lines.append("")
        asking = begins or (asking and bool(words))
        lines.append("" if RULE.fullmatch(line) else words if begins else line)
        if asking and ASKS.search(words):
            lines.append("")
            asking = False
    return "\n".join(lines)


def _write(soup: BeautifulSoup, pre: Tag, blocks: Sequence[Block], asks: Sequence[bool]) -> None:
    pre.clear()
    pre.name = "div"
    listing: Tag | None = None
    answer: Tag | None = None
    for i, (block, asking) in enumerate(zip(blocks, asks, strict=True)):
        if block.kind == "heading" and not asking and i + 1 < len(blocks) and asks[i + 1]:
            listing = answer = None  # the title of the questions under it
        elif asking:
            listing = listing or _append(soup, pre, "dl", "")
            _append(soup, listing, "dt", strip_number(block))
            answer = None
        elif listing is not None:
            answer = answer or _append(soup, listing, "dd", "")
        _append(soup, answer or pre, "p", "" if asking else block.text)


def _append(soup: BeautifulSoup, parent: Tag, name: str, words: str) -> Tag:
    tag = soup.new_tag(name)
    tag.string = words
    parent.append(tag)
    return tag
