"""The blocks of one page -> what was found on it: questions with their answers, and titled sections.

Decides where an answer ends and what is an introduction. Knows nothing of other pages.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from ingest import furniture
from ingest.dates import take_date
from ingest.pairs import FLOWING, Part, tie
from ingest.questions import ANSWER_MARK, ASKS, are_counted, find_questions, strip_number
from ingest.records import Block, Capture, Dropped
from ingest.sections import Kept, Section, cut, is_loose

# An introduction is short; a longer section before the first question of a prose page is content.
INTRODUCTION_BLOCKS = 2
# Characters; what is longer is a paragraph that ends in a question.
UNTAKEN = 200


class Found(Struct, frozen=True):
    """One question or titled section on one page. ``answer`` is empty for a question that nothing follows."""

    capture: Capture
    kind: Literal["qa", "prose"]
    question: str
    answer: tuple[Block, ...]
    start: int
    end: int
    heading: str | None
    date: str | None
    method: str = ""  # the rung that found it; "": the form of the capture tells


class Page(Struct, frozen=True):
    """What one page gave."""

    found: tuple[Found, ...]
    dropped: tuple[Dropped, ...]
    capture: str  # its path
    untaken: tuple[str, ...] = ()  # what reads like a question and is in no entry, in the order of the page


def find(capture: Capture, blocks: Sequence[Block]) -> Page:
    """Questions and, on prose pages, sections, in the order of the page; all else is dropped with a reason.

    Where markup says what is a question (``capture.pairs``), and on HTML pages at all, nothing else is one.
    """
    tied = list(zip(blocks, tie(capture.pairs, blocks), strict=True))
    around = () if capture.source.kind == "faq" else capture.apart
    dropped = [
        furniture.drop(capture, b, "set apart from the text") for b, part in tied if not part and _is_in(around, b)
    ]
    tied = [(b, part) for b, part in tied if part or not _is_in(around, b)]
    kept, furnished = _furnish(capture, tied)
    dropped += furnished
    sections = cut(capture, kept)
    asked = any(section.asks and section.body for section in sections)
    titled = capture.source.kind == "prose" or (capture.source.kind == "auto" and not asked)
    if titled and (beside := _find_beside(sections, capture)):
        dropped += [
            furniture.drop(capture, block, "beside the main text") for block, _, _ in kept if block.start in beside
        ]
        sections = cut(capture, [each for each in kept if each[0].start not in beside])
    _decide(sections, capture, titled)
    headings = {section.heading for section in sections if section.asks}
    headings |= {name for section in sections if not (section.asks or section.reason) for name in section.path[:-1]}
    counted = are_counted([section.head.text for section in sections if section.asks and section.head])
    found = [_take(capture, section, counted) for section in sections if section.reason is None]
    for section in sections:
        if section.reason:
            head = [section.head] if section.head and section.head.text not in headings else []
            dropped += [furniture.drop(capture, block, section.reason) for block in head + section.body]
    dropped += [Dropped(capture.path, 0, 0, "", reason) for reason in capture.dropped]
    untaken = _list_untaken([block for block, _ in tied], found)
    return Page(tuple(found), tuple(sorted(dropped, key=lambda d: d.start)), capture.path, untaken)


def _furnish(capture: Capture, tied: Sequence[tuple[Block, Part | None]]) -> tuple[list[Kept], list[Dropped]]:
    """The blocks that are content, and those that are furniture."""
    blocks = [block for block, _ in tied]
    asks = find_questions(blocks) if is_loose(capture) else tuple(part is not None and part.asks for _, part in tied)
    # Where a page is to be read as one text, what it says twice is no furniture.
    written = bool(capture.main) and (capture.source.kind == "prose" or not any(asks))
    kept: list[Kept] = []
    dropped = []
    reasons = furniture.judge(blocks, asks, repeated=not written)
    for (block, part), asking, reason in zip(tied, asks, reasons, strict=True):
        if reason and not (part and part.keeps(reason)):
            dropped.append(furniture.drop(capture, block, reason))
        else:
            kept.append((block, asking, part))
    return kept, dropped


def _list_untaken(blocks: Sequence[Block], found: Sequence[Found]) -> tuple[str, ...]:
    """The short blocks that ask, neither within an entry nor the same as the question of one."""
    questions = {each.question.casefold() for each in found if each.kind == "qa"}
    inside = {block.start for each in found if each.kind == "qa" for block in each.answer}
    asking = (b for b in blocks if ASKS.search(b.text) and len(b.text) <= UNTAKEN and b.start not in inside)
    texts = (strip_number(block).removeprefix("• ") for block in asking if not furniture.is_navigation(block))
    return tuple(dict.fromkeys(text for text in texts if text.casefold() not in questions))


def _find_beside(sections: Sequence[Section], capture: Capture) -> set[int]:
    """Where blocks begin that are in no pair and not in the main text.

    The last title of the page before its main text belongs to it.
    """
    main = capture.main
    if not main:
        return set()
    beside: list[Block] = []
    for section in sections:
        if not section.asks:
            head = [section.head] if section.head and not _is_in(main, section.head) else []
            beside += head + [b for b in section.body if not _is_in(main, b) or _is_menu_title(b)]
    titles = [block.start for block in beside if block.level == 1 and block.start < main[0][0]]
    return {block.start for block in beside} - set(titles[-1:])


def _is_menu_title(block: Block) -> bool:
    """Whether a line names a menu but is not marked as a heading, so that nothing says where the menu ends."""
    return furniture.is_navigation(block) and not block.level


def _is_in(spans: Sequence[tuple[int, int]], block: Block) -> bool:
    """Whether ``block`` stands in one of the ``spans``, which are in order."""
    before = bisect_right(spans, (block.start, sys.maxsize))
    return before > 0 and block.start < spans[before - 1][1]


def _decide(sections: Sequence[Section], capture: Capture, titled: bool) -> None:
    """Give every section that is not taken its reason; ``titled`` sections are content too."""
    closing: Section | None = None
    content = False
    for i, section in enumerate(sections):
        follower = sections[i + 1] if i + 1 < len(sections) else None
        if section.asks or _ends(closing, section):
            closing = None
        if section.head and furniture.is_navigation(section.head):
            closing = section if content else None
            section.reason = "navigation"
        elif closing is not None:
            section.reason = "navigation"
        elif not section.asks:
            section.reason = _judge_prose(section, follower, capture, titled)
        content = content or section.reason is None


def _ends(closing: Section | None, section: Section) -> bool:
    """Whether a marked heading ends a menu: any where the menu's own is not marked, else one of at least its rank."""
    if closing is None or not (closing.head and section.head and section.head.level):
        return False
    return not closing.head.level or section.head.level <= closing.head.level


