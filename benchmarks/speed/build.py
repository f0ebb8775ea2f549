"""Building an index: from nothing, nothing changed, one entry changed; beside the bare encoding of its texts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from msgspec.structs import replace

from assistant.home import default_home
from benchmarks.speed.bare import Bare
from benchmarks.speed.building import Built, build_all
from benchmarks.speed.given import Given, bundled_rows, real_rows, spread
from benchmarks.speed.parts import show_shares
from benchmarks.speed.plot import Point, plot_lines
from benchmarks.speed.times import growth
from index.encoder import SentenceEncoder
from index.reader import open_index

PARTS = (4, 2, 1)  # a quarter of the entries, half of them, all


def measure(given: Given) -> tuple[Built, ...]:
    """Build the bundled corpus, then growing parts of the real rows; each line is printed when it is known."""
    encoder = open_index(default_home()).encoder
    assert isinstance(encoder, SentenceEncoder)  # noqa: S101  # an index that is opened has no other
    bare, rows = Bare(encoder, own=False), real_rows(given)
    sets = [bundled_rows()]
    if rows:
        sets += [replace(rows, entries=spread(rows.entries, len(rows.entries) // part)) for part in PARTS]
    else:
        print("no rows to see how it grows: name a file of them with --entries, or set CITEWELL_TEST_DATA")
    print(f"{'':52}{'whole':>9}   {'library':>9}   {'texts encoded':>13}   {'memory':>8}")
    built = []
    for each in sets:
        with tempfile.TemporaryDirectory() as folder:
            built.append(build_all(each, bare, Path(folder)))
        _show_built(built[-1])
    return tuple(built)


def _show_built(built: Built) -> None:
    share = built.rate / built.bare
    print(f"    from nothing: {built.rate:.1f} texts/s; bare model {built.bare:.1f} texts/s: {share:.2f} x")
    print(f"    of it encoding alone: {built.encoding:.1f} texts/s, {built.encoding / built.bare:.2f} x")
    for each in built.runs[1:]:
        print(f"    {each.kind}: {each.seconds / built.runs[0].seconds:.4f} x the time from nothing")
    print(f"    asked: {built.cold:.0f} ms and {built.memory:.0f} MiB cold, {built.warm:.2f} ms warm", flush=True)


def show(figures: tuple[Built, ...]) -> None:
    """Print the steps of the largest builds, and how each cost grows with the entries."""
    largest = figures[-1]
    for each in largest.runs:
        print(f"{largest.origin}, {largest.entries} entries, {each.kind}: step by step in the library")
        show_shares(each.indexed.steps)
    for few, many in pairwise(figures[1:]):
        for (cost, before), (_, after) in zip(_costs(few), _costs(many), strict=True):
            power = growth((few.entries, many.entries), (before, after))
            print(f"from {few.entries} to {many.entries} entries: {cost} grows as entries^{power:.2f}")


def _costs(built: Built) -> Iterator[tuple[str, float]]:
    for each in built.runs:
        yield f"{each.kind}, time", each.seconds
        yield f"{each.kind}, memory", each.memory
    yield "asking cold, time", built.cold
    yield "asking cold, memory", built.memory
    yield "asking warm, time", built.warm


def plot(figures: tuple[Built, ...]) -> str:
    """Return the seconds of each kind of build over the entries; of the bundled corpus where there is nothing else."""
    points = [Point(each.kind, built.entries, each.seconds) for built in figures[1:] or figures for each in built.runs]
    return plot_lines(points, "Building an index", "entries", "seconds, as a process")
