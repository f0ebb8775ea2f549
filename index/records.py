"""The vocabulary of the index: what is embedded, what a search returns, what a generation is made of."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

ViewKind = Literal["question", "alternate", "paragraph", "sentence"]
WORDINGS: tuple[ViewKind, ...] = ("question", "alternate")  # what an asker may say; the others are what is answered
Precision = Literal["fp32", "int8"]  # of a model's weights


class Passage(Struct, frozen=True):
    """One paragraph of an entry's answer, and where its words stand: ``capture[start:end]``, in characters."""

    entry: int  # position of the entry in the index
    paragraph: int  # position in Entry.answer
    text: str  # as answered, whitespace collapsed, without its list marker
    capture: str
    start: int
    end: int


class View(Struct, frozen=True):
    """What of an entry a vector stands for. Views of one entry stand together, entries in order."""

    kind: ViewKind
    entry: int  # position of the entry in the index
    paragraph: int | None  # None: the entry as a whole
    text: str  # what was encoded


class Match(Struct, frozen=True):
    """How near an entry's views come to a question, by one measure.

    The measure is a cosine (-1 to 1) or a keyword score (0 to 1). ``wording`` is the mean of the three best of the
    entry's question and alternates, ``closest`` the best of all its views; both over the whole family.
    """

    wording: float
    closest: float


class Hit(Struct, frozen=True):
    """An entry with its score and the evidence for it."""

    entry: int  # position of the entry in the index
    score: float  # higher is better; comparable within one search only
    meaning: Match  # cosines
    keywords: Match  # keyword scores
    view: int  # row of the view that comes closest by both measures together


class FileStamp(Struct, frozen=True, forbid_unknown_fields=True):
    """Size in bytes and SHA-256 of one file of a generation or an exported model."""

    bytes: int
    sha256: str


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a generation is made of; opening checks it."""

    schema: int
    content: str  # SHA-256 over everything the generation was made from
    model: str
    model_sha256: str
    dimension: int
    normalisation: Literal["unit"]  # of the vectors: their products are cosines
    precision: Precision
    splitter: str  # SHA-256 over the rules by which answers are cut into passages and sentences
    adapted: bool  # whether the model's vectors were adapted to the corpus: see index/adapter.py
    lessons: str  # SHA-256 over the rules by which it was learned how to adapt, to search and when to refuse
    drift: int  # texts that came or went since that was learned; 0: it was learned from just these
    recall: float | None  # of the nearest ten by exact search, the share that is found; None: search is exact
    entries: int
    views: int
    unanswered: int
    files: dict[str, FileStamp]


class StoredModel(Struct, frozen=True, forbid_unknown_fields=True):
    """An exported model; loading checks it."""

    format: int
    fingerprint: str  # of the encoder that it was exported for
    precision: Precision
    dimension: int
    padding: int  # the token that fills up the shorter texts of a batch
    obstacle: str | None  # why the model could not be exported: then the original has to be run
    cosine: float | None  # the least to the original's vectors, over the probes of the export
    files: dict[str, FileStamp]
