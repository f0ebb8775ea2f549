"""Evaluations that are kept beside the index: ``<home>/evaluations/<UTC time>-<generation>.json``, newest 50.

A file is what `citewell evaluate --save` writes, and says besides what was measured when; --compare reads it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from assistant.evaluation import Evaluation, KindFigures
from index.reader import Index
from ingest.disk import write_bytes
from ingest.errors import InputError

FOLDER = "evaluations"
KEPT = 50
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}\.[0-9]{3}Z-[0-9a-f]{16}\.json")  # sorts by time


class About(Struct, frozen=True):
    """What a run measured, and when."""

    taken: datetime  # UTC
    generation: str
    entries: int
    testset: str  # its absolute path
    split: str | None = None  # of the test set; None: all of it


class Run(Evaluation, frozen=True, kw_only=True):
    """An evaluation that was kept."""

    about: About


class Headline(Struct, frozen=True):
    """What a kept run comes to."""

    about: About
    testset: int  # questions
    overall: KindFigures


def keep(home: Path, index: Index, testset: Path, split: str | None, result: Evaluation) -> Path:
    """Keep what was measured on ``index``, in one step; return where. InputError when it can not be written.

    Of those kept before, the oldest go.
    """
    taken = datetime.now(UTC)
    about = About(taken, index.folder.name, len(index.entries), str(testset.resolve()), split)
    when = f"{taken:%Y%m%dT%H%M%S}.{taken.microsecond // 1000:03}Z"
    path = home / FOLDER / f"{when}-{about.generation}.json"
    write_bytes(path, msgspec.json.encode(Run(**asdict(result), about=about)) + b"\n")
    for old in find_runs(home)[KEPT:]:
        with contextlib.suppress(OSError):  # one too many does no harm
            old.unlink()
    return path


def find_runs(home: Path) -> tuple[Path, ...]:
    """Return the files of the kept runs, newest first; none when nothing was kept."""
    try:
        names = [path for path in (home / FOLDER).iterdir() if _NAME.fullmatch(path.name)]
    except OSError:
        return ()
    return tuple(sorted(names, reverse=True))


def read_run(path: Path) -> Run:
    """Return a kept run. InputError when it can not be read, or another version kept it."""
    return _read(path, Run)


def read_headline(path: Path) -> Headline:
    """Return what a kept run comes to, without its questions. InputError as of `read_run`."""
    return _read(path, Headline)


def find_earlier(about: About, others: Mapping[Path, About]) -> Path | None:
    """Return the latest of ``others`` that was taken earlier, on the same part of the same test set."""
    part = (about.testset, about.split)
    before = {
        path: it.taken for path, it in others.items() if it.taken < about.taken and (it.testset, it.split) == part
    }
    return max(before, key=before.__getitem__, default=None)


_Record = TypeVar("_Record", bound=Struct)


def _read(path: Path, kind: type[_Record]) -> _Record:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise InputError(f"{path} can not be read: {error.strerror}; measure again") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path} is no run of this version ({error}); measure again") from None
