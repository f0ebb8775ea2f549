"""Question -> hits with their evidence.

An entry's score is the sum of four measures of equal weight: the mean of the three best of its wordings (question and
alternates) and the best of all its views, each by meaning (cosine) and by keywords. Ranks are not fused, because a
rank can not tell a near miss from a far one and refusal needs that. No weight is learned. Entries that give the same
answer to like questions are scored together, and the one that comes closest stands for them: see `index/families.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.asked import Asked
from index.reader import Index, Rows
from index.records import Hit, Match
from index.synonyms import read_as
from index.vectors import Compared, Floats

CANDIDATES = 100  # views by each measure whose entries are looked at in full
BEST_WORDINGS = 3  # one alternate can be near by accident, three hardly


@dataclass(frozen=True)
class Query:
    """A question, ready to be compared with every row of an index."""

    text: str  # as it was read: spelling corrected, synonyms added
    vector: Floats  # (dimension,), length 1, to be compared with `Index.vectors`
    encoded: Floats  # (dimension,), length 1, as the encoder made it, to be compared with `Index.encoded`
    near: Rows  # the views that come nearest by meaning, best first: at most CANDIDATES
    near_cosines: Floats  # theirs
    meaning: Compared  # every view's cosine, on demand
    keywords: Asked  # every view's keyword score, on demand


def make_query(index: Index, text: str, encoded: Floats | None = None) -> Query:
    """Encode a question, its spelling corrected and what its synonyms mean added.

    One whose unit vector ``encoded`` (dimension,) is known, as the encoder makes it, stays as it is.
    """
    if encoded is None:
        text = read_as(text, index.overrides.synonym, index.spelling)
        encoded = index.encoder.encode([text])[0]
    encoded = np.asarray(encoded, dtype=np.float32)
    vector = index.adapter.apply_to(encoded) if index.adapter else encoded
    meaning = index.vectors.compare(vector)
    near, cosines = meaning.nearest(CANDIDATES)
    return Query(text, vector, encoded, near, cosines, meaning, index.keywords.ask(text))


def aim(index: Index, query: Query, vector: Floats) -> Query:
    """Return the query with another unit ``vector`` (dimension,) to search by; its words stay."""
    meaning = index.vectors.compare(vector)
    near, cosines = meaning.nearest(CANDIDATES)
    return replace(query, vector=vector, meaning=meaning, near=near, near_cosines=cosines)


def narrow(query: Query, rows: Rows) -> Query:
    """Return the query with its nearest views taken from ``rows`` alone: by meaning, and by keywords after them."""
    cosines, words = query.meaning.at(rows), query.keywords.at(rows)
    best = np.argsort(-cosines, kind="stable")[:CANDIDATES]
    named = np.argsort(-words, kind="stable")[:CANDIDATES]
    kept = np.concatenate([best, np.setdiff1d(named[words[named] > 0], best)])
    return replace(query, near=rows[kept], near_cosines=cosines[kept])


def search(index: Index, query: Query, hidden: Rows | None = None) -> list[Hit]:
    """Return the entries that come nearest, best first, one of each family; ties in the order of the index.

    ``hidden`` rows are treated as though they were not there, which is how a question that stands in the index
    itself is left out of its own search.
    """
    rows, owners = _candidates(index, query)
    if hidden is not None and len(hidden):
        kept = ~np.isin(rows, hidden)
        rows, owners = rows[kept], owners[kept]
    if not len(rows):
        return []
    starts = np.flatnonzero(np.diff(owners, prepend=-1))  # where each family's rows begin
    cosines, keywords = query.meaning.at(rows), query.keywords.at(rows)
    wording = index.is_wording[rows]
    meaning, words = (_matches(measure, wording, starts) for measure in (cosines, keywords))
    scores = meaning[0] + meaning[1] + words[0] + words[1]
    closest = rows[_first_best(cosines + keywords, starts)]  # its best view stands for a family
    order = np.argsort(-scores, kind="stable")
    columns = (index.entries_of(closest), scores, *meaning, *words, closest)
    return [
        Hit(entry, score, Match(wording, closest_), Match(word, closest_word), view)
        for entry, score, wording, closest_, word, closest_word, view in zip(
            *(column[order].tolist() for column in columns), strict=True
        )
    ]


def _candidates(index: Index, query: Query) -> tuple[Rows, Rows]:
    """All rows of the families that have one of the nearest views, family by family; and the family of each."""
    found = np.concatenate([query.near, query.keywords.best(CANDIDATES)])
    families = np.unique(index.families[index.entries_of(found)])
    members, before = index.members
    entries = members[_ranges(before[families], before[families + 1])]
    begins, ends = index.first_rows[entries], index.first_rows[entries + 1]
    return _ranges(begins, ends), np.repeat(index.families[entries], ends - begins)


def _ranges(begins: Rows, ends: Rows) -> Rows:
    """Return all numbers from each of ``begins`` to its end, which is left out, one range after the other."""
    sizes = ends - begins
    before = np.cumsum(sizes) - sizes
    numbers: Rows = np.arange(int(sizes.sum())) + np.repeat(begins - before, sizes)
    return numbers


def _matches(scores: Floats, wording: NDArray[np.bool_], starts: Rows) -> tuple[Floats, Floats]:
    """The parts of each family's `Match`: (families,) each. The families' rows begin at ``starts``."""
    closest = np.maximum.reduceat(scores, starts)
    return best_wordings(scores, wording, starts, closest), closest


def best_wordings(scores: Floats, wording: NDArray[np.bool_], starts: Rows, otherwise: Floats) -> Floats:
    """Return the mean of the three best wordings of each group of rows, which begin at ``starts``: (groups,).

    ``scores`` and ``wording`` (rows,) say how good each row is and whether it is one; a group without any has
    ``otherwise``.
    """
    left = np.where(wording, scores, -np.inf)
    best = np.empty((BEST_WORDINGS, len(starts)), dtype=np.float32)
    for rank in range(BEST_WORDINGS):  # sorting them all takes ten times as long
        places = _first_best(left, starts)
        best[rank] = left[places]
        left[places] = -np.inf
    counts = np.isfinite(best).sum(axis=0)
    sums = np.where(np.isfinite(best), best, 0).sum(axis=0)
    return np.where(counts, sums / np.maximum(counts, 1), otherwise)


def _first_best(scores: Floats, starts: Rows) -> Rows:
    """Where the best score of each family stands, the first of equals: (families,)."""
    sizes = np.diff(starts, append=len(scores))
    best = np.flatnonzero(scores == np.repeat(np.maximum.reduceat(scores, starts), sizes))
    first: Rows = best[np.searchsorted(best, starts)]
    return first
