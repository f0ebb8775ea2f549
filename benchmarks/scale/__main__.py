"""Print the figures of each size as a table: `python -m benchmarks.scale [--rows N ...] [--plot FILE.svg]`.

Takes minutes at a million rows, under 2 GB, on Linux. Times are of this machine and hour; the ratios hold. Nothing is
asserted.
"""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np

from assistant.home import default_home
from benchmarks.scale.ask import peak_memory
from benchmarks.scale.measure import Figures, measure
from benchmarks.scale.plot import plot_times
from benchmarks.scale.rows import hold_out
from index.reader import open_index
from index.vectors import LARGE, Floats
from ingest.disk import write_bytes

SIZES = (10_000, 100_000, 1_000_000)
HEAD = (
    f"{'rows':>9} search  {'p50':>7}{'p95':>7}{'p99':>7} ms  {'ratio':>6}  recall@10 (said)"
    f"{'cold':>7} s{'memory':>8} MiB{'files':>7} MiB{'build':>7} s (like an older one)"
)


def main() -> None:
    """Measure each size and print it; then how the cost grows, and the plot."""
    parser = ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=SIZES, metavar="N", help="sizes (%(default)s)")
    parser.add_argument("--vectors", type=Path, help="real unit vectors, .npy (default: those of the current index)")
    parser.add_argument("--plot", type=Path, help="write the times here, as SVG")
    given = parser.parse_args()
    origins = hold_out(_real(given.vectors))
    print(f"{len(origins.rows)} real vectors to make rows from, {len(origins.questions)} to make questions from")
    print(HEAD)
    figures: list[Figures] = []
    for count in sorted(given.rows):
        with tempfile.TemporaryDirectory() as folder:
            exact, cells = measure(Path(folder), origins, count)
        show(exact, exact)
        show(cells, exact)
        figures += (exact, cells)
    for way in ("exact", "cells"):
        grow([each for each in figures if each.way == way])
    print(f"From {LARGE:,} rows on, the product searches cells. The process that built the indexes took", end=" ")
    print(f"{peak_memory():.0f} MiB at most.")
    if given.plot:
        write_bytes(given.plot, plot_times(figures).encode())


def _real(path: Path | None) -> Floats:
    if path is None:
        return open_index(default_home()).vectors.at(slice(None))
    return np.load(path, allow_pickle=False)


def show(each: Figures, base: Figures) -> None:
    """Print one line; the ratio is that of the median times."""
    asked, said = each.asked, "" if each.asked.recall is None else f"({each.asked.recall:.3f})"
    again = "" if each.again is None else f"({each.again:.1f})"
    print(
        f"{each.rows:9} {each.way:7}{asked.p50:8.2f}{asked.p95:7.2f}{asked.p99:7.2f} ms  "
        f"{asked.p50 / base.asked.p50:6.3f}  {each.recall:9.3f} {said:7}{each.cold:6.2f} s{asked.memory:8.0f} MiB"
        f"{each.size:7.0f} MiB{each.build:7.1f} s {again}",
        flush=True,
    )


def grow(figures: list[Figures]) -> None:
    """Print the power of the rows by which the median time grows from one size to the next."""
    for few, many in pairwise(figures):
        power = log(many.asked.p50 / few.asked.p50) / log(many.rows / few.rows)
        print(f"{few.way}: from {few.rows:,} to {many.rows:,} rows the time grows as rows^{power:.2f}")


if __name__ == "__main__":
    main()
