"""Question -> hits with their evidence.

An entry's score is the sum of four measures of equal weight: the mean of the three best of its wordings (question and
alternates) and the best of all its views, each by meaning (cosine) and by keywords. Ranks are not fused, because a
rank can not tell a near miss from a far one and refusal needs that. No weight is learned. Entries that give the same
answer to like questions are scored together, and the one that comes closest stands for them: see `index/families.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.adapter import Adapter
from index.encoder import Encoder, load_encoder
from index.errors import IndexUnusable
from index.keywords import Keywords
from index.records import Hit, Manifest, Match, Passage, View
from index.spelling import Spelling
from index.store import open_generation
from index.vectors import Floats, Vectors
from ingest.records import Corpus, Entry, Report, Unanswered

CAPTURES = "captures"  # folder of a generation: the text of each page, under its path in the corpus
CANDIDATES = 100  # views by each measure whose entries are looked at in full
BEST_WORDINGS = 3  # one alternate can be near by accident, three hardly
Rows = NDArray[np.int64]
Row = TypeVar("Row")


@dataclass(frozen=True)
class Index:
    """Everything that answering needs; immutable, and safe to share between threads."""

    corpus: Corpus
    entries: tuple[Entry, ...]
    passages: tuple[Passage, ...]
    views: tuple[View, ...]
    unanswered: tuple[Unanswered, ...]
    captures: dict[str, str]  # path of a capture -> its text
    report: Report | None  # None: made from ready-made entries
    vectors: Vectors  # row = view
    unanswered_vectors: Vectors | None  # row = unanswered question
    keywords: Keywords  # row = view
    encoder: Encoder
    adapter: Adapter | None  # what was done to the encoder's vectors before they became `vectors`
    encoded: Floats  # the encoder's own vectors: (views + unanswered, dimension)
    families: Rows  # (entries,): the first entry of each one's family
    refusal: bytes  # what the assistant learned when the index was built; it alone reads it

    @cached_property
    def first_rows(self) -> Rows:
        """The first row of each entry, and one more that ends the last: (entries + 1,)."""
        counts = np.bincount([view.entry for view in self.views], minlength=len(self.entries))
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    @cached_property
    def is_wording(self) -> NDArray[np.bool_]:
        """For each row, whether its view is a question or an alternate: (views,)."""
        return np.array([view.kind in ("question", "alternate") for view in self.views], dtype=bool)

    @property
    def texts(self) -> list[str]:
        """The text of each row of `encoded`: the views', then the unanswered questions'."""
        return [*(view.text for view in self.views), *(row.text for row in self.unanswered)]

    @cached_property
    def view_families(self) -> Rows:
        """The family of each view: (views,)."""
        return self.families[[view.entry for view in self.views]]

    @cached_property
    def family_rows(self) -> tuple[Rows, Rows]:
        """All rows, those of one family together, families in order; and the end of each entry's family among them.

        The end belongs to the family's first entry; that of another entry is where nothing begins.
        """
        ends = np.cumsum(np.bincount(self.view_families, minlength=len(self.entries)))
        return np.argsort(self.view_families, kind="stable"), ends

    @cached_property
    def first_passages(self) -> Rows:
        """The first passage of each entry, and one more that ends the last: (entries + 1,)."""
        return np.concatenate([[0], np.cumsum([len(entry.answer) for entry in self.entries])]).astype(np.int64)

    @cached_property
    def spelling(self) -> Spelling:
        """The words of the pages, and those that people are known to use."""
        pages = [view.text for view in self.views if view.kind in ("question", "paragraph")]
        alternates = [view.text for view in self.views if view.kind == "alternate"]
        return Spelling(pages, [*alternates, *(row.text for row in self.unanswered)])

    @cached_property
    def positions(self) -> dict[str, int]:
        """The position of each entry by its id."""
        return {entry.id: position for position, entry in enumerate(self.entries)}


@dataclass(frozen=True)
class Query:
    """A question, ready to be compared with every row of an index."""

    text: str  # as it was read: spelling corrected
    vector: Floats  # (dimension,), length 1, to be compared with `Index.vectors`
    encoded: Floats  # (dimension,), length 1, as the encoder made it, to be compared with `Index.encoded`
    near: Rows  # the views that come nearest by meaning, best first: at most CANDIDATES
    keywords: NDArray[np.float32]  # (views,), 0 to 1


def open_index(home: Path) -> Index:
    """Open the current generation of ``home``.

    Raises IndexUnusable, with one line that says what to run, when there is none or it can not answer.
    """
    folder, manifest = open_generation(home)
    encoder = load_encoder(manifest.model)
    if encoder.fingerprint != manifest.model_sha256:
        raise IndexUnusable(f"the index in {home} was made with another {manifest.model}; run `citewell build`")

    try:
        index = _read_index(folder, manifest, encoder)
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


def _read_index(folder: Path, manifest: Manifest, encoder: Encoder) -> Index:
    corpus = msgspec.json.decode((folder / "corpus.json").read_bytes(), type=Corpus)
    return Index(
        corpus=corpus,
        entries=_read_rows(folder / "entries.jsonl", Entry),
        passages=_read_rows(folder / "passages.jsonl", Passage),
        views=_read_rows(folder / "views.jsonl", View),
        unanswered=_read_rows(folder / "unanswered.jsonl", Unanswered),
        captures=_read_captures(folder / CAPTURES, corpus),
        report=msgspec.json.decode((folder / "report.json").read_bytes(), type=Report | None),
        vectors=Vectors.open(folder / "vectors.faiss"),
        unanswered_vectors=Vectors.open(folder / "unanswered.faiss") if manifest.unanswered else None,
        keywords=Keywords.open(folder / "keywords"),
        encoder=encoder,
        adapter=Adapter.open(folder / "adapter.npy") if manifest.adapted else None,
        encoded=np.load(folder / "encoded.npy", mmap_mode="r", allow_pickle=False),
        families=np.array(msgspec.json.decode((folder / "families.json").read_bytes(), type=list[int]), dtype=np.int64),
        refusal=(folder / "refusal.json").read_bytes(),
    )


def _read_captures(folder: Path, corpus: Corpus) -> dict[str, str]:
    """The texts in the order of the sources; the rendition of a page has ``.txt`` behind its name."""
    names = [name for source in corpus.source for name in (source.capture, f"{source.capture}.txt")]
    paths = {name: folder / name for name in names if (folder / name).is_file()}
    return {name: path.read_bytes().decode(errors="surrogatepass") for name, path in paths.items()}


def _read_rows(path: Path, kind: type[Row]) -> tuple[Row, ...]:
    return tuple(msgspec.json.Decoder(kind).decode_lines(path.read_bytes()))


def make_query(index: Index, text: str, encoded: Floats | None = None) -> Query:
    """Encode a question, its spelling corrected.

    One whose unit vector ``encoded`` (dimension,) is known, as the encoder makes it, stays as it is.
    """
    if encoded is None:
        text = index.spelling.correct(text)
        encoded = index.encoder.encode([text])[0]
    vector = index.adapter.apply(encoded[None, :])[0] if index.adapter else encoded
    near, _ = index.vectors.nearest(vector, CANDIDATES)
    return Query(text, vector, encoded, near, index.keywords.scores(text))


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
    _, starts, families = np.unique(owners, return_index=True, return_inverse=True)
    cosines, keywords = _cosines(index, query, rows), query.keywords[rows]
    wording = index.is_wording[rows]
    meaning, words = (_matches(measure, wording, starts, families) for measure in (cosines, keywords))
    scores = meaning[0] + meaning[1] + words[0] + words[1]
    closest = rows[np.lexsort((-(cosines + keywords), families))[starts]]  # its best view stands for a family
    return [
        Hit(
            entry=index.views[closest[family]].entry,
            score=float(scores[family]),
            meaning=Match(*(float(part[family]) for part in meaning)),
            keywords=Match(*(float(part[family]) for part in words)),
            view=int(closest[family]),
        )
        for family in np.argsort(-scores, kind="stable")
    ]


def _candidates(index: Index, query: Query) -> tuple[Rows, Rows]:
    """All rows of the families that have one of the nearest views, family by family; and the family of each."""
    alike = np.arange(len(query.keywords))
    if len(alike) > CANDIDATES:
        alike = np.argpartition(-query.keywords, CANDIDATES)[:CANDIDATES]
    found = np.concatenate([query.near, alike])
    families = np.unique(index.families[np.searchsorted(index.first_rows, found, side="right") - 1])
    order, ends = index.family_rows
    stops, begins = ends[families], np.where(families > 0, ends[families - 1], 0)
    rows = np.concatenate([order[begin:stop] for begin, stop in zip(begins, stops, strict=True)])
    return rows, np.repeat(families, stops - begins)


def _cosines(index: Index, query: Query, rows: Rows) -> Floats:
    table = index.vectors.table
    if 2 * len(rows) > len(table):  # reading all is cheaper than picking most
        return np.asarray((table @ query.vector)[rows])
    return np.asarray(table[rows] @ query.vector)


def _matches(scores: Floats, wording: NDArray[np.bool_], starts: Rows, families: Rows) -> tuple[Floats, Floats]:
    """The parts of each family's `Match`: (families,) each. ``families`` counts up from 0, beginning at ``starts``."""
    closest = np.maximum.reduceat(scores, starts)
    asked, own = scores[wording], families[wording]
    order = np.lexsort((-asked, own))  # best first in each family
    own = own[order]
    rank = np.arange(len(own)) - np.searchsorted(own, own)
    best = rank < BEST_WORDINGS
    counts = np.bincount(own[best], minlength=len(starts))
    sums = np.bincount(own[best], weights=asked[order][best], minlength=len(starts))
    return np.where(counts, sums / np.maximum(counts, 1), closest), closest
