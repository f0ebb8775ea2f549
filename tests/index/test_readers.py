"""Readers, many at once, of an index that is replaced under them: every answer is wholly that of one generation."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import pytest

from assistant.refusal import calibrate
from index import reader
from index.build import build_index
from index.encoder import Encoder, load_encoder
from index.material import Material
from index.reader import Index, open_index
from tests.conftest import LIBRARY, ROOT, HashedWords, material_of
from tests.index.readers import Asked, digest, name_of
from tests.promises import Shown

QUESTIONS, SWAPS, THREADS, SINGLE = 200, 20, 8, 2


class Case(NamedTuple):
    """Versions of a corpus that are published in turn, and what is asked of them."""

    encoder: Encoder
    materials: Sequence[Material]
    questions: list[str]
    options: Sequence[str] = ()  # of a process that reads


@pytest.fixture
def small_case(monkeypatch: pytest.MonkeyPatch) -> Case:
    encoder, words = HashedWords(), ("fine for a late book", "print in colour", "who painted the ceiling", "coffee")
    monkeypatch.setattr(reader, "load_encoder", lambda *given: encoder)
    questions = [f"{words[number % len(words)]} {number}" for number in range(QUESTIONS)]
    return Case(encoder, versions(material_of(LIBRARY)), questions, ["--hashed"])


@pytest.fixture
def real_case(tmp_path: Path) -> Case:
    rows = (ROOT / "corpus/testset.jsonl").read_text("utf-8").splitlines()[:QUESTIONS]
    encoder = load_encoder(home=tmp_path / "home")
    return Case(encoder, versions(material_of(ROOT / "corpus")), [json.loads(row)["question"] for row in rows])


def versions(material: Material) -> Sequence[Material]:
    """The material as it is, without its first entry, and without its second."""
    return [material, *(without(material, material.entries[at].id) for at in (0, 1))]


def without(material: Material, entry: str) -> Material:
    kept = tuple(each for each in material.entries if each.id != entry)
    alternates = tuple(each for each in material.alternates if each.entry != entry)
    return Material(material.corpus, kept, material.captures, alternates, material.unanswered)


def publish(home: Path, case: Case, material: Material) -> None:
    assert build_index(home, material, case.encoder, calibrate).generation  # another one than before


class Told(NamedTuple):
    """What a generation answers to the questions, one after the other, and which of the materials it was made from."""

    material: int
    answers: list[str]


def publish_and_ask(home: Path, case: Case, at: int, told: dict[str, Told]) -> None:
    """Publish the material ``at`` this place; add to ``told`` what a generation that is new answers."""
    publish(home, case, case.materials[at])
    index = open_index(home)
    if name_of(index) not in told:
        told[name_of(index)] = Told(at, [digest(question, index) for question in case.questions])


@contextmanager
def reading(home: Path, case: Case, folder: Path) -> Iterator[list[Asked]]:
    """Readers who ask while the block runs, in three processes; what they read is there when it has ended."""
    folder.mkdir()
    questions, stop = folder / "questions.json", folder / "stop"
    questions.write_text(json.dumps(case.questions), "utf-8")
    command = [sys.executable, "-m", "tests.index.readers", str(home), str(questions), str(stop)]
    outputs = [folder / f"{number}.json" for number in range(1 + SINGLE)]
    running, asked = [], list[Asked]()
    for output, readers in zip(outputs, (THREADS, *[1] * SINGLE), strict=True):
        with output.open("wb") as file:
            running.append(subprocess.Popen([*command, str(readers), *case.options], cwd=ROOT, stdout=file))
    try:
        yield asked
    finally:
        stop.touch()
        codes = [process.wait() for process in running]
    assert codes == [0] * len(running)  # no error
    for output in outputs:
        asked += msgspec.json.decode(output.read_bytes(), type=list[Asked])


def p95(asked: list[Asked]) -> float:
    """In milliseconds."""
    return float(np.percentile([each.seconds for each in asked], 95)) * 1000


def check(case: Case, home: Path, tmp_path: Path, shown: Shown, corpus: str) -> float:
    """Return how many times as long as without new indexes an answer takes, at the 95th percentile."""
    told, places = dict[str, Told](), range(len(case.materials))
    for at in places:
        publish_and_ask(home, case, at, told)
    assert len({tuple(each.answers) for each in told.values()}) == len(places)  # or a mix would not be seen
    with reading(home, case, tmp_path / "calm") as calm:
        pass
    with reading(home, case, tmp_path / "replaced") as asked:
        for at in islice(cycle(places), SWAPS):
            publish_and_ask(home, case, at, told)
    wrong = [
        each for each in (*calm, *asked) if each.answer != told[each.generation].answers[each.question] or each.warning
    ]
    assert wrong == []
    assert {told[each.generation].material for each in asked} == set(places)
    shown(
        f"readers get answers that are wholly of one index, the old or the new ({corpus})",
        f"{SWAPS} new indexes while {THREADS} threads and {SINGLE} processes ask {QUESTIONS} questions over and over",
        len(asked),
        f"0 errors, 0 mixed; p95 of an answer {p95(asked):.1f} ms, without new indexes {p95(calm):.1f} ms",
    )
    return p95(asked) / p95(calm)


SLOWED = 2


def test_readers_while_an_index_is_replaced(small_case: Case, tmp_path: Path, shown: Shown) -> None:
    check(small_case, tmp_path / "home", tmp_path, shown, "test encoder")


@pytest.mark.soak
@pytest.mark.model
def test_readers_while_the_bundled_corpus_is_replaced(real_case: Case, tmp_path: Path, shown: Shown) -> None:
    assert check(real_case, tmp_path / "home", tmp_path, shown, "bundled corpus") <= SLOWED


def ask_at_once(index: Index, questions: list[str], threads: int) -> None:
    alone = [digest(question, index) for question in questions]
    with ThreadPoolExecutor(threads) as pool:
        answers = pool.map(
            lambda start: [digest(each, index) for each in [*questions[start:], *questions[:start]]], range(threads)
        )
        for start, found in enumerate(answers):
            assert found == alone[start:] + alone[:start]


MANY = 32


def test_threads_answer_like_one(small_case: Case, tmp_path: Path, shown: Shown) -> None:
    publish(tmp_path, small_case, small_case.materials[0])
    ask_at_once(open_index(tmp_path), small_case.questions, MANY)
    tell_threads(shown, "test encoder")


@pytest.mark.soak
@pytest.mark.model
def test_threads_answer_like_one_with_the_bundled_corpus(real_case: Case, index: Index, shown: Shown) -> None:
    ask_at_once(index, real_case.questions, MANY)
    tell_threads(shown, "bundled corpus")


def tell_threads(shown: Shown, corpus: str) -> None:
    fault = f"{MANY} threads ask one index {QUESTIONS} questions at once"
    shown(f"answers are the same for many readers as for one ({corpus})", fault, MANY * QUESTIONS, "all the same")
