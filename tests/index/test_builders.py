"""Two who build at once, and what one who was killed leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from index import reader
from index.publish import roll_back
from index.reader import open_index
from tests.conftest import ROOT, HashedWords
from tests.index.crash import Child, build
from tests.promises import Shown

PAIRS = 8


@pytest.fixture(autouse=True)
def _test_encoder_can_be_opened(monkeypatch: pytest.MonkeyPatch, encoder: HashedWords) -> None:
    monkeypatch.setattr(reader, "load_encoder", lambda *given: encoder)


def test_of_two_builders_one_answers_and_the_other_can_be_gone_back_to(tmp_path: Path, shown: Shown) -> None:
    for number in range(PAIRS):
        home = tmp_path / str(number)
        home.mkdir()
        builders = [Child(partial(build, home, entries)) for entries in (2, 4)]
        assert [each.result() for each in builders] == [None, None]
        first = open_index(home)
        assert first.warning == ""
        roll_back(home)
        second = open_index(home)
        assert {len(first.entries), len(second.entries)} == {2, 4}
        assert second.warning == ""
        assert len(list((home / "generations").iterdir())) == 2  # and nothing half-written
    promise = "of two builds at once one answers, the other can be gone back to, nothing else is left"
    shown(promise, "two processes build other indexes in one home", PAIRS, "all so")


HOLDER = """
import sys
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_lock_of_a_killed_builder_is_nobodys(tmp_path: Path, shown: Shown) -> None:
    build(tmp_path, 2)
    held = [sys.executable, "-c", HOLDER, str(tmp_path / "lock")]
    with subprocess.Popen(held, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        waiting = threading.Thread(target=build, args=(tmp_path, 4))
        waiting.start()
        waiting.join(2)
        assert waiting.is_alive()  # one builder at a time
        assert len(open_index(tmp_path).entries) == 2  # while readers wait for nobody
        os.kill(holder.pid, signal.SIGKILL)
        waiting.join(60)
    assert len(open_index(tmp_path).entries) == 4
    (tmp_path / "lock").write_bytes(b"4711\n\xff")  # whatever a lock of old says
    build(tmp_path, 3)
    assert len(open_index(tmp_path).entries) == 3
    shown(
        "a lock that was left behind stops nobody",
        "the builder that holds it is killed; its file is garbage",
        2,
        "built",
    )
