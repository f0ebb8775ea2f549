"""The vectors of all views, searched by cosine. The only module that knows faiss.

Rows are views, in their order. They are stored once, as 16-bit numbers, and memory-mapped: read as they are searched.
Where there are many, an inverted file of 4-bit vectors stands beside them and says which rows are worth a look; how
many of the nearest it finds is measured when it is built.

    vectors.faiss         the rows: 2 bytes a number, exact search
    vectors.cells.faiss   from LARGE rows: the inverted file, half a byte a number
    vectors.cells.json    from LARGE rows: how many of its cells are read, and what that finds
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import ceil
from pathlib import Path
from typing import Any

import faiss
import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from index.errors import IndexUnusable

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

CORES = faiss.omp_get_max_threads()
# Rows from which on the inverted file is read. Of 10,000 rows exact search takes 0.35 ms and the inverted file 0.54, of
# 30,000 0.9 and 1.2, of 50,000 1.6 and 2.1, of 100,000 3.6 and 2.4 (medians of benchmarks/scale, one core): they cross
# near 70,000. Until it is clearly the faster, it is not worth the 1 to 3 in 100 of the nearest ten that it misses.
LARGE = 80_000
DEPTH = 100  # candidates of the inverted file whose exact cosines are computed, at least
BLOCK = 512  # rows that are copied at once: they stay in a core's own cache
CHUNK = 16_384  # rows that are read at once as the inverted file is filled: 25 MB
SAMPLE = 40  # rows that a cell is learned from; faiss asks for 39

# What a built inverted file must find of the true nearest TOP, and how that is tried. A question is a row under
# Gaussian noise, at this cosine to it; the row itself does not count. On 14,834 real texts such questions have their
# nearest in other cells as often as 877 texts that were held out: 0.976 and 0.975 are found in 64 of 243 cells. There
# 0.6 and 0.7 do as well, but where rows have siblings they promise too much: of a million, 0.97 where it was 0.92.
RECALL = 0.97
QUESTIONS = 200
LIKENESS = 0.5
TOP = 10


class Trial(Struct, frozen=True):
    """How an inverted file is searched, and what a trial of that found when it was built."""

    probes: int  # cells that are read for a question
    recall: float  # share of the true nearest TOP rows that were found


class Vectors:
    """Unit vectors, one a view. Safe to share between threads; a search runs on the thread that asks for it."""

    def __init__(self, exact: Any, cells: Any = None, trial: Trial | None = None) -> None:
        self._exact, self._cells = exact, cells
        self._search = exact
        self.recall = trial.recall if trial else None  # share of the nearest ten that are found; None: all
        if trial:
            cells.nprobe = trial.probes
            self._search = faiss.IndexRefine(cells, exact)
        self.dimension = int(exact.d)

    def __len__(self) -> int:
        return int(self._exact.ntotal)

    @classmethod
    def of(cls, vectors: Floats) -> Vectors:
        """Index ``vectors`` (rows, dimension), each of length 1, in memory. Search is exact: 5 ms of 100,000 rows."""
        exact = _empty(vectors.shape[1])
        exact.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(exact)

    @classmethod
    def build(
        cls,
        path: Path,
        blocks: Callable[[], Iterable[Floats]],
        rows: int,
        dimension: int,
        like: Vectors | None = None,
    ) -> Vectors:
        """Write an index of unit vectors to ``path`` and beside it, and open it.

        ``blocks`` gives the vectors in order, (any, dimension) at a time, ``rows`` in all. ``like`` is an older index
        of much the same vectors: its cells are used again where they suit. The same input makes the same files.
        """
        faiss.omp_set_num_threads(CORES)
        _write_rows(path, blocks(), rows, dimension)
        if rows >= LARGE:
            exact = cls(_read(path, faiss.IndexScalarQuantizer))
            cells = _fill_cells(exact, like)
            trial = _try_cells(exact, cells)
            faiss.write_index(cells, str(path.with_suffix(".cells.faiss")))
            path.with_suffix(".cells.json").write_bytes(msgspec.json.encode(trial))
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> Vectors:
        """Map a written index into memory. Raises IndexUnusable when a file of it is damaged."""
        beside = path.with_suffix(".cells.faiss")
        try:
            exact = _read(path, faiss.IndexScalarQuantizer)
            if not beside.exists():
                return cls(exact)
            cells = _read(beside, faiss.IndexIVF)
            trial = msgspec.json.decode(path.with_suffix(".cells.json").read_bytes(), type=Trial)
            if (cells.ntotal, cells.d) != (exact.ntotal, exact.d):
                raise ValueError("the inverted file has other rows")
        except (RuntimeError, ValueError, OSError, msgspec.DecodeError) as error:
            raise IndexUnusable(f"{path.name} is damaged; run `citewell build`") from error
        return cls(exact, cells, trial)

    def nearest(self, vector: Floats, count: int) -> tuple[Rows, Floats]:
        """Return the ``count`` rows nearest to one unit vector (dimension,), best first, with their cosines.

        Ties are in the order of the rows. Of a large index some rows may be missed, see `recall`; the cosines are
        exact, to the 16 bits that are stored.
        """
        faiss.omp_set_num_threads(1)  # of this thread: one question is too little to share, and other threads ask too
        wanted = min(count, len(self))
        if not wanted:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        cosines, rows = self._search.search(vector[None, :], max(wanted, min(DEPTH, len(self))))
        order = np.lexsort((rows[0], -cosines[0]))
        order = order[rows[0][order] >= 0][:wanted]  # -1: the cells held fewer
        return rows[0][order], cosines[0][order]

    def at(self, rows: Rows | slice) -> Floats:
        """Return copies of the stored vectors of ``rows``: (rows, dimension)."""
        return self._codes[rows].view(np.float16).astype(np.float32)

    def cosines(self, rows: Rows, vector: Floats) -> Floats:
        """Return the cosine of each of ``rows`` to one unit vector (dimension,): (rows,)."""
        faiss.omp_set_num_threads(1)
        cosines = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), BLOCK):
            # faiss reads 16-bit numbers ten times as fast as numpy, but only in an index
            block = _empty(self.dimension)
            block.add_sa_codes(self._codes[rows[start : start + BLOCK]])
            found, order = block.search(vector[None, :], block.ntotal)
            cosines[start + order[0]] = found[0]
        return cosines

    @property
    def centroids(self) -> Floats | None:
        """The unit vectors that rows are sorted by, each to the nearest: (cells, dimension). None: search is exact."""
        if self._cells is None:
            return None
        found: Floats = self._cells.quantizer.reconstruct_n(0, self._cells.nlist)
        return found

    @property
    def _codes(self) -> NDArray[np.uint8]:
        """The stored rows as bytes, without a copy: (rows, 2 * dimension)."""
        stored = faiss.rev_swig_ptr(self._exact.codes.data(), len(self) * self._exact.code_size)
        return np.asarray(stored, dtype=np.uint8).reshape(len(self), self._exact.code_size)


def _empty(dimension: int) -> Any:
    return faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


def _read(path: Path, kind: type) -> Any:
    index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)  # mapped; other flags copy, or start threads to read
    if not isinstance(index, kind):
        raise ValueError(f"{path.name} holds another kind of index")
    return index


def _write_rows(path: Path, blocks: Iterable[Floats], rows: int, dimension: int) -> None:
    exact = _empty(dimension)
    exact.codes.resize(rows * exact.code_size)
    exact.codes.resize(0)  # the memory stays reserved; growing into it would take twice as much for a while
    for block in blocks:
        exact.add(np.ascontiguousarray(block, dtype=np.float32))
    if exact.ntotal != rows:
        raise ValueError(f"{exact.ntotal} vectors were given where {rows} were promised")
    faiss.write_index(exact, str(path))


def _fill_cells(exact: Vectors, like: Vectors | None) -> Any:
    """An inverted file of all rows, its cells taken from ``like`` or found by k-means (seeded) on a sample."""
    count = int(2 * len(exact) ** 0.5)
    quantizer = faiss.IndexFlatIP(exact.dimension)
    known = like.centroids if like is not None else None
    if known is not None and known.shape[1] == exact.dimension and count / 2 < len(known) < count * 2:
        count = len(known)
        quantizer.add(known)  # what is trained then is only how rows are rounded
    cells = faiss.IndexIVFScalarQuantizer(
        quantizer, exact.dimension, count, faiss.ScalarQuantizer.QT_4bit, faiss.METRIC_INNER_PRODUCT, False
    )
    cells.train(exact.at(_draw(len(exact), SAMPLE * count)))
    for start in range(0, len(exact), CHUNK):
        cells.add(exact.at(slice(start, start + CHUNK)))
    return cells


def _try_cells(exact: Vectors, cells: Any) -> Trial:
    """Choose how many cells are read, by the cells in which the nearest of some questions lie; and try it."""
    own = _draw(len(exact), QUESTIONS)
    questions = _disturb(exact.at(own))
    nearest = exact._exact.search(questions, TOP + 1)[1]
    true = np.stack([rows[rows != mine][:TOP] for rows, mine in zip(nearest, own, strict=True)])
    homes = cells.quantizer.search(exact.at(true.ravel()), 1)[1].reshape(true.shape)
    order = cells.quantizer.search(questions, cells.nlist)[1]
    ranks = np.sort(np.take_along_axis(np.argsort(order, axis=1), homes, axis=1), axis=None)
    probes = int(ranks[ceil(RECALL * len(ranks)) - 1]) + 1
    tried = Vectors(exact._exact, cells, Trial(probes, RECALL))
    kept = 0
    for question, rows, mine in zip(questions, true, own, strict=True):
        found, cosines = tried.nearest(question, TOP + 1)
        least = exact.cosines(rows, question).min() - 1e-6  # any row as near will do: some texts have copies
        kept += int((cosines[found != mine][:TOP] >= least).sum())
    return Trial(probes, kept / true.size)


def _disturb(vectors: Floats) -> Floats:
    noise = np.random.default_rng(0).normal(size=vectors.shape)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    made = LIKENESS * vectors + (1 - LIKENESS**2) ** 0.5 * noise
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


def _draw(rows: int, count: int) -> Rows:
    """``count`` of the rows (seeded), in order."""
    return np.sort(np.random.default_rng(0).permutation(rows)[:count])
