"""Which columns of a table hold questions and answers."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

# Names of columns, folded: of Azure's custom question answering, of help desks, and what people write.
QUESTIONS = frozenset("q question questions frage fragen query faq".split())
ANSWERS = frozenset("a answer answers response responses reply antwort antworten".split())
ALTERNATES = frozenset(
    ("alternate questions", "alternates", "alternatives", "alternative questions", "other wordings", "synonyms")
)
# Rows. Above its names an exported sheet may have a title and a date.
BEFORE_NAMES = 10


class Columns(Struct, frozen=True):
    """Positions in a row, and the first row below the names."""

    question: int
    answer: int
    alternates: int | None
    first: int


def find_columns(rows: Sequence[Sequence[str]]) -> Columns | None:
    """The columns that the first row with the names of both has; None when they can not be told.

    Without such a row, a table whose first column asks in at least half of its rows has the questions there, and the
    answers in the second.
    """
    for number, row in enumerate(rows[:BEFORE_NAMES]):
        names = [" ".join(cell.replace("_", " ").casefold().strip(" :*\ufeff").split()) for cell in row]
        question, answer, alternates = (_first(names, known) for known in (QUESTIONS, ANSWERS, ALTERNATES))
        if question is not None and answer is not None:
            return Columns(question, answer, alternates, number + 1)
    pairs = [row for row in rows if len(row) > 1 and row[0]]
    asking = sum(row[0].endswith("?") for row in pairs)
    return Columns(0, 1, None, 0) if pairs and 2 * asking >= len(pairs) else None


def _first(names: Sequence[str], known: frozenset[str]) -> int | None:
    return next((i for i, name in enumerate(names) if name in known), None)
