"""Print the figures of each benchmark, or of those named, on Linux.

Absolute times are of this machine and hour; the ratios, measured in turn, hold. `build` takes a minute for each
thousand entries or two, and nearly as long again for a quarter and a half of them.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from assistant.home import default_home
from benchmarks.speed import build, encoding, question, start, throughput
from benchmarks.speed.given import Given, real_rows
from index.errors import IndexUnusable
from index.reader import open_index
from ingest.disk import write_bytes
from ingest.errors import InputError

BENCHMARKS = {
    "start": start,
    "question": question,
    "throughput": throughput,
    "encoding": encoding,
    "build": build,
}
ROWS = 20_000


def main() -> None:
    """Run what is named, or all; exit with 2 where the input is bad, with 3 where there is no index."""
    parser = ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--rows", type=int, default=ROWS, metavar="N", help="entries at most (%(default)s)")
    parser.add_argument("--entries", type=Path, metavar="FILE", help="real {question, answer} rows, one JSON a line")
    parser.add_argument("--plot", type=Path, metavar="FOLDER", help="write a plot of each here, as SVG")
    given = parser.parse_args()
    try:
        _run(given.names or [*BENCHMARKS], Given(given.rows, given.entries), given.plot)
    except (InputError, IndexUnusable) as error:
        print(f"speed: {error}", file=sys.stderr)
        sys.exit(3 if isinstance(error, IndexUnusable) else 2)


def _run(names: list[str], given: Given, plots: Path | None) -> None:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        raise InputError(f"no benchmark is called {unknown[0]!r}; name one of {', '.join(BENCHMARKS)}")
    if given.rows < max(build.PARTS):
        raise InputError(f"--rows {given.rows} leaves nothing to measure; give {max(build.PARTS)} or more")
    open_index(default_home())
    real_rows(given)  # say now, not after minutes, what is wrong with a file
    for name in names:
        benchmark = BENCHMARKS[name]
        print(f"\n{name}: {benchmark.__doc__.splitlines()[0]}", flush=True)
        figures = benchmark.measure(given)
        benchmark.show(figures)
        if plots:
            write_bytes(plots / f"{name}.svg", benchmark.plot(figures).encode())


if __name__ == "__main__":
    main()
