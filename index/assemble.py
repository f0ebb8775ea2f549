"""Material -> the files of a generation. What an older generation has, and still holds, is taken from there.

The texts are written first and read back as they are needed, and the encoder's vectors pass through in blocks. Memory
holds the entries, a few numbers for each text, and while they are written, the vectors to search by.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import msgspec
import numpy as np

from index.adapter import Adapter
from index.arrays import make_array, write_arrays
from index.captures import Captures
from index.encoder import Encoder, Progress
from index.keywords import Keywords
from index.lookup import Lookup, hash_text
from index.material import Material
from index.reader import WHOLE, Encoded, Index, Rows
from index.records import WORDINGS, View
from index.reuse import UNANSWERED, Change, Source, Text
from index.spelling import Spelling
from index.table import Table
from index.tally import Tally
from index.texts import Texts
from index.vectors import Floats, Vectors, stored_as
from index.words import Words
from ingest.sameness import asked_as

BLOCK = 8192  # vectors in memory at a time


def write_texts(folder: Path, material: Material, source: Source) -> Texts:
    """Write what of an index is text, and where things stand in it."""
    answers = [len(entry.answer) for entry in material.entries]
    views, wordings, paragraphs = [0] * len(answers), bytearray(), array("i")

    def counted() -> Iterator[View]:
        for view in source.views():
            views[view.entry] += 1
            wordings.append(view.kind in WORDINGS)
            paragraphs.append(WHOLE if view.paragraph is None else view.paragraph)
            yield view

    (folder / "corpus.json").write_bytes(msgspec.json.encode(material.corpus))
    (folder / "overrides.json").write_bytes(msgspec.json.encode(material.overrides))
    (folder / "report.json").write_bytes(msgspec.json.encode(material.report))
    Captures.write(folder, material.captures)
    Table.write(folder / "entries.jsonl", material.entries)
    Table.write(folder / "passages.jsonl", source.passages())
    Table.write(folder / "views.jsonl", counted())
    Table.write(folder / "unanswered.jsonl", material.unanswered)
    write_arrays(
        folder,
        first_rows=np.cumsum([0, *views], dtype=np.int64),
        first_passages=np.cumsum([0, *answers], dtype=np.int64),
        is_wording=np.frombuffer(wordings, dtype=np.bool_),
        paragraphs=np.array(paragraphs, dtype=np.int32),
        contents=source.contents,
    )
    texts = Texts.open(folder)
    Lookup.write(folder / "ids.npy", (entry.id for entry in material.entries))
    Lookup.write(folder / "questions.npy", (asked_as(entry.question) for entry in material.entries))
    return texts


def write_rows(folder: Path, texts: Texts, rows: Rows, previous: Index | None) -> None:
    """Write where each text stands; ``rows`` (texts,) say where it did in ``previous``, or -1."""
    hashes = np.empty(len(rows), dtype=np.uint64)
    if previous is not None:
        hashes[rows >= 0] = previous.rows.hashes()[rows[rows >= 0]]
    hashes[rows < 0] = [hash_text(texts[row]) for row in np.flatnonzero(rows < 0).tolist()]
    Lookup.write_hashes(folder / "rows.npy", hashes)


def write_encoded(
    folder: Path, texts: Texts, rows: Rows, previous: Index | None, encoder: Encoder, progress: Progress | None
) -> tuple[Encoded, int]:
    """Write the encoder's vectors of ``texts``; return them, (texts, dimension), and how many texts were encoded.

    ``rows`` (texts,) say where each stands in ``previous``, which the same encoder made; those at -1 are encoded, one
    that stands there several times once.
    """
    new: dict[str, int] = {}
    places = np.array([new.setdefault(texts[row], len(new)) for row in np.flatnonzero(rows < 0).tolist()], dtype=int)
    blocks = _encode(list(new), encoder, progress)
    first = next(blocks, np.empty((0, previous.vectors.dimension if previous else 0), dtype=np.float32))
    encoded = make_array(folder / "encoded.npy", stored_as(len(texts)), (len(texts), first.shape[1]))
    if previous is not None:
        for start in range(0, len(rows), BLOCK):
            known = start + np.flatnonzero(rows[start : start + BLOCK] >= 0)
            encoded[known] = previous.encoded[rows[known]]
    unknown = np.flatnonzero(rows < 0)[np.argsort(places, kind="stable")]
    places.sort()
    for number, vectors in enumerate(chain([first], blocks)):
        begin, end = np.searchsorted(places, [number * BLOCK, (number + 1) * BLOCK])
        encoded[unknown[begin:end]] = vectors[places[begin:end] - number * BLOCK]
    encoded.flush()
    return np.asarray(encoded), len(new)


def _encode(texts: Sequence[str], encoder: Encoder, progress: Progress | None) -> Iterator[Floats]:
    """The vectors of BLOCK texts at a time."""
    for start in range(0, len(texts), BLOCK):
        yield encoder.encode(texts[start : start + BLOCK], _tell(progress, start, len(texts)))


def _tell(progress: Progress | None, before: int, total: int) -> Progress | None:
    """``progress`` for one block of ``total`` texts."""
    return None if progress is None else lambda done, _: progress(before + done, total)


def write_vectors(
    folder: Path, encoded: Encoded, rows: Rows, views: int, adapter: Adapter | None, kept: Index | None
) -> None:
    """Write the vectors to search by, made of the encoder's own: the first are those of the ``views``.

    Those of ``rows`` (texts,) that stand in ``kept``, which was adapted alike, are taken from there.
    """
    if adapter is not None:
        adapter.write(folder / "adapter.npy")
    inside, outside = (kept.vectors, kept.unanswered_vectors) if kept else (None, None)
    _write_vectors(folder / "vectors.faiss", encoded[:views], rows[:views], adapter, inside, all_wanted=True)
    if len(encoded) > views:
        moved = rows[views:] - len(inside) if inside else rows[views:]
        _write_vectors(folder / "unanswered.faiss", encoded[views:], moved, adapter, outside, all_wanted=False)


def _write_vectors(
    path: Path, encoded: Encoded, rows: Rows, adapter: Adapter | None, older: Vectors | None, *, all_wanted: bool
) -> None:
    def blocks() -> Iterator[Floats]:
        for start in range(0, len(encoded), BLOCK):
            here = rows[start : start + BLOCK]
            known = (here >= 0) & (here < (len(older) if older else 0))
            block = np.empty((len(here), encoded.shape[1]), dtype=np.float32)
            block[~known] = _adapt(encoded[start : start + BLOCK][~known], adapter)
            if older is not None:
                block[known] = older.at(here[known])
            yield block

    like = (older, rows) if older is not None else None
    Vectors.build(path, blocks, len(encoded), encoded.shape[1], like, all_wanted)


def _adapt(encoded: Encoded, adapter: Adapter | None) -> Floats:
    vectors = encoded.astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)  # in 16 bits they are unit vectors but nearly
    return adapter.apply(vectors) if adapter else vectors


def write_words(folder: Path, texts: Texts, rows: Rows, older: Index | None, change: Change) -> None:
    """Write the words of the texts: an index of the views', and those that a misspelt word may have been meant for.

    ``rows`` (texts,) say where each stands in ``older``, of whose texts ``change`` is what came and went.
    """
    told, views = (view.text for view in texts.views), len(texts.views)
    if older is None:
        words, spelling = Words.of(told), Spelling.of(_tally(change.come))
    else:
        known = np.where(rows[:views] < len(older.views), rows[:views], -1)
        words = Words.of(told, older.keywords.words, known)
        tally = older.spelling.tally.changed(_tally(change.come), _tally(change.gone))
        spelling = Spelling.of(tally, older.spelling.dictionary)
    Keywords.of(words).write(folder / "keywords")
    spelling.write(folder / "spelling")


def _tally(texts: Counter[Text]) -> Tally:
    """The words of texts; a sentence is part of a paragraph, which is counted."""
    pages = [text for text, kind in texts.elements() if kind in ("question", "paragraph")]
    return Tally.of(pages, [text for text, kind in texts.elements() if kind in ("alternate", UNANSWERED)])
