"""What stands behind an entry's score: its views, and how near each comes to a question."""

from __future__ import annotations

import numpy as np

from index.reader import Index, Rows
from index.records import Passage
from index.search import Query
from index.vectors import Floats, products


def rows_of(index: Index, entry: int) -> slice:
    """Return the rows of the views of the entry at this position."""
    return slice(int(index.first_rows[entry]), int(index.first_rows[entry + 1]))


def own_rows(index: Index, passage: Passage) -> dict[str, int]:
    """Return the row of each view that is made of a passage's own words, by its text; a short sentence has none."""
    rows = rows_of(index, passage.entry)
    own = (index.paragraphs[rows] == passage.paragraph) & ~index.is_wording[rows]
    return {index.views[row].text: row for row in (rows.start + np.flatnonzero(own)).tolist()}


def nearness_within(index: Index, query: Query, rows: slice | Rows | list[int]) -> Floats:
    """Return what `nearness` would be by the encoder's own vectors: (rows,).

    It tells the texts of one entry apart, which an adapter has drawn together.
    """
    vectors = np.ascontiguousarray(index.encoded[rows], dtype=np.float32)
    return products(vectors, query.encoded) + query.keywords.at(_numbers(rows))


def nearness(index: Index, query: Query, rows: slice | Rows | list[int]) -> Floats:
    """Return cosine and keyword score of each row, added up (-1 to 2): (rows,)."""
    numbers = _numbers(rows)
    near: Floats = query.meaning.at(numbers) + query.keywords.at(numbers)
    return near


def _numbers(rows: slice | Rows | list[int]) -> Rows:
    return np.arange(rows.start, rows.stop) if isinstance(rows, slice) else np.asarray(rows, dtype=np.int64)
