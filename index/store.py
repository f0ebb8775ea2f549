"""A generation on disk: one complete, immutable folder with a manifest, named by a pointer.

    <home>/current                   the name of the generation that answers
    <home>/generations/<name>/       manifest.json and the files that it lists

A generation is written aside, synced, and put in place by replacing the pointer: a reader sees the old or the new
one, never a mix. Opening checks every file against the manifest, because faiss loads damaged files without noticing.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from filelock import FileLock

from index.errors import IndexUnusable
from index.records import FileStamp, Manifest

# Raised whenever the files of a generation, or what is computed into them, change their meaning.
SCHEMA = 2
NAME = re.compile(r"[0-9a-f]{16}")
ABANDONED = 86_400  # seconds after which what a killed build left is no build's any more
KEPT = 2  # generations: the current one, and one to go back to


def current_generation(home: Path) -> str | None:
    """Return the name of the generation that answers, or None when there is none."""
    try:
        return (home / "current").read_bytes().decode("ascii", errors="replace").strip() or None
    except OSError:
        return None


def open_generation(home: Path) -> tuple[Path, Manifest]:
    """Return the folder and the manifest of the current generation, after checking every file.

    Raises IndexUnusable when there is none, it is damaged, or another version of Citewell made it.
    """
    name = current_generation(home)
    if name is None:
        raise IndexUnusable(f"no index in {home}; run `citewell build`")
    if not NAME.fullmatch(name):
        raise IndexUnusable(f"the index in {home} is damaged (current); run `citewell build`")
    folder = home / "generations" / name
    manifest = _read_manifest(folder)
    if manifest.content[:16] != name:
        raise IndexUnusable(f"the index in {home} is damaged (manifest.json); run `citewell build`")
    for path, stamp in manifest.files.items():
        if not _is_intact(folder / path, stamp):
            raise IndexUnusable(f"the index in {home} is damaged ({path}); run `citewell build`")
    return folder, manifest


def write_generation(home: Path, manifest: Manifest, write: Callable[[Path], None]) -> str:
    """Write a generation and make it the current one; return its name.

    ``write`` fills the folder that it is given; the stamps of its files are added to ``manifest``. When it raises, the
    home answers as before.
    """
    generations = home / "generations"
    generations.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".new-", dir=generations))
    try:
        write(staging)
        paths = sorted(path for path in staging.rglob("*") if path.is_file())
        stamps = {path.relative_to(staging).as_posix(): _stamp(path) for path in paths}
        (staging / "manifest.json").write_bytes(msgspec.json.encode(msgspec.structs.replace(manifest, files=stamps)))
        for path in [
            *paths,
            staging / "manifest.json",
            *(path for path in staging.rglob("*") if path.is_dir()),
            staging,
        ]:
            _sync(path)
        name = manifest.content[:16]
        with FileLock(home / "lock"):  # one builder at a time puts in place and collects
            if (generations / name).exists():  # the same content: damaged, not pointed to, or another builder's
                shutil.rmtree(generations / name)
            staging.rename(generations / name)
            _sync(generations)
            _point(home, name)
            _collect(generations, name)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return name


def _point(home: Path, name: str) -> None:
    aside = home / f"current.{os.getpid()}"
    try:
        aside.write_text(name + "\n", encoding="utf-8")
        _sync(aside)
        aside.replace(home / "current")
    finally:
        aside.unlink(missing_ok=True)
    _sync(home)


def _collect(generations: Path, current: str) -> None:
    others = [path for path in generations.iterdir() if path.name != current]
    old = [path for path in others if NAME.fullmatch(path.name)]
    old = sorted(old, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT - 1 :]
    abandoned = [
        path for path in others if path.name.startswith(".") and path.stat().st_mtime < time.time() - ABANDONED
    ]
    for path in [*old, *abandoned]:
        shutil.rmtree(path, ignore_errors=True)


def _read_manifest(folder: Path) -> Manifest:
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


def _is_intact(path: Path, stamp: FileStamp) -> bool:
    try:
        return _stamp(path) == stamp
    except (OSError, ValueError):  # not there, not readable, or no name of a file
        return False


def _stamp(path: Path) -> FileStamp:
    with path.open("rb") as file:
        return FileStamp(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
