"""The blocks of one page -> sections: each question or heading with what stands under it. Judges none of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct

from ingest import furniture
from ingest.pairs import Part
from ingest.records import Block, Capture, Pair

Kept = tuple[Block, bool, Part | None]  # a block, whether it asks, and its part in a pair


class Section(Struct):
    """A heading or question with the blocks under it, before it is decided what becomes of them."""

    head: Block | None
    asks: bool
    heading: str | None  # the heading above a question
    body: list[Block]
    path: tuple[str, ...] = ()  # the marked headings above a heading, and itself
    method: str = ""  # of the pair that it is; "": none
    reason: str | None = None  # why it is dropped


def cut(capture: Capture, kept: Sequence[Kept]) -> list[Section]:
    """The sections of the page, in order; what its markup ties together is one of them."""
    return list(_divide(kept) if is_loose(capture) else _gather(capture.pairs, kept))


def is_loose(capture: Capture) -> bool:
    """Whether the words of the text tell what asks, rather than its markup."""
    return capture.form != "html" and not capture.pairs


def _divide(kept: Sequence[Kept]) -> Iterator[Section]:
    """Cut the page at its questions and headings; a heading below the level of its question stays in the answer."""
    section, heading = Section(None, False, None, []), None
    above: list[Block] = []
    for block, asks, _ in kept:
        navigates = furniture.is_navigation(block)
        inside = section.asks and section.head and 0 < section.head.level < block.level and not navigates
        if asks or navigates or (block.kind == "heading" and not inside):
            yield section
            heading = heading if asks or navigates else block.text
            section = Section(block, asks, heading, [], _climb(above, block, navigates))
        else:
            section.body.append(block)
    yield section


def _gather(pairs: Sequence[Pair], kept: Sequence[Kept]) -> Iterator[Section]:
    """The pairs of the page with their blocks, and between them what belongs to none, cut at its headings."""
    tied = {number: Section(None, True, None, [], (), pair.method) for number, pair in enumerate(pairs)}
    loose, heading = Section(None, False, None, []), None
    above: list[Block] = []
    closed: set[int] = set()  # pairs after which a menu begins, before their end
    for block, asks, part in kept:
        navigates = furniture.is_navigation(block)
        if part and navigates and not part.contained:
            closed.update(part.pairs)
        if part and not closed.issuperset(part.pairs):
            if loose.head or loose.body:
                yield loose
                loose = Section(None, False, None, [])
            for number in part.pairs:
                section = tied[number]
                if asks and section.head is None:
                    section.head, section.heading = block, heading
                    yield section  # its body is filled in later
                elif asks:
                    section.head = _join(section.head, block)
                else:
                    section.body.append(block)
        elif navigates or block.kind == "heading":
            yield loose
            heading = heading if navigates else block.text
            loose = Section(block, False, heading, [], _climb(above, block, navigates))
        else:
            loose.body.append(block)
    yield loose


def _climb(above: list[Block], block: Block, navigates: bool) -> tuple[str, ...]:
    """The path of a heading; ``above``, the marked headings around it, goes on with it."""
    if block.level and not navigates:
        above[:] = [*(other for other in above if other.level < block.level), block]
    return tuple(other.text for other in above) if block.level else ()


def _join(one: Block | None, other: Block) -> Block:
    """A question that stands in two blocks as one."""
    if one is None:
        return other
    return msgspec.structs.replace(one, text=f"{one.text} {other.text}", end=other.end)
