"""overrides.toml -> what a maintainer has decided over the pages, each with a reason and a last day.

An override holds up to and with the day on which it expires. One that has expired is not checked against the entries,
whose pages may have changed since; it changes nothing, and is named until it is renewed or removed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from ingest.entries import read_rows
from ingest.errors import InputError
from ingest.records import Added, Blocked, Entry, Overrides, Pin, Synonym
from ingest.sameness import asked_as, letters_of, plain, whole
from ingest.shorten import shorten
from ingest.spans import strip_marker
from ingest.tables import read_tables

FILE = "overrides.toml"
# The tables of the file, and what they hold: the fields of `Overrides`.
TABLES: Mapping[str, type[Struct]] = {"pin": Pin, "alternate": Added, "synonym": Synonym, "block": Blocked}
# Files with questions that may not be an entry's wording at the same time, and the field that has them.
APART = ("testset.jsonl", "unanswered.jsonl")
SHOWN = 60  # characters of a quote in a message
LONGEST = 300  # characters of a question or synonym; what is longer is none
SOON = timedelta(days=30)  # before the last day: time enough for a maintainer to ask whoever gave the reason

NONE = Overrides()
Override = Pin | Added | Synonym | Blocked
Dated = TypeVar("Dated", Pin, Added, Synonym, Blocked)


class Reviewed(Struct, frozen=True):
    """The overrides of a corpus on one day."""

    in_force: Overrides
    expired: tuple[Override, ...]  # in the order of the file, like those that are ending
    ending: tuple[Override, ...]  # in force, but not for much longer: see SOON


class _Asked(Struct):
    """What a row of one of the files APART has."""

    question: str = ""
    text: str = ""


def today() -> date:
    """The day by this machine's clock. All that expires asks here, so that a test can move it."""
    return date.today()


def label(row: Override) -> str:
    """How a message names an override: by its table and its first field."""
    table = next(name for name, kind in TABLES.items() if isinstance(row, kind))
    return f"{table} {getattr(row, row.__struct_fields__[0])!r}"


def in_force(rows: Iterable[Dated], day: date) -> tuple[Dated, ...]:
    """Those of ``rows`` that hold on ``day``."""
    return tuple(row for row in rows if day <= row.expires)


def find_quote(quote: str, answer: Sequence[str]) -> tuple[int, int, int] | None:
    """Where ``quote`` stands in an entry's ``answer``, verbatim but for white space; None when it does not.

    That is the paragraph, from 0, and the start and end in it, without its list marker. Words count as a whole: "can"
    does not stand in "cannot". The quote may begin with the marker of an item.
    """
    for words in (quote, strip_marker(quote)):
        for number, paragraph in enumerate(answer):
            if found := re.search(whole(words), strip_marker(paragraph)):
                return number, *found.span()
    return None


def read_overrides(folder: Path, entries: Sequence[Entry], day: date) -> Reviewed:
    """The overrides of the corpus in ``folder``, as they are on ``day``; none without such a file.

    InputError names the override that is wrong: a field that is unknown, missing or empty; of those in force also one
    that does not fit ``entries``, contradicts another, or stands in the test set or among the unanswered questions.
    """
    path = folder / FILE
    try:
        overrides = read_tables(path, Overrides, TABLES)
    except FileNotFoundError:
        return Reviewed(NONE, (), ())
    for table in TABLES:
        for number, row in enumerate(getattr(overrides, table), start=1):
            _check_texts(row, f"{path}: {table} {number}")
    kept = Overrides(
        in_force(overrides.pin, day),
        in_force(overrides.alternate, day),
        in_force(overrides.synonym, day),
        in_force(overrides.block, day),
    )
    _check_entries(kept, {entry.id: entry for entry in entries}, path)
    _check_pairs(kept, path)
    _check_apart(kept, folder)
    return Reviewed(
        in_force=kept,
        expired=tuple(row for row in _each(overrides) if row.expires < day),
        ending=tuple(row for row in _each(kept) if row.expires <= day + SOON),
    )


def leave_out(entries: Iterable[Entry], blocked: Collection[str]) -> tuple[Entry, ...]:
    """``entries`` without those that are ``blocked`` (ids), which the others do not name either."""
    return tuple(_without_conflicts(entry, blocked) for entry in entries if entry.id not in blocked)


def _without_conflicts(entry: Entry, blocked: Collection[str]) -> Entry:
    conflicts = tuple(each for each in entry.conflicts if each.entry not in blocked)
    return entry if conflicts == entry.conflicts else msgspec.structs.replace(entry, conflicts=conflicts)


def _each(overrides: Overrides) -> Iterator[Override]:
    return chain(overrides.pin, overrides.alternate, overrides.synonym, overrides.block)


def _wordings(overrides: Overrides) -> Iterator[tuple[Pin | Added, str]]:
    """What people may say, with the override that says so."""
    yield from ((pin, pin.question) for pin in overrides.pin)
    yield from ((row, row.text) for row in overrides.alternate)


def _check_texts(row: Override, where: str) -> None:
    for field in row.__struct_fields__:
        text = getattr(row, field)
        if isinstance(text, str) and not letters_of(text):
            raise InputError(f"{where} has no words in {field}; fill it in")
        if field in ("question", "text", "says", "means") and len(text) > LONGEST:
            raise InputError(f"{where}: {field} has {len(text)} characters; {LONGEST} are the most")


def _check_entries(overrides: Overrides, entries: Mapping[str, Entry], path: Path) -> None:
    naming: tuple[Pin | Added | Blocked, ...] = (*overrides.pin, *overrides.alternate, *overrides.block)
    for row in naming:
        if row.entry not in entries:
            raise InputError(f"{path}: {label(row)}: there is no entry {row.entry!r}; name another, or remove it")
        if row.entry in overrides.blocked and not isinstance(row, Blocked):
            raise InputError(f"{path}: {label(row)}: its entry {row.entry!r} is blocked; remove one of the two")
    for added in overrides.alternate:
        last = len(entries[added.entry].answer) - 1
        if added.paragraph is not None and not 0 <= added.paragraph <= last:
            raise InputError(
                f"{path}: {label(added)}: entry {added.entry!r} has no paragraph {added.paragraph}; "
                f"name one from 0 to {last}, or leave it out"
            )
    for pin in overrides.pin:
        if find_quote(pin.quote, entries[pin.entry].answer) is None:
            raise InputError(
                f"{path}: {label(pin)}: {shorten(pin.quote, SHOWN)!r} does not stand word for word in a paragraph of "
                f"{pin.entry!r}; quote it as the page has it now, or remove the pin"
            )
    if entries and len(overrides.blocked) == len(entries):
        raise InputError(f"{path} blocks every entry; leave one to answer with")


def _check_pairs(overrides: Overrides, path: Path) -> None:
    """That no question has two pins, and no word two meanings."""
    keys = [("pin", asked_as(pin.question), label(pin)) for pin in overrides.pin]
    keys += [("synonym", plain(row.says).casefold(), label(row)) for row in overrides.synonym]
    known: set[tuple[str, str]] = set()
    for table, key, named in keys:
        if (table, key) in known:
            raise InputError(f"{path}: {named} stands there twice; remove one")
        known.add((table, key))


def _check_apart(overrides: Overrides, folder: Path) -> None:
    rows = {letters_of(text): row for row, text in _wordings(overrides)}
    for path in (folder / name for name in APART) if rows else ():
        for line, asked in read_rows(path, _Asked) if path.exists() else ():
            if row := rows.get(letters_of(asked.question or asked.text)):
                raise InputError(f"{folder / FILE}: {label(row)} stands in {line} too; keep it in one of them")
