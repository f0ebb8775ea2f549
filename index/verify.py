"""Every file of a home read again, whatever was noted of it: what `citewell verify` says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from index.records import FileStamp
from index.runtime import check_model
from index.store import Unsound, open_pointed


class Verdict(Struct, frozen=True):
    """What was found of one part of a home."""

    part: str  # the current index, the previous one, or a model
    files: int = 0
    bytes: int = 0
    problem: str = ""  # none: it is sound


def verify(home: Path) -> tuple[Verdict, ...]:
    """Read all files of the generations that may answer, and of the models; return what was found of each.

    The first is the current generation, whether or not there is one.
    """
    return tuple(_verify(home))


def _verify(home: Path) -> Iterator[Verdict]:
    pointers = ["current", *(["previous"] if (home / "previous").exists() else [])]
    for pointer in pointers:
        try:
            yield _sound(pointer, open_pointed(home, pointer, anew=True).manifest.files)
        except Unsound as unsound:
            yield Verdict(pointer, problem=unsound.reason)
    for folder in sorted((home / "models").glob("[!.]*/")):
        part = f"model {folder.name}"
        try:
            yield _sound(part, check_model(folder, anew=True).files)
        except Unsound as unsound:
            yield Verdict(part, problem=unsound.reason)


def _sound(part: str, stamps: Mapping[str, FileStamp]) -> Verdict:
    return Verdict(part, len(stamps), sum(each.bytes for each in stamps.values()))
