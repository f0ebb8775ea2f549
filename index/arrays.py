"""Arrays on disk, mapped into memory: opening one reads its header; what it holds is read as it is looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def write_arrays(folder: Path, **arrays: NDArray[Any]) -> None:
    """Write each array into ``folder``, which is created, under its name; the same array gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def open_array(folder: Path, name: str) -> NDArray[Any]:
    """Map the array of that name in ``folder``, read-only. Raises OSError or ValueError when it is none."""
    mapped = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    return np.asarray(mapped)  # a plain view of it: slices of a memmap cost several microseconds each
