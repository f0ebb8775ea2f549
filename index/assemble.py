"""Material -> the files of a generation. What an older generation has, and still holds, is taken from there.

The texts are written first and read back as they are needed, and vectors pass through in blocks: memory holds the texts
and a few numbers for each, not the vectors.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

import msgspec
import numpy as np
from numpy.lib.format import open_memmap

from index.adapter import Adapter
from index.arrays import write_arrays
from index.captures import Captures
from index.encoder import Encoder, Progress
from index.keywords import Keywords
from index.lookup import Lookup
from index.material import Material
from index.passages import make_passages, make_views
from index.records import WORDINGS, View
from index.search import WHOLE, Halves, Index, Rows
from index.spelling import Spelling
from index.table import Table
from index.tally import Tally
from index.texts import Texts
from index.vectors import Floats, Vectors
from index.words import Words
from ingest.records import Entry

BLOCK = 8192  # vectors in memory at a time


@dataclass(frozen=True)
class Known:
    """What an older generation, made by the same encoder, knows of the texts of a new one."""

    index: Index
    rows: Rows  # (texts,): where in its `encoded` the same text stands; -1: nowhere


UNANSWERED = "unanswered"  # the kind of a text that is no view
Belonging = tuple[str, str, str]  # a text, its kind, and the id of its entry; of an unanswered question none


@dataclass(frozen=True)
class Change:
    """What of the texts is not as it was, and how often."""

    come: Counter[Belonging]
    gone: Counter[Belonging]

    @property
    def total(self) -> int:
        """How many texts came or went."""
        return self.come.total() + self.gone.total()


def write_texts(folder: Path, material: Material) -> Texts:
    """Write what of an index is text, and where things stand in it."""
    answers = [len(entry.answer) for entry in material.entries]
    views, wordings, paragraphs = [0] * len(answers), bytearray(), array("i")

    def counted() -> Iterator[View]:
        for view in make_views(material.entries, material.alternates):
            views[view.entry] += 1
            wordings.append(view.kind in WORDINGS)
            paragraphs.append(WHOLE if view.paragraph is None else view.paragraph)
            yield view

    (folder / "corpus.json").write_bytes(msgspec.json.encode(material.corpus))
    (folder / "report.json").write_bytes(msgspec.json.encode(material.report))
    Captures.write(folder, material.captures)
    Table.write(folder / "entries.jsonl", material.entries)
    Table.write(folder / "passages.jsonl", make_passages(material.entries, material.captures))
    Table.write(folder / "views.jsonl", counted())
    Table.write(folder / "unanswered.jsonl", material.unanswered)
    Lookup.write(folder / "ids.npy", (entry.id for entry in material.entries))
    Lookup.write(folder / "questions.npy", (" ".join(entry.question.split()) for entry in material.entries))
    write_arrays(
        folder,
        first_rows=np.cumsum([0, *views], dtype=np.int64),
        first_passages=np.cumsum([0, *answers], dtype=np.int64),
        is_wording=np.frombuffer(wordings, dtype=np.bool_),
        paragraphs=np.array(paragraphs, dtype=np.int32),
    )
    return Texts.open(folder)


def find_known(texts: Texts, previous: Index | None, encoder: Encoder) -> Known | None:
    """Return what ``previous`` knows of ``texts``; None when another encoder made it."""
    if previous is None or previous.encoder.fingerprint != encoder.fingerprint:
        return None
    places: dict[str, int] = {}
    for row, text in enumerate(previous.texts):
        places.setdefault(text, row)
    return Known(previous, np.array([places.get(text, -1) for text in texts], dtype=np.int64))


def write_encoded(
    folder: Path, texts: Texts, known: Known | None, encoder: Encoder, progress: Progress | None
) -> tuple[Halves, int]:
    """Write the encoder's vectors of ``texts``; return them, (texts, dimension), and how many texts were encoded.

    A text that is known is not encoded again, and one that stands in several rows once.
    """
    new, places = _number_new(texts, known)
    blocks = _encode(list(new), encoder, progress)
    first = next(blocks, None)
    dimension = known.index.vectors.dimension if known else 0
    if first is not None:
        dimension = first.shape[1]
    encoded = open_memmap(folder / "encoded.npy", "w+", np.float16, (len(texts), dimension))
    by_place = np.argsort(places, kind="stable")  # rows of texts that are not new come first
    ends = np.searchsorted(places[by_place], np.arange(0, len(new) + BLOCK, BLOCK))
    if known is not None:
        for rows in np.split(by_place[: ends[0]], range(BLOCK, ends[0], BLOCK)):
            encoded[rows] = known.index.encoded[known.rows[rows]]
    for number, vectors in enumerate(chain([first], blocks) if first is not None else ()):
        rows = by_place[ends[number] : ends[number + 1]]
        encoded[rows] = vectors[places[rows] - number * BLOCK]
    encoded.flush()
    return np.asarray(encoded), len(new)


def _number_new(texts: Texts, known: Known | None) -> tuple[dict[str, int], Rows]:
    """The texts that nothing is known of, numbered; and for each text its number, or -1: (texts,)."""
    new: dict[str, int] = {}
    rows = repeat(-1) if known is None else known.rows
    places = [new.setdefault(text, len(new)) if row < 0 else -1 for text, row in zip(texts, rows, strict=False)]
    return new, np.array(places, dtype=np.int64)


def _encode(texts: Sequence[str], encoder: Encoder, progress: Progress | None) -> Iterator[Floats]:
    """The vectors of BLOCK texts at a time."""
    for start in range(0, len(texts), BLOCK):
        yield encoder.encode(texts[start : start + BLOCK], _tell(progress, start, len(texts)))


def _tell(progress: Progress | None, before: int, total: int) -> Progress | None:
    """``progress`` for one block of ``total`` texts."""
    return None if progress is None else lambda done, _: progress(before + done, total)


def find_change(known: Known | None, texts: Texts, entries: Sequence[Entry]) -> Change:
    """Return what came and went since the older generation; a text that changed its entry or its kind did both."""
    now = _belongings(texts, entries)
    then = _belongings(known.index.texts, known.index.entries) if known else Counter[Belonging]()
    return Change(now - then, then - now)


def _belongings(texts: Texts, entries: Sequence[Entry]) -> Counter[Belonging]:
    ids = [entry.id for entry in entries]
    inside = ((view.text, view.kind, ids[view.entry]) for view in texts.views)
    return Counter(chain(inside, ((row.text, UNANSWERED, "") for row in texts.unanswered)))


def write_vectors(folder: Path, encoded: Halves, views: int, adapter: Adapter | None, like: Index | None) -> None:
    """Write the vectors to search by, made of the encoder's own; those of ``like`` say how they are grouped."""
    if adapter is not None:
        adapter.write(folder / "adapter.npy")
    _write_vectors(folder / "vectors.faiss", encoded[:views], adapter, like.vectors if like else None)
    if len(encoded) > views:
        _write_vectors(folder / "unanswered.faiss", encoded[views:], adapter, None)


