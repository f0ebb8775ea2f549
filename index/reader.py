"""A generation -> everything that answering needs, opened: what grows with the entries is read as it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.adapter import Adapter
from index.arrays import open_array
from index.captures import Captures
from index.encoder import Encoder, load_encoder
from index.errors import IndexUnusable
from index.keywords import Keywords
from index.lookup import Lookup
from index.records import Manifest, Passage, View
from index.spelling import Spelling
from index.store import Hold, open_generation
from index.table import Table
from index.texts import Texts
from index.vectors import Floats, Vectors
from ingest.errors import InputError
from ingest.records import Corpus, Entry, Overrides, Report, Source, Unanswered
from ingest.sameness import asked_as

WHOLE = -1  # stands for a paragraph where a view is of the entry as a whole
Rows = NDArray[np.int64]
Encoded = NDArray[np.float16] | Floats  # in 16 bits a cosine loses a few millionths


@dataclass(frozen=True)
class Index:
    """Everything that answering needs; immutable, and safe to share between threads.

    What grows with the entries is mapped into memory or read row by row: opening reads none of it.
    """

    folder: Path
    hold: Hold  # on the folder
    manifest: Manifest
    corpus: Corpus
    overrides: Overrides  # that were in force when it was built
    entries: Table[Entry]
    passages: Table[Passage]
    texts: Texts
    captures: Captures
    vectors: Vectors  # row = view
    unanswered_vectors: Vectors | None  # row = unanswered question
    keywords: Keywords  # row = view
    spelling: Spelling
    encoder: Encoder
    adapter: Adapter | None  # what was done to the encoder's vectors before they became `vectors`
    encoded: Encoded  # the encoder's own vectors: (views + unanswered, dimension)
    first_rows: Rows  # the first row of each entry, and one more that ends the last: (entries + 1,)
    first_passages: Rows  # the first passage of each entry, and one more that ends the last: (entries + 1,)
    is_wording: NDArray[np.bool_]  # for each row, whether its view is a question or an alternate: (views,)
    paragraphs: NDArray[np.int32]  # for each row, the paragraph that its view is of, or WHOLE: (views,)
    families: Rows  # (entries,): the first entry of each one's family
    contents: NDArray[np.uint8]  # a hash of what the views of each entry are made of: (entries, bytes)
    rows: Lookup  # position = row of `encoded`
    ids: Lookup  # position = entry
    questions: Lookup  # position = entry
    refusal: bytes  # what the assistant learned when the index was built; it alone reads it
    warning: str = ""  # one line that says why this is not the current generation, and what to run

    @cached_property
    def report(self) -> Report | None:
        """How the entries were made; None: from ready-made ones."""
        return msgspec.json.decode((self.folder / "report.json").read_bytes(), type=Report | None)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Capture -> the source that it was stored for."""
        return {source.capture: source for source in self.corpus.source}

    @property
    def views(self) -> Table[View]:
        """What of the entries was encoded, row by row."""
        return self.texts.views

    @property
    def unanswered(self) -> Table[Unanswered]:
        """Questions that the pages are known not to answer."""
        return self.texts.unanswered

    @property
    def view_families(self) -> Rows:
        """The family of each view: (views,)."""
        return np.repeat(self.families, np.diff(self.first_rows))

    @cached_property
    def members(self) -> tuple[Rows, Rows]:
        """All entries, those of one family together, families in order; and how many came before each family.

        The second, (entries + 1,), counts up at the first entries of families, and stays at others.
        """
        sizes = np.bincount(self.families, minlength=len(self.entries))
        return np.argsort(self.families, kind="stable"), np.concatenate([[0], np.cumsum(sizes)])

    @cached_property
    def answers(self) -> int:
        """How many entries answer a question; the others are titled passages."""
        return sum(entry.kind == "qa" for entry in self.entries)

    @cached_property
    def published(self) -> dict[str, Rows]:
        """The positions of the entries of each source, by its title; the pages of a site or folder are one source."""
        titles = {source.capture: source.part_of or source.title for source in self.corpus.source}
        found: dict[str, list[int]] = {}
        for position, entry in enumerate(self.entries):
            for title in dict.fromkeys(titles.get(one.capture, one.source) for one in entry.occurrences):
                found.setdefault(title, []).append(position)
        return {title: np.array(positions, dtype=np.int64) for title, positions in found.items()}

    def views_of(self, position: int) -> Sequence[View]:
        """Return the views of the entry at ``position``."""
        return self.views[slice(*self.first_rows[position : position + 2].tolist())]

    def passages_of(self, position: int) -> Sequence[Passage]:
        """Return the passages of the entry at ``position``."""
        return self.passages[slice(*self.first_passages[position : position + 2].tolist())]

    def row_of(self, text: str) -> int:
        """Return a row of `encoded` where ``text`` stands; -1 when it stands nowhere."""
        return next((row for row in self.rows.find(text) if self.texts[row] == text), -1)

    def entries_of(self, rows: Rows) -> Rows:
        """Return the position of the entry that each row belongs to: (rows,)."""
        positions: Rows = np.searchsorted(self.first_rows, rows, side="right") - 1
        return positions

    def position(self, entry_id: str) -> int | None:
        """Return the position of the entry with this id; None when there is none."""
        return next((at for at in self.ids.find(entry_id) if self.entries[at].id == entry_id), None)

    def entry(self, entry_id: str) -> Entry | None:
        """Return the entry with this id; None when there is none."""
        position = self.position(entry_id)
        return None if position is None else self.entries[position]

    def position_asking(self, question: str) -> int | None:
        """Return where the first entry with this question is, case and the mark at its end aside; None without one."""
        wanted = asked_as(question)
        return next((at for at in self.questions.find(wanted) if asked_as(self.entries[at].question) == wanted), None)


