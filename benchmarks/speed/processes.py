"""A command -> a fresh process, its seconds, and its peak memory (Linux)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
from msgspec import Struct

LAUNCH = (sys.executable, "-I", "-S", str(Path(__file__).with_name("launch.py")))
PYTHON = sys.executable
CITEWELL = (PYTHON, "-c", "from assistant.cli import run; run()")  # what the script of that name does


class Ran(Struct, frozen=True):
    """What a process took. Its times are those of `time.perf_counter`, the same clock in all processes."""

    started: float
    ended: float
    memory: float  # MiB at most, what is mapped and was read included
    output: str

    @property
    def seconds(self) -> float:
        """From its start to its end."""
        return self.ended - self.started


def run(*command: str) -> Ran:
    """Run ``command`` to its end. Raises RuntimeError, with what it said last, when it fails."""
    launched = subprocess.run([*LAUNCH, *command], capture_output=True, text=True, check=True)
    output, _, told = launched.stdout.rstrip("\n").rpartition("\n")
    started, ended, memory, status = msgspec.json.decode(told, type=tuple[float, float, float, int])
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {status}: {launched.stderr.strip()[-300:]}")
    return Ran(started, ended, memory, output)
