"""The vocabulary of the assistant: the three outcomes and what they carry. Field names are the JSON contract's."""

from __future__ import annotations

from msgspec import Struct

from index.records import Passage
from ingest.records import Conflict


class Quote(Struct, frozen=True):
    """Words of one paragraph that are shown: ``passage.text[start:end]``."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words."""
        return self.passage.text[self.start : self.end]


class Citation(Struct, frozen=True):
    """Where quoted words stand: ``capture[start:end] == quote``, in characters."""

    number: int  # from 1, as shown
    title: str
    url: str | None
    link: str | None  # the url with a text fragment that opens at the quoted words
    heading: str | None
    quote: str
    capture: str
    start: int
    end: int
    date: str | None  # YYYY-MM-DD, when one of the copies dates the text


class AnsweredEntry(Struct, frozen=True):
    """The whole entry that a short answer was taken from."""

    id: str
    question: str
    answer: tuple[str, ...]


class Suggestion(Struct, frozen=True):
    """Another entry worth a look, with the probability (0 to 1) that it answers the question."""

    id: str
    question: str
    confidence: float


class Evidence(Struct, frozen=True):
    """Why an outcome came about: the thresholds, and the features of the best entry by name."""

    answer_from: float  # answered at this confidence or more
    clarify_from: float  # a clarification at this confidence or more
    read_as: str  # the question as it was read: spelling corrected, synonyms added, cut when very long
    features: dict[str, float]
    carried: str | None = None  # the id of the entry whose topic the question was read with; None: on its own
    pinned: str | None = None  # why a maintainer has chosen these words; None: the search has
    published: bool = False  # the question is the entry's own: whatever the features say, it is answered


class Answer(Struct, frozen=True):
    """The pages answer: one to three verbatim sentences, cited."""

    question: str
    confidence: float
    text: str  # the short answer: one line for each quote
    entry: AnsweredEntry
    citations: tuple[Citation, ...]
    suggestions: tuple[Suggestion, ...]  # related entries, best first
    evidence: Evidence
    conflicts: tuple[Conflict, ...] = ()  # entries that answer the same question differently


class Clarification(Struct, frozen=True):
    """The pages may answer, under one of the suggestions."""

    question: str
    confidence: float
    suggestions: tuple[Suggestion, ...]
    evidence: Evidence


class Refusal(Struct, frozen=True):
    """The pages do not answer; the suggestions are the nearest entries."""

    question: str
    confidence: float
    suggestions: tuple[Suggestion, ...]
    evidence: Evidence


Outcome = Answer | Clarification | Refusal
