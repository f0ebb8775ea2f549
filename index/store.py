"""A generation on disk: one complete, immutable folder with a manifest, named by a pointer.

    <home>/current                   the name of the generation that answers
    <home>/previous                  the name of the one that answered before, to go back to
    <home>/generations/<name>/       manifest.json and the files that it lists

How it gets there: `index/publish.py`. Opening checks every file against the manifest, because faiss loads damaged files
without noticing.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import msgspec
from msgspec import Struct

from index.errors import IndexUnusable
from index.records import FileStamp, Manifest

# Raised whenever the files of a generation, or what is computed into them, change their meaning.
SCHEMA = 2
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
    for path, expected in manifest.files.items():
        if not _is_intact(folder / path, expected):
            raise IndexUnusable(f"the index in {home} is damaged ({path}); run `citewell build`")
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


def _is_intact(path: Path, expected: FileStamp) -> bool:
    try:
        return stamp(path) == expected
    except (OSError, ValueError):  # not there, not readable, or no name of a file
        return False


def stamp(path: Path) -> FileStamp:
    """Return size and checksum of a file."""
    with path.open("rb") as file:
        return FileStamp(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
