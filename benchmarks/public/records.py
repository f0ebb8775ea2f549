"""What is measured. Every `Figure` is a mean with its 95 % percentile bootstrap interval (2,000 resamples, seeded)."""

from __future__ import annotations

from msgspec import Struct

from assistant.evaluation import InScope, RefusalFigures
from assistant.figures import Figure
from benchmarks.spans import Spans


class Ranks(Struct, frozen=True):
    """One method's retrieval, or how far Citewell's lies above it: then -1 to 1, question by question."""

    method: str
    hit_1: Figure
    hit_5: Figure
    mrr_10: Figure


class Separation(Struct, frozen=True):
    """How well questions without an answer are told from those with one, for one kind of the former."""

    confidence: RefusalFigures  # Citewell's
    auroc_cosine: Figure  # of the best cosine with a question of the index
    lead: Figure  # the AUROC of the one minus that of the other, on the same resamples: -1 to 1


class Refusal(Struct, frozen=True):
    """What the confidence is worth; all shares at the shipped thresholds."""

    kinds: tuple[Separation, ...]  # each kind, then all together
    in_scope: InScope
    ece: float  # expected calibration error, 0 to 1: confidence against "the top entry is relevant"


class SetFigures(Struct, frozen=True):
    """One set of questions."""

    name: str
    entries: int
    questions: int  # in scope or not
    in_scope: int
    methods: tuple[Ranks, ...]  # Citewell first
    leads: tuple[Ranks, ...]  # Citewell's figures minus those of each other method
    refusal: Refusal | None  # None: every question is in scope


class Found(Struct, frozen=True):
    """How many of the labelled pairs of one kind a method found."""

    kind: str
    pairs: int
    recall: Figure


class Duplicates(Struct, frozen=True):
    """The pairs across the two snapshots that one method calls copies of each other."""

    method: str
    kinds: tuple[Found, ...]  # each kind, then all together
    precision: float | None  # of the pairs within one source; a pair without a label counts as wrong: a lower bound
    f1: float | None  # of that precision and the recall of all labelled pairs
    unlabelled: int  # pairs within one source that are not labelled
    elsewhere: int  # pairs across sources: nobody labelled such


class FaqPage(Struct, frozen=True):
    """What extraction found on one page whose questions a person labelled."""

    page: str
    kind: str  # of its markup
    questions: int
    found: int  # of those
    false: int  # found, and no question of the page
    starts: int  # of the found, those whose answer begins where it should
    whole: int  # of the found, those whose answer holds no other question and leaves no words out
    shortfalls: tuple[str, ...]


class Results(Struct, frozen=True):
    """One run."""

    sets: tuple[SetFigures, ...]
    duplicates: tuple[Duplicates, ...]
    spans: Spans
    pages: tuple[FaqPage, ...] = ()
