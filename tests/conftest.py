"""What tests share: an encoder computed from the text, a made-up corpus, and the bundled corpus indexed for real."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

from assistant.refusal import calibrate
from index.build import build_index
from index.encoder import Precision, load_encoder
from index.material import Material
from index.reader import Index, open_index
from index.words import words_of
from ingest.build import build_entries
from ingest.entries import read_alternates, read_ready_made, read_unanswered
from ingest.overrides import read_overrides, today
from tests.promises import (  # noqa: F401  # what pytest calls, and a fixture
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_configure,
    shown,
    write_table,
)

ROOT = Path(__file__).parent.parent
# The same examples in every run: a change is held to what it changed. `CITEWELL_FUZZ=1` looks for new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("new", print_blob=True)
settings.load_profile("new" if os.environ.get("CITEWELL_FUZZ") else "same")

# What this process and those that tests start must not do is written here: a run in which it is not empty has failed.
WATCHED = "CITEWELL_WATCH" in os.environ  # by the run that started this process
if not WATCHED:
    os.environ["CITEWELL_WATCH"] = str(Path(tempfile.mkdtemp(prefix="citewell-watch-")) / "seen")
    WATCH = str(ROOT / "tests" / "watch")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [WATCH, os.environ.get("PYTHONPATH")]))
SEEN = Path(os.environ["CITEWELL_WATCH"])
LIBRARY = ROOT / "tests" / "data" / "library"


import tests.watch.sitecustomize  # noqa: E402, F401  # from here on


def seen() -> list[str]:
    """What the watch has written down so far."""
    return SEEN.read_text("utf-8").splitlines() if SEEN.exists() else []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    write_table(session)
    if seen():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lines = seen()
    for what, start in (("reached beyond this machine", "reached"), ("unpickled", "unpickled")):
        terminalreporter.write_line(f"{what}: {sum(line.startswith(start) for line in lines)}")
    for line in sorted(set(lines)):
        terminalreporter.write_line(f"  {line}", red=True)
    if not WATCHED:
        shutil.rmtree(SEEN.parent, ignore_errors=True)


class HashedWords:
    """Encodes a text by its words: each adds to two of 256 numbers. Texts that share words come out alike."""

    name = "hashed-words"
    fingerprint = hashlib.sha256(b"hashed words, 256 numbers").hexdigest()
    precision: Precision = "fp32"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def prepare(self) -> str | None:
        """There is nothing to make ready."""
        return None

    def encode(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> NDArray[np.float32]:
        self.encoded += texts
        vectors = np.full((len(texts), 256), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in words_of(text):
                code = zlib.crc32(word.encode())
                vectors[row, [code % 256, code // 256 % 256]] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def material_of(folder: Path) -> Material:
    made = build_entries(folder)
    material = Material(
        corpus=made.corpus,
        entries=made.entries,
        captures={capture.path: capture.text for capture in made.captures},
        alternates=read_alternates(folder / "alternates.jsonl", made.entries),
        unanswered=read_unanswered(folder / "unanswered.jsonl"),
        report=made.report,
    )
    return material.overridden(read_overrides(folder, made.entries, today()).in_force)


@pytest.fixture
def noticed() -> Callable[[], list[str]]:
    """What the watch has written down since the last call, or since the test began; the run does not fail for it."""
    before = seen()

    def take() -> list[str]:
        new = seen()[len(before) :]
        SEEN.write_text("".join(f"{line}\n" for line in before), "utf-8")
        return new

    return take


@pytest.fixture
def encoder() -> HashedWords:
    return HashedWords()


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A corpus folder of a made-up library, to change as a test likes."""
    return Path(shutil.copytree(LIBRARY, tmp_path / "library"))


@pytest.fixture
def material() -> Material:
    return material_of(LIBRARY)


@pytest.fixture
def small(tmp_path: Path, material: Material, encoder: HashedWords) -> Index:
    """The made-up library, indexed with the test encoder."""
    return build_index(tmp_path / "home", material, encoder, calibrate).index


@pytest.fixture
def index_rows(tmp_path: Path, encoder: HashedWords) -> Callable[[Sequence[tuple[str, str]]], Index]:
    """Indexes ready-made (question, answer) rows, as `citewell index` does; their ids are q0, q1 ..."""

    def make(rows: Sequence[tuple[str, str]]) -> Index:
        path = tmp_path / "rows.jsonl"
        records = [{"id": f"q{number}", "question": q, "answer": a} for number, (q, a) in enumerate(rows)]
        path.write_bytes(b"\n".join(json.dumps(record).encode() for record in records))
        material = Material.of_ready_made(read_ready_made(path))
        return build_index(tmp_path / "rows-home", material, encoder, calibrate).index

    return make


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the bundled corpus, indexed with the real model: once for all tests that need it."""
    folder = tmp_path_factory.mktemp("home")
    build_index(folder, material_of(ROOT / "corpus"), load_encoder(home=folder), calibrate)
    return folder


@pytest.fixture(scope="session")
def index(home: Path) -> Index:
    return open_index(home)


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of public test data, which is not part of the project."""
    folder = Path(os.environ.get("CITEWELL_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no test data in {folder}; set CITEWELL_TEST_DATA to a folder that has it")
    return folder
