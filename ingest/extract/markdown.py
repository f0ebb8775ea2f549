"""Markdown -> blocks. Inline markup stays in the text: a span is verbatim."""

from __future__ import annotations

from ingest.extract.lines import read_blocks
from ingest.extract.plain import guess_headings
from ingest.records import Block


def extract(text: str) -> tuple[Block, ...]:
    """The blocks of Markdown, in order, with spans into ``text``. No text gives no blocks; never raises.

    Markdown made from a PDF has often lost its headings: where none is marked, they are guessed as in plain text.
    """
    blocks = read_blocks(text, markup=True)
    marked = any(block.level for block in blocks)
    return blocks if marked else guess_headings(blocks)