def _judge_prose(section: Section, follower: Section | None, capture: Capture, titled: bool) -> str | None:
    if not section.body:
        return "a label with nothing under it"
    if follower and follower.asks and len(section.body) <= INTRODUCTION_BLOCKS:
        return "introduction to questions"
    if not titled:
        return "not under a question"
    _, rest = take_date(capture.text, section.body)
    return None if rest else "a date with nothing under it"


def _take(capture: Capture, section: Section, counted: bool) -> Found:
    head, body = section.head, section.body
    date, rest = take_date(capture.text, body)
    tied = section.method and section.method not in FLOWING
    if tied and not rest:  # what is tied to a question answers it, though it be only a date
        date, rest = None, body
    body = rest
    body = [_without_mark(capture.text, block) for block in body]
    first = head or body[0]
    question = strip_number(head, counted and section.asks).rstrip(":") if head else capture.source.title
    kind: Literal["qa", "prose"] = "qa" if section.asks else "prose"
    heading = section.heading if section.asks else " > ".join(section.path) if len(section.path) > 1 else None
    return Found(
        capture, kind, question, tuple(body), first.start, (body or [first])[-1].end, heading, date, section.method
    )


def _without_mark(text: str, block: Block) -> Block:
    """The block without the "A:" before an answer."""
    mark = ANSWER_MARK.match(text, block.start, block.end) if block.kind == "paragraph" else None
    if not mark:
        return block
    return msgspec.structs.replace(block, start=mark.end(), text=" ".join(text[mark.end() : block.end].split()))
