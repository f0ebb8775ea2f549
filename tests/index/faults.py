"""Operations on files that fail on purpose, and what a power cut leaves of them.

Every open, write, sync, rename and delete below a folder is counted. What Python code does is seen; what is written
through a memory map is not, but such a file is opened and synced like all others.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import random
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

Fault = Literal["kill", "EIO", "ENOSPC"]
FAULTS: tuple[Fault, ...] = ("kill", "EIO", "ENOSPC")


class Operation(NamedTuple):
    """One of those that were counted, from 1."""

    number: int
    verb: str
    path: str  # below the folder that is watched


Watcher = Callable[[Operation], None]  # called before the operation; what it raises, the operation raises


def fail_at(number: int, fault: Fault) -> Watcher:
    """Fail once, at the operation of that number."""

    def watch(operation: Operation) -> None:
        if operation.number == number:
            if fault == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(getattr(errno, fault), os.strerror(getattr(errno, fault)), operation.path)

    return watch


@contextmanager
def watched(root: Path, before: Watcher, after: Watcher | None = None) -> Iterator[None]:
    """Count what is done below ``root`` while the block runs."""
    count = 0
    root = root.resolve()

    def run(verb: str, path: Any, do: Callable[[], Any]) -> Any:
        nonlocal count
        where = _below(root, path)
        if where is None:
            return do()
        count += 1
        operation = Operation(count, verb, where)
        before(operation)
        done = do()
        if after:
            after(operation)
        return done

    real = {name: getattr(os, name) for name in ("open", "fsync", "replace", "rename", "unlink", "mkdir", "rmdir")}
    opened: dict[int, str] = {}  # what a descriptor was opened for

    def os_open(path: Any, *given: Any, **named: Any) -> int:
        handle: int = run("open", path, lambda: real["open"](path, *given, **named))
        opened[handle] = os.fspath(path)
        return handle

    def on_path(name: str) -> Callable[..., Any]:
        return lambda path, *given, **named: run(name, path, lambda: real[name](path, *given, **named))

    class Raw(io.FileIO):
        def write(self, data: Any) -> int:
            return int(run("write", self.name, lambda: super(Raw, self).write(data)))

    def open_file(file: Any, mode: str = "r", buffering: int = -1, *given: Any, **named: Any) -> Any:
        if isinstance(file, int) or _below(root, file) is None:
            return real_open(file, mode, buffering, *given, **named)
        if not set(mode) & set("wax+"):
            return run("open", file, lambda: real_open(file, mode, buffering, *given, **named))
        raw = run("open", file, lambda: Raw(os.fspath(file), mode.replace("b", "").replace("t", "")))
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, *given, **named)

    def fsync(handle: int) -> None:
        run("fsync", opened.get(handle, ""), lambda: real["fsync"](handle))

    real_open = builtins.open
    patches: list[tuple[Any, str, Any]] = [
        (builtins, "open", open_file),
        (io, "open", open_file),
        (os, "open", os_open),
        (os, "fsync", fsync),
        (os, "remove", on_path("unlink")),
        *((os, name, on_path(name)) for name in ("replace", "rename", "unlink", "mkdir", "rmdir")),
        (shutil, "_use_fd_functions", False),  # or what it deletes would have no path
        (np.lib._format_impl, "isfileobj", lambda file: False),  # or arrays would be written past Python
    ]
    before_patch = [(module, name, getattr(module, name)) for module, name, _ in patches]
    try:
        for module, name, patch in patches:
            setattr(module, name, patch)
        yield
    finally:
        for module, name, original in before_patch:
            setattr(module, name, original)


def _below(root: Path, path: Any) -> str | None:
    try:
        found = os.path.abspath(os.fsdecode(path))  # noqa: PTH100  # follows no links
    except (TypeError, ValueError):
        return None
    return found[len(str(root)) :] or "/" if found == str(root) or found.startswith(f"{root}{os.sep}") else None


@dataclass(frozen=True)
class Tree:
    """Files and folders by their inode: what stands in each."""

    names: dict[int, dict[str, int]] = field(default_factory=dict)  # of a folder -> those in it
    contents: dict[int, bytes] = field(default_factory=dict)  # of a file

    def copy(self) -> Tree:
        return Tree({folder: dict(names) for folder, names in self.names.items()}, dict(self.contents))


class Cut(NamedTuple):
    """The moment behind an operation: what programs saw, and what was on the disk for good."""

    operation: Operation
    live: Tree
    durable: Tree


class Disk:
    """What of a folder is on the disk for good: the files that were synced, and the names in folders that were."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._held: dict[int, io.FileIO] = {}  # an inode that somebody has open is given to no other file
        self._known: dict[int, tuple[tuple[int, int], bytes]] = {}
        self.root_inode = root.stat().st_ino
        self._durable = self._live()
        self.cuts: list[Cut] = []

    def note(self, operation: Operation) -> None:
        """Told of each operation when it is done."""
        live = self._live()
        path = Path(f"{self.root}{operation.path}")
        if operation.verb == "fsync":
            inode = path.stat().st_ino
            if inode in live.names:
                self._durable.names[inode] = live.names[inode]
            else:
                self._durable.contents[inode] = live.contents[inode]
        self.cuts.append(Cut(operation, live, self._durable.copy()))

    def _live(self) -> Tree:
        tree = Tree()
        for folder, _, files in os.walk(self.root):
            with os.scandir(folder) as found:
                tree.names[Path(folder).stat().st_ino] = {each.name: each.inode() for each in found}
            for name in files:
                self._look(Path(folder, name), tree)
        return tree

    def _look(self, path: Path, tree: Tree) -> None:
        seen = path.stat()
        if seen.st_ino not in self._held:
            self._held[seen.st_ino] = io.FileIO(path)  # and not `open`, which would be counted
        state = (seen.st_size, seen.st_mtime_ns)
        if self._known.get(seen.st_ino, (None,))[0] != state:
            self._known[seen.st_ino] = (state, io.FileIO(path).readall())
        tree.contents[seen.st_ino] = self._known[seen.st_ino][1]


def leave(cut: Cut, root: int, target: Path, how: str, seed: int = 0) -> None:
    """Write to ``target`` what a power cut leaves: all that was synced, and of the rest what ``how`` says.

    "lost": nothing, neither contents nor names; "torn", "zeros": every name, and half of the contents or zeros in their
    place; "chance": any of these and all of it, file by file and name by name, as the ``seed`` has it.
    """
    chance = random.Random(seed)  # noqa: S311

    def content(inode: int) -> bytes:
        live, durable = cut.live.contents.get(inode, b""), cut.durable.contents.get(inode, b"")
        if inode not in cut.live.contents:
            return durable
        left = {"lost": durable, "torn": live[: len(live) // 2], "zeros": bytes(len(live))}
        chosen = chance.choice([*left, "kept"]) if how == "chance" else how
        return live if live == durable else left.get(chosen, live)

    def put(folder: int, path: Path) -> None:
        path.mkdir()
        live, durable = cut.live.names.get(folder, {}), cut.durable.names.get(folder, {})
        for name in {**durable, **live}:
            side = {"lost": durable, "chance": chance.choice((live, durable))}.get(how, live)
            if name in side:
                inode = side[name]
                if inode in cut.live.names or inode in cut.durable.names:
                    put(inode, path / name)
                else:
                    (path / name).write_bytes(content(inode))

    put(root, target)
