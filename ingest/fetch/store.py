"""Where a refresh lies until it is adopted: ``.fetch/`` in the corpus folder; and the adoption.

``bodies/`` holds the bytes by their SHA-256, ``visits.jsonl`` what was asked for. Captures and their rows change in
``adopt`` alone.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path, PurePosixPath

from ingest.captures import check_inside
from ingest.entries import write_bytes
from ingest.errors import InputError
from ingest.fetch.visits import Visits
from ingest.records import Refreshed
from ingest.sources import PAGES
from ingest.stored import read_stored, write_stored

FOLDER = ".fetch"
VISITS, BODIES = "visits.jsonl", "bodies"


def adopt(folder: Path, refreshed: Refreshed) -> None:
    """Put what a refresh brought in place: captures come and go, then their rows are written, and the staging ends.

    It may be stopped anywhere and done again. InputError, with nothing changed, for a capture outside ``folder``.
    """
    for capture in (*refreshed.files, *refreshed.removed):
        check_capture(folder, capture)
    rows = {row.capture: row for row in refreshed.rows}
    for capture, staged in refreshed.files.items():
        put_in_place(staged, folder / capture, rows[capture].sha256)
    for capture in refreshed.removed:  # before their rows, which are how they are found again
        remove(folder / capture)
    if rows != read_stored(folder):
        write_stored(folder, refreshed.rows)
    met = [reply.url for visited in refreshed.visited for reply in visited.replies]
    Visits(open_staging(folder) / VISITS).settle([*met, *(row.url for row in refreshed.rows)])
    shutil.rmtree(folder / FOLDER / BODIES, ignore_errors=True)


def put_in_place(staged: Path, target: Path, sha256: str) -> None:
    """Copy staged bytes, unless they are there; InputError when they are not what was fetched."""
    if digest_of(target) == sha256:
        return
    if digest_of(staged) != sha256:
        raise InputError(
            f"{staged} is not what was fetched; delete the folder {staged.parent.parent} and refresh again"
        )
    write_bytes(target, staged.read_bytes())


def remove(capture: Path) -> None:
    """Delete a capture with its rendition."""
    capture.unlink(missing_ok=True)
    capture.with_name(f"{capture.name}.txt").unlink(missing_ok=True)


def check_capture(folder: Path, capture: str) -> None:
    """InputError for a capture that is not a file under the pages of ``folder``, by its name or through a link."""
    parts = PurePosixPath(capture).parts
    if parts[:1] != (PAGES,) or len(parts) == 1 or ".." in parts:
        raise InputError(f"{folder / capture} is not under {PAGES}/; correct the row of captures.jsonl")
    check_inside(folder, folder / capture)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file; empty when there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def open_staging(corpus: Path) -> Path:
    """The staging folder, which no version control is to take. InputError for a link in it."""
    folder = corpus / FOLDER
    check_inside(corpus, folder)
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():  # what is written would land where a link leads
        if path.is_symlink():
            raise InputError(f"{path} is a link; delete it and refresh again")
    if not (folder / ".gitignore").exists():
        write_bytes(folder / ".gitignore", b"*\n")
    return folder
