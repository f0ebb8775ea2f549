"""Which block of a page belongs to which pair, by where it stands. Cuts nothing and judges no words."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from ingest.records import Block, Pair

# Methods whose answers end where the next question begins, for want of a container.
FLOWING = frozenset(("headings", "marked", "bold", "paragraphs"))
# What even a container holds only as the page's furniture.
FURNITURE = ("link within the page", "names of icons")


class Part(Struct, frozen=True):
    """What a block is to the pairs it belongs to: their question, or a part of their answer."""

    pairs: tuple[int, ...]  # numbers of pairs; more than one share an answer
    asks: bool
    contained: bool  # the markup says where the answer ends

    def keeps(self, reason: str | None) -> bool:
        """Whether the block is content though by its words it would be furniture."""
        return self.asks or (self.contained and reason not in FURNITURE)


def tie(pairs: Sequence[Pair], blocks: Sequence[Block]) -> tuple[Part | None, ...]:
    """For each block the innermost pair, or the pairs with one answer, that it belongs to; None: to none."""
    spans = [(pair.question, True, number) for number, pair in enumerate(pairs)]
    spans += [(pair.answer, False, number) for number, pair in enumerate(pairs) if pair.answer[0] < pair.answer[1]]
    spans.sort(key=lambda each: (each[0][0], -each[0][1]))
    parts: list[Part | None] = []
    open_: list[tuple[tuple[int, int], bool, int]] = []
    ahead = 0
    for block in blocks:
        while ahead < len(spans) and spans[ahead][0][0] <= block.start:
            open_.append(spans[ahead])
            ahead += 1
        open_ = [each for each in open_ if each[0][1] > block.start]
        parts.append(_innermost(pairs, open_))
    return tuple(parts)


def _innermost(pairs: Sequence[Pair], around: Sequence[tuple[tuple[int, int], bool, int]]) -> Part | None:
    if not around:
        return None
    span, asks, _ = min(around, key=lambda each: (not each[1], each[0][1] - each[0][0]))
    numbers = tuple(number for other, same, number in around if (other, same) == (span, asks))
    return Part(numbers, asks, pairs[numbers[0]].method not in FLOWING)
