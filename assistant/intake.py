"""Texts that a person or a model wrote -> rows of `alternates.jsonl` and `unanswered.jsonl`.

A text is known when it stands in either file, in the test set or among the published questions; it never gets in again.
What the index doubts is for a person to decide: their own rows are taken and listed, a model's are set aside unless it
was close.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from assistant.trial import Lead, Trial, try_out
from assistant.wordings import Slot, Wordings
from index.encoder import Progress
from ingest.disk import write_bytes
from ingest.entries import Line, check_place, json_lines, read_rows
from ingest.errors import InputError
from ingest.overrides import FILE
from ingest.records import Alternate, Unanswered
from ingest.sameness import letters_of

LONGEST = 300  # characters; a question is shorter, and what is longer is no wording of one
# A model's wording has its own entry among so many first hits. Measured on the bundled corpus, with three wordings a
# paragraph added to an index that has none: the first hit alone would keep 6 of 10 right wordings, those that are
# needed least, and hit@1 (`dev`) grow from 0.53 to 0.56; the first three keep 8 of 10, hit@1 is 0.60, and 9 of 10
# wordings that belong elsewhere stay out. Taking all gives 0.64 when none is wrong, and 0.58, as much as the first
# three, when a fifth is.
SHORTLIST = 3
REJECTED = "rejected.jsonl"  # in the corpus: a model's rejected texts, as a worksheet that can be taken


class Judged(Struct, frozen=True):
    """What became of a text."""

    verdict: Literal["good", "doubtful", "known"]
    where: str  # "file, line n", or the slot that it was asked for
    slot: Slot
    reason: str = ""  # where it stands already, or what speaks against it
    lead: Lead | None = None  # None: it was not searched for, or nothing was found

    @property
    def is_rejected(self) -> bool:
        """Whether it stays out when a model wrote it."""
        rank = self.lead.own_rank if self.lead and self.slot.kind == "alternate" else None
        return self.verdict == "doubtful" and (rank is None or rank > SHORTLIST)


def clean(text: str) -> str | None:
    """Return ``text`` on one line without control characters; None when it is too long or says nothing."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= LONGEST and letters_of(plain) else None


def check_filled(wordings: Wordings, filled: Sequence[tuple[Line, Slot]]) -> list[tuple[str, Slot]]:
    """Return the rows of a worksheet with their texts cleaned, each with its place.

    Raises InputError, naming the line, when a row has no such entry or paragraph, or a text that is no question.
    """
    paragraphs = {entry.id: len(entry.answer) for entry in wordings.index.entries}
    checked = []
    for line, slot in filled:
        if slot.kind == "alternate":
            if slot.entry is None:
                raise InputError(f"{line}: an alternate belongs to an entry; name it, or correct the kind")
            check_place(line, slot.entry, slot.paragraph, paragraphs)
        text = clean(slot.text)
        if text is None:
            raise InputError(
                f"{line}: {slot.text[:40]!r} is no question of 1 to {LONGEST} characters; correct it or empty the cell"
            )
        checked.append((str(line), msgspec.structs.replace(slot, text=text)))
    return checked


def judge(
    wordings: Wordings, proposals: Sequence[tuple[str, Slot]], progress: Progress | None = None
) -> tuple[Judged, ...]:
    """Judge each text, the known ones first. ``progress`` is told (texts tried, all)."""
    stands = where_known(wordings)
    known: list[Judged] = []
    fresh: list[tuple[str, Slot]] = []
    for where, slot in proposals:
        key = letters_of(slot.text)
        if key in stands:
            known.append(Judged("known", where, slot, f"stands already in {stands[key]}"))
        else:
            stands[key] = where
            fresh.append((where, slot))
    trials = try_out(wordings.index, [slot for _, slot in fresh], progress)
    return (*known, *(_judged(where, trial) for (where, _), trial in zip(fresh, trials, strict=True)))


def where_known(wordings: Wordings) -> dict[str, str]:
    """Where each text stands, in the files or as a published question, by its `letters_of`."""
    published = {
        letters_of(text): f"the entry {entry.id}"
        for entry in wordings.index.entries
        for text in (entry.question, *entry.alternates)
    }
    overrides = wordings.index.overrides
    texts = (*(pin.question for pin in overrides.pin), *(row.text for row in overrides.alternate))
    published |= {letters_of(text): FILE for text in texts}
    rows = {letters_of(row.text): str(line) for line, row in wordings.unanswered}
    rows |= {letters_of(row.text): str(line) for line, row in wordings.alternates}
    return published | rows | {letters_of(question): str(line) for line, question in wordings.testset}


def write_rows(wordings: Wordings, slots: Sequence[Slot], by: str, reviewed: bool) -> None:
    """Add a row for each slot to the two files; the rows that stand there keep their bytes."""
    alternates = [
        Alternate(slot.entry or "", slot.paragraph, slot.text, by, reviewed)
        for slot in slots
        if slot.kind == "alternate"
    ]
    unanswered = [Unanswered(slot.text, slot.kind, by, reviewed) for slot in slots if slot.kind != "alternate"]
    append_rows(wordings.corpus / "alternates.jsonl", alternates)
    append_rows(wordings.corpus / "unanswered.jsonl", unanswered)


def write_rejected(wordings: Wordings, judged: Sequence[Judged]) -> Path | None:
    """Add the rejected texts to a worksheet, behind those of earlier runs; return where, if there are any.

    A text that stands there already for the same slot is not added again. Raises InputError, naming the line, when a
    row of the worksheet can not be read.
    """
    path = wordings.corpus / REJECTED
    slots = [msgspec.structs.replace(one.slot, note=one.reason) for one in judged if one.is_rejected]
    there = {_asked(slot) for _, slot in read_rows(path, Slot)} if slots and path.exists() else set()
    append_rows(path, [slot for slot in slots if _asked(slot) not in there])
    return path if slots else None


def _judged(where: str, trial: Trial) -> Judged:
    return Judged("doubtful" if trial.doubt else "good", where, trial.slot, trial.doubt or "", trial.lead)


def _asked(slot: Slot) -> tuple[str, str | None, int | None, str]:
    return slot.kind, slot.entry, slot.paragraph, letters_of(slot.text)


def append_rows(path: Path, rows: Sequence[Struct]) -> None:
    """Add rows to a file of JSON lines in one step; the rows that stand there keep their bytes."""
    if rows:
        before = path.read_bytes() if path.exists() else b""
        if before and not before.endswith(b"\n"):
            before += b"\n"
        write_bytes(path, before + json_lines(rows))
