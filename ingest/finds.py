"""The blocks of one page -> what was found on it: questions with their answers, and titled sections.

Decides where an answer ends and what is an introduction. Knows nothing of other pages.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from ingest import furniture
from ingest.dates import take_date
from ingest.questions import find_questions, strip_number
from ingest.records import Block, Capture, Dropped, Pair

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
    method: str | None = None  # what tied question and answer together; None: how the page is set


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
    reason: str | None = None  # why it is dropped


def find(capture: Capture, blocks: Sequence[Block]) -> Page:
    """Questions and, on prose pages, sections, in the order of the page; all else is dropped with a reason.

    What the pairs of the capture claim is theirs, whole.
    """
    owners = _claim(capture.pairs, blocks)
    paired = list(_take_pairs(capture, blocks, owners))
    page = _find_unpaired(capture, [block for block, owner in zip(blocks, owners, strict=True) if owner is None])
    missing = [Dropped(capture.path, 0, 0, "", reason) for reason in capture.dropped]
    found = sorted((*paired, *page.found), key=lambda found: found.start)
    return Page(tuple(found), (*missing, *page.dropped))


def _claim(pairs: Sequence[Pair], blocks: Sequence[Block]) -> list[tuple[int, bool] | None]:
    """For each block the number of the innermost pair that it belongs to, and whether to its answer."""
    starts = [block.start for block in blocks]
    owners: list[tuple[int, bool] | None] = [None] * len(blocks)
    for number, pair in enumerate(pairs):
        for (start, end), answers in ((pair.question, False), (pair.answer, True)):
            for i in range(bisect_left(starts, start), bisect_left(starts, end)):
                owners[i] = number, answers
    return owners


def _take_pairs(
    capture: Capture, blocks: Sequence[Block], owners: Sequence[tuple[int, bool] | None]
) -> Iterator[Found]:
    bodies: dict[int, list[Block]] = {number: [] for number in range(len(capture.pairs))}
    for block, owner in zip(blocks, owners, strict=True):
        if owner and owner[1]:
            bodies[owner[0]].append(block)
    for number, pair in enumerate(capture.pairs):
        question = " ".join(capture.text[slice(*pair.question)].split())
        body = bodies[number]
        date, rest = take_date(capture.text, body)
        date, body = (date, rest) if rest else (None, body)  # "When?" may be answered by a date alone
        end = body[-1].end if body else pair.question[1]
        yield Found(capture, "qa", question, tuple(body), pair.question[0], end, None, date, pair.method)


def _find_unpaired(capture: Capture, blocks: Sequence[Block]) -> Page:
    asks = find_questions(blocks)
    reasons = furniture.judge(blocks, asks)
    dropped = [_drop(capture, b, reason) for b, reason in zip(blocks, reasons, strict=True) if reason]
    kept = [(b, a) for b, a, reason in zip(blocks, asks, reasons, strict=True) if not reason]
    sections = list(_divide(kept))
    asked = any(section.asks and section.body for section in sections)
    _decide(sections, capture, titled=capture.source.kind == "prose" or (capture.source.kind == "auto" and not asked))
    headings = {section.heading for section in sections if section.asks}
    found = [_take(capture, section) for section in sections if section.reason is None]
    for section in sections:
        if section.reason:
            head = [section.head] if section.head and section.head.text not in headings else []
            dropped += [_drop(capture, block, section.reason) for block in head + section.body]
    return Page(tuple(found), tuple(sorted(dropped, key=lambda d: d.start)))


def _divide(kept: Sequence[tuple[Block, bool]]) -> Iterator[_Section]:
    """Cut the page at its questions and headings; a heading below the level of its question stays in the answer."""
    section, heading = _Section(None, False, None, []), None
    for block, asks in kept:
        navigates = furniture.is_navigation(block)
        inside = section.asks and section.head and 0 < section.head.level < block.level and not navigates
        if asks or navigates or (block.kind == "heading" and not inside):
            yield section
            heading = heading if asks or navigates else block.text
            section = _Section(block, asks, heading, [])
        else:
            section.body.append(block)
    yield section


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
    heading = section.heading if section.asks else None
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
