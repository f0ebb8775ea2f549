"""Commands, run in this process as from a shell."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from assistant import cli
from assistant.refusal import calibrate
from index.build import build_index
from ingest.disk import write_bytes
from ingest.entries import encode_entries
from tests.conftest import HashedWords, material_of


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run a command in this process, which has the model loaded already."""

    def run(*arguments: str | Path, stdin: bytes = b"", terminal: bool = False) -> Ran:
        monkeypatch.setattr(sys, "argv", ["citewell", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", (Terminal if terminal else io.TextIOWrapper)(io.BytesIO(stdin)))
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        out, err = capfdbinary.readouterr()
        code = stopped.value.code
        return Ran(code if isinstance(code, int) else 0, out.decode(), err.decode())

    return run


def one_line(ran: Ran) -> str:
    """What a command that failed says: one line, no traceback, nothing on standard output."""
    assert ran.err.count("\n") == 1, ran.err
    assert ran.err.startswith("citewell: ")
    assert ran.out == ""
    return ran.err


class Shelf(NamedTuple):
    """The made-up library with its index, to change as a test likes."""

    corpus: Path
    home: Path

    @property
    def options(self) -> list[str | Path]:
        return ["--corpus", self.corpus, "--home", self.home]

    def rows(self, name: str) -> list[dict[str, object]]:
        return [json.loads(line) for line in (self.corpus / name).read_text("utf-8").splitlines()]

    def bytes(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self.corpus.rglob("*") if path.is_file()}


@pytest.fixture
def shelf(tmp_path: Path, library: Path, encoder: HashedWords, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Indexed with the test encoder, which commands open it with too."""
    for module in ("index.reader", "index.encoder"):
        monkeypatch.setattr(f"{module}.load_encoder", lambda *given: encoder)
    material = material_of(library)
    build_index(tmp_path / "home", material, encoder, calibrate)
    write_bytes(library / "entries.jsonl", encode_entries(material.entries))
    return Shelf(library, tmp_path / "home")
