"""How a generation gets in place: written aside and synced (`staging`, `seal`), then named by the pointer (`publish`).

A reader sees the old generation or the new one, never a mix. The one before is kept, and `roll_back` returns to it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import msgspec
from filelock import FileLock
from msgspec import Struct

from index.errors import IndexUnusable
from index.records import Manifest
from index.store import (
    MANIFEST,
    NAME,
    SUM,
    Standing,
    Unsound,
    current_generation,
    is_held,
    open_generation,
    open_named,
    read_manifest,
    read_pointer,
    stamp,
    sum_of,
)
from ingest.disk import make_folder, sync, sync_tree

NO_WAY_BACK = "there is none to go back to until another index is built"
ABANDONED = 86_400  # seconds after which what a killed build left is no build's any more


class Staged(Struct, frozen=True):
    """A generation that is written and synced, and that no pointer names."""

    folder: Path
    name: str


@contextmanager
def staging(home: Path) -> Iterator[Path]:
    """A folder to write a generation to, aside: the home answers as before. It is deleted when the block raises."""
    generations = home / "generations"
    make_folder(generations)
    folder = Path(tempfile.mkdtemp(prefix=".new-", dir=generations))
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def seal(folder: Path, manifest: Manifest) -> Staged:
    """Stamp and sync what was written to ``folder``; the stamps are added to ``manifest``, which is written last."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    stamps = {path.relative_to(folder).as_posix(): stamp(path) for path in paths}
    written = msgspec.json.encode(msgspec.structs.replace(manifest, files=stamps))
    (folder / MANIFEST).write_bytes(written)
    (folder / SUM).write_bytes(sum_of(written))
    sync_tree(folder)
    return Staged(folder, manifest.content[:16])


def publish(home: Path, staged: Staged) -> str:
    """Make a generation that was written aside the current one; return its name.

    The one that answered until now is kept, to go back to; older ones are deleted. One that is damaged can not be gone
    back to: then the one before it is kept.
    """
    generations = home / "generations"
    with FileLock(home / "lock"):  # one builder at a time puts in place and collects
        replaced = _find_sound(home)
        if _is_sound(home, staged.name):  # another builder's, or to go back to: somebody may be reading it
            discard(staged)
        else:
            shutil.rmtree(generations / staged.name, ignore_errors=True)
            staged.folder.rename(generations / staged.name)
        sync(generations)
        _turn(home, replaced, staged.name)
        _collect(home)
    return staged.name


def _find_sound(home: Path) -> str | None:
    """The name of the generation that answers; None where none can."""
    try:
        return open_generation(home).name
    except IndexUnusable:
        return None


def _is_sound(home: Path, name: str) -> bool:
    try:
        open_named(home, name)
    except IndexUnusable:
        return False
    return True


def discard(staged: Staged) -> None:
    """Delete a generation that was written aside and is not wanted."""
    shutil.rmtree(staged.folder, ignore_errors=True)


def roll_back(home: Path) -> tuple[Standing, Manifest | None]:
    """Make the generation that answered before the current one; return it, and the manifest of the one it replaces.

    That one becomes the generation to go back to, so that a second call undoes the first; its manifest is None when it
    can not be read. Raises IndexUnusable, with nothing changed, when there is none to go back to or it is damaged.
    """
    with FileLock(home / "lock") if home.is_dir() else nullcontext():
        current, previous = current_generation(home), read_pointer(home / "previous")
        if previous is None or previous == current:
            raise IndexUnusable(f"there is no earlier index in {home} to go back to; run `citewell build`")
        if not NAME.fullmatch(previous):
            raise IndexUnusable(f"the index in {home} is damaged (previous): {NO_WAY_BACK}")
        try:
            standing = open_named(home, previous)
        except Unsound as unsound:
            raise IndexUnusable(f"{unsound.reason}: {NO_WAY_BACK}") from None
        try:
            replaced = read_manifest(home / "generations" / str(current))
        except IndexUnusable:
            replaced = None
        _turn(home, current, previous)
    return standing, replaced


def _turn(home: Path, current: str | None, name: str) -> None:
    """Let ``name`` answer. Stopped between the two steps, ``current`` answers, and there is none to go back to."""
    if current is not None and NAME.fullmatch(current) and current != name:
        _point(home / "previous", current)
    _point(home / "current", name)


def _point(pointer: Path, name: str) -> None:
    aside = pointer.with_name(f"{pointer.name}.{os.getpid()}")
    try:
        aside.write_text(name + "\n", encoding="utf-8")
        sync(aside)
        aside.replace(pointer)
    finally:
        aside.unlink(missing_ok=True)
    sync(pointer.parent)


def _collect(home: Path) -> None:
    """Delete what neither answers nor can be gone back to, and what killed builds left."""
    kept = {current_generation(home), read_pointer(home / "previous")}
    for path in (home / "generations").iterdir():
        old = bool(NAME.fullmatch(path.name)) and path.name not in kept and not is_held(path)
        if old or (path.name.startswith(".") and _is_abandoned(path)):
            shutil.rmtree(path, ignore_errors=True)


def _is_abandoned(path: Path) -> bool:
    try:
        return path.stat().st_mtime < time.time() - ABANDONED
    except OSError:  # another builder has just finished with it
        return False
