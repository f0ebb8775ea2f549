"""The made-up library, indexed with the test encoder, that the targets ask: by itself, and by the commands."""

from __future__ import annotations

import atexit
import io
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest

from assistant import cli
from assistant.answer import answer
from assistant.contract import reply
from assistant.refusal import calibrate
from index.build import build_index
from index.reader import Index, open_index
from tests.conftest import LIBRARY, HashedWords, material_of


def ask(text: str, index: Index) -> None:
    """Ask, also as what goes on from another question: an answer's words stand where its citations say."""
    for after in (None, index.entries[0].id):
        outcome = answer(text, index, after=after)
        assert outcome.question == text
        assert 0 <= outcome.confidence <= 1
        replied = reply(outcome, 0.0)
        for citation in replied.citations:
            assert index.captures[citation.capture][citation.start : citation.end] == citation.quote


def command(arguments: list[str], stdin: bytes = b"") -> bytes:
    """What a command that must not fail writes to its standard output."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    given = ["citewell", arguments[0], "--home", str(library_home()), *arguments[1:]]
    with patch.multiple(sys, argv=given, stdin=io.TextIOWrapper(io.BytesIO(stdin)), stdout=out, stderr=err):
        with pytest.raises(SystemExit) as ended:
            cli.main()
        for stream in (out, err):
            stream.flush()
    assert not ended.value.code, (ended.value.code, err.buffer.getvalue())  # type: ignore[attr-defined]
    return out.buffer.getvalue()  # type: ignore[attr-defined, no-any-return]


@cache
def library_home() -> Path:
    """The made-up library, indexed with the test encoder: once for a process."""
    home = Path(tempfile.mkdtemp(prefix="fuzz-home-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    build_index(home, material_of(LIBRARY), HashedWords(), calibrate)
    return home


@cache
def library() -> Index:
    with patch("index.reader.load_encoder", lambda *given: HashedWords()):
        return open_index(library_home())


def corpus_with(folder: Path, name: str, raw: bytes) -> None:
    """The corpus of the library in ``folder``, with one of its files replaced."""
    for path in LIBRARY.rglob("*"):
        if path.is_file():
            copy = folder / path.relative_to(LIBRARY)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(path.read_bytes())
    (folder / name).write_bytes(raw)
