"""One size -> the figures of exact search and of the inverted file, built and asked in the same run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import msgspec
import numpy as np

from benchmarks.scale.ask import TOP, Asked
from benchmarks.scale.rows import Origins, make_questions, make_rows
from index import vectors
from index.vectors import Floats, Vectors

QUESTIONS = 2000
EXACTLY = 200  # of them are also asked of the exact index, which takes up to 50 ms a question


class Figures(msgspec.Struct, frozen=True):
    """What one way to search costs and finds at one size."""

    rows: int
    way: str  # "exact" or "cells"
    asked: Asked
    recall: float  # share of the true nearest TOP that were found
    cold: float  # seconds from the start of a process to its first answer
    build: float  # seconds, without those in which the rows were made
    again: float | None  # seconds with the cells of an older index; None: exact
    size: float  # MiB of files


def measure(folder: Path, origins: Origins, count: int) -> tuple[Figures, Figures]:
    """Build an index of ``count`` rows in ``folder`` and ask it, with and without its inverted file."""
    ways = {way: folder / way / "vectors.faiss" for way in ("exact", "cells", "again")}
    for path in ways.values():
        path.parent.mkdir()
    seconds = {
        way: _build(path, origins, count, ways["cells"] if way == "again" else None) for way, path in ways.items()
    }
    questions = make_questions(origins, QUESTIONS)
    true, exact, cold = _ask(ways["exact"], questions[:EXACTLY])
    found, cells, cold_cells = _ask(ways["cells"], questions)
    kept = sum(len(np.intersect1d(*pair)) for pair in zip(true, found[:EXACTLY], strict=True)) / (EXACTLY * TOP)
    return (
        Figures(count, "exact", exact, 1.0, cold, seconds["exact"], None, _size(ways["exact"])),
        Figures(count, "cells", cells, kept, cold_cells, seconds["cells"], seconds["again"], _size(ways["cells"])),
    )


def _build(path: Path, origins: Origins, count: int, like: Path | None) -> float:
    """The seconds that building takes: an inverted file stands beside the rows unless ``path`` is to be exact."""
    making = 0.0

    def blocks() -> Iterator[Floats]:
        nonlocal making
        started = perf_counter()
        for block in make_rows(origins, count):
            making += perf_counter() - started
            yield block
            started = perf_counter()

    bars = vectors.MANY, vectors.LARGE
    vectors.MANY, vectors.LARGE = 0, count + 1 if path.parent.name == "exact" else 0
    started = perf_counter()
    try:
        older = (Vectors.open(like), np.arange(count)) if like else None
        Vectors.build(path, blocks, count, origins.rows.shape[1], older)
    finally:
        vectors.MANY, vectors.LARGE = bars
    return perf_counter() - started - making


def _ask(path: Path, questions: Floats) -> tuple[np.ndarray, Asked, float]:
    """The nearest rows (questions, TOP), how a fresh process found them, and the seconds to its first answer."""
    asked, found = path.with_name("questions.npy"), path.with_name("found.npy")
    np.save(asked, questions)
    command = [sys.executable, "-m", "benchmarks.scale.ask", *map(os.fspath, (path, asked, found))]
    started = perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101  # a pipe was asked for
        process.stdout.readline()
        cold = perf_counter() - started
        told = process.stdout.read()
    if process.returncode:
        raise RuntimeError("the process that asks failed")
    return np.load(found), msgspec.json.decode(told, type=Asked), cold


def _size(path: Path) -> float:
    return sum(each.stat().st_size for each in path.parent.glob("vectors.*")) / 2**20
