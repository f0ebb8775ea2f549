"""Rows of questions and answers -> a rendition, with the pairs that the rows tie together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from ingest.errors import InputError
from ingest.extract.html import render
from ingest.extract.lines import protect
from ingest.extract.rendition import CONTROL
from ingest.files.columns import Columns, find_columns
from ingest.records import Pair, Rendition, Table
from ingest.unseen import strip_unseen

METHOD = "ready-made"
# Help desks export answers as they show them.
MARKUP = re.compile(r"</?(?:p|br|div|span|ul|ol|li|strong|b|em|i|a|h[1-6]|table)\b[^<>]*>", re.IGNORECASE)
BETWEEN_WORDINGS = re.compile(r"\n|\s\|\s|\|\|")  # in a cell of alternate questions


class _Row(Struct, frozen=True):
    """What a row holds of use."""

    questions: tuple[str, ...]  # the question and its other wordings
    paragraphs: tuple[str, ...]  # of the answer


def read(tables: Sequence[Table]) -> Rendition:
    """Each row as ``## question`` and its answer, which alternate questions, ``##`` too, have in common.

    InputError when no table says which columns are which.
    """
    found = [(table, columns) for table in tables if (columns := find_columns(table.rows))]
    if not found:
        row = next((" | ".join(row[:6]) for table in tables for row in table.rows if any(row)), "")
        names = f"its first row is {row[:100]!r}" if row else "it is empty"
        raise InputError(f"has no columns of questions and answers: {names}; name two of them Question and Answer")
    rows = [row for table, columns in found for row in _read_rows(table, columns)]
    text, pairs = _compose([row for row in rows if row.questions])
    named = {table.name for table, _ in found}
    dropped = [f"sheet {table.name!r} has no questions and answers" for table in tables if table.name not in named]
    empty = sum(not row.questions and not row.paragraphs for row in rows)
    lost = sum(not row.questions for row in rows) - empty
    dropped += [f"{what}: {n}" for what, n in (("empty rows", empty), ("rows without a question", lost)) if n]
    if not pairs:
        raise InputError("has no row with a question; fill in the column of questions")
    return Rendition(text, "markdown", pairs, tuple(dropped))


def _read_rows(table: Table, columns: Columns) -> Iterator[_Row]:
    for cells in table.rows[columns.first :]:
        question, answer, others = (_cell(cells, at) for at in (columns.question, columns.answer, columns.alternates))
        wordings = (" ".join(_plain(each).split()) for each in (question, *BETWEEN_WORDINGS.split(others)))
        yield _Row(tuple(dict.fromkeys(filter(None, wordings))), _split(answer))


def _cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""


def _plain(cell: str) -> str:
    """A cell without markup and control characters; HTML as its rendition."""
    text = render(f"<body>{cell}</body>") if MARKUP.search(cell) else cell
    return CONTROL.sub(" ", strip_unseen(text).encode("utf-8", "replace").decode())


def _split(cell: str) -> tuple[str, ...]:
    """The paragraphs of an answer: between blank lines. Lines stay lines, and none becomes a heading."""
    lines = [line.rstrip() for line in _plain(cell).splitlines()]
    whole = "\n".join(lines if MARKUP.search(cell) else map(protect, lines))
    return tuple(paragraph for piece in re.split(r"\n{2,}", whole) if (paragraph := piece.strip("\n")).strip())


def _compose(rows: Sequence[_Row]) -> tuple[str, tuple[Pair, ...]]:
    """The text, with where each question and answer stands in it."""
    pieces: list[str] = []
    pairs: list[Pair] = []
    position = 0
    for row in rows:
        asked = []
        for question in row.questions:
            asked.append((position + 3, position + 3 + len(question)))
            pieces.append(f"## {question}\n\n")
            position += len(pieces[-1])
        answer = "\n\n".join(row.paragraphs)
        pairs += [Pair(question, (position, position + len(answer)), METHOD) for question in asked]
        if answer:
            pieces.append(f"{answer}\n\n")
            position += len(pieces[-1])
    return "".join(pieces), tuple(pairs)
