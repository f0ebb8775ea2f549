"""Text that lost its line breaks -> blocks: runs of questions, and what stands between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.records import Block

# The end of a sentence: before white space and a capital, or with the next sentence glued on ("cost.A starting-point"),
# which is where a list item or paragraph ended. Titles and Latin abbreviations end no sentence. Of several marks
# ("?!") the last is found, at once: a pattern for all of them would try each run from each of its marks.
END = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bMr)(?<!\bMrs)(?<!\bDr)(?<!\bNo)(?<!\bvs)(?<!\bSt)"
    r"[.!?…][\"”’')\]]*(?:\s++(?=[\"“‘'(\[•]*+[A-Z0-9À-Þ])|(?<=[a-z \"”’')\]][.!?])(?=[\"“‘]?[A-Z][a-z ]))"
)
ASKS = re.compile(r"\?[\"”’')\]]*$")
LINE = re.compile(r"[^\r\n]+")


def extract(text: str) -> tuple[Block, ...]:
    """The blocks of flattened text, in order, all paragraphs, with spans into ``text``; never raises.

    A run of sentences that are all questions is one block. A line break, and a sentence glued to the one before, begin
    a new block; a lead-in statement can not be told from the answer before it and stays there.
    """
    blocks = []
    for line in LINE.finditer(text):
        start, asking = line.start(), None
        for first, last, glued in _sentences(text, line.start(), line.end()):
            asks = bool(ASKS.search(text[first:last].rstrip()))
            if asking is not None and (asks != asking or (glued and not asks)):
                blocks.append(_block(text, start, first))
                start = first
            asking = asks
        blocks.append(_block(text, start, line.end()))
    return tuple(block for block in blocks if block.text)


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Each sentence as (start, end, whether it is glued to the one before)."""
    glued = False
    for stop in END.finditer(text, start, end):
        yield start, stop.end(), glued
        start, glued = stop.end(), not text[stop.end() - 1].isspace()
    if start < end:
        yield start, end, glued


def _block(text: str, start: int, end: int) -> Block:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end = start + len(words.strip())
    return Block("paragraph", " ".join(words.split()), start, end)
