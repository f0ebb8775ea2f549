"""As many vectors as are wanted, like real ones, and questions that are none of them.

A row is a real vector under Gaussian noise, at a cosine of 0.5 to 0.9 to it. A question is one of the real vectors that
were held out, under a little noise. Rows so made have more dimensions than texts have, which makes neighbours harder to
keep together; and each has siblings, which makes them easier.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from index.vectors import Floats

SEED = 1
BLOCK = 8192  # rows
COPY = 0.99  # cosine from which on a held-out vector has a copy among the others, and is no question
LIKENESS = (0.5, 0.9)  # cosine of a row to the real vector that it was made from
NEAR = 0.9  # cosine of a question to the one that it was made from


class Origins(Struct, frozen=True):
    """Real unit vectors (any, dimension): those that rows are made from, and those that questions are made from."""

    rows: Floats
    questions: Floats


def hold_out(vectors: Floats) -> Origins:
    """Part ``vectors``: one in ten is for questions, unless it has a copy among the others."""
    shuffled = np.random.default_rng(SEED).permutation(np.unique(vectors, axis=0))
    held, rows = np.split(shuffled, [len(shuffled) // 10])
    return Origins(rows, held[(held @ rows.T).max(axis=1) < COPY])


def make_rows(origins: Origins, count: int) -> Iterator[Floats]:
    """Yield ``count`` unit vectors, a block at a time; the first are the same whatever their number."""
    for start in range(0, count, BLOCK):
        chance = np.random.default_rng([SEED, start])
        drawn = origins.rows[chance.integers(0, len(origins.rows), BLOCK)]
        yield _disturb(drawn, chance.uniform(*LIKENESS, BLOCK), chance)[: count - start]


def make_questions(origins: Origins, count: int) -> Floats:
    """Return ``count`` unit vectors (count, dimension) that are not among the rows."""
    chance = np.random.default_rng(SEED)
    return _disturb(origins.questions[np.arange(count) % len(origins.questions)], np.full(count, NEAR), chance)


def _disturb(vectors: Floats, cosines: np.ndarray, chance: np.random.Generator) -> Floats:
    """Unit vectors at the given cosines to ``vectors``, in any direction."""
    noise = chance.standard_normal(vectors.shape, dtype=np.float32)
    noise -= (noise * vectors).sum(axis=1, keepdims=True) * vectors
    noise *= (np.sqrt(1 - cosines**2) / np.linalg.norm(noise, axis=1)).astype(np.float32)[:, None]
    made = cosines.astype(np.float32)[:, None] * vectors + noise
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True))
