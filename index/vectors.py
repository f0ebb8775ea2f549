"""The vectors of all views, searched by cosine. With `cells`, the only module that knows faiss.

Rows are views, in their order. They are memory-mapped: read as they are searched. Of very many, an inverted file of
4-bit vectors beside them says which are worth a look; how many of the nearest it finds is measured when it is built.

    vectors.faiss         the rows, for exact search: 4 bytes a number, from MANY rows 2 (always 2 where only the
                          nearest will be asked for)
    vectors.cells.faiss   from LARGE rows: the inverted file, half a byte a number
    vectors.cells.json    from LARGE rows: how many of its cells are read, and what that finds
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import faiss
import msgspec
import numpy as np
from numpy.typing import NDArray

from index.cells import Trial, fill_cells, move_cells, try_cells
from index.errors import IndexUnusable

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

CORES = faiss.omp_get_max_threads()
# Rows from which on they are stored in 16 bits, and searched without computing all cosines, which takes 0.2 ms of 6,000
# rows, 0.4 of 12,000 and 2.4 of 48,000 on one core. Below, the cosines of whatever else is asked for are there already.
MANY = 30_000
# Rows from which on the inverted file is read. Of 10,000 rows exact search takes 0.35 ms and the inverted file 0.54, of
# 30,000 0.9 and 1.2, of 50,000 1.6 and 2.1, of 100,000 3.6 and 2.4 (medians of benchmarks/scale, one core): they cross
# near 70,000. Until it is clearly the faster, it is not worth the 1 to 3 in 100 of the nearest ten that it misses.
LARGE = 80_000
DEPTH = 100  # candidates of the inverted file whose exact cosines are computed, at least
BLOCK = 512  # rows that are copied at once: they stay in a core's own cache
BUFFER = 1 << 20  # bytes that are written at once
EXACT = (faiss.IndexFlat, faiss.IndexScalarQuantizer)  # in 4 bytes, and in 2


class Vectors:
    """Unit vectors, one a view. Safe to share between threads; a search runs on the thread that asks for it."""

    def __init__(self, exact: Any, cells: Any = None, trial: Trial | None = None) -> None:
        self._exact, self.cells = exact, cells
        self._searched = exact
        self.trial = trial  # of the inverted file; None: search is exact
        if trial:
            cells.nprobe = trial.probes
            self._searched = faiss.IndexRefine(cells, exact)
        self.dimension = int(exact.d)

    def __len__(self) -> int:
        return int(self._exact.ntotal)

    @property
    def recall(self) -> float | None:
        """The share of the nearest ten that are found; None: all."""
        return self.trial.recall if self.trial else None

    @classmethod
    def of(cls, vectors: Floats) -> Vectors:
        """Index ``vectors`` (rows, dimension), each of length 1, in memory. Search is exact: 5 ms of 100,000 rows."""
        exact = _empty(vectors.shape[1], stored_as(len(vectors)))
        exact.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(exact)

    @classmethod
    def build(
        cls,
        path: Path,
        blocks: Callable[[], Iterable[Floats]],
        rows: int,
        dimension: int,
        like: tuple[Vectors, Rows] | None = None,
        all_wanted: bool = True,
    ) -> Vectors:
        """Write an index of unit vectors to ``path`` and beside it, and open it.

        ``blocks`` gives the vectors in order, (any, dimension) at a time, ``rows`` in all. ``like`` is an older index
        of nearly the same vectors, and for each row the one of it that is the same, or else a number out of its range:
        its cells are used again, and what their trial told still holds. The same input makes the same files.
        ``all_wanted``: a search will ask for the cosines of most rows, not of the nearest alone.
        """
        faiss.omp_set_num_threads(CORES)
        _write_rows(path, blocks(), rows, _empty(dimension, stored_as(rows) if all_wanted else np.float16))
        if rows >= LARGE:
            exact = cls(_read(path, EXACT))
            if like is not None and like[0].trial and like[0].suits(exact):
                cells, trial = move_cells(exact, like[0].cells, like[1]), like[0].trial
            else:
                cells = fill_cells(exact)
                trial = try_cells(exact, cells)
            _write(path.with_suffix(".cells.faiss"), cells)
            path.with_suffix(".cells.json").write_bytes(msgspec.json.encode(trial))
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> Vectors:
        """Map a written index into memory. Raises IndexUnusable when a file of it is damaged."""
        beside = path.with_suffix(".cells.faiss")
        try:
            exact = _read(path, EXACT)
            if not beside.exists():
                return cls(exact)
            cells = _read(beside, faiss.IndexIVF)
            trial = msgspec.json.decode(path.with_suffix(".cells.json").read_bytes(), type=Trial)
            if (cells.ntotal, cells.d) != (exact.ntotal, exact.d):
                raise ValueError("the inverted file has other rows")
        except (RuntimeError, ValueError, OSError, msgspec.DecodeError) as error:
            raise IndexUnusable(f"{path.name} is damaged; run `citewell build`") from error
        return cls(exact, cells, trial)

    def with_cells(self, cells: Any, trial: Trial) -> Vectors:
        """Return the same rows, searched by an inverted file of them."""
        return Vectors(self._exact, cells, trial)

    def compare(self, vector: Floats) -> Compared:
        """Return what tells the cosine of any row to one unit vector (dimension,)."""
        if self._stored is np.float16:
            return Compared(self, vector, None)
        return Compared(self, vector, products(self._codes.view(np.float32), vector))

    def nearest(self, vector: Floats, count: int) -> tuple[Rows, Floats]:
        """Return the ``count`` rows nearest to one unit vector (dimension,), best first, with their cosines.

        Ties are in the order of the rows. Of a large index some rows may be missed, see `recall`; the cosines are
        exact, to the 16 bits that are stored.
        """
        return self.compare(vector).nearest(count)

    def at(self, rows: Rows | slice) -> Floats:
        """Return copies of the stored vectors of ``rows``: (rows, dimension)."""
        return self._codes[rows].view(self._stored).astype(np.float32)

    def find(self, vector: Floats, count: int) -> tuple[Rows, Floats]:
        """The same as `nearest`, by the index alone."""
        faiss.omp_set_num_threads(1)  # of this thread: one question is too little to share, and other threads ask too
        wanted = min(count, len(self))
        cosines, rows = self._searched.search(vector[None, :], max(wanted, min(DEPTH, len(self))))
        order = np.lexsort((rows[0], -cosines[0]))
        order = order[rows[0][order] >= 0][:wanted]  # -1: the cells held fewer
        return rows[0][order], cosines[0][order]

    def cosines(self, rows: Rows, vector: Floats) -> Floats:
        """Return the cosine of each of ``rows`` to one unit vector (dimension,): (rows,)."""
        faiss.omp_set_num_threads(1)
        cosines = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), BLOCK):
            # faiss reads 16-bit numbers ten times as fast as numpy, but only in an index
            block = _empty(self.dimension, self._stored)
            block.add_sa_codes(self._codes[rows[start : start + BLOCK]])
            found, order = block.search(vector[None, :], block.ntotal)
            cosines[start + order[0]] = found[0]
        return cosines

    def suits(self, exact: Vectors) -> bool:
        """Whether the cells of this index, which has some, do for the rows of another."""
        return self.dimension == exact.dimension and len(exact) / 2 < len(self) < len(exact) * 2

    @property
    def _stored(self) -> type[np.float32 | np.float16]:
        return np.float32 if isinstance(self._exact, faiss.IndexFlat) else np.float16

    @property
    def _codes(self) -> NDArray[np.uint8]:
        """The stored rows as bytes, without a copy: (rows, bytes of one)."""
        stored = faiss.rev_swig_ptr(self._exact.codes.data(), len(self) * self._exact.code_size)
        return np.asarray(stored, dtype=np.uint8).reshape(len(self), self._exact.code_size)


def products(rows: Floats, vector: Floats) -> Floats:
    """Return the inner product of each of ``rows`` (rows, dimension) with a vector (dimension,): (rows,).

    On one core: numpy would share them between cores, and lose a multiple of the time where several threads ask.
    """
    found = np.empty(len(rows), dtype=np.float32)
    faiss.fvec_inner_products_ny(  # type: ignore[attr-defined]
        faiss.swig_ptr(found), faiss.swig_ptr(vector), faiss.swig_ptr(rows), rows.shape[1], len(rows)
    )
    return found


def stored_as(rows: int) -> type[np.float32 | np.float16]:
    """Return the type of the numbers of so many vectors on disk: few are worth the space that saves a conversion."""
    return np.float32 if rows < MANY else np.float16


class Compared:
    """One vector beside all rows of an index."""

    def __init__(self, vectors: Vectors, vector: Floats, cosines: Floats | None) -> None:
        self._vectors, self._vector = vectors, vector
        self._cosines = cosines  # of all rows; None: computed for those that are asked for

    def nearest(self, count: int) -> tuple[Rows, Floats]:
        """Return the ``count`` nearest rows; see `Vectors.nearest`."""
        if self._cosines is None:
            return self._vectors.find(self._vector, count)
        rows = np.arange(len(self._cosines))
        if count < len(rows):
            rows = np.flatnonzero(self._cosines >= np.partition(self._cosines, -count)[-count])
        rows = rows[np.argsort(-self._cosines[rows], kind="stable")][:count]
        return rows, self._cosines[rows]

    def at(self, rows: Rows) -> Floats:
        """Return the cosine of each of ``rows``: (rows,)."""
        return self._vectors.cosines(rows, self._vector) if self._cosines is None else self._cosines[rows]


def _empty(dimension: int, stored: type[np.float32 | np.float16]) -> Any:
    """An index without rows."""
    if stored is np.float32:
        return faiss.IndexFlatIP(dimension)
    return faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


def _read(path: Path, kind: type | tuple[type, ...]) -> Any:
    index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)  # mapped; other flags copy, or start threads to read
    if not isinstance(index, kind) or index.metric_type != faiss.METRIC_INNER_PRODUCT:
        raise ValueError(f"{path.name} holds another kind of index")
    return index


def _write_rows(path: Path, blocks: Iterable[Floats], rows: int, exact: Any) -> None:
    exact.codes.resize(rows * exact.code_size)
    exact.codes.resize(0)  # the memory stays reserved; growing into it would take twice as much for a while
    for block in blocks:
        exact.add(np.ascontiguousarray(block, dtype=np.float32))
    if exact.ntotal != rows:
        raise ValueError(f"{exact.ntotal} vectors were given where {rows} were promised")
    _write(path, exact)


def _write(path: Path, index: Any) -> None:
    """Write an index of faiss by way of Python: what goes wrong is then an OSError that says what."""
    with path.open("wb") as file:
        faiss.write_index(index, faiss.PyCallbackIOWriter(file.write, BUFFER))  # type: ignore[attr-defined]
