"""Tables of questions and answers: two columns side by side, or rows that take turns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from bs4 import Tag

from ingest.extract.tree import Claim, Tree

QUESTION = re.compile(r"(?:\w+ ){0,2}(?:questions?|query|queries|q|fragen?|preguntas?|faqs?)(?: asked)?", re.IGNORECASE)
ANSWER = re.compile(
    r"(?:\w+ ){0,2}(?:answers?|repl(?:y|ies)|responses?|a|antwort(?:en)?|respuestas?|réponses?)", re.IGNORECASE
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
    named = [i for i in range(len(titles) - 1) if QUESTION.fullmatch(titles[i]) and ANSWER.fullmatch(titles[i + 1])]
    if named:
        width = len(titles)
        rows, first = [row for row in rows[1:] if len(row) == width], named[0]
        return [_claim(row[first], row[first + 1]) for row in rows if tree.title(row[first])]
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


def _claim(question: Tag, answer: Tag) -> Claim:
    return Claim((question,), (answer,), "tables", sure=True)