def _write_vectors(path: Path, encoded: Halves, adapter: Adapter | None, like: Vectors | None) -> None:
    def blocks() -> Iterator[Floats]:
        for start in range(0, len(encoded), BLOCK):
            block = encoded[start : start + BLOCK].astype(np.float32)
            block /= np.linalg.norm(block, axis=1, keepdims=True)  # in 16 bits they are unit vectors but nearly
            yield adapter.apply(block) if adapter else block

    Vectors.build(path, blocks, len(encoded), encoded.shape[1], like)


def write_words(folder: Path, texts: Texts, known: Known | None, change: Change) -> None:
    """Write the words of the texts: an index of the views', and those that a misspelt word may have been meant for."""
    told = (view.text for view in texts.views)
    if known is None:
        words, tally = Words.of(told), _tally(change.come)
    else:
        rows = known.rows[: len(texts.views)]
        words = Words.of(told, known.index.keywords.words, np.where(rows < len(known.index.views), rows, -1))
        tally = known.index.spelling.tally.changed(_tally(change.come), _tally(change.gone))
    Keywords.of(words).write(folder / "keywords")
    Spelling.of(tally).write(folder / "spelling")


def _tally(texts: Counter[Belonging]) -> Tally:
    """The words of texts; a sentence is part of a paragraph, which is counted."""
    pages = [text for text, kind, _ in texts.elements() if kind in ("question", "paragraph")]
    return Tally.of(pages, [text for text, kind, _ in texts.elements() if kind in ("alternate", UNANSWERED)])
