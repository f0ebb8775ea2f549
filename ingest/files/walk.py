"""Which files of a folder are pages. Reads none of them, follows no link, and never leaves the folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ingest.errors import InputError

# Renditions stand beside their pages as <name>.txt.
TEXT = (".txt", ".md", ".markdown")
RENDERED = (".html", ".htm", ".pdf", ".docx", ".csv", ".tsv", ".jsonl", ".xlsx")
# Listed so that the report says what to do with them, where pictures and the like are passed over.
DOCUMENTS = (".doc", ".xls", ".xlsm", ".ppt", ".pptx", ".odt", ".ods", ".rtf", ".epub")
SUFFIXES = (*TEXT, *RENDERED, *DOCUMENTS)
# Files. More is a folder that was not meant, and would be listed for minutes.
MOST = 100_000
# Characters that can not stand in a line of a report or in JSON: control characters, and bytes that are no UTF-8.
UNNAMEABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def list_files(corpus: Path, folder: str) -> tuple[str, ...]:
    """The paths, from ``corpus``, of what could be pages in ``folder`` and below, sorted.

    Hidden files, other kinds of files and renditions are passed over. Links, pipes and folders that can not be opened
    are listed, so that reading them says why they are of no use; a name that is not UTF-8 is listed with escapes.
    InputError when ``folder`` is none, or holds more than MOST files.
    """
    top = corpus / folder
    if top.is_symlink() or not top.is_dir():
        raise InputError(f"{top} is no folder; make it, and put the files into it")
    found: set[str] = set()
    for path in _walk(top, PurePosixPath(folder)):
        found.add(UNNAMEABLE.sub(lambda sign: sign[0].encode("unicode_escape").decode(), path))
        if len(found) > MOST:
            raise InputError(f"{top} holds more than {MOST:,} files; name a folder with fewer")
    return tuple(sorted(found))


def is_rendition(name: str) -> bool:
    """Whether a file of this name is the rendition of a file that is always rendered."""
    return name.lower().endswith(tuple(f"{suffix}.txt" for suffix in RENDERED))


def _walk(top: Path, name: PurePosixPath) -> Iterator[str]:
    """Without recursion: folders nest deeper than calls may."""
    waiting = [(top, name)]
    while waiting:
        folder, within = waiting.pop()
        try:
            with os.scandir(folder) as listing:
                entries = list(listing)
        except OSError:
            yield str(within)
            continue
        names = {entry.name for entry in entries}
        for entry in entries:
            if entry.name.startswith((".", "~$")):  # what an office program has open is ~$name
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append((folder / entry.name, within / entry.name))
            elif _is_wanted(entry, names):
                yield str(within / entry.name)


def _is_wanted(entry: os.DirEntry[str], beside: set[str]) -> bool:
    if entry.is_symlink() and entry.is_dir():
        return True
    low = entry.name.lower()
    rendered = low.endswith(tuple(f"{suffix}.txt" for suffix in (*TEXT, *RENDERED))) and entry.name[:-4] in beside
    return low.endswith(SUFFIXES) and not rendered
