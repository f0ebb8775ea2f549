"""The questions of a test set, and what became of each when it was asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from assistant.contract import OutcomeName
from index.reader import Index
from ingest.disk import write_bytes
from ingest.entries import Line, json_lines, read_rows
from ingest.errors import InputError

OVERALL = "overall"  # no kind has this name


class Question(Struct, frozen=True):
    """A row of the test set; no relevant entry means that the pages do not answer it."""

    id: str | int
    question: str
    relevant: tuple[str, ...]
    kind: str
    split: str | None = None


class Asked(Struct, frozen=True):
    """What became of one question."""

    question: Question
    outcome: OutcomeName
    confidence: float
    ranked: tuple[str, ...]  # entries, best first, at most 10
    right: bool  # the first of them is relevant


def read_testset(path: Path, index: Index, split: str | None = None) -> tuple[Question, ...]:
    """Read a test set; ``split`` keeps the rows of that split.

    A question that only blocked entries answer counts as one that the pages do not answer. Raises InputError, naming
    file and line, for a bad row or one that names an entry that the index does not have.
    """
    rows: list[Question] = []
    blocked = index.overrides.blocked
    for where, row in read_questions(path):
        relevant = tuple(entry for entry in row.relevant if entry not in blocked)
        for entry in relevant:
            if index.position(entry) is None:
                raise InputError(f"{where}: the index has no entry {entry!r}; correct the row or rebuild")
        if split is None or row.split == split:
            rows.append(msgspec.structs.replace(row, relevant=relevant))
    if not rows:
        raise InputError(f"{path} has no questions{f' of split {split!r}' if split else ''}; name another")
    return tuple(rows)


def read_questions(path: Path) -> Iterator[tuple[Line, Question]]:
    """Read the rows of a test set with their lines, whichever entries they name. InputError for a bad row."""
    if not path.is_file():
        raise InputError(f"no test set {path}; name a file of {{id, question, relevant, kind}} rows")
    known: set[str | int] = set()
    for where, row in read_rows(path, Question):
        if row.id in known or row.kind == OVERALL:
            fault = f"the id {row.id!r} stands there twice" if row.id in known else f"no kind is called {OVERALL!r}"
            raise InputError(f"{where}: {fault}; correct the row")
        known.add(row.id)
        yield where, row


def write_new_testset(path: Path, rows: Iterable[Question]) -> None:
    """Put the rows at ``path``, one a line, in one step.

    Raises InputError when something is there: a test set is edited by hand, and never written over.
    """
    refuse_existing(path)
    write_bytes(path, json_lines(rows))


def refuse_existing(path: Path) -> None:
    """Raise InputError when there is something at ``path``."""
    if path.exists() or path.is_symlink():
        raise InputError(f"{path} is there already and is not written over; name a new file with --out")
