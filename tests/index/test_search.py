from __future__ import annotations

import numpy as np
import pytest

from index.reader import Index
from index.search import make_query, search


def test_the_entry_in_the_askers_words_comes_first(small: Index) -> None:
    hits = search(small, make_query(small, "fine for an overdue book"))
    assert small.entries[hits[0].entry].id == "is-there-a-charge-for-late-books"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_every_entry_is_ranked_at_most_once(small: Index) -> None:
    found = [hit.entry for hit in search(small, make_query(small, "book"))]
    assert sorted(found) == sorted(set(found))


def test_a_hidden_row_is_not_there(small: Index) -> None:
    row = next(row for row, view in enumerate(small.views) if view.text == "fine for an overdue book")
    query = make_query(small, "fine for an overdue book")
    seen, unseen = search(small, query)[0], search(small, query, hidden=np.array([row]))[0]
    assert seen.meaning.closest == pytest.approx(1, abs=1e-5)
    assert unseen.meaning.closest < 0.99


def test_an_entry_whose_rows_are_all_hidden_is_not_found(small: Index) -> None:
    rows = np.arange(small.first_rows[0], small.first_rows[1])
    hits = search(small, make_query(small, small.entries[0].question), hidden=rows)
    assert 0 not in [hit.entry for hit in hits]


def test_views_of_an_entry_stand_together(small: Index) -> None:
    owners = [view.entry for view in small.views]
    assert owners == sorted(owners)
    assert {view.kind for view in small.views} == {"question", "alternate", "paragraph", "sentence"}


def test_passages_stand_verbatim_in_their_captures(small: Index) -> None:
    for passage in small.passages:
        there = small.captures[passage.capture][passage.start : passage.end]
        assert " ".join(there.split()) == passage.text
