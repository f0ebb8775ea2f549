"""The vectors of all views, searched by cosine. The only module that knows faiss.

Rows are views, in their order. The index is exact and memory-mapped: it is read as it is searched.
"""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import IndexUnusable

Floats = NDArray[np.float32]


class Vectors:
    """Unit vectors, one a view."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index
        self.dimension = int(index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @classmethod
    def of(cls, vectors: Floats) -> Vectors:
        """Index ``vectors`` (rows, dimension), float32, each of length 1."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def open(cls, path: Path) -> Vectors:
        """Map a written index into memory.

        Raises IndexUnusable when the file is not a flat inner-product index.
        """
        try:
            return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
        except RuntimeError as error:
            raise IndexUnusable(f"{path.name} is damaged; run `citewell build`") from error

    def write(self, path: Path) -> None:
        """Write the index to ``path``."""
        faiss.write_index(self._index, str(path))

    def nearest(self, vector: Floats, count: int) -> tuple[NDArray[np.int64], Floats]:
        """Return the ``count`` rows nearest to one unit vector (dimension,), best first, with their cosines."""
        cosines, rows = self._index.search(vector[None, :], min(count, len(self)))
        return rows[0], cosines[0]

    def rows(self, rows: NDArray[np.int64]) -> Floats:
        """Return the vectors (len(rows), dimension) of ``rows``, in their order."""
        return np.asarray(self._index.reconstruct_batch(rows), dtype=np.float32)
