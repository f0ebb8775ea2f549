"""The blocks of one page -> what was found on it: questions with their answers, and titled sections.

Decides where an answer ends and what is an introduction. Knows nothing of other pages.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from ingest import furniture
from ingest.dates import take_date
from ingest.questions import find_questions, strip_number
from ingest.records import Block, Capture, Dropped

ANSWER_MARK = re.compile(r"A(?:nswer)?\s?\d*\s?[:.]\s+(?=\S)")
# An introduction is short; a longer section before the first question of a prose page is content.
INTRODUCTION_BLOCKS = 2


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


class Page(Struct, frozen=True):
    """What one page gave."""

    found: tuple[Found, ...]
    dropped: tuple[Dropped, ...]


class _Section(Struct):
    """A heading or question with the blocks under it, before it is decided what becomes of them."""

    head: Block | None
    asks: bool
    heading: str | None  # the heading above a question
    body: list[Block]
    path: tuple[str, ...] = ()  # the marked headings above a heading, and itself
    reason: str | None = None  # why it is dropped


def find(capture: Capture, blocks: Sequence[Block]) -> Page:
    """Questions and, on prose pages, sections, in the order of the page; all else is dropped with a reason."""
    around = () if capture.source.kind == "faq" else capture.apart
    apart = [block for block in blocks if _is_in(around, block)]
    blocks = [block for block in blocks if not _is_in(around, block)]
    asks = find_questions(blocks)
    if capture.source.kind == "prose" and capture.main:  # there a paragraph that asks is a turn of speech
        asks = tuple(asking and block.level > 0 for block, asking in zip(blocks, asks, strict=True))
    written = bool(capture.main) and (capture.source.kind == "prose" or not any(asks))  # text to be read as one
    reasons = furniture.judge(blocks, asks, repeated=not written)
    dropped = [Dropped(capture.path, 0, 0, "", reason) for reason in capture.dropped]
    dropped += [_drop(capture, block, "set apart from the text") for block in apart]
    dropped += [_drop(capture, b, reason) for b, reason in zip(blocks, reasons, strict=True) if reason]
    kept = [(b, a) for b, a, reason in zip(blocks, asks, reasons, strict=True) if not reason]
    sections = list(_divide(kept))
    asked = any(section.asks and section.body for section in sections)
    titled = capture.source.kind == "prose" or (capture.source.kind == "auto" and not asked)
    if titled and (beside := _find_beside(sections, capture)):
        dropped += [_drop(capture, block, "beside the main text") for block, _ in kept if block.start in beside]
        sections = list(_divide([(block, asks) for block, asks in kept if block.start not in beside]))
    _decide(sections, capture, titled)
    headings = {section.heading for section in sections if section.asks}
    headings |= {name for section in sections if not (section.asks or section.reason) for name in section.path[:-1]}
    found = [_take(capture, section) for section in sections if section.reason is None]
    for section in sections:
        if section.reason:
            head = [section.head] if section.head and section.head.text not in headings else []
            dropped += [_drop(capture, block, section.reason) for block in head + section.body]
    return Page(tuple(found), tuple(sorted(dropped, key=lambda d: d.start)))


def _divide(kept: Sequence[tuple[Block, bool]]) -> Iterator[_Section]:
    """Cut the page at its questions and headings; a heading below the level of its question stays in the answer."""
    section, heading = _Section(None, False, None, []), None
    above: list[Block] = []
    for block, asks in kept:
        navigates = furniture.is_navigation(block)
        inside = section.asks and section.head and 0 < section.head.level < block.level and not navigates
        if asks or navigates or (block.kind == "heading" and not inside):
            yield section
            heading = heading if asks or navigates else block.text
            if block.level and not navigates:
                above = [*(other for other in above if other.level < block.level), block]
            section = _Section(block, asks, heading, [], tuple(other.text for other in above if block.level))
        else:
            section.body.append(block)
    yield section


def _find_beside(sections: Sequence[_Section], capture: Capture) -> set[int]:
    """Where blocks begin that are not in the main text: no question, and of its answer only what is not all of it.

    The last title of the page before its main text belongs to it.
    """
    main = capture.main
    if not main:
        return set()
    beside: list[Block] = []
    for section in sections:
        out = [block for block in section.body if not _is_in(main, block) or _is_menu_title(block)]
        if not section.asks:
            beside += [section.head, *out] if section.head and not _is_in(main, section.head) else out
        elif section.head and _is_in(main, section.head) and len(out) < len(section.body):
            beside += out
    titles = [block.start for block in beside if block.level == 1 and block.start < main[0][0]]
    return {block.start for block in beside} - set(titles[-1:])


def _is_menu_title(block: Block) -> bool:
    """Whether a line names a menu but is not marked as a heading, so that nothing says where the menu ends."""
    return furniture.is_navigation(block) and not block.level


def _is_in(spans: Sequence[tuple[int, int]], block: Block) -> bool:
    """Whether ``block`` stands in one of the ``spans``, which are in order."""
    before = bisect_right(spans, (block.start, sys.maxsize))
    return before > 0 and block.start < spans[before - 1][1]


def _decide(sections: Sequence[_Section], capture: Capture, titled: bool) -> None:
    """Give every section that is not taken its reason; ``titled`` sections are content too."""
    closing: _Section | None = None
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


def _ends(closing: _Section | None, section: _Section) -> bool:
    """Whether a marked heading ends a menu: any where the menu's own is not marked, else one of at least its rank."""
    if closing is None or not (closing.head and section.head and section.head.level):
        return False
    return not closing.head.level or section.head.level <= closing.head.level


def _judge_prose(section: _Section, follower: _Section | None, capture: Capture, titled: bool) -> str | None:
    if not section.body:
        return "a label with nothing under it"
    if follower and follower.asks and len(section.body) <= INTRODUCTION_BLOCKS:
        return "introduction to questions"
    if not titled:
        return "not under a question"
    _, rest = take_date(capture.text, section.body)
    return None if rest else "a date with nothing under it"


def _take(capture: Capture, section: _Section) -> Found:
    head, body = section.head, section.body
    date, body = take_date(capture.text, body)
    body = [_without_mark(capture.text, block) for block in body]
    first = head or body[0]
    question = strip_number(head).rstrip(":") if head else capture.source.title
    kind: Literal["qa", "prose"] = "qa" if section.asks else "prose"
    heading = section.heading if section.asks else " > ".join(section.path) if len(section.path) > 1 else None
    return Found(capture, kind, question, tuple(body), first.start, (body or [first])[-1].end, heading, date)


def _without_mark(text: str, block: Block) -> Block:
    """The block without the "A:" before an answer."""
    mark = ANSWER_MARK.match(text, block.start, block.end) if block.kind == "paragraph" else None
    if not mark:
        return block
    return msgspec.structs.replace(block, start=mark.end(), text=" ".join(text[mark.end() : block.end].split()))


def _drop(capture: Capture, block: Block, reason: str) -> Dropped:
    text = block.text if len(block.text) <= 80 else block.text[:79].rstrip() + "…"
    return Dropped(capture.path, block.start, block.end, text, reason)
