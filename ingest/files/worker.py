"""Files that are programs in disguise are read in a process of their own, which can be stopped.

A PDF can loop for ever, and an archive of some kilobytes open to gigabytes. The worker reads the bytes from its
standard input, writes JSON to its standard output, opens nothing else, and has limits of time, memory and output.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from ingest.errors import InputError

Result = TypeVar("Result")

# Seconds. With its cores busy the machine of the tests read 10 to 15 pages of PDF a second.
DEADLINE = 60.0
# Bytes of memory, and of what comes back: the text of some 5,000 pages.
MEMORY = 1024**3
LARGEST_RESULT = 20 * 1024 * 1024
AGAIN = "divide it, or save it as text"
# How a worker ends that has written why the file can not be read.
REFUSED = 3
# openpyxl imports numpy, which else reserves memory for each core.
SMALL = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
# Isolated, so that no file of the working folder stands in for a module; the path is this process's own.
START = "import sys; sys.path[:] = sys.argv[4:]; from ingest.files.worker import work; work(*sys.argv[1:4])"


def convert(
    kind: Literal["pdf", "docx", "xlsx"],
    raw: bytes,
    into: type[Result],
    deadline: float = DEADLINE,
    memory: int = MEMORY,
) -> Result:
    """What ``ingest.files.<kind>.read`` makes of ``raw``, which is ``into``; in ``deadline`` s and ``memory`` bytes.

    InputError, without the name of the file, when it can not be read or the worker had to be stopped.
    """
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-IS", "-c", START, kind, str(deadline), str(memory), root, *filter(None, sys.path)]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=raw, capture_output=True, timeout=deadline, check=False, env=os.environ | SMALL
        )
    except subprocess.TimeoutExpired:
        raise InputError(f"takes longer than {deadline:g} s to read, and was stopped; {AGAIN}") from None
    if done.returncode == REFUSED:
        raise InputError(done.stdout.decode(errors="replace"))
    if done.returncode < 0:
        raise InputError(f"stopped its reader (signal {-done.returncode}), for want of time or memory; {AGAIN}")
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise InputError(f"can not be read, its reader failed ({reason}); {AGAIN}")
    return msgspec.json.decode(done.stdout, type=into)


def work(kind: str, deadline: str, memory: str) -> None:
    """Be the worker: read standard input as ``kind``, write the result or why there is none, and end the process."""
    read = importlib.import_module(f"ingest.files.{kind}").read
    raw = sys.stdin.buffer.read()
    fault = f"needs more than {int(memory) // 1024**2} MiB of memory to read; {AGAIN}"
    result = b""
    _limit(float(deadline), int(memory))
    try:
        result = msgspec.json.encode(read(raw))
    except MemoryError:
        pass  # nothing new can be made here: what took the memory is held until this block is left
    except InputError as error:
        fault = str(error)
    except Exception as error:  # libraries raise anything over what they can not read
        fault = f"is damaged, or not what its name says ({type(error).__name__}); save it again"
    if len(result) > LARGEST_RESULT:
        fault, result = f"holds more than {LARGEST_RESULT // 1024**2} MiB of text; divide it", b""
    sys.stdout.buffer.write(result or fault.encode())
    sys.stdout.buffer.flush()
    sys.exit(0 if result else REFUSED)


def _limit(deadline: float, memory: int) -> None:
    """Limits that hold when no parent is left to keep the time. Set after the imports, which are trusted."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (int(deadline) + 1, int(deadline) + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
