"""Entries that one question is asked for: families, whose wordings are each other's alternates.

A list of ready-made questions and answers often holds one answer under several questions. They are scored together, and
the answer is offered once. The same answer alone is not enough: "Yes." answers much. Entries that contradict each other
answer the same question: one of them is offered, and names the other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.records import Entry

# Cosine from which on two questions with the same answer are alike. Of eight unrelated questions that "Yes." answers,
# one pair reaches it; of the 62 intents of BANKING77, five questions each, 53 stay whole.
ALIKE = 0.4
BLOCK = 1000  # questions: of many rows that say the same, all cosines at once would fill the memory


def find_families(
    entries: Sequence[Entry], encoded: NDArray[np.float16] | NDArray[np.float32], questions: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return for each entry the first entry of its family: (entries,).

    ``questions`` (entries,) are the rows of the entries' questions among the unit vectors ``encoded``
    (texts, dimension). An entry with an answer of its own, which none contradicts, is a family of one.
    """
    first = np.arange(len(entries))
    same: dict[tuple[str, ...], list[int]] = {}
    for position, entry in enumerate(entries):
        answer = tuple(" ".join(paragraph.casefold().split()) for paragraph in entry.answer)
        same.setdefault(answer, []).append(position)
    for members in (np.array(group) for group in same.values() if len(group) > 1):
        asked = encoded[questions[members]].astype(np.float32)
        for family in _parted(asked):
            first[members[family]] = members[family][0]
    return _join_rivals(entries, first)


def _parted(asked: NDArray[np.float32]) -> list[NDArray[np.int64]]:
    """The families of questions with one answer, each by its members: those that are alike, directly or by others."""
    if (asked @ asked[0] >= ALIKE).all():  # all are like the first
        return [np.arange(len(asked))]
    from scipy.sparse import csr_array, vstack  # a quarter of a second to import, and only a build needs it
    from scipy.sparse.csgraph import connected_components

    starts = range(0, len(asked), BLOCK)
    blocks = [csr_array(asked[at : at + BLOCK] @ asked.T >= ALIKE) for at in starts]
    _, families = connected_components(vstack(blocks), directed=False)
    return [np.flatnonzero(families == family) for family in np.unique(families)]


def _join_rivals(entries: Sequence[Entry], first: NDArray[np.int64]) -> NDArray[np.int64]:
    """The families, of which those that contradict each other are one."""
    positions = {entry.id: position for position, entry in enumerate(entries)}
    pairs = [
        (position, positions[conflict.entry])
        for position, entry in enumerate(entries)
        for conflict in entry.conflicts
        if conflict.entry in positions
    ]
    if not pairs:
        return first
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    rows, columns = np.array(pairs).T
    links = csr_array((np.ones(len(pairs)), (first[rows], first[columns])), shape=(len(first), len(first)))
    _, joined = connected_components(links, directed=False)
    _, starts = np.unique(joined, return_index=True)
    families: NDArray[np.int64] = first[starts[joined[first]]]
    return families
