"""Building an index: from nothing, nothing changed, one entry changed; beside the bare encoding of its texts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from assistant.answer import answer
from assistant.home import default_home
from benchmarks.speed.bare import Bare, Size
from benchmarks.speed.given import Given, Rows, bundled_rows, real_rows, spread, texts_of, write_rows
from benchmarks.speed.indexing import ENCODING, Indexed
from benchmarks.speed.parts import show_shares
from benchmarks.speed.plot import Point, plot_lines
from benchmarks.speed.processes import CITEWELL, PYTHON, run
from benchmarks.speed.times import growth, time_call
from index.encoder import SentenceEncoder
from index.search import open_index

PARTS = (4, 2, 1)  # a quarter of the entries, half of them, all
SAMPLE = 1000  # texts that the bare model encodes, before each build and after it: all would take as long as the build
SIZES = (Size(texts=16), Size(texts=32), Size(tokens=1024))  # of a pass, of which the best counts
QUESTIONS = 200  # that are asked of the index
STARTS = 3  # processes that ask one
NOTHING, SAME, CHANGED = "from nothing", "nothing changed", "one entry changed"


class Build(Struct, frozen=True):
    """One build by `citewell index`."""

    kind: str
    seconds: float  # from the start of the process to its end
    memory: float  # MiB at most
    indexed: Indexed


class Built(Struct, frozen=True):
    """All builds of one size."""

    origin: str
    entries: int
    texts: int  # that are to be encoded: views and unanswered questions, copies once
    bare: float  # texts a second, mean of the samples
    runs: tuple[Build, ...]
    cold: float  # ms of a process that asks the index, median
    memory: float  # MiB that it held at most
    warm: float  # ms of a question to the open index, median

    @property
    def rate(self) -> float:
        """Texts a second of the build from nothing, as a process."""
        return self.texts / self.runs[0].seconds

    @property
    def encoding(self) -> float:
        """Texts a second of that build while it encodes."""
        return self.texts / next(step.seconds for step in self.runs[0].indexed.steps if step.name == ENCODING)


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
            built.append(_build(each, bare, Path(folder)))
    return tuple(built)


def _build(rows: Rows, bare: Bare, folder: Path) -> Built:
    texts, home = texts_of(rows, folder), folder / "home"
    print(f"{rows.name}: {len(rows.entries)} entries, {len(texts)} texts", flush=True)
    sample = spread(texts, SAMPLE)
    rates, runs = [_bare_rate(bare, sample)], []
    for kind, changed in ((NOTHING, rows), (SAME, rows), (CHANGED, change_one(rows))):
        runs.append(_index(kind, changed, folder, home))
        _show_run(runs[-1])
        if kind == NOTHING:
            rates.append(_bare_rate(bare, sample))
    asked = [run(*CITEWELL, "ask", rows.entries[0].question, "--home", str(home)) for _ in range(STARTS)]
    built = Built(
        rows.name,
        len(rows.entries),
        len(texts),
        sum(rates) / len(rates),
        tuple(runs),
        1000 * median(each.seconds for each in asked),
        max(each.memory for each in asked),
        _warm(home, [row.question for row in spread(rows.entries, QUESTIONS)]),
    )
    _show_built(built)
    return built


def _bare_rate(bare: Bare, sample: tuple[str, ...]) -> float:
    return max(len(sample) / time_call(partial(bare.encode, sample, size)) for size in SIZES)


def change_one(rows: Rows) -> Rows:
    """Return ``rows`` with one more sentence in an entry in the middle."""
    middle = len(rows.entries) // 2
    entry = rows.entries[middle]
    changed = replace(entry, answer=(*entry.answer[:-1], f"{entry.answer[-1]} This has been changed only today."))
    return replace(rows, entries=(*rows.entries[:middle], changed, *rows.entries[middle + 1 :]))


def _index(kind: str, rows: Rows, folder: Path, home: Path) -> Build:
    path = folder / "entries.jsonl"
    write_rows(path, rows.entries)
    options = ["--entries", str(path), "--home", str(home), *(["--corpus", str(rows.corpus)] if rows.corpus else [])]
    ran = run(PYTHON, "-m", "benchmarks.speed.indexing", *options)
    return Build(kind, ran.seconds, ran.memory, msgspec.json.decode(ran.output, type=Indexed))


def _warm(home: Path, questions: list[str]) -> float:
    index = open_index(home)
    answer(questions[0], index)
    return 1000 * median(time_call(partial(answer, question, index)) for question in questions)


def _show_run(each: Build) -> None:
    print(
        f"    {each.kind:48}{each.seconds:9.2f} s {each.indexed.library:9.2f} s {each.indexed.encoded:13} "
        f"{each.memory:8.0f} MiB",
        flush=True,
    )


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
        for name, *costs in zip(_costs(few), _costs(many), strict=True):
            (kind, one), (_, other) = name, costs[0]
            power = growth((few.entries, many.entries), (one, other))
            print(f"from {few.entries} to {many.entries} entries: {kind} grows as entries^{power:.2f}")


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
