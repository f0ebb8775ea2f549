"""A generation on disk: one complete, immutable folder with a manifest, named by a pointer.

    <home>/current                   the name of the generation that answers
    <home>/generations/<name>/       manifest.json and the files that it lists

A generation is written aside, synced, and put in place by replacing the pointer: a reader sees the old or the new
one, never a mix. Opening checks every file against the manifest, because faiss loads damaged files without noticing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from index.errors import IndexUnusable
from index.records import FileStamp, Manifest

# Raised whenever the files of a generation, or what is computed into them, change their meaning.
SCHEMA = 1
KEPT = 2  # generations: the current one, and one to go back to


def current_generation(home: Path) -> str | None:
    """Return the name of the generation that answers, or None when there is none."""
    try:
        return (home / "current").read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def open_generation(home: Path) -> tuple[Path, Manifest]:
    """Return the folder and the manifest of the current generation, after checking every file.

    Raises IndexUnusable when there is none, it is damaged, or another version of Citewell made it.
    """
    name = current_generation(home)
    if name is None:
        raise IndexUnusable(f"no index in {home}; run `citewell build`")
    folder = home / "generations" / name
    manifest = _read_manifest(folder)
    for path, stamp in manifest.files.items():
        if not (folder / path).is_file() or _stamp(folder / path) != stamp:
            raise IndexUnusable(f"the index in {home} is damaged ({path}); run `citewell build`")
    return folder, manifest


def write_generation(home: Path, manifest: Manifest, write: Callable[[Path], None]) -> str:
    """Write a generation and make it the current one; return its name.

    ``write`` fills the folder that it is given; the stamps of its files are added to ``manifest``. Nothing of the
    home changes when it raises.
    """
    generations = home / "generations"
    generations.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".new-", dir=generations))
    try:
        write(staging)
        paths = sorted(path for path in staging.rglob("*") if path.is_file())
        stamps = {path.relative_to(staging).as_posix(): _stamp(path) for path in paths}
        (staging / "manifest.json").write_bytes(msgspec.json.encode(msgspec.structs.replace(manifest, files=stamps)))
        for path in [*paths, staging / "manifest.json"]:
            _sync(path)
        name = manifest.content[:16]
        if (generations / name).exists():  # the same content, but damaged or not pointed to
            shutil.rmtree(generations / name)
        staging.rename(generations / name)
        _sync(generations)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    _point(home, name)
    _collect(generations, name)
    return name


def _point(home: Path, name: str) -> None:
    aside = home / f"current.{os.getpid()}"
    aside.write_text(name + "\n", encoding="utf-8")
    _sync(aside)
    aside.replace(home / "current")
    _sync(home)


def _collect(generations: Path, current: str) -> None:
    others = [path for path in generations.iterdir() if path.name != current and not path.name.startswith(".")]
    for path in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _read_manifest(folder: Path) -> Manifest:
    try:
        written = (folder / "manifest.json").read_bytes()
        schema = msgspec.json.decode(written, type=dict)["schema"]
    except (OSError, msgspec.DecodeError, KeyError) as error:
        raise IndexUnusable(f"the index in {folder} has no readable manifest; run `citewell build`") from error
    if schema != SCHEMA:
        raise IndexUnusable(f"the index in {folder} has schema {schema}, this is schema {SCHEMA}; run `citewell build`")
    try:
        return msgspec.json.decode(written, type=Manifest)
    except msgspec.DecodeError as error:
        raise IndexUnusable(f"the manifest of {folder} is damaged ({error}); run `citewell build`") from error


def _stamp(path: Path) -> FileStamp:
    with path.open("rb") as file:
        return FileStamp(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