def open_index(home: Path) -> Index:
    """Open the current generation of ``home``; where that is damaged the one before, with a warning.

    Raises IndexUnusable, with one line that says what to run, when there is none or it can not answer.
    """
    standing = open_generation(home)
    folder, manifest = standing.folder, standing.manifest
    try:
        encoder = load_encoder(manifest.model, home, manifest.precision)
    except InputError as error:
        raise IndexUnusable(f"the model of the index in {home} can not be used: {error}") from error
    if encoder.fingerprint != manifest.model_sha256:
        raise IndexUnusable(f"the index in {home} was made with another {manifest.model}; run `citewell build`")
    try:
        index = replace(read_index(folder, manifest, encoder), warning=standing.warning)
        counted = (len(index.entries), len(index.views), len(index.unanswered), index.vectors.dimension)
        if counted != (manifest.entries, manifest.views, manifest.unanswered, manifest.dimension):
            raise ValueError("its manifest counts otherwise")
        if len(index.vectors) != len(index.views) or len(index.families) != len(index.entries):
            raise ValueError("its vectors or families belong to other views or entries")
        return index
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        raise IndexUnusable(
            f"the index in {home} is not one of this version ({error}); run `citewell build`"
        ) from error


def read_index(folder: Path, manifest: Manifest, encoder: Encoder) -> Index:
    """Open the files of a generation, which are taken to be sound; those that are not there yet are left empty."""
    refusal = folder / "refusal.json"
    return Index(
        folder=folder,
        hold=Hold(folder),
        manifest=manifest,
        corpus=msgspec.json.decode((folder / "corpus.json").read_bytes(), type=Corpus),
        overrides=msgspec.json.decode((folder / "overrides.json").read_bytes(), type=Overrides),
        entries=Table.open(folder / "entries.jsonl", Entry),
        passages=Table.open(folder / "passages.jsonl", Passage),
        texts=Texts.open(folder),
        captures=Captures.open(folder),
        vectors=Vectors.open(folder / "vectors.faiss"),
        unanswered_vectors=Vectors.open(folder / "unanswered.faiss") if manifest.unanswered else None,
        keywords=Keywords.open(folder / "keywords"),
        spelling=Spelling.open(folder / "spelling"),
        encoder=encoder,
        adapter=Adapter.open(folder / "adapter.npy") if manifest.adapted else None,
        encoded=open_array(folder, "encoded"),
        first_rows=open_array(folder, "first_rows"),
        first_passages=open_array(folder, "first_passages"),
        is_wording=open_array(folder, "is_wording"),
        paragraphs=open_array(folder, "paragraphs"),
        families=open_array(folder, "families"),
        contents=open_array(folder, "contents"),
        rows=Lookup.open(folder / "rows.npy"),
        ids=Lookup.open(folder / "ids.npy"),
        questions=Lookup.open(folder / "questions.npy"),
        refusal=refusal.read_bytes() if refusal.exists() else b"",
    )
