"""Plain text with blank lines -> blocks. The only module that guesses headings from how a line looks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from ingest.dates import is_date
from ingest.extract.lines import read_blocks
from ingest.records import Block

# Words. The headings of the captured pages have up to 8, the shortest line without an end that is none has 13.
HEADING_WORDS = 12
CLOSED = re.compile(r"[.!?:;,…]['\"”’)\]]*$")
CONTACT = re.compile(r"@|\bwww\.|https?://|\+?\d[\d ]{7,}\d")
# How many short lines may stand between "Contact:" and the address or number that shows it was a heading.
CONTACT_LINES = 5
# The first lines of a paragraph, one sentence that ends in a question mark, and the first word of the next line.
_LINE = r"(?![^\n]*[.!] )[^\n?]++"
ASKED = re.compile(rf"(?:{_LINE}\n){{0,2}}(?P<last>{_LINE}\?)[ \t\r]*+\n[ \t]*+(?P<word>\S++)")
WIDTH = 72  # characters: what no line of a text is longer than is not known from a few short ones


def extract(text: str) -> tuple[Block, ...]:
    """The blocks of plain text, in order, with spans into ``text``. No text gives no blocks; never raises."""
    width = max(WIDTH, *map(len, text.splitlines()), 0)
    return guess_headings([part for block in read_blocks(text, markup=False) for part in _part(text, block, width)])


def _part(text: str, block: Block, width: int) -> Iterator[Block]:
    """A question that has its line to itself right above its answer, and the answer; any other block as it is."""
    asked = ASKED.match(text, block.start, block.end) if block.kind == "paragraph" else None
    if asked and len(asked["last"]) + 1 + len(asked["word"]) <= width:  # else the line may be wrapped there
        parts = (block.start, asked.end("last")), (asked.start("word"), block.end)
        for start, end in parts:
            yield msgspec.structs.replace(block, text=" ".join(text[start:end].split()), start=start, end=end)
    else:
        yield block


def guess_headings(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks, with the paragraphs that look like headings turned into headings (level 0)."""
    headings = {i for i in range(len(blocks)) if _is_label(blocks, i) and not _is_short_answer(blocks, i)}
    for i, block in enumerate(blocks):
        if block.kind == "paragraph" and block.text.endswith(":") and _is_short(block):
            lines = _contact_lines(blocks, i + 1)
            headings -= set(lines)
            headings |= {i} if lines else set()
    return tuple(msgspec.structs.replace(b, kind="heading") if i in headings else b for i, b in enumerate(blocks))


def _is_label(blocks: Sequence[Block], i: int) -> bool:
    """A short line without an end, for itself, that is neither a date nor an author's name under a quotation."""
    block = blocks[i]
    attribution = i > 0 and blocks[i - 1].kind == "quote"
    return (
        block.kind == "paragraph"
        and not attribution
        and _is_short(block)
        and not CLOSED.search(block.text)
        and "|" not in block.text
        and not CONTACT.search(block.text)
        and not is_date(block.text)
        and any(c.isalpha() for c in block.text)
    )


def _is_short(block: Block) -> bool:
    return len(block.text.split()) <= HEADING_WORDS


def _is_short_answer(blocks: Sequence[Block], i: int) -> bool:
    """Alone between two questions, a short line is an answer: a heading has something under it."""
    asked = i > 0 and blocks[i - 1].text.endswith("?")
    return asked and (i + 1 == len(blocks) or blocks[i + 1].text.endswith("?"))


def _contact_lines(blocks: Sequence[Block], start: int) -> range:
    """The short lines from ``start`` up to the one with an address or a number; empty when there is none."""
    for i in range(start, min(start + CONTACT_LINES, len(blocks))):
        if blocks[i].kind != "paragraph" or not _is_short(blocks[i]):
            break
        if CONTACT.search(blocks[i].text):
            return range(start, i + 1)
    return range(0)
