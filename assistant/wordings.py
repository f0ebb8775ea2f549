"""A corpus and its index -> which wordings and unanswered questions stand there, and where there is room for more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from msgspec import Struct

from index.reader import Index, open_index
from ingest.entries import Line, alternates_by_line, read_entries, read_rows, unanswered_by_line
from ingest.errors import InputError
from ingest.overrides import leave_out
from ingest.records import Alternate, Unanswered
from ingest.spans import strip_marker

# Unanswered questions of each kind that a worksheet makes room for: together the 20 without which a corpus does not
# teach when to refuse (see LEAST in examples.py).
UNANSWERED = 10
ASKED_FOR: dict[Literal["near", "far"], str] = {
    "near": "on the subject of the pages, but nothing on them answers it",
    "far": "about something else altogether",
}


class Slot(Struct, frozen=True):
    """Room for one text, and the text once there is one.

    An ``alternate`` is another wording of what a paragraph answers; the other kinds are those of unanswered questions.
    """

    kind: Literal["alternate", "near", "far", "talk"]
    entry: str | None = None  # an unanswered question belongs to none
    paragraph: int | None = None  # position in the answer, from 0; None: the whole entry
    question: str = ""  # the entry's, and what follows: to be read by whoever fills the slot
    passage: str = ""
    known: tuple[str, ...] = ()  # texts that stand there already
    text: str = ""
    note: str = ""  # what is wanted, or why the text was not taken


@dataclass(frozen=True)
class Wordings:
    """The rows that stand in the files of a corpus, each with its line, and the index that was made of it."""

    index: Index
    corpus: Path
    alternates: tuple[tuple[Line, Alternate], ...]
    unanswered: tuple[tuple[Line, Unanswered], ...]
    testset: tuple[tuple[Line, str], ...]  # its questions


class _Tested(Struct):
    question: str


def open_wordings(corpus: Path, home: Path) -> Wordings:
    """Read the rows of ``corpus`` and open the index of ``home``.

    Raises InputError when the folder is missing, one of its rows is wrong, or the index was made of other entries;
    IndexUnusable when there is no index.
    """
    if not corpus.is_dir():
        raise InputError(f"no corpus folder {corpus}; name one with --corpus")
    index = open_index(home)
    entries = corpus / "entries.jsonl"  # ready-made entries have no such file
    blocked = index.overrides.blocked
    if entries.exists() and leave_out(read_entries(entries), blocked) != tuple(index.entries):
        raise InputError(f"the index in {home} is not of {entries}; run `citewell build`, or name another --home")
    testset = corpus / "testset.jsonl"
    return Wordings(
        index=index,
        corpus=corpus,
        alternates=tuple(alternates_by_line(corpus / "alternates.jsonl", index.entries, blocked=blocked)),
        unanswered=tuple(unanswered_by_line(corpus / "unanswered.jsonl")),
        testset=tuple((line, row.question) for line, row in read_rows(testset, _Tested)) if testset.exists() else (),
    )


def empty_slots(wordings: Wordings, per_paragraph: int) -> tuple[Slot, ...]:
    """What each paragraph lacks of ``per_paragraph`` wordings, a slot for each, in the order of the index."""
    known: dict[tuple[str, int | None], list[str]] = {}
    for _, row in wordings.alternates:
        known.setdefault((row.entry, row.paragraph), []).append(row.text)
    return tuple(
        Slot("alternate", entry.id, number, entry.question, strip_marker(paragraph), tuple(texts))
        for entry in wordings.index.entries
        for number, paragraph in enumerate(entry.answer)
        for texts in [known.get((entry.id, number), [])]
        for _ in range(per_paragraph - len(texts))
    )


def empty_unanswered(wordings: Wordings) -> Iterator[Slot]:
    """What the corpus lacks of ``UNANSWERED`` questions of each kind, a slot for each."""
    counts = Counter(row.kind for _, row in wordings.unanswered)
    for kind, wanted in ASKED_FOR.items():
        for _ in range(UNANSWERED - counts[kind]):
            yield Slot(kind, note=f"a question that people ask {wanted}")
