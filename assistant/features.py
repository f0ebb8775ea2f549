"""A search -> what speaks for and against its hits, as numbers with names."""

from __future__ import annotations

from collections import Counter

import numpy as np
from msgspec import Struct

from index.reader import Index, Rows
from index.records import Hit
from index.search import Query

NEIGHBOURS = 20  # questions around the one asked that vote for the entry they belong to
NOTHING: Rows = np.array([], dtype=np.int64)


class Surroundings(Struct, frozen=True):
    """The questions that stand around the one asked."""

    unanswered: float  # mean cosine of the three nearest that the pages do not answer; 0 when none are known
    votes: dict[int, float]  # family -> its share of the nearest questions, unanswered ones among them


def look_around(
    index: Index, query: Query, hidden: Rows = NOTHING, hidden_unanswered: int | None = None
) -> Surroundings:
    """Return the surroundings of a question; ``hidden`` views and ``hidden_unanswered`` are left out."""
    kept = np.flatnonzero(index.is_wording[query.near] & ~np.isin(query.near, hidden))[:NEIGHBOURS]
    families = index.families[index.entries_of(query.near[kept])]
    near = list(zip(query.near_cosines[kept].tolist(), families.tolist(), strict=True))
    unanswered: list[float] = []
    if index.unanswered_vectors is not None:
        rows, cosines = index.unanswered_vectors.nearest(query.vector, NEIGHBOURS + 1)
        unanswered = cosines[rows != hidden_unanswered].tolist() if hidden_unanswered is not None else cosines.tolist()
    voters = sorted([*near, *((cosine, -1) for cosine in unanswered)], reverse=True)[:NEIGHBOURS]
    counts = Counter(family for _, family in voters)
    return Surroundings(
        unanswered=sum(unanswered[:3]) / max(1, len(unanswered[:3])),
        votes={family: count / len(voters) for family, count in counts.items()},
    )


def features_of(index: Index, hit: Hit, found: list[Hit], around: Surroundings) -> dict[str, float]:
    """Return what speaks for and against ``hit`` as the answer, by name; ``found`` are all hits, best first.

    How far it leads does not hang on which of them may answer.
    """
    family = _family(index, hit.entry)
    others = (other.score for other in found if _family(index, other.entry) != family)
    rival = next(others, hit.score)  # alone it leads by nothing
    return {
        "meaning, wordings": hit.meaning.wording,
        "meaning, closest": hit.meaning.closest,
        "keywords, wordings": hit.keywords.wording,
        "keywords, closest": hit.keywords.closest,
        "lead over the next": hit.score - rival,
        "votes": around.votes.get(family, 0.0),
        "unanswered": around.unanswered,
    }


def _family(index: Index, entry: int) -> int:
    return int(index.families[entry])
