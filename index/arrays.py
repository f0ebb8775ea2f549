"""Arrays on disk, mapped into memory: opening one reads its header; what it holds is read as it is looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import DTypeLike, NDArray


def write_arrays(folder: Path, **arrays: NDArray[Any]) -> None:
    """Write each array into ``folder``, which is created, under its name; the same array gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def make_array(path: Path, dtype: DTypeLike, shape: tuple[int, ...]) -> np.memmap[Any, Any]:
    """Write an array of zeros, and map it into memory to be filled. Raises OSError when there is no room for it.

    A file with holes would be cheaper, but where a disk is full whoever fills it is killed.
    """
    np.save(path, np.broadcast_to(np.zeros((), dtype), shape), allow_pickle=False)
    return open_memmap(path, "r+")


def open_array(folder: Path, name: str) -> NDArray[Any]:
    """Map the array of that name in ``folder``, read-only. Raises OSError or ValueError when it is none."""
    mapped = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    return np.asarray(mapped)  # a plain view of it: slices of a memmap cost several microseconds each
