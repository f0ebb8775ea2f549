"""What a run of the benchmarks is given, and the texts that it uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from msgspec import Struct

from benchmarks.public.data import data_folder
from benchmarks.public.duplicates import read_documents
from index.material import Material
from index.reuse import Source
from ingest.disk import write_bytes
from ingest.entries import json_lines, read_alternates, read_entries, read_ready_made, read_unanswered
from ingest.errors import InputError

CORPUS = Path("corpus")


class Row(Struct, frozen=True):
    """A row for `citewell index`."""

    id: str
    question: str
    answer: tuple[str, ...]


class Rows(Struct, frozen=True):
    """Real entries, and the folder with their alternates and unanswered questions where they have any."""

    name: str
    entries: tuple[Row, ...]
    corpus: Path | None = None


class Given(Struct, frozen=True):
    """The options of a run."""

    rows: int  # entries at most
    entries: Path | None  # a file of them


def bundled_rows() -> Rows:
    """Return the bundled corpus."""
    entries = read_entries(CORPUS / "entries.jsonl")
    return Rows(str(CORPUS), tuple(Row(each.id, each.question, each.answer) for each in entries), CORPUS)


def real_rows(given: Given) -> Rows | None:
    """Return the rows of the file that is given, else those of near_dup_jhu; None where there is neither.

    Raises InputError when the file is no file of rows.
    """
    if given.entries:
        ready = read_ready_made(given.entries).entries
        rows = tuple(Row(each.id, each.question, each.answer) for each in ready)
        return Rows(given.entries.name, spread(rows, given.rows))
    try:
        documents = read_documents(data_folder("near_dup_jhu") / "near_dup_jhu" / "docs.jsonl.gz")
    except InputError:
        return None
    rows = tuple(Row(each.id, each.question, (each.answer,)) for each in documents)
    return Rows("near_dup_jhu", spread(rows, given.rows))


def spread(rows: Sequence, count: int) -> tuple:
    """Return at most ``count`` of ``rows``, evenly from all of them."""
    count = min(count, len(rows))
    return tuple(rows[number * len(rows) // count] for number in range(count))


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write a file for `citewell index`."""
    write_bytes(path, json_lines(rows))


def texts_of(rows: Rows, folder: Path) -> tuple[str, ...]:
    """Return each text that an index of ``rows`` encodes, once; ``folder`` takes a file of them."""
    path = folder / "rows.jsonl"
    write_rows(path, rows.entries)
    material = Material.of_ready_made(read_ready_made(path))
    if rows.corpus:
        material = replace(material, alternates=read_alternates(rows.corpus / "alternates.jsonl", material.entries))
    texts = [view.text for view in Source(material, None).views()]
    if rows.corpus:
        texts += [row.text for row in read_unanswered(rows.corpus / "unanswered.jsonl")]
    return tuple(dict.fromkeys(texts))
