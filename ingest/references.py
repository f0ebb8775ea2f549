"""The rows of files that people write which name an entry by its id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from ingest.entries import read_rows
from ingest.overrides import FILE as OVERRIDES
from ingest.plan import Reference

ALTERNATES = "alternates.jsonl"
FILES = (ALTERNATES, "testset.jsonl")
# A parser of TOML tells no lines. Ids are slugs: no quotation mark or escape stands in them.
NAMED = re.compile(r"""\s*entry\s*=\s*["'](.+?)["']""")


class _Row(Struct):
    """What such a row has, in one file or the other; all else is for those who use it."""

    entry: str | None = None
    paragraph: int | None = None
    relevant: tuple[str, ...] = ()


def read_references(folder: Path) -> Iterator[Reference]:
    """Each name of an entry in the files of ``folder``, in order. InputError names the line that is wrong."""
    for file in FILES:
        for where, row in read_rows(folder / file, _Row) if (folder / file).exists() else ():
            for name in filter(None, (row.entry, *row.relevant)):
                yield Reference(file, where.number, name, row.paragraph)
    yield from _read_overridden(folder / OVERRIDES)


def _read_overridden(path: Path) -> Iterator[Reference]:
    """Each line of ``overrides.toml`` that names an entry; what is wrong with the others, its own reader says."""
    lines = path.read_bytes().decode(errors="replace").splitlines() if path.exists() else []
    for number, line in enumerate(lines, start=1):
        if named := NAMED.match(line):
            yield Reference(path.name, number, named[1])
