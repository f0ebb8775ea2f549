"""Whatever bytes come in, they are read, or refused in a line that says what to do: in bounded time and memory.

The cases run in a process of their own, which ends at its limits: see `tests/fuzz/__main__.py`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from index.reader import Index
from tests.conftest import ROOT
from tests.fuzz.library import ask
from tests.fuzz.seeds import DATA, bytes_for
from tests.fuzz.targets import TARGETS, feed
from tests.promises import Shown

KEPT = sorted(path for path in (DATA / "fuzz").glob("*/*") if path.is_file())
QUESTIONS, INPUTS, WITH_MODEL = 5000, 1000, 300


def fuzz(folder: Path, *arguments: str) -> list[dict[str, object]]:
    """What became of the cases of each target."""
    command = [sys.executable, "-m", "tests.fuzz", "--crashes", str(folder), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{sorted(map(str, folder.glob('*')))}\n{done.stderr[-5000:]}"
    return [json.loads(line) for line in done.stdout.splitlines()]


def count(told: list[dict[str, object]], outcome: str) -> int:
    return sum(int(str(one.get(outcome, 0))) for one in told)


def test_a_sample_of_bad_input(tmp_path: Path) -> None:
    told = fuzz(tmp_path, "--cases", "12")
    assert [one["target"] for one in told] == list(TARGETS)
    assert count(told, "read") + count(told, "refused") >= 12 * len(TARGETS)
    assert count(told, "read")
    assert count(told, "refused")


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_once_broke_a_promise(path: Path) -> None:
    feed(path.parent.name, path.read_bytes())


@pytest.mark.soak
def test_thousands_of_questions(tmp_path: Path, shown: Shown) -> None:
    told = fuzz(tmp_path, "question", "--cases", str(QUESTIONS))
    assert count(told, "read") >= QUESTIONS
    shown("no question breaks it", "odd text in the library, `ask`, `ask --json`, `ask --jsonl` and `explain`",
          count(told, "read"), "each an outcome and valid JSON; no fault, in 60 s and 1 GiB each")  # fmt: skip


@pytest.mark.soak
@pytest.mark.parametrize("target", [name for name in TARGETS if name != "question"])
def test_thousands_of_inputs(target: str, tmp_path: Path, shown: Shown) -> None:
    told = fuzz(tmp_path, target, "--cases", str(INPUTS))
    read, refused = count(told, "read"), count(told, "refused")
    assert read + refused >= INPUTS
    shown("no input breaks it", f"spoilt and odd bytes: {target}", read + refused,
          f"{read:,} read, {refused:,} refused in one line; no fault, in 60 s and 1 GiB each")  # fmt: skip


@pytest.mark.model
def test_odd_questions_with_the_real_model(index: Index) -> None:
    @settings(max_examples=WITH_MODEL, deadline=None, suppress_health_check=list(HealthCheck))
    @given(bytes_for("question"))
    def asked(raw: bytes) -> None:
        ask(raw.decode("utf-8", "surrogateescape"), index)

    asked()


ARGUMENTS = [
    b"who \xff\xfe may apply", "\ud800?".encode("utf-8", "surrogatepass"), b"\x1b[31mred\x07\x08\x7f", b"\t\n\r", b"",
    "\u202etnemyap\u202c \u2066x".encode(), "cafe\u0301 İstanbul \ufb01n".encode(), b"?!.,;:", b"-", b"--json",
    b"how do I apply " * 8000, "\U0010ffff\ufdd0".encode(), b"'; DROP TABLE x; -- $(id) `id` %s {0}",
]  # fmt: skip


@pytest.mark.model
def test_odd_questions_from_a_shell(home: Path) -> None:
    code = "from assistant.cli import run; run()"
    for argument in ARGUMENTS:
        command = [sys.executable, "-c", code, "ask", "--home", str(home), "--json", "--", argument]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b""), (argument[:50], done.stderr)
        assert json.loads(done.stdout)["question"] == argument.decode("utf-8", "surrogateescape").encode(
            errors="surrogatepass"
        ).decode(errors="replace")
