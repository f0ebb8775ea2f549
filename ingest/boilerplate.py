"""What many pages of one site or folder have in common is its furniture: found by counting, on all pages together.

Questions are no furniture, nor is what answers them: a question that stands on every page becomes one entry with many
occurrences. A title goes only together with what stands below it, and what directly follows a title of the page's own
stays, for "Yes." may answer many questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from ingest import furniture
from ingest.pairs import FLOWING
from ingest.questions import find_questions
from ingest.records import Block, Capture, Dropped, Repeated
from ingest.shorten import shorten

# A text is furniture when it stands on so many pages, and on so large a share of the pages of its source: an answer
# that two or three pages share is none, nor is one that half of a small folder has.
PAGES, SHARE = 5, 0.6


class Page(Struct, frozen=True):
    """The blocks of one capture, in order."""

    capture: Capture
    blocks: tuple[Block, ...]


class Swept(Struct, frozen=True):
    """Pages without their common furniture, and what it was."""

    pages: tuple[Page, ...]
    repeated: tuple[Repeated, ...]
    dropped: tuple[Dropped, ...]  # each text once, where it stands first


def sweep(pages: Sequence[Page]) -> Swept:
    """Take out what the pages of each declared site or folder have in common; other pages stay as they are.

    The order of the pages and of their blocks is kept. Linear in the number of blocks.
    """
    sources: dict[str, list[Page]] = {}
    for page in pages:
        if page.capture.source.part_of is not None:
            sources.setdefault(page.capture.source.part_of, []).append(page)
    kept: dict[str, Page] = {}
    repeated: list[Repeated] = []
    dropped: list[Dropped] = []
    for source, group in sources.items():
        common, reason = find_repeated(group), f"of {len(_different(group))} pages"
        first: dict[str, Dropped] = {}
        for page in group:
            out = set(_find_furniture(page, common))
            kept[page.capture.path] = Page(page.capture, tuple(b for b in page.blocks if b not in out))
            for block in out:
                count = f"stands on {common[_key(block)]} {reason}"
                first.setdefault(_key(block), furniture.drop(page.capture, block, count))
        dropped += first.values()
        repeated += _list_repeated(source, group, first)
    return Swept(tuple(kept.get(page.capture.path, page) for page in pages), tuple(repeated), tuple(dropped))


def find_repeated(pages: Sequence[Page]) -> dict[str, int]:
    """The texts that stand on most of the ``pages`` of a source, with on how many. Copies of a page count once."""
    different = _different(pages)
    return _most(_count(different), len(different))


def _different(pages: Iterable[Page]) -> tuple[Page, ...]:
    return tuple({tuple(map(_key, page.blocks)): page for page in pages}.values())


def _count(pages: Iterable[Page]) -> Counter[str]:
    return Counter(key for page in pages for key in dict.fromkeys(map(_key, page.blocks)))


def _most(counts: Counter[str], pages: int) -> dict[str, int]:
    return {key: count for key, count in counts.items() if count >= max(PAGES, SHARE * pages)}


def _key(block: Block) -> str:
    return block.text.casefold()


def _find_furniture(page: Page, common: Mapping[str, int]) -> Iterator[Block]:
    """The blocks of a page that are furniture, of the texts that are ``common``."""
    blocks = page.blocks
    asks = find_questions(blocks)
    claimed = _find_claimed(page)
    answering = False  # a question that is itself common
    for i, block in enumerate(blocks):
        title = asks[i] or block.kind == "heading"
        answering = asks[i] and _key(block) in common if title else answering
        if asks[i] or answering or block in claimed or _key(block) not in common:
            continue
        if title:
            below = blocks[i + 1] if i + 1 < len(blocks) else None
            if below is None or (_key(below) in common and not asks[i + 1]):
                yield block
        elif not (i and (asks[i - 1] or (blocks[i - 1].kind == "heading" and _key(blocks[i - 1]) not in common))):
            yield block


def _find_claimed(page: Page) -> Container[Block]:
    """The blocks in the pairs of a page; of an answer that nothing holds, its end may be what all pages end with."""
    pairs = page.capture.pairs
    held = [pair.answer for pair in pairs if pair.method not in FLOWING]
    spans = sorted([*(pair.question for pair in pairs), *held])
    claimed: set[Block] = set()
    end, rest = 0, iter(spans)
    span = next(rest, None)
    for block in page.blocks:
        while span and span[0] <= block.start:
            end, span = max(end, span[1]), next(rest, None)
        if block.start < end:
            claimed.add(block)
    return claimed


def _list_repeated(source: str, pages: Sequence[Page], dropped: Container[str]) -> Iterator[Repeated]:
    """What stands on most of the pages as they are, copies and all: a wall that answers every request too."""
    for key, count in _most(_count(pages), len(pages)).items():
        yield Repeated(source, shorten(key, furniture.SHOWN), count, len(pages), key in dropped)
