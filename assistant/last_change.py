"""The generation that answers and the one before it -> what changed between them."""

from __future__ import annotations

from pathlib import Path

from index.errors import IndexUnusable
from index.reader import Index
from index.store import NAME, open_named, read_pointer
from index.table import Table
from ingest.plan import Plan, make_plan
from ingest.records import Entry

# Entries of both together that are compared: they are all in memory at once, some 3 kB each.
COMPARED = 40_000


def name_previous(home: Path) -> str | None:
    """Return the name of the generation that answered before; None when there was none."""
    name = read_pointer(home / "previous")
    return name if name and NAME.fullmatch(name) else None


def find_change(home: Path, previous: str, index: Index) -> Plan | None:
    """Return what ``index`` changed since the generation ``previous``.

    None when that is not there any more, is damaged or of another version, or when there are too many entries.
    """
    if previous == index.folder.name:
        return None
    try:
        before = Table.open(open_named(home, previous).folder / "entries.jsonl", Entry)
    except (IndexUnusable, OSError, ValueError):
        return None
    if len(before) + len(index.entries) > COMPARED:
        return None
    return make_plan(tuple(before), tuple(index.entries))
