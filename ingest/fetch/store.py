"""Where a refresh lies until it is adopted: ``.fetch/`` in the corpus folder; and the adoption.

``bodies/`` holds the bytes by their SHA-256, ``visits.jsonl`` what was asked for. Captures and their rows change in
``adopt`` alone.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path, PurePosixPath

from filelock import BaseFileLock, FileLock, Timeout

from ingest.captures import check_inside
from ingest.disk import write_bytes
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


def is_refreshed(corpus: Path) -> bool:
    """Whether a refresh of ``corpus`` was ever begun."""
    return (corpus / FOLDER).exists()


def lock_corpus(corpus: Path) -> BaseFileLock:
    """Keep other refreshes away, also those of other processes; InputError where one runs.

    The lock is released at its end as a context or by ``release``. Within one thread it may be taken several times.
    """
    # The system lets go of it when a process ends, however it ends.
    lock = FileLock(open_staging(corpus) / "lock", is_singleton=True)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise InputError(f"{corpus} is being refreshed already; wait for that to end") from None
    return lock


def open_staging(corpus: Path) -> Path:
    """The staging folder, which no version control is to take.

    InputError where it is a link, or has one in it, or can not be made.
    """
    folder = corpus / FOLDER
    check_inside(corpus, folder)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder} can not be made: {error.strerror}; name a corpus folder that is writable") from None
    for path in (folder, *folder.iterdir()):
        if path.is_symlink():  # what is written here is written over
            raise InputError(f"{path} is a link; delete it")
    if not (folder / ".gitignore").exists():
        write_bytes(folder / ".gitignore", b"*\n")
    return folder
