"""Question -> hits with their evidence.

An entry's score is the sum of four measures of equal weight: the mean of the three best of its wordings (question and
alternates) and the best of all its views, each by meaning (cosine) and by keywords. Ranks are not fused, because a
rank can not tell a near miss from a far one and refusal needs that. No weight is learned. Entries that give the same
answer to like questions are scored together, and the one that comes closest stands for them: see `index/families.py`.
"""

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
from index.asked import Asked
from index.captures import Captures
from index.encoder import Encoder, load_encoder
from index.errors import IndexUnusable
from index.keywords import Keywords
from index.lookup import Lookup
from index.records import Hit, Manifest, Match, Passage, View
from index.spelling import Spelling
from index.store import Hold, open_generation
from index.synonyms import read_as
from index.table import Table
from index.texts import Texts
from index.vectors import Compared, Floats, Vectors
from ingest.errors import InputError
from ingest.records import Corpus, Entry, Overrides, Report, Source, Unanswered
from ingest.sameness import asked_as

CANDIDATES = 100  # views by each measure whose entries are looked at in full
BEST_WORDINGS = 3  # one alternate can be near by accident, three hardly
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


@dataclass(frozen=True)
class Query:
    """A question, ready to be compared with every row of an index."""

    text: str  # as it was read: spelling corrected, synonyms added
    vector: Floats  # (dimension,), length 1, to be compared with `Index.vectors`
    encoded: Floats  # (dimension,), length 1, as the encoder made it, to be compared with `Index.encoded`
    near: Rows  # the views that come nearest by meaning, best first: at most CANDIDATES
    near_cosines: Floats  # theirs
    meaning: Compared  # every view's cosine, on demand
    keywords: Asked  # every view's keyword score, on demand


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


def make_query(index: Index, text: str, encoded: Floats | None = None) -> Query:
    """Encode a question, its spelling corrected and what its synonyms mean added.

    One whose unit vector ``encoded`` (dimension,) is known, as the encoder makes it, stays as it is.
    """
    if encoded is None:
        text = read_as(text, index.overrides.synonym, index.spelling)
        encoded = index.encoder.encode([text])[0]
    encoded = np.asarray(encoded, dtype=np.float32)
    vector = index.adapter.apply_to(encoded) if index.adapter else encoded
    meaning = index.vectors.compare(vector)
    near, cosines = meaning.nearest(CANDIDATES)
    return Query(text, vector, encoded, near, cosines, meaning, index.keywords.ask(text))


def aim(index: Index, query: Query, vector: Floats) -> Query:
    """Return the query with another unit ``vector`` (dimension,) to search by; its words stay."""
    meaning = index.vectors.compare(vector)
    near, cosines = meaning.nearest(CANDIDATES)
    return replace(query, vector=vector, meaning=meaning, near=near, near_cosines=cosines)


def narrow(query: Query, rows: Rows) -> Query:
    """Return the query with its nearest views taken from ``rows`` alone: by meaning, and by keywords after them."""
    cosines, words = query.meaning.at(rows), query.keywords.at(rows)
    best = np.argsort(-cosines, kind="stable")[:CANDIDATES]
    named = np.argsort(-words, kind="stable")[:CANDIDATES]
    kept = np.concatenate([best, np.setdiff1d(named[words[named] > 0], best)])
    return replace(query, near=rows[kept], near_cosines=cosines[kept])


def search(index: Index, query: Query, hidden: Rows | None = None) -> list[Hit]:
    """Return the entries that come nearest, best first, one of each family; ties in the order of the index.

    ``hidden`` rows are treated as though they were not there, which is how a question that stands in the index
    itself is left out of its own search.
    """
    rows, owners = _candidates(index, query)
    if hidden is not None and len(hidden):
        kept = ~np.isin(rows, hidden)
        rows, owners = rows[kept], owners[kept]
    if not len(rows):
        return []
    starts = np.flatnonzero(np.diff(owners, prepend=-1))  # where each family's rows begin
    cosines, keywords = query.meaning.at(rows), query.keywords.at(rows)
    wording = index.is_wording[rows]
    meaning, words = (_matches(measure, wording, starts) for measure in (cosines, keywords))
    scores = meaning[0] + meaning[1] + words[0] + words[1]
    closest = rows[_first_best(cosines + keywords, starts)]  # its best view stands for a family
    order = np.argsort(-scores, kind="stable")
    columns = (index.entries_of(closest), scores, *meaning, *words, closest)
    return [
        Hit(entry, score, Match(wording, closest_), Match(word, closest_word), view)
        for entry, score, wording, closest_, word, closest_word, view in zip(
            *(column[order].tolist() for column in columns), strict=True
        )
    ]


def _candidates(index: Index, query: Query) -> tuple[Rows, Rows]:
    """All rows of the families that have one of the nearest views, family by family; and the family of each."""
    found = np.concatenate([query.near, query.keywords.best(CANDIDATES)])
    families = np.unique(index.families[index.entries_of(found)])
    members, before = index.members
    entries = members[_ranges(before[families], before[families + 1])]
    begins, ends = index.first_rows[entries], index.first_rows[entries + 1]
    return _ranges(begins, ends), np.repeat(index.families[entries], ends - begins)


def _ranges(begins: Rows, ends: Rows) -> Rows:
    """Return all numbers from each of ``begins`` to its end, which is left out, one range after the other."""
    sizes = ends - begins
    before = np.cumsum(sizes) - sizes
    numbers: Rows = np.arange(int(sizes.sum())) + np.repeat(begins - before, sizes)
    return numbers


def _matches(scores: Floats, wording: NDArray[np.bool_], starts: Rows) -> tuple[Floats, Floats]:
    """The parts of each family's `Match`: (families,) each. The families' rows begin at ``starts``."""
    closest = np.maximum.reduceat(scores, starts)
    return best_wordings(scores, wording, starts, closest), closest


def best_wordings(scores: Floats, wording: NDArray[np.bool_], starts: Rows, otherwise: Floats) -> Floats:
    """Return the mean of the three best wordings of each group of rows, which begin at ``starts``: (groups,).

    ``scores`` and ``wording`` (rows,) say how good each row is and whether it is one; a group without any has
    ``otherwise``.
    """
    left = np.where(wording, scores, -np.inf)
    best = np.empty((BEST_WORDINGS, len(starts)), dtype=np.float32)
    for rank in range(BEST_WORDINGS):  # sorting them all takes ten times as long
        places = _first_best(left, starts)
        best[rank] = left[places]
        left[places] = -np.inf
    counts = np.isfinite(best).sum(axis=0)
    sums = np.where(np.isfinite(best), best, 0).sum(axis=0)
    return np.where(counts, sums / np.maximum(counts, 1), otherwise)


def _first_best(scores: Floats, starts: Rows) -> Rows:
    """Where the best score of each family stands, the first of equals: (families,)."""
    sizes = np.diff(starts, append=len(scores))
    best = np.flatnonzero(scores == np.repeat(np.maximum.reduceat(scores, starts), sizes))
    first: Rows = best[np.searchsorted(best, starts)]
    return first
