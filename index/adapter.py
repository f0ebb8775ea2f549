"""A linear map that draws the texts of one entry together, learned from the corpus itself.

x -> normalise(x + x M), with M learned by multiple-negatives ranking (Henderson et al. 2017): of a batch of texts, each
must find another text of its own entry among the others' and among questions that the pages do not answer. Texts of one
entry are no negatives of each other. The encoder stays as it is: this takes seconds where fine-tuning takes minutes,
and gains as much (docs/ablation.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

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

    @classmethod
    def open(cls, path: Path) -> Adapter:
        """Read a written adapter. Raises ValueError when the file is none."""
        return cls(np.load(path, allow_pickle=False))

    def write(self, path: Path) -> None:
        """Write the adapter to ``path``."""
        with path.open("wb") as file:
            np.save(file, self.matrix, allow_pickle=False)


def learn_adapter(vectors: Floats, owners: NDArray[np.int64], unanswered: Floats) -> Adapter | None:
    """Return what is learned from unit ``vectors`` (texts, dimension), each of the entry ``owners`` (texts,).

    ``unanswered`` (questions, dimension) belong to no entry, and may be empty. The same input gives the same adapter.
    None when too few texts share an entry with another, or all belong to one.
    """
    partners = _Partners(owners)
    if len(partners.rows) < LEAST or len(np.unique(owners)) < 2:
        return None
    import torch  # a second to import, and only a build needs it

    torch.set_num_threads(1)  # the matrices are too small to share: two cores take three times as long
    chance = np.random.default_rng(SEED)
    texts, outside = torch.from_numpy(np.array(vectors)), torch.from_numpy(np.array(unanswered))
    matrix = torch.zeros((vectors.shape[1],) * 2, requires_grad=True)
    optimiser = torch.optim.Adam([matrix], lr=RATE)
    for _ in range(STEPS):
        anchors = chance.choice(partners.rows, min(BATCH, len(partners.rows)), replace=False)
        matches = partners.draw(anchors, chance)
        negatives = outside[chance.integers(0, len(outside), NEGATIVES)] if len(outside) else outside
        others = torch.cat([texts[matches], negatives])
        scores = SCALE * _moved(texts[anchors], matrix) @ _moved(others, matrix).T
        scores[:, : len(anchors)].masked_fill_(_same(owners[anchors]), -torch.inf)
        loss = torch.nn.functional.cross_entropy(scores, torch.arange(len(anchors)))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return Adapter(matrix.detach().numpy())


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


def _moved(vectors: Any, matrix: Any) -> Any:
    from torch.nn.functional import normalize

    return normalize(vectors + vectors @ matrix, dim=1)


def _same(owners: NDArray[np.int64]) -> Any:
    """Which other anchors' matches are no negatives (anchors, anchors): those of the same entry."""
    from torch import from_numpy

    same = owners[:, None] == owners[None, :]
    np.fill_diagonal(same, val=False)
    return from_numpy(same)
