"""Tables of questions and answers: two columns side by side, or rows that take turns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bs4 import Tag

from ingest.extract.tree import Claim, Tree

QUESTION = re.compile(r"(?:\w+ ){0,2}(?:questions?|query|queries|q|fragen?|preguntas?|faqs?)(?: asked)?", re.IGNORECASE)
ANSWER = re.compile(
    r"(?:\w+ ){0,2}(?:answers?|repl(?:y|ies)|responses?|a|antwort(?:en)?|respuestas?|réponses?)", re.IGNORECASE
)
# Names of columns are short: "What to do".
NAME_WORDS = 3
# Columns that are questions and answers on a FAQ page, and plain facts on any other.
TOPIC = re.compile(
    r"problems?|issues?|topics?|subjects?|symptoms?|errors?|situations?|problem(?:e|as?)?|probl[eè]mes?|thema|themen|tema",
    re.IGNORECASE,
)
DETAIL = re.compile(
    r"(?:\w+ )?(?:solutions?|fix(?:es)?|details?|explanations?|remed(?:y|ies)|what to do|resolutions?|advice)"
    r"|lösung(?:en)?|soluci[oó]n(?:es)?|soluzion[ei]|erklärung",
    re.IGNORECASE,
)


def find_pairs(tree: Tree) -> Iterator[Claim]:
    """The question and answer of each row, or of two rows in turn, of tables that are made of them."""
    tables = defaultdict(list)
    for row in tree.tags("tr"):
        cells = [cell for cell in row.find_all(["td", "th"], recursive=False) if tree.length(cell)]
        if cells:
            tables[id(row.find_parent("table"))].append(cells)
    for rows in tables.values():
        yield from _side_by_side(tree, rows) or _in_turn(tree, rows)


def _side_by_side(tree: Tree, rows: Sequence[Sequence[Tag]]) -> list[Claim]:
    """A heading row that names the columns, or most rows begin with a question, maybe after a number."""
    titles = [tree.title(cell) for cell in rows[0]]
    names = [(QUESTION, ANSWER), *([(TOPIC, DETAIL)] if tree.signs.faq else [])]
    turns = list(enumerate(pairwise(titles)))
    named = [i for i, turn in turns if any(q.fullmatch(turn[0]) and a.fullmatch(turn[1]) for q, a in names)]
    if named:
        width = len(titles)
        rows, first = [row for row in rows[1:] if len(row) == width], named[0]
        return [_claim(row[first], row[first + 1]) for row in rows if tree.title(row[first])]
    rows = rows[1:] if _is_header(tree, rows) else rows
    pairs = [row[-2:] for row in rows if len(row) == 2 or (len(row) == 3 and tree.length(row[0]) <= len("Q100."))]
    asking = sum(tree.asks(tree.title(row[0])) for row in pairs)
    return [_claim(*row) for row in pairs] if 2 * asking >= len(rows) and asking else []


def _in_turn(tree: Tree, rows: Sequence[Sequence[Tag]]) -> list[Claim]:
    """Rows whose last cell asks, each followed by one that does not."""
    lasts = [row[-1] for row in rows if len(row) == 1 or tree.length(*row[:-1]) <= len("Q100.") * (len(row) - 1)]
    asks = [tree.asks(tree.title(cell)) for cell in lasts]
    pairs = [i for i in range(len(lasts) - 1) if asks[i] and not asks[i + 1]]
    made_of_them = len(lasts) == len(rows) and 3 * len(pairs) >= len(rows)
    return [_claim(lasts[i], lasts[i + 1]) for i in pairs] if made_of_them else []


def _is_header(tree: Tree, rows: Sequence[Sequence[Tag]]) -> bool:
    """Whether the first row names the columns: by its tags, by its type, or by words that are none of the others'."""
    first, others = rows[0], rows[1:]
    if not others or any(tree.asks(tree.title(cell)) for cell in first):
        return False
    marks = [_mark(tree, cell) for cell in first]
    alike = sum(marks == [_mark(tree, cell) for cell in row] for row in others)
    asking = sum(tree.asks(tree.title(row[0])) for row in others)
    short = all(len(tree.words(cell).split()) <= NAME_WORDS for cell in first)
    return (short and asking == len(others)) or (any(marks) and 2 * alike < len(others))


def _mark(tree: Tree, cell: Tag) -> str:
    """What sets a cell apart from plain ones; "" for nothing."""
    words = tree.words(cell)
    if cell.name == "th" or cell.find_parent("thead"):
        return "th"
    bold = cell.find(["b", "strong"])
    if bold is not None and tree.length(bold) == tree.length(cell):
        return "bold"
    return "upper" if words.isupper() and len(words) > 1 else ""


def _claim(question: Tag, answer: Tag) -> Claim:
    return Claim((question,), (answer,), "tables", sure=True)
