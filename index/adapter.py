"""A linear map that draws the texts of one entry together, learned from the corpus itself.

x -> normalise(x + x M), with M learned by multiple-negatives ranking (Henderson et al. 2017): of a batch of texts, each
must find another text of its own entry among the others' and among questions that the pages do not answer. Texts of one
entry are no negatives of each other. The encoder stays as it is: this takes seconds where fine-tuning takes minutes,
and gains as much (docs/ablation.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from index.vectors import products

Floats = NDArray[np.float32]
Vectors16 = NDArray[np.float16] | Floats  # as an index stores them, or as the encoder makes them

STEPS = 100  # few, so that M stays near zero: 400 begin to forget what the encoder knows
BATCH = 128  # texts
NEGATIVES = 64  # unanswered questions a batch
RATE = 3e-4  # of Adam
SCALE = 10.0  # of cosines, before the softmax
LEAST = 50  # texts with a partner: fewer teach nothing
SEED = 0


@dataclass(frozen=True)
class Adapter:
    """The map; ``matrix`` is M (dimension, dimension)."""

    matrix: Floats

    def apply(self, vectors: Floats) -> Floats:
        """Return unit vectors (rows, dimension) for unit vectors of the encoder (rows, dimension)."""
        moved = vectors + vectors @ self.matrix
        return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)

    def apply_to(self, vector: Floats) -> Floats:
        """Return the same of one vector (dimension,)."""
        moved = vector + products(self._columns, vector)
        return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)

    @cached_property
    def _columns(self) -> Floats:
        return np.ascontiguousarray(self.matrix.T)

    @classmethod
    def open(cls, path: Path) -> Adapter:
        """Read a written adapter. Raises ValueError when the file is none."""
        return cls(np.load(path, allow_pickle=False))

    def write(self, path: Path) -> None:
        """Write the adapter to ``path``."""
        with path.open("wb") as file:
            np.save(file, self.matrix, allow_pickle=False)


def learn_adapter(vectors: Vectors16, owners: NDArray[np.int64], unanswered: Vectors16) -> Adapter | None:
    """Return what is learned from unit ``vectors`` (texts, dimension), each of the entry ``owners`` (texts,).

    ``unanswered`` (questions, dimension) belong to no entry, and may be empty. The same input gives the same adapter.
    None when too few texts share an entry with another, or all belong to one.
    """
    partners = _Partners(owners)
    if len(partners.rows) < LEAST or len(np.unique(owners)) < 2:
        return None
    with threadpool_limits(1):  # the matrices are too small to share: two cores take three times as long
        return Adapter(_learn(vectors, owners, unanswered, partners))


def _learn(vectors: Vectors16, owners: NDArray[np.int64], unanswered: Vectors16, partners: _Partners) -> Floats:
    chance = np.random.default_rng(SEED)
    optimiser = _Adam(np.zeros((vectors.shape[1],) * 2, dtype=np.float32))
    for _ in range(STEPS):
        anchors = chance.choice(partners.rows, min(BATCH, len(partners.rows)), replace=False)
        matches = partners.draw(anchors, chance)
        others = _single(vectors[matches])
        if len(unanswered):
            outside = unanswered[chance.integers(0, len(unanswered), NEGATIVES)]
            others = np.concatenate([others, _single(outside)])
        same = owners[anchors][:, None] == owners[anchors][None, :]
        np.fill_diagonal(same, val=False)
        optimiser.step(_gradient(optimiser.matrix, _single(vectors[anchors]), others, same))
    return optimiser.matrix


def _single(vectors: Vectors16) -> Floats:
    return np.asarray(vectors, dtype=np.float32)


def _gradient(matrix: Floats, anchors: Floats, others: Floats, same: NDArray[np.bool_]) -> Floats:
    """The gradient of the loss by M: the mean cross-entropy of finding, for each of ``anchors``, its match.

    The match of anchor i is ``others[i]``; ``same`` (anchors, anchors) are matches that are no negatives of it.
    """
    (a, a_lengths), (b, b_lengths) = _moved(anchors, matrix), _moved(others, matrix)
    scores = SCALE * a @ b.T
    scores[:, : len(anchors)][same] = -np.inf
    chosen = np.exp(scores - scores.max(axis=1, keepdims=True))
    chosen /= chosen.sum(axis=1, keepdims=True)
    chosen[np.arange(len(anchors)), np.arange(len(anchors))] -= 1  # d loss / d scores, but for the factor below
    chosen *= SCALE / len(anchors)
    return np.asarray(
        anchors.T @ _through_norm(chosen @ b, a, a_lengths) + others.T @ _through_norm(chosen.T @ a, b, b_lengths)
    )


def _moved(vectors: Floats, matrix: Floats) -> tuple[Floats, Floats]:
    """X + x M as unit vectors, and how long it was: (rows, dimension) and (rows, 1)."""
    moved = vectors + vectors @ matrix
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    return moved / lengths, lengths


def _through_norm(slopes: Floats, units: Floats, lengths: Floats) -> Floats:
    """Slopes by u / |u| -> slopes by u."""
    return np.asarray((slopes - units * (units * slopes).sum(axis=1, keepdims=True)) / lengths)


class _Adam:
    """Adam (Kingma and Ba, ICLR 2015, algorithm 1) with its usual constants."""

    def __init__(self, matrix: Floats) -> None:
        self.matrix = matrix
        self._mean, self._square = np.zeros_like(matrix), np.zeros_like(matrix)
        self._steps = 0

    def step(self, gradient: Floats) -> None:
        self._steps += 1
        self._mean += np.float32(1 - 0.9) * (gradient - self._mean)
        self._square += np.float32(1 - 0.999) * (gradient**2 - self._square)
        mean = self._mean / np.float32(1 - 0.9**self._steps)
        square = self._square / np.float32(1 - 0.999**self._steps)
        self.matrix = self.matrix - np.float32(RATE) * mean / (np.sqrt(square) + np.float32(1e-8))


class _Partners:
    """Texts that share an entry with another text, and a draw of one of those others."""

    def __init__(self, owners: NDArray[np.int64]) -> None:
        _, family, sizes = np.unique(owners, return_inverse=True, return_counts=True)
        self.rows = np.flatnonzero(sizes[family] > 1)
        self._order = np.argsort(family, kind="stable")  # texts of one entry side by side
        self._first = np.cumsum(sizes) - sizes
        self._family, self._sizes = family, sizes
        self._place = np.empty(len(owners), dtype=np.int64)
        self._place[self._order] = np.arange(len(owners)) - self._first[family[self._order]]

    def draw(self, rows: NDArray[np.int64], chance: np.random.Generator) -> NDArray[np.int64]:
        """Return for each of ``rows`` another row of its entry."""
        sizes = self._sizes[self._family[rows]]
        places = (self._place[rows] + chance.integers(1, sizes)) % sizes
        return self._order[self._first[self._family[rows]] + places]
