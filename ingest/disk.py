"""Files that are there whole or not at all, whatever stops the program or the machine.

What is only written may be lost or torn when the power fails. What is synced is on the disk, and so is a name in a
folder once the folder is synced.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from ingest.errors import InputError


def check_target(path: Path) -> None:
    """Raise InputError when no file can be put at ``path``, so that long work need not end there. Makes nothing."""
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a file")
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise InputError(f"{path} can not be written: {folder} is no folder to write in; name another path")


def write_bytes(path: Path, content: bytes, *, lasting: bool = True) -> None:
    """Write aside, then put in place in one step: a reader finds the old file or the new one, never half of it.

    What is not ``lasting`` can be made again, and is checked when it is read: it is not synced. Raises InputError when
    it can not be written, with the old file in place unless it was only the folder that could not be synced.
    """
    check_target(path)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        make_folder(path.parent)
        aside.write_bytes(content)
        if lasting:
            sync(aside)
        aside.replace(path)
        if lasting:
            sync(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise InputError(f"{path} can not be written: {error.strerror}; make room, or its folder writable") from None


def make_folder(folder: Path) -> None:
    """Make a folder, and those around it, unless they are there; their names are synced. Raises OSError."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync(folder.parent)


def sync_tree(folder: Path) -> None:
    """Have all that is in ``folder`` on the disk, contents and names. Raises OSError."""
    for path in [*folder.rglob("*"), folder]:
        sync(path)


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk before anything else is done. Raises OSError."""
    if os.name == "nt":  # pragma: no cover  # there, what is opened to be read can not be synced, nor a folder at all
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
