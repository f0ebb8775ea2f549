"""A generation on disk: one complete, immutable folder with a manifest, named by a pointer.

    <home>/current                   the name of the generation that answers
    <home>/previous                  the name of the one that answered before, to go back to
    <home>/generations/<name>/       manifest.json, the files that it lists, and its own checksum: manifest.sha256

How it gets there: `index/publish.py`. Opening checks every file against the manifest, because faiss loads damaged files
without noticing; where one is damaged, the generation before answers, with a warning. A file that was found sound is
read again only when the file system says that it changed since, or the machine was started anew: see `find_damage`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
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
except ImportError:  # pragma: no cover  # Windows has none
    fcntl = None  # type: ignore[assignment]

# Raised whenever the files of a generation, or what is computed into them, change their meaning.
SCHEMA = 5
NAME = re.compile(r"[0-9a-f]{16}")
MANIFEST, SUM = "manifest.json", "manifest.sha256"


class Unsound(IndexUnusable):
    """A generation that can not answer; ``reason`` is its message without what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}; run `citewell build`")
        self.reason = reason


class Standing(Struct, frozen=True):
    """A generation that can answer, by its name."""

    name: str
    folder: Path
    manifest: Manifest
    hold: Hold  # on the folder, since before it was checked
    warning: str = ""  # one line that says why this one answers and not the current one, and what to run


def current_generation(home: Path) -> str | None:
    """Return the name of the generation that answers, or None when there is none."""
    return read_pointer(home / "current")


def turned(home: Path) -> str:
    """Return what changes whenever a generation is put in place, be it one that was there before; empty without one."""
    try:
        return f"{current_generation(home)} {(home / 'current').stat().st_mtime_ns}"
    except OSError:
        return ""


def open_generation(home: Path) -> Standing:
    """Return the current generation, after checking every file; where it is damaged, the one before, with a warning.

    Raises IndexUnusable when there is none, both are damaged, or another version of Citewell made them. It is then
    about the current one.
    """
    turn = turned(home)
    try:
        return open_pointed(home, "current")
    except Unsound as unsound:
        if turned(home) != turn:  # replaced, and perhaps collected, while it was read
            return open_generation(home)
        try:
            earlier = open_pointed(home, "previous")
        except Unsound:
            raise unsound from None
        warning = f"{unsound.reason}; the index before it answers until you run `citewell build`"
        return msgspec.structs.replace(earlier, warning=warning)


def open_pointed(home: Path, pointer: str, *, anew: bool = False) -> Standing:
    """Return the generation that a pointer, "current" or "previous", names. Raises Unsound, also without a pointer.

    ``anew`` reads every file again, whatever was noted of it: see `find_damage`.
    """
    name = read_pointer(home / pointer)
    if name is None and not (home / pointer).exists():
        raise Unsound(f"no index in {home}")
    if name is None or not NAME.fullmatch(name):
        raise Unsound(f"the index in {home} is damaged ({pointer})")
    return open_named(home, name, anew=anew)


def open_named(home: Path, name: str, *, anew: bool = False) -> Standing:
    """Return the generation called ``name``, after checking every file. Raises Unsound like `open_generation`."""
    folder = home / "generations" / name
    try:
        hold = Hold(folder)
    except OSError as error:
        raise Unsound(f"the index in {home} is damaged ({name})") from error
    manifest = read_manifest(folder)
    if manifest.content[:16] != name:
        raise Unsound(f"the index in {home} is damaged ({MANIFEST})")
    damaged = find_damage(folder, manifest.files, anew=anew)
    if damaged is not None:
        raise Unsound(f"the index in {home} is damaged ({damaged})")
    return Standing(name, folder, manifest, hold)


def read_pointer(path: Path) -> str | None:
    """Return the name that a pointer holds, or None when there is none."""
    return (_read(path) or b"").decode("ascii", errors="replace").strip() or None


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a generation.

    Raises Unsound when it can not be read, is not as its checksum says, or has another schema.
    """
    unreadable = f"the index in {folder} is damaged ({MANIFEST})"  # no exception: it would keep what raises it alive
    try:
        written = _read(folder / MANIFEST) or b""
        schema = msgspec.json.decode(written, type=dict)["schema"]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError) as error:
        raise Unsound(unreadable) from error
    noted = _read(folder / SUM)
    if schema != SCHEMA and (noted is None or noted == sum_of(written)):  # before schema 5 there was no checksum
        raise Unsound(f"the index in {folder} has schema {schema}, this is schema {SCHEMA}")
    if noted != sum_of(written):
        raise Unsound(f"the index in {folder} is damaged ({MANIFEST} or {SUM})")
    try:
        return msgspec.json.decode(written, type=Manifest)
    except msgspec.DecodeError as error:
        raise Unsound(unreadable) from error


def sum_of(content: bytes, name: str = MANIFEST) -> bytes:
    """What the checksum of the content of a file is written like: a line that `sha256sum --check` reads."""
    return f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode()


def _read(path: Path) -> bytes | None:
    """What a file holds; None where there is none that can be read, or something that is no file."""
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None


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
        """Look at a file. Raises OSError or ValueError when there is none: a pipe or a device would never end."""
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise ValueError(f"{path} is no file")
        return cls(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


class Sound(Struct, frozen=True):
    """What a file was like when it was found to be as stamped."""

    seen: Seen
    stamp: FileStamp


class Checked(Struct, frozen=True):
    """The files that were found sound since the machine was started: one that crashed may have lost what they hold."""

    start: str
    files: dict[str, Sound]


def find_damage(folder: Path, stamps: Mapping[str, FileStamp], *, anew: bool = False) -> str | None:
    """Return the first of ``stamps``, path in ``folder`` -> stamp, whose file is not as stamped; None when all are.

    A checksum is made once: that a file was sound is noted in the folder, and holds until the file system shows a
    change or the machine is started again. ``anew`` makes every checksum, and so do a folder that can not be written
    and a system that does not tell its starts apart.
    """
    checked, found = {} if anew else _read_checked(folder), dict[str, Sound]()
    for name, expected in stamps.items():
        try:
            found[name] = Sound(Seen.of(folder / name), expected)
            same_size = found[name].seen.bytes == expected.bytes
            sound = same_size and (checked.get(name) == found[name] or stamp(folder / name) == expected)
        except (OSError, ValueError):  # not there, not readable, or no name of a file
            sound = False
        if not sound:
            with contextlib.suppress(OSError):
                (folder / CHECKED).unlink()  # what was noted of it may be wrong
            return name
    settled = all(one.seen.changed < time.time_ns() - SETTLED for one in found.values())
    if found != checked and settled and _start():
        _write_checked(folder, found)
    return None


def _read_checked(folder: Path) -> dict[str, Sound]:
    try:
        checked = msgspec.json.decode(_read(folder / CHECKED) or b"", type=Checked)
    except (OSError, ValueError, RecursionError):  # not there, or damaged: then all is checked again
        return {}
    return checked.files if checked.start == _start() else {}


def _write_checked(folder: Path, found: dict[str, Sound]) -> None:
    aside = folder / f"{CHECKED}.{os.getpid()}.{threading.get_ident()}"
    with contextlib.suppress(OSError):
        aside.write_bytes(msgspec.json.encode(Checked(_start(), found)))
        aside.replace(folder / CHECKED)


def _start() -> str:
    """What names this run of the machine; empty where the system does not tell."""
    return (_read(Path("/proc/sys/kernel/random/boot_id")) or b"").decode().strip()


def stamp(path: Path) -> FileStamp:
    """Return size and checksum of a file."""
    with path.open("rb") as file:
        return FileStamp(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
