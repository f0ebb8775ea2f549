"""Which files of a folder are pages. Reads none of them, and never leaves the folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ingest.errors import InputError

# Renditions stand beside their pages as <name>.txt.
SUFFIXES = (".html", ".htm", ".txt", ".md", ".markdown", ".pdf", ".docx", ".csv", ".jsonl", ".xlsx")
RENDERED = (".html", ".htm", ".pdf", ".docx", ".csv", ".jsonl", ".xlsx")


def list_files(corpus: Path, folder: str) -> tuple[str, ...]:
    """The paths, from ``corpus``, of the regular files in ``folder`` and below that can be read, sorted.

    Links, hidden files, pipes and renditions are passed over. InputError when ``folder`` is none.
    """
    top = corpus / folder
    if top.is_symlink() or not top.is_dir():
        raise InputError(f"{top} is no folder; make it, and put the files into it")
    return tuple(sorted(_walk(top, PurePosixPath(folder))))


def _walk(top: Path, name: PurePosixPath) -> Iterator[str]:
    for around, folders, files in os.walk(top, followlinks=False):
        folders[:] = [each for each in folders if not each.startswith(".")]
        within = name / Path(around).relative_to(top).as_posix()
        for file in files:
            if file.startswith(".") or _is_rendition(file) or not file.lower().endswith(SUFFIXES):
                continue
            if stat.S_ISREG((Path(around) / file).lstat().st_mode):
                yield str(within / file)


def _is_rendition(file: str) -> bool:
    return file.lower().endswith(tuple(f"{suffix}.txt" for suffix in RENDERED))
