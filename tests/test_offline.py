"""The commands as people start them, watched, and without a network where the machine lets a test do that."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import LIBRARY, ROOT
from tests.index.test_encoder import make_model
from tests.promises import Shown


def alone() -> list[str]:
    """What to put before a command so that it has no network but a loopback of its own; or nothing."""
    prefix = ["unshare", "--net"]
    can = (
        shutil.which("unshare") and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
    )
    return prefix if can else []


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs Linux's list of a process's sockets")
def test_commands_open_no_connection_and_unpickle_nothing(
    tmp_path: Path, noticed: Callable[[], list[str]], shown: Shown
) -> None:
    model, corpus = make_model(tmp_path / "bert"), shutil.copytree(LIBRARY, tmp_path / "library")
    home, prefix = tmp_path / "home", [*alone(), sys.executable]

    def run(*arguments: object) -> str:
        command = [*prefix, *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    citewell = ("-c", "from assistant.cli import run; run()")
    run(*citewell, "build", "--corpus", corpus, "--home", home, "--model", model)
    assert json.loads(run(*citewell, "ask", "What does a late book cost?", "--json", "--home", home))["question"]
    assert json.loads(run(*citewell, "evaluate", corpus / "testset.jsonl", "--json", "--home", home))
    served = json.loads(run("-m", "tests.lone_server", home, corpus))
    assert served["status"] == 200
    listening = f"127.0.0.1:{served['port']}"
    assert [each for each in served["sockets"] if not each.startswith(f"{listening} -> 127.0.0.1:")] == [listening]
    assert noticed() == []
    how = "without a network" if prefix[1:] else "watched"
    shown("Commands open no connection and unpickle nothing", "build, ask, evaluate, serve", 4, f"none does; run {how}")
