"""What of `alternates.jsonl` and `unanswered.jsonl` a person should look at, with the evidence. Changes nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import starmap

import numpy as np
from msgspec import Struct
from rapidfuzz import fuzz, process

from assistant.trial import Lead, try_out
from assistant.wordings import Slot, Wordings
from index.encoder import Progress
from ingest.entries import Line
from ingest.records import Alternate, Unanswered
from ingest.sameness import letters_of

# How like two texts are, with their words in the order of the alphabet: 100 less the share of letters (in per cent)
# that would have to be added or taken away. In samples of the bundled corpus nearly all pairs from here on ask for the
# same in almost the same words; from 82 to 88 about every second one asks for something else.
ALIKE = 92
BLOCK = 512  # texts compared with all others at a time: a block of a million pairs takes a megabyte
WORD = re.compile(r"\w+")


class Twin(Struct, frozen=True):
    """A text that is the same, or nearly."""

    file: str
    line: int
    text: str
    alike: float  # per cent; 100: the same but for case, punctuation and white space


class Finding(Struct, frozen=True):
    """A row that needs a decision, and why."""

    file: str
    line: int
    kind: str
    text: str
    entry: str | None = None  # that the row is for, and its paragraph
    paragraph: int | None = None
    lead: Lead | None = None
    twin: Twin | None = None


class Review(Struct, frozen=True):
    """All findings, those of a kind together, the most striking first."""

    rows: int  # looked at
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each kind."""
        return dict(Counter(finding.kind for finding in self.findings))


class _Row(Struct, frozen=True):
    line: Line
    slot: Slot
    reviewed: bool = True

    def finding(self, kind: str, lead: Lead | None = None, twin: Twin | None = None) -> Finding:
        slot = self.slot
        return Finding(self.line.path.name, self.line.number, kind, slot.text, slot.entry, slot.paragraph, lead, twin)


def review(wordings: Wordings, progress: Progress | None = None) -> Review:
    """Look at every row of both files. ``progress`` is told (rows searched for, all).

    Each row is left out of its own search only: the adapter was learned with it.
    """
    rows = [*starmap(_row, wordings.alternates), *starmap(_row, wordings.unanswered)]
    tested = [_Row(line, Slot("talk", text=question)) for line, question in wordings.testset]
    unreviewed = [row.finding("unreviewed") for row in rows if not row.reviewed]
    return Review(len(rows), (*unreviewed, *_twins(rows, tested), *_doubts(wordings, rows, progress)))


def _row(line: Line, row: Alternate | Unanswered) -> _Row:
    if isinstance(row, Alternate):
        return _Row(line, Slot("alternate", row.entry, row.paragraph, text=row.text), row.reviewed)
    return _Row(line, Slot(row.kind, text=row.text), row.reviewed)


def _doubts(wordings: Wordings, rows: Sequence[_Row], progress: Progress | None) -> list[Finding]:
    trials = try_out(wordings.index, [row.slot for row in rows], progress)
    doubts = [
        row.finding(trial.doubt, trial.lead) for row, trial in zip(rows, trials, strict=True) if trial.doubt is not None
    ]
    return sorted(doubts, key=lambda finding: (finding.kind, -_strength(finding)))


def _strength(finding: Finding) -> float:
    """How much speaks for where a text leads: the lead over its own entry, or how sure the answer is."""
    lead = finding.lead
    if lead is None or finding.entry is None:
        return lead.confidence if lead else 0.0
    return lead.score - (lead.own_score or 0.0)


def _twins(rows: Sequence[_Row], tested: Sequence[_Row]) -> Iterator[Finding]:
    """Each row that is like one above it, or like a question of the test set, with the one it is most like."""
    everything = [*tested, *rows]
    first: dict[str, int] = {}
    for place, (row, near) in enumerate(zip(everything, _nearest_above(everything, len(tested)), strict=True)):
        same = first.setdefault(letters_of(row.slot.text) or row.slot.text, place)
        if place >= len(tested) and (same < place or near):
            twin, alike = near if near and same == place else (same, 100.0)
            where = "in the test set" if twin < len(tested) else "there twice"
            other = everything[twin]
            yield row.finding(
                where if same < place else f"nearly {where}",
                twin=Twin(other.line.path.name, other.line.number, other.slot.text, alike),
            )


def _nearest_above(rows: Sequence[_Row], start: int) -> Iterator[tuple[int, float] | None]:
    """For each row from ``start`` on the place of the one above it that is most like it, if any is, and how like."""
    words = [" ".join(sorted(WORD.findall(row.slot.text.casefold()))) or row.slot.text for row in rows]
    yield from (None for _ in range(start))
    for begin in range(start, len(words), BLOCK):
        block = words[begin : begin + BLOCK]
        above = words[: begin + len(block)]
        alike = process.cdist(block, above, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.float32, workers=-1)
        for place, scores in enumerate(alike, start=begin):
            best = int(np.argmax(scores[:place])) if place else 0
            yield (best, round(float(scores[best]), 1)) if place and scores[best] else None
