"""Readers of a home whose index is replaced meanwhile; run as a process of its own, too.

    python -m tests.index.readers HOME QUESTIONS STOP READERS [--hashed]

Asks the questions of a JSON list over and over, READERS at a time, until the file STOP exists, and prints what was
answered by which generation as JSON.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import msgspec
from msgspec import Struct

from assistant.answer import answer
from index import reader
from index.reader import Index, open_index
from index.store import turned
from tests.conftest import HashedWords


class Asked(Struct):
    """Which generation answered which question (its number), with what, in how many seconds, and its warning."""

    generation: str
    question: int
    answer: str
    seconds: float
    warning: str


class Shelf:
    """The index that the readers of a process share: opened anew when another one is in place, as in the app."""

    def __init__(self, home: Path) -> None:
        self._home, self._lock = home, threading.Lock()
        self._turn, self._index = "", None  # type: str, Index | None

    def index(self) -> Index:
        with self._lock:
            turn = turned(self._home)
            if self._index is None or turn != self._turn:
                self._turn, self._index = turn, open_index(self._home)
            return self._index


def name_of(index: Index) -> str:
    """A name of its files in 16 letters: what was learned depends on the index before, so one corpus may have more."""
    return hashlib.sha256(msgspec.json.encode(index.manifest.files, order="sorted")).hexdigest()[:16]


def digest(question: str, index: Index) -> str:
    """All of an answer, down to its probabilities, in 16 letters."""
    return hashlib.sha256(repr(answer(question, index)).encode()).hexdigest()[:16]


def read(shelf: Shelf, questions: list[str], stop: Path, start: int) -> list[Asked]:
    """Ask one question after the other until there is a file ``stop``; each of them at least once."""
    asked = []
    for number in count(start):
        if stop.exists() and number >= start + len(questions):
            return asked
        at, began = number % len(questions), time.perf_counter()
        index = shelf.index()
        told = digest(questions[at], index)
        took = time.perf_counter() - began
        asked.append(Asked(name_of(index), at, told, took, index.warning))
    raise AssertionError("counting does not end")


def read_at_once(home: Path, questions: list[str], stop: Path, readers: int) -> list[Asked]:
    """What so many threads read, that share an index and begin at different questions."""
    shelf, apart = Shelf(home), len(questions) // readers
    with ThreadPoolExecutor(readers) as pool:
        running = [pool.submit(read, shelf, questions, stop, apart * each) for each in range(readers)]
        return [asked for each in running for asked in each.result()]


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("home", type=Path)
    given.add_argument("questions", type=Path)
    given.add_argument("stop", type=Path)
    given.add_argument("readers", type=int)
    given.add_argument("--hashed", action="store_true", help="with the test encoder")
    options = given.parse_args()
    if options.hashed:
        reader.load_encoder = lambda *given: HashedWords()  # type: ignore[attr-defined,assignment]
    questions = json.loads(options.questions.read_text("utf-8"))
    asked = read_at_once(options.home, questions, options.stop, options.readers)
    print(msgspec.json.encode(asked).decode())  # noqa: T201


if __name__ == "__main__":
    main()
