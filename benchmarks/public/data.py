"""Where the public sets lie, and how they become questions and an index. They are not part of the project."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from assistant.refusal import calibrate
from assistant.testset import Question
from index.build import build_index
from index.encoder import Encoder, Progress
from index.material import Material
from index.reader import Index
from ingest.entries import read_ready_made
from ingest.errors import InputError

SETS = ("banking77", "html_faq", "jhu_covidfaq", "near_dup_jhu", "span_policyqa")
BESIDE = Path(__file__).parents[3] / "shared" / "data"
Row = TypeVar("Row")


class _Asked(Struct):
    id: str
    text: str
    relevant: tuple[str, ...]
    kind: str


def data_folder(*needed: str) -> Path:
    """Return the folder of the public sets: ``$CITEWELL_TEST_DATA``, or ``../shared/data`` beside the checkout.

    Raises InputError when a set that is ``needed`` is not there: without any named, those of `SETS`.
    """
    folder = Path(os.environ.get("CITEWELL_TEST_DATA") or BESIDE)
    missing = [name for name in needed or SETS if not (folder / name).is_dir()]
    if missing:
        raise InputError(
            f"no {', '.join(missing)} in {folder}; set CITEWELL_TEST_DATA to the folder of the public sets"
        )
    return folder


def read_rows(path: Path, content: bytes, kind: type[Row]) -> tuple[Row, ...]:
    """Return the rows of a set, of which ``content`` is the text. Raises InputError when they are not such rows."""
    try:
        return tuple(msgspec.json.Decoder(kind).decode_lines(content))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not a file of this set ({error}); get it again") from None


def read_bytes(path: Path) -> bytes:
    """Return what ``path`` holds. Raises InputError when it can not be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} can not be read ({error.strerror}); get the set again") from None


def read_questions(path: Path) -> tuple[Question, ...]:
    """Return the rows of a ``queries.jsonl``; no relevant entry means out of scope.

    Raises InputError when the file is not there, not such a file, or has no question in scope.
    """
    rows = read_rows(path, read_bytes(path), _Asked)
    if not any(row.relevant for row in rows):
        raise InputError(f"{path} has no question in scope; get the set again")
    return tuple(Question(row.id, row.text, row.relevant, row.kind) for row in rows)


def index_entries(file: Path, home: Path, encoder: Encoder, progress: Progress | None = None) -> Index:
    """Index ready-made rows in ``home``, as ``citewell index`` does. The index reads the texts there when it cites."""
    material = Material.of_ready_made(read_ready_made(file))
    return build_index(home, material, encoder, calibrate, progress).index


def passing_home() -> Path:
    """Return an empty folder that is deleted when the process ends: an index reads its files as it needs them."""
    _homes.append(tempfile.TemporaryDirectory())
    return Path(_homes[-1].name)


_homes: list[tempfile.TemporaryDirectory[str]] = []
