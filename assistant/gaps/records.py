"""The vocabulary of the gaps. Times are UTC. Texts are redacted: nothing here has what people wrote as they did."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from assistant.contract import OutcomeName


class Asked(Struct, frozen=True):
    """A question that was asked, and what became of it. Who asked is not known."""

    text: str
    when: datetime
    outcome: OutcomeName
    confidence: float  # 0 to 1
    entry: str | None  # the id of the entry that came first, answered or not


class Feedback(Struct, frozen=True):
    """What somebody said of an answer."""

    when: datetime
    entry: str | None  # that was shown
    helpful: bool
    reason: str = ""
    question: int | None = None  # the number of the question in the log, where it is kept


class Counts(Struct, frozen=True):
    """How often a wording came to what: what makes it a gap."""

    refused: int = 0
    asked_back: int = 0  # and nothing of what was offered was followed up
    weak: int = 0  # answered, with little confidence
    unhelpful: int = 0  # answered with confidence, and somebody said that it did not help

    @property
    def total(self) -> int:
        """How often altogether."""
        return self.refused + self.asked_back + self.weak + self.unhelpful

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(
            self.refused + other.refused,
            self.asked_back + other.asked_back,
            self.weak + other.weak,
            self.unhelpful + other.unhelpful,
        )


class Week(Struct, frozen=True, order=True):
    """How often in one week."""

    name: str  # of the ISO calendar: 2026-W07
    count: int


class Wording(Struct, frozen=True):
    """A question that was not answered well, and how often it was asked in the same letters."""

    text: str  # as it was asked last
    counts: Counts
    weeks: tuple[Week, ...]  # those in which it was asked, in order
    first: datetime
    last: datetime


class Gap(Struct, frozen=True):
    """Wordings that ask alike."""

    representative: str
    wordings: tuple[Wording, ...]  # most frequent first
    counts: Counts
    weeks: tuple[Week, ...]
    first: datetime
    last: datetime


class Figures(Struct, frozen=True):
    """What was asked in the days that are kept."""

    asked: int
    answered: int
    asked_back: int
    refused: int
    helpful: int
    unhelpful: int
    weeks: tuple[Week, ...]  # all questions


What = Literal["unanswered", "link", "test", "stub", "dismissed"]


class Decision(Struct, frozen=True):
    """What a maintainer decides on some wordings.

    ``unanswered``: the pages do not answer them; ``link``: an entry does, these are other wordings of what it answers;
    ``test``: they become questions of the test set; ``stub``: a new entry is to be written; ``dismissed``: nothing.
    """

    what: What
    texts: tuple[str, ...]
    entry: str | None = None  # for a link; for the test set None means that the pages do not answer
    paragraph: int | None = None  # for a link; None: the whole entry
    kind: str = "near"  # near, far or talk; for the test set any


class Skipped(Struct, frozen=True):
    """A text that was not written, because it stands somewhere already."""

    text: str
    where: str


class Decided(Struct, frozen=True):
    """What came of a decision."""

    file: str | None  # of the corpus, that rows were written to
    written: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    stub: str | None = None  # Markdown, to be completed and put among the pages
