"""A text -> the positions where it stands, by a hash: opening reads nothing, and finding a few pages of the file."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import open_array


class Lookup:
    """Positions by the texts that stand there."""

    def __init__(self, table: NDArray[np.uint64]) -> None:
        self._hashes, self._positions = table  # (2, texts), by ascending hash

    @classmethod
    def open(cls, path: Path) -> Lookup:
        """Map a written one into memory."""
        return cls(open_array(path.parent, path.stem))

    def hashes(self) -> NDArray[np.uint64]:
        """Return the hash of the text at each position: (texts,)."""
        hashes = np.empty(len(self._hashes), dtype=np.uint64)
        hashes[self._positions] = self._hashes
        return hashes

    @staticmethod
    def write(path: Path, texts: Iterable[str]) -> None:
        """Write the positions of ``texts``, in their order from 0."""
        Lookup.write_hashes(path, np.array([hash_text(text) for text in texts], dtype=np.uint64))

    @staticmethod
    def write_hashes(path: Path, hashes: NDArray[np.uint64]) -> None:
        """Write the positions of texts by what `hash_text` gives for each: (texts,)."""
        order = np.argsort(hashes, kind="stable")
        np.save(path, np.stack([hashes[order], order.astype(np.uint64)]), allow_pickle=False)

    def find(self, text: str) -> list[int]:
        """Return the positions where ``text`` stands, ascending; now and then one more, where another text does."""
        wanted = np.uint64(hash_text(text))
        first, stop = (int(np.searchsorted(self._hashes, wanted, side=side)) for side in ("left", "right"))
        return [int(position) for position in self._positions[first:stop]]


def hash_text(text: str) -> int:
    """Return 64 bits that change with the text."""
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest())
