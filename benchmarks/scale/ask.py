"""Open an index, ask it questions, say how long that took: `python -m benchmarks.scale.ask INDEX QUESTIONS FOUND`.

Prints a line as soon as the first question is answered, for whoever started this to look at the clock; then an `Asked`
as JSON. Writes the nearest rows of each question to FOUND, an array (questions, TOP).
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

import msgspec
import numpy as np

from index.vectors import Vectors

COUNT = 100  # nearest that are asked for, as the product does
TOP = 10  # nearest that are compared
PASSES = 3  # over all questions; the quickest answer to each counts, as others use the machine too


class Asked(msgspec.Struct, frozen=True):
    """How an index answers on one thread."""

    p50: float  # milliseconds
    p95: float
    p99: float
    memory: float  # MiB at most, what is mapped and was read included
    recall: float | None  # as the index says itself; None: exact


def ask(path: Path, asked: Path, found: Path) -> Asked:
    """Ask each row of ``asked`` of the index at ``path``."""
    questions = np.load(asked)
    vectors = Vectors.open(path)
    vectors.nearest(questions[0], COUNT)
    print("answered", flush=True)
    seconds = np.empty((PASSES, len(questions)))
    nearest = np.full((len(questions), TOP), -1, dtype=np.int64)
    for one in seconds:
        for number, question in enumerate(questions):
            started = perf_counter()
            rows, _ = vectors.nearest(question, COUNT)
            one[number] = perf_counter() - started
            nearest[number] = rows[:TOP]
    np.save(found, nearest)
    times = (float(time) for time in np.percentile(1000 * seconds.min(axis=0), [50, 95, 99]))
    return Asked(*times, peak_memory(), vectors.recall)


def peak_memory() -> float:
    """MiB that this process held at most; what `resource` says counts the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    print(msgspec.json.encode(ask(*map(Path, sys.argv[1:]))).decode())
