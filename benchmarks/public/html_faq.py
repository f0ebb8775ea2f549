"""Real FAQ pages of many kinds of markup, with what a person found on them -> what extraction finds.

``python -m benchmarks.public.html_faq FOLDER`` prints a row for each page and names each shortfall.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from rich.console import Console

from benchmarks.public.data import read_bytes, read_rows
from benchmarks.public.records import FaqPage
from benchmarks.public.tables import faq_pages
from ingest.captures import read_capture
from ingest.errors import InputError
from ingest.extract import html
from ingest.finds import Found, find
from ingest.records import Block, Kind, Source
from ingest.spans import fold

BEGINNING = 40  # characters of an answer, folded, that must be where the labelled answer begins


class Truth(Struct, frozen=True):
    """A row of ``truth.jsonl``: a page, and the questions that a person found on it."""

    page: str
    kind: str
    questions: tuple[str, ...]
    answer_starts: dict[str, str] = {}
    optional: tuple[str, ...] = ()  # neither right nor wrong


def measure_pages(folder: Path, kind: Kind = "auto") -> tuple[FaqPage, ...]:
    """Return the figures of each page. ``kind`` is what the maintainer says of them; "auto" is: nothing.

    Raises InputError when the set is not there or not such a set.
    """
    path = folder / "truth.jsonl"
    rows = read_rows(path, read_bytes(path), Truth)
    return tuple(_measure(folder / "pages" / row.page, row, kind) for row in rows)


def _measure(path: Path, truth: Truth, kind: Kind) -> FaqPage:
    capture = read_capture(path.parent, Source(truth.page, truth.page, kind, "", ""), read_bytes(path))
    blocks = html.extract(capture.text)
    finds = [found for found in find(capture, blocks).found if found.kind == "qa" and found.answer]
    found = {_key(each.question): each for each in finds}
    wanted = {_key(question): question for question in truth.questions}
    starts = {_key(question): _key(start)[:BEGINNING] for question, start in truth.answer_starts.items()}
    taken = [key for key in wanted if key in found]
    wrong = [key for key in taken if not _key(_text(found[key])).startswith(starts.get(key, ""))]
    torn = [key for key in taken if not _is_whole(found[key], finds, blocks, set(wanted))]
    allowed = set(wanted) | set(map(_key, truth.optional))
    false = [each.question for key, each in found.items() if key not in allowed]
    missing = [wanted[key] for key in wanted if key not in found]
    faults = {
        "missing": missing,
        "false": false,
        "begins elsewhere": _names(wanted, wrong),
        "not whole": _names(wanted, torn),
    }
    return FaqPage(
        page=truth.page,
        kind=truth.kind,
        questions=len(wanted),
        found=len(taken),
        false=len(false),
        starts=len(taken) - len(wrong),
        whole=len(taken) - len(torn),
        shortfalls=tuple(f"{fault}: {question}" for fault, questions in faults.items() for question in questions),
    )


def _is_whole(found: Found, finds: Sequence[Found], blocks: Sequence[Block], wanted: set[str]) -> bool:
    """Whether no other question is in the answer, and no words are left between it and the next question."""
    if any(_key(block.text) in wanted for block in found.answer):
        return False
    after = min((each.start for each in finds if each.start > found.start), default=found.end)
    return not any(found.end <= block.start < after and block.kind != "heading" for block in blocks)


def _names(wanted: dict[str, str], keys: Sequence[str]) -> list[str]:
    return [wanted[key] for key in keys]


def _text(found: Found) -> str:
    return " ".join(block.text for block in found.answer)


def _key(text: str) -> str:
    return fold(text).chars


def main() -> None:
    """Print the figures; exit with 2 where the set is missing."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m benchmarks.public.html_faq FOLDER")
    try:
        pages = measure_pages(Path(sys.argv[1]))
    except (InputError, msgspec.MsgspecError) as error:
        sys.stderr.write(f"html_faq: {error}\n")
        sys.exit(2)
    console = Console(markup=False, highlight=False, emoji=False, width=160)
    console.print(faq_pages(pages))
    for page in pages:
        for shortfall in page.shortfalls:
            console.print(f"{page.page}: {shortfall}")


if __name__ == "__main__":
    main()
