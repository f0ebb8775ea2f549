"""Records on disk, one line of JSON each, read as they are asked for: opening a table reads none of them."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, overload

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from index.arrays import open_array
from index.errors import IndexUnusable

ENDS = ".ends.npy"  # what the file of the lines' ends is called instead of ".jsonl"
REMEMBERED = 512  # records read one by one: what is found once is soon found again
Record = TypeVar("Record", bound=Struct)


class Table(Sequence[Record]):
    """The records of one kind, in order."""

    def __init__(self, name: str, lines: mmap.mmap | bytes, ends: NDArray[np.int64], kind: type[Record]) -> None:
        self._name = name  # of the file
        self._lines = lines
        self._ends = ends  # (records + 1,): where each line ends, in bytes, after the 0 where the first begins
        self._decoder = msgspec.json.Decoder(kind)
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._read)

    @classmethod
    def open(cls, path: Path, kind: type[Record]) -> Table[Record]:
        """Map written records into memory. Raises OSError or ValueError when they are not there or not whole."""
        ends = open_array(path.parent, path.with_suffix(ENDS).stem)
        with path.open("rb") as file:
            lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if ends[-1] else b""
        if len(lines) != ends[-1]:
            raise ValueError(f"{path.name} does not end where its last record does")
        return cls(path.name, lines, ends, kind)

    @staticmethod
    def write(path: Path, records: Iterable[Struct]) -> None:
        """Write ``records`` to ``path``, and beside it where each ends."""
        encoder, ends = msgspec.json.Encoder(), [0]
        with path.open("wb") as file:
            for record in records:
                ends.append(ends[-1] + file.write(encoder.encode(record) + b"\n"))
        np.save(path.with_suffix(ENDS), np.array(ends, dtype=np.int64), allow_pickle=False)

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Record]: ...
    def __getitem__(self, at: int | slice) -> Record | Sequence[Record]:
        if isinstance(at, slice):
            first, stop, step = at.indices(len(self))
            if step != 1:
                raise ValueError(f"records are read in order, not in steps of {step}")
            return self._decode(first, max(first, stop))
        return self._remembered(range(len(self))[at])

    def _read(self, row: int) -> Record:
        return self._decode(row, row + 1)[0]

    def _decode(self, first: int, stop: int) -> list[Record]:
        """Raises IndexUnusable where a line is no record: its file was damaged since it was found sound."""
        try:
            return self._decoder.decode_lines(self._lines[self._ends[first] : self._ends[stop]])
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            message = f"the index is damaged ({self._name}); run `citewell verify`, then `citewell build`"
            raise IndexUnusable(message) from error

    def __iter__(self) -> Iterator[Record]:
        for first in range(0, len(self), 1000):  # together they are read faster than one by one
            yield from self[first : first + 1000]
