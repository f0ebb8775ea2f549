"""A generation on disk: one complete, immutable folder with a manifest, named by a pointer.

    <home>/current                   the name of the generation that answers
    <home>/previous                  the name of the one that answered before, to go back to
    <home>/generations/<name>/       manifest.json and the files that it lists

How it gets there: `index/publish.py`. Opening checks every file against the manifest, because faiss loads damaged files
without noticing. A file that was found sound is read again only when the file system says that it changed since: see
`find_damage`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import threading
import time
import weakref
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from index.errors import IndexUnusable
from index.records import FileStamp, Manifest

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

# Raised whenever the files of a generation, or what is computed into them, change their meaning.
SCHEMA = 4
NAME = re.compile(r"[0-9a-f]{16}")


class Standing(Struct, frozen=True):
    """A generation that can answer, by its name."""

    name: str
    folder: Path
    manifest: Manifest


def current_generation(home: Path) -> str | None:
    """Return the name of the generation that answers, or None when there is none."""
    return read_pointer(home / "current")


def open_generation(home: Path) -> tuple[Path, Manifest]:
    """Return the folder and the manifest of the current generation, after checking every file.

    Raises IndexUnusable when there is none, it is damaged, or another version of Citewell made it.
    """
    name = current_generation(home)
    if name is None:
        raise IndexUnusable(f"no index in {home}; run `citewell build`")
    if not NAME.fullmatch(name):
        raise IndexUnusable(f"the index in {home} is damaged (current); run `citewell build`")
    standing = open_named(home, name)
    return standing.folder, standing.manifest


def open_named(home: Path, name: str) -> Standing:
    """Return the generation called ``name``, after checking every file. Raises IndexUnusable like `open_generation`."""
    folder = home / "generations" / name
    manifest = read_manifest(folder)
    if manifest.content[:16] != name:
        raise IndexUnusable(f"the index in {home} is damaged (manifest.json); run `citewell build`")
    damaged = find_damage(folder, manifest.files)
    if damaged is not None:
        raise IndexUnusable(f"the index in {home} is damaged ({damaged}); run `citewell build`")
    return Standing(name, folder, manifest)


def read_pointer(path: Path) -> str | None:
    """Return the name that a pointer holds, or None when there is none."""
    try:
        return path.read_bytes().decode("ascii", errors="replace").strip() or None
    except OSError:
        return None


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a generation. Raises IndexUnusable when it can not be read or has another schema."""
    try:
        written = (folder / "manifest.json").read_bytes()
        schema = msgspec.json.decode(written, type=dict)["schema"]
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError) as error:
        raise IndexUnusable(f"the index in {folder} has no readable manifest; run `citewell build`") from error
    if schema != SCHEMA:
        raise IndexUnusable(f"the index in {folder} has schema {schema}, this is schema {SCHEMA}; run `citewell build`")
    try:
        return msgspec.json.decode(written, type=Manifest)
    except msgspec.DecodeError as error:
        raise IndexUnusable(f"the manifest of {folder} is damaged ({error}); run `citewell build`") from error


class Hold:
    """Keeps a generation from being collected, by this process or another, as long as this object lives.

    An open index reads its files as it needs them. A system without such locks deletes no open file.
    """

    def __init__(self, folder: Path) -> None:
        """Raises OSError when there is no such folder."""
        if fcntl:
            handle = os.open(folder, os.O_RDONLY)
            weakref.finalize(self, os.close, handle)
            fcntl.flock(handle, fcntl.LOCK_SH)


def is_held(folder: Path) -> bool:
    """Whether anybody reads the generation in ``folder``."""
    if not fcntl:
        return False
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


CHECKED = ".checked"  # file of a folder: what each of its files was like when its checksum was right
# Nanoseconds: what changed more lately might change again without another time. File systems count in milliseconds.
SETTLED = 200_000_000


class Seen(Struct, frozen=True):
    """What the file system says of a file. Whoever writes to it, or puts another in its place, changes one of these."""

    bytes: int
    modified: int  # nanoseconds, as `changed`
    changed: int  # also when the time of the modification was set back
    inode: int

    @classmethod
    def of(cls, path: Path) -> Seen:
        """Look at a file. Raises OSError or ValueError when there is none."""
        found = path.stat()
        return cls(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def find_damage(folder: Path, stamps: Mapping[str, FileStamp]) -> str | None:
    """Return the first of ``stamps``, path in ``folder`` -> stamp, whose file is not as stamped; None when all are.

    A checksum is made once: that a file was sound is noted in the folder, and holds until the file system shows a
    change. Where the folder can not be written, every checksum is made every time.
    """
    checked, seen = _read_checked(folder), dict[str, Seen]()
    for name, expected in stamps.items():
        try:
            seen[name] = Seen.of(folder / name)
            if checked.get(name) != seen[name] and stamp(folder / name) != expected:
                return name
        except (OSError, ValueError):  # not there, not readable, or no name of a file
            return name
    if seen != checked and all(one.changed < time.time_ns() - SETTLED for one in seen.values()):
        _write_checked(folder, seen)
    return None


def _read_checked(folder: Path) -> dict[str, Seen]:
    try:
        return msgspec.json.decode((folder / CHECKED).read_bytes(), type=dict[str, Seen])
    except (OSError, ValueError):  # not there, or damaged: then all is checked again
        return {}


def _write_checked(folder: Path, seen: dict[str, Seen]) -> None:
    aside = folder / f"{CHECKED}.{os.getpid()}.{threading.get_ident()}"
    with contextlib.suppress(OSError):
        aside.write_bytes(msgspec.json.encode(seen))
        aside.replace(folder / CHECKED)


def stamp(path: Path) -> FileStamp:
    """Return size and checksum of a file."""
    with path.open("rb") as file:
        return FileStamp(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
