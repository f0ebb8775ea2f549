"""The vectors of all views, searched by cosine. The only module that knows faiss.

Rows are views, in their order. The index is exact and memory-mapped: it is read as it is searched.
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

    @cached_property
    def table(self) -> Floats:
        """All vectors (rows, dimension), read-only, without a copy: the index's own memory, mapped or not."""
        flat: Any = self._index
        stored = faiss.rev_swig_ptr(flat.get_xb(), len(self) * self.dimension)
        table = np.asarray(stored, dtype=np.float32).reshape(len(self), self.dimension)
        table.flags.writeable = False
        return table
