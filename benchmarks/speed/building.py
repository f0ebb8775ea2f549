"""Rows -> an index of them, built from nothing, then with nothing changed, then with one entry changed; and asked."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from statistics import median

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from assistant.answer import answer
from benchmarks.speed.bare import Bare, Size
from benchmarks.speed.given import Rows, spread, texts_of, write_rows
from benchmarks.speed.indexing import ENCODING, Indexed
from benchmarks.speed.processes import CITEWELL, PYTHON, run
from benchmarks.speed.times import time_call
from index.reader import open_index

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


def build_all(rows: Rows, bare: Bare, folder: Path) -> Built:
    """Return what each build of ``rows`` takes, printing it as soon as it is known; ``folder`` takes the files."""
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
    return Built(
        rows.name,
        len(rows.entries),
        len(texts),
        sum(rates) / len(rates),
        tuple(runs),
        1000 * median(each.seconds for each in asked),
        max(each.memory for each in asked),
        _warm(home, [row.question for row in spread(rows.entries, QUESTIONS)]),
    )


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
