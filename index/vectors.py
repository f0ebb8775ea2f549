"""The vectors of all views, searched by cosine. The only module that knows faiss.

Rows are views, in their order. The index is exact and memory-mapped: it is read as it is searched. Where it is large,
an inverted file of rounded vectors stands beside it and says which rows are worth a look.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import IndexUnusable

Floats = NDArray[np.float32]

COARSE = ".coarse.faiss"  # what the file of the inverted file is called instead of ".faiss"
LARGE = 20_000  # rows from which on reading all of them takes longer than encoding the question
# Cells of the inverted file that are read: of rows like those of 20,000 entries, 98 in 100 of the nearest ten.
PROBES = 32


class Vectors:
    """Unit vectors, one a view."""

    def __init__(self, index: faiss.Index, coarse: Any = None) -> None:
        self._index = index
        self._coarse = coarse  # the inverted file of a large index
        if self._coarse is not None:
            self._coarse.nprobe = PROBES
        self.dimension = int(index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @classmethod
    def of(cls, vectors: Floats) -> Vectors:
        """Index ``vectors`` (rows, dimension), float32, each of length 1."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index, _inverted(vectors) if len(vectors) >= LARGE else None)

    @classmethod
    def open(cls, path: Path) -> Vectors:
        """Map a written index into memory.

        Raises IndexUnusable when the file is not a flat inner-product index.
        """
        beside = path.with_suffix(COARSE)
        try:
            coarse = faiss.read_index(str(beside), faiss.IO_FLAG_MMAP) if beside.exists() else None
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC), coarse)
        except RuntimeError as error:
            raise IndexUnusable(f"{path.name} is damaged; run `citewell build`") from error

    def write(self, path: Path) -> None:
        """Write the index to ``path``."""
        faiss.write_index(self._index, str(path))
        if self._coarse is not None:
            faiss.write_index(self._coarse, str(path.with_suffix(COARSE)))

    def nearest(self, vector: Floats, count: int) -> tuple[NDArray[np.int64], Floats]:
        """Return the ``count`` rows nearest to one unit vector (dimension,), best first, with their cosines.

        Of a large index some may be missed; the cosines are exact.
        """
        if self._coarse is None:
            cosines, rows = self._index.search(vector[None, :], min(count, len(self)))
            return rows[0], cosines[0]
        found = self._coarse.search(vector[None, :], count)[1][0]
        found = np.sort(found[found >= 0])  # -1: the cells held fewer
        exact = self.table[found] @ vector
        order = np.argsort(-exact, kind="stable")
        return found[order], exact[order]

    @cached_property
    def table(self) -> Floats:
        """All vectors (rows, dimension), read-only, without a copy: the index's own memory, mapped or not."""
        flat: Any = self._index
        stored = faiss.rev_swig_ptr(flat.get_xb(), len(self) * self.dimension)
        table = np.asarray(stored, dtype=np.float32).reshape(len(self), self.dimension)
        table.flags.writeable = False
        return table


def _inverted(vectors: Floats) -> faiss.Index:
    """An inverted file of 8-bit vectors, its cells found by k-means (seeded) on a sample."""
    cells = int(2 * len(vectors) ** 0.5)
    index = faiss.index_factory(vectors.shape[1], f"IVF{cells},SQ8", faiss.METRIC_INNER_PRODUCT)
    sample = np.random.default_rng(0).permutation(len(vectors))[: 40 * cells]  # faiss asks for 39 a cell
    index.train(np.ascontiguousarray(vectors[sample], dtype=np.float32))
    index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    return index
