"""Builds that are stopped at each of their operations on files, and what then answers.

    python -m tests.index.crash [--every N] [--chances N]

A copy of a home is built anew, and fails at one operation: the build is killed, is told EIO or ENOSPC, or the power
fails. Then the home is opened: what answers is the old index or the new one in every part of it, or none where there
was none, and the next build puts the new one in place. That build is stopped, too. Prints what became of all cases as
JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from assistant.answer import answer
from assistant.refusal import calibrate
from index import reader
from index.build import build_index
from index.errors import IndexUnusable
from index.material import Material
from index.reader import open_index
from ingest.errors import InputError
from tests.conftest import LIBRARY, HashedWords, material_of
from tests.index.faults import FAULTS, Disk, Fault, Operation, fail_at, leave, watched

QUESTIONS = ("fine for a late book", "print in colour", "who painted the ceiling")
WORKERS = os.cpu_count() or 1
MEMORY = Path("/dev/shm")  # a file system that has nothing to wait for at each sync  # noqa: S108
OLD, NEW = 2, 4  # entries
Result = dict[str, Any]


def material(entries: int) -> Material:
    whole = material_of(LIBRARY)
    return Material(whole.corpus, whole.entries[:entries], whole.captures)


def build(home: Path, entries: int) -> None:
    build_index(home, material(entries), HashedWords(), calibrate)


def answers(home: Path) -> list[Any]:
    """All that tells one index from another; ["none", ...] where there is none."""
    try:
        index = open_index(home)
    except IndexUnusable as unusable:
        return ["none", str(unusable).replace(str(home), "")]
    return [
        index.warning,
        index.manifest.content,
        [entry.id for entry in index.entries],
        [path for path, _ in sorted(index.captures.items())],
        [repr(answer(question, index)) for question in QUESTIONS],
    ]


class Child:
    """Something done in a process of its own, beside this one.

    A copy of this process would inherit the locks of libraries that compute on several cores: here nothing is computed.
    """

    def __init__(self, do: Callable[[], Any]) -> None:
        self._told = tempfile.TemporaryFile("w+")  # noqa: SIM115  # both processes have it
        self._process = os.fork()
        if self._process == 0:
            try:
                outcome = do()
            except (OSError, InputError, IndexUnusable) as error:
                outcome = f"{type(error).__name__}: {error}"
            except BaseException:
                outcome = f"FAULT {traceback.format_exc()}"
            json.dump(outcome, self._told)
            self._told.flush()
            os._exit(0)

    def result(self) -> Any:
        """What it returned, or how it failed; "killed" where it could not say."""
        _, status = os.waitpid(self._process, 0)
        self._told.seek(0)
        return json.load(self._told) if os.waitstatus_to_exitcode(status) == 0 else "killed"


def in_child(do: Callable[[], Any]) -> Any:
    return Child(do).result()


def what_is_imported() -> list[str]:
    """The modules that a build and an answer need."""
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder), NEW)
        answers(Path(folder))
    return sorted(name for name in sys.modules if name != "__main__")


class Bench:
    """An old home, and what the old and the new index say."""

    def __init__(self, folder: Path, first: bool) -> None:
        self.folder, self.old = folder, folder / "old"
        self.old.mkdir()
        if not first:
            in_child(lambda: build(self.old, OLD))
        self.expected = {"old": in_child(lambda: answers(self.old))}
        done = self.copy("new")
        self.operations: list[list[Any]] = in_child(lambda: self.record(done))
        self.expected["new"] = in_child(lambda: answers(done))

    def copy(self, name: str) -> Path:
        shutil.rmtree(self.folder / name, ignore_errors=True)
        return Path(shutil.copytree(self.old, self.folder / name))

    def record(self, home: Path) -> list[Operation]:
        seen: list[Operation] = []
        with watched(home, seen.append):
            build(home, NEW)
        return seen

    def name(self, found: list[Any]) -> str:
        """Which index says so: "old", also for none where there was none and what to do is said, or "new"."""
        if found[0] == "none" == self.expected["old"][0] and "run `citewell build`" in found[1]:
            return "old"
        return next((name for name, one in self.expected.items() if found == one), f"WRONG {found}")

    def stopped(self, home: Path, number: int, fault: Fault) -> str:
        """What answers after a build that fails at an operation; and how it ended, when it did so badly."""

        def fail() -> None:
            with watched(home, fail_at(number, fault)):
                build(home, NEW)

        ended = in_child(fail)
        which = self.name(in_child(lambda: answers(home)))
        return f"WRONG {ended}" if str(ended).startswith("FAULT") else which

    def mended(self, home: Path) -> str:
        """What answers after a build that nothing stops."""
        ended = in_child(lambda: build(home, NEW))
        which = self.name(in_child(lambda: answers(home)))
        return which if ended is None else f"WRONG {ended}"

    def cut(self, numbers: range, chances: int) -> dict[str, Counter[str]]:
        """What answers when the power fails after each of the operations. Runs in a process of its own."""
        home, left = self.copy(f"cut{numbers.start}"), self.folder / f"left{numbers.start}"
        disk, became = Disk(home), Counter[str]()
        with watched(home, lambda operation: None, disk.note):
            build(home, NEW)
        ways = [("lost", 0), ("torn", 0), ("zeros", 0), *(("chance", seed) for seed in range(chances))]
        for cut in disk.cuts[numbers.start : numbers.stop : numbers.step]:
            for how, seed in ways:
                leave(cut, disk.root_inode, left, how, seed)
                which = self.name(answers(left))
                became[which if not which.startswith("WRONG") else f"{cut.operation} {how} {seed}: {which}"] += 1
                shutil.rmtree(left)
        leave(disk.cuts[-1], disk.root_inode, left, "lost")  # a build that has ended is not lost
        return {"power": became, "after the end": Counter([self.name(answers(left))])}


def run(bench: Bench, worker: int, every: int, chances: int) -> dict[str, Counter[str]]:
    """The cases of one worker."""
    became: dict[str, Counter[str]] = {}
    numbers = range(1 + worker * every, len(bench.operations) + 1, every * WORKERS)
    for number in numbers:
        for fault in FAULTS:
            home = bench.copy(f"home{worker}")
            which = bench.stopped(home, number, fault)
            place = f"{bench.operations[number - 1]}: " if which.startswith("WRONG") else ""
            became.setdefault(fault, Counter())[place + which] += 1
            if fault == "kill":
                again = bench.stopped(home, number % 97 + 1 + number // 3, "kill")
                became.setdefault("recovery killed", Counter())[again] += 1
            became.setdefault("mended", Counter())[bench.mended(home)] += 1
    cuts = range(numbers.start - 1, len(bench.operations), numbers.step)
    return became | in_child(lambda: bench.cut(cuts, chances))


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("--every", type=int, default=1, help="only every n-th operation")
    given.add_argument("--chances", type=int, default=3, help="ways in which chance leaves what was not synced")
    options = given.parse_args()
    reader.load_encoder = lambda *given: HashedWords()  # type: ignore[attr-defined,assignment]
    for module in in_child(what_is_imported):  # once, and not in each of thousands of copies
        with suppress(ImportError):
            import_module(module)
    told: dict[str, Any] = {}
    for first in (False, True):
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
            bench = Bench(Path(folder), first)
            workers = [Child(partial(run, bench, worker, options.every, options.chances)) for worker in range(WORKERS)]
            became: dict[str, Counter[str]] = {}
            for worker in workers:
                for case, counts in worker.result().items():
                    became.setdefault(case, Counter()).update(counts)
            told["the first index" if first else "an index is replaced"] = {
                "operations": len(bench.operations),
                **became,
            }
    print(json.dumps(told, indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
