"""Files that are programs in disguise are read in a process of their own, which can be stopped.

A PDF can loop for ever, and an archive of some kilobytes open to gigabytes. The worker reads the bytes from its
standard input, writes JSON to its standard output, opens nothing else, and has limits of time, memory and output.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from ingest.errors import InputError

Result = TypeVar("Result")

# Seconds. pypdf reads some 50 pages a second, and a page in a folder waits for no one.
DEADLINE = 60.0
# Bytes of memory, and of what comes back: the text of some 5,000 pages.
MEMORY = 1024**3
LARGEST_RESULT = 20 * 1024 * 1024
# How a worker ends that has written why the file can not be read.
REFUSED = 3
# Isolated, so that no file of the working folder stands in for a module; the path is this process's own.
START = "import sys; sys.path[:] = sys.argv[3:]; from ingest.files.worker import work; work(*sys.argv[1:3])"


def convert(kind: Literal["pdf", "docx", "xlsx"], raw: bytes, into: type[Result], deadline: float = DEADLINE) -> Result:
    """What ``ingest.files.<kind>.read`` makes of ``raw``, which is ``into``; within ``deadline`` seconds.

    InputError, without the name of the file, when it can not be read or the worker had to be stopped.
    """
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-IS", "-c", START, kind, str(deadline), root, *filter(None, sys.path)]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=deadline, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise InputError(f"takes longer than {deadline:g} s to read, and was stopped; {_AGAIN}") from None
    if done.returncode == REFUSED:
        raise InputError(done.stdout.decode(errors="replace"))
    if done.returncode:
        raise InputError(f"stopped its reader (exit {done.returncode}), for want of time or memory; {_AGAIN}")
    return msgspec.json.decode(done.stdout, type=into)


_AGAIN = "divide it, or save it as text"


def work(kind: str, deadline: str) -> None:
    """Be the worker: read standard input as ``kind``, write the result or why there is none, and end the process."""
    read = importlib.import_module(f"ingest.files.{kind}").read
    raw = sys.stdin.buffer.read()
    _limit(float(deadline))
    try:
        result = msgspec.json.encode(read(raw))
        if len(result) > LARGEST_RESULT:
            raise InputError(f"holds more than {LARGEST_RESULT // 1024**2} MiB of text; divide it")
    except InputError as error:
        _end(REFUSED, str(error).encode())
    except MemoryError:
        _end(REFUSED, f"needs more than {MEMORY // 1024**2} MiB of memory to read; {_AGAIN}".encode())
    except Exception as error:  # libraries raise anything over what they can not read
        _end(REFUSED, f"is damaged, or not what its name says ({type(error).__name__}); save it again".encode())
    _end(0, result)


def _end(code: int, output: bytes) -> None:
    sys.stdout.buffer.write(output)
    sys.stdout.buffer.flush()
    sys.exit(code)


def _limit(deadline: float) -> None:
    """Limits that hold when no parent is left to keep the time. Set after the imports, which are trusted."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (int(deadline) + 1, int(deadline) + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
