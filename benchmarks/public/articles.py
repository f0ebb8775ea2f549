"""The main text of news pages: the prose passages of a build beside trafilatura. Run by `make evaluate-public`.

The pages and the true texts are those of article_extraction. The measure is that of its repository: runs of four words
are compared; precision and recall are means over the pages, F1 is of these two means. Every page is built as a source
of kind "prose". The page's own title is not part of its text; the titles of its sections are. The shares in
ingest/extract/main.py were set on the pages of one half (even ids), the other half was only measured.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from assistant.figures import Figure, figure_of, show
from benchmarks.public.data import data_folder, read_bytes
from ingest import finds
from ingest.captures import read_capture
from ingest.errors import InputError
from ingest.extract import html
from ingest.records import Source

RUN = 4  # words
WORD = re.compile(r"\w+")
SOURCE = Source("", "page.html", "prose", publisher="", licence="")


class Page(Struct, frozen=True):
    """A page and the text that a person found in it."""

    id: str
    markup: bytes
    text: str


class Overlap(Struct, frozen=True):
    """How a method's texts meet the true ones, over some pages."""

    f1: Figure
    precision: Figure
    recall: Figure


def read_pages(folder: Path) -> tuple[Page, ...]:
    """Return the pages of the set, by id. Raises InputError when a file is missing or not such a file."""
    try:
        truth = msgspec.json.decode(
            gzip.decompress(read_bytes(folder / "ground-truth.json.gz")), type=dict[str, dict[str, str]]
        )
        return tuple(
            Page(key, gzip.decompress(read_bytes(folder / "html" / f"{key}.html.gz")), row.get("articleBody", ""))
            for key, row in sorted(truth.items())
        )
    except (OSError, EOFError, msgspec.DecodeError) as error:
        raise InputError(f"{folder} is not the set article_extraction ({error}); get it again") from None


def extract_prose(markup: bytes) -> str:
    """Return the text of the entries that a build makes of a page, with the titles of its sections."""
    capture = read_capture(Path(), SOURCE, markup)
    blocks = html.extract(capture.text)
    titles = {block.start: block.text for block in blocks if block.level > 1}
    words = []
    for found in finds.find(capture, blocks).found:
        words += [titles.get(found.start, ""), *(block.text for block in found.answer)]
    return "\n".join(words)


def extract_rendition(markup: bytes) -> str:
    """Return the whole rendition of a page: what would be indexed if no part of it were left out."""
    return html.render(markup)


def _extract_trafilatura(markup: bytes) -> str:
    from trafilatura import extract

    return extract(markup) or ""


def _extract_trafilatura_bare(markup: bytes) -> str:
    from trafilatura import extract

    return extract(markup, include_comments=False, include_tables=False) or ""


def measure(pages: Sequence[Page], extract: Callable[[bytes], str]) -> Mapping[str, Overlap]:
    """Return how a method does on all pages and on either half."""
    scores = np.array([_compare(page.text, extract(page.markup)) for page in pages])
    even = np.array([int(page.id, 16) % 2 == 0 for page in pages])
    halves = {"all": even | True, "tuned on": even, "held out": ~even}
    return {name: _overlap(scores[half]) for name, half in halves.items() if half.any()}


def _compare(true: str, found: str) -> tuple[float, float]:
    """The precision and recall of the runs of words; of nothing, neither counts (nan)."""
    wanted, given = _runs(true), _runs(found)
    right = (wanted & given).total()
    if wanted == given:
        return 1.0, 1.0
    return (
        right / given.total() if given else np.nan,
        right / wanted.total() if wanted else np.nan,
    )


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    return Counter(run for i in range(max(1, len(words) - RUN + 1)) if (run := tuple(words[i : i + RUN])))


def _overlap(scores: np.ndarray) -> Overlap:
    def precision(index: np.ndarray, axis: int) -> np.ndarray:
        return np.nanmean(scores[index, 0], axis=axis)

    def recall(index: np.ndarray, axis: int) -> np.ndarray:
        return np.nanmean(scores[index, 1], axis=axis)

    def f1(index: np.ndarray, axis: int) -> np.ndarray:
        one, other = precision(index, axis), recall(index, axis)
        return 2 * one * other / np.maximum(one + other, np.finfo(float).tiny)  # 0 where nothing is right

    index = np.arange(len(scores))  # pages are drawn, each with both its figures
    return Overlap(figure_of(f1, index), figure_of(precision, index), figure_of(recall, index))


METHODS: dict[str, Callable[[bytes], str]] = {
    "Citewell, prose passages": extract_prose,
    "Citewell, whole rendition": extract_rendition,
    "trafilatura": _extract_trafilatura,
    "trafilatura, no comments, no tables": _extract_trafilatura_bare,
}


def main() -> None:
    """Print the figures; exit with 2 where the set is missing or can not be read."""
    console = Console(markup=False, highlight=False, emoji=False, width=None if sys.stdout.isatty() else 160)
    try:
        pages = read_pages(data_folder("article_extraction") / "article_extraction")
    except InputError as error:
        print(f"articles: {error}", file=sys.stderr)
        sys.exit(2)
    table = Table("article_extraction", "pages", "F1", "precision", "recall", box=None, pad_edge=False)
    for method, extract in METHODS.items():
        if method.startswith("trafilatura") and not find_spec("trafilatura"):
            table.add_row(method, "", "not installed: pip install trafilatura")
            continue
        for half, row in measure(pages, extract).items():
            table.add_row(method, half, show(row.f1), show(row.precision), show(row.recall))
    console.print(table)


if __name__ == "__main__":
    main()
