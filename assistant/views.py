"""What stands behind an entry's score: its views, and how near each comes to a question."""

from __future__ import annotations

from index.records import Passage
from index.search import Index, Query, Rows
from index.vectors import Floats


def rows_of(index: Index, entry: int) -> slice:
    """Return the rows of the views of the entry at this position."""
    return slice(int(index.first_rows[entry]), int(index.first_rows[entry + 1]))


def own_rows(index: Index, passage: Passage) -> dict[str, int]:
    """Return the row of each view that is made of a passage's own words, by its text; a short sentence has none."""
    rows = rows_of(index, passage.entry)
    return {
        index.views[row].text: row
        for row in range(rows.start, rows.stop)
        if index.views[row].paragraph == passage.paragraph and not index.is_wording[row]
    }


def nearness_within(index: Index, query: Query, rows: slice | Rows | list[int]) -> Floats:
    """Return what `nearness` would be by the encoder's own vectors: (rows,).

    It tells the texts of one entry apart, which an adapter has drawn together.
    """
    near: Floats = index.encoded[rows] @ query.encoded + query.keywords[rows]
    return near


def nearness(index: Index, query: Query, rows: slice | Rows | list[int]) -> Floats:
    """Return cosine and keyword score of each row, added up (-1 to 2): (rows,)."""
    near: Floats = index.vectors.table[rows] @ query.vector + query.keywords[rows]
    return near
