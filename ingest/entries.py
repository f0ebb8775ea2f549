"""The rows of the corpus on disk: entries, alternates, unanswered questions, ready-made entries."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from ingest.addresses import claims_address, is_address
from ingest.errors import InputError
from ingest.records import Alternate, Capture, Entry, Occurrence, Source, Unanswered
from ingest.slugs import make_slug

Row = TypeVar("Row")


class Line(Struct, frozen=True):
    """Where a row stands; as text, how a message names it."""

    path: Path
    number: int  # from 1

    def __str__(self) -> str:
        return f"{self.path}, line {self.number}"


class ReadyMade(Struct, frozen=True):
    """Entries that came as rows, with the capture that was composed so that their citations can be checked."""

    entries: tuple[Entry, ...]
    capture: Capture


class _ReadyRow(Struct):
    """One row of a file for ``citewell index``; other keys are ignored."""

    question: str
    answer: str | list[str]
    id: str | int | None = None
    source: str | None = None


def read_entries(path: Path) -> tuple[Entry, ...]:
    """The rows of ``entries.jsonl`` in order. InputError names the line that is wrong."""
    entries: dict[str, Entry] = {}
    for where, entry in read_rows(path, Entry):
        if not (entry.id and entry.question and entry.answer and entry.occurrences and all(entry.answer)):
            raise InputError(f"{where}: an id, the question, a paragraph or the occurrences are empty; build it again")
        if entry.id in entries:
            raise InputError(f"{where}: the id {entry.id!r} stands there twice; build it again")
        entries[entry.id] = entry
    return tuple(entries.values())


def encode_entries(entries: Iterable[Entry]) -> bytes:
    """``entries.jsonl`` as bytes: one entry a line, in the order given."""
    return b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries)


def json_lines(rows: Iterable[Struct]) -> bytes:
    """The rows as files that people edit have them: one a line, a space after each comma and colon."""
    return b"".join(msgspec.json.format(msgspec.json.encode(row), indent=0) + b"\n" for row in rows)


def read_alternates(path: Path, entries: Iterable[Entry], without: Collection[int] = ()) -> tuple[Alternate, ...]:
    """The rows of ``alternates.jsonl``; none without such a file. InputError for an unknown entry or paragraph.

    ``without`` are lines that are passed over, whatever they name.
    """
    return tuple(row for _, row in alternates_by_line(path, entries, without))


def alternates_by_line(
    path: Path, entries: Iterable[Entry], without: Collection[int] = (), blocked: Collection[str] = ()
) -> Iterator[tuple[Line, Alternate]]:
    """The same rows, each with its line; those of the entries ``blocked`` (ids) are passed over too."""
    paragraphs = {entry.id: len(entry.answer) for entry in entries}
    for where, row in read_rows(path, Alternate) if path.exists() else ():
        if where.number in without or row.entry in blocked:
            continue
        check_place(where, row.entry, row.paragraph, paragraphs)
        yield where, _with_text(where, row)


def check_place(where: Line, entry: str, paragraph: int | None, paragraphs: Mapping[str, int]) -> None:
    """Raise InputError when ``paragraphs`` (entry -> how many it has) lacks the entry, or it the paragraph."""
    if entry not in paragraphs:
        raise InputError(f"{where}: there is no entry {entry!r}; name another, or drop the row")
    if paragraph is not None and not 0 <= paragraph < paragraphs[entry]:
        raise InputError(
            f"{where}: entry {entry!r} has no paragraph {paragraph}; "
            f"name one from 0 to {paragraphs[entry] - 1}, or null"
        )


def read_unanswered(path: Path) -> tuple[Unanswered, ...]:
    """The rows of ``unanswered.jsonl``; none when there is no such file."""
    return tuple(row for _, row in unanswered_by_line(path))


def unanswered_by_line(path: Path) -> Iterator[tuple[Line, Unanswered]]:
    """The same rows, each with its line."""
    for where, row in read_rows(path, Unanswered) if path.exists() else ():
        yield where, _with_text(where, row)


def read_ready_made(path: Path) -> ReadyMade:
    """Entries from rows ``{"question", "answer": str or list, "id"?, "source"?}``, with a capture composed of them.

    Rows without an id get the slug of their question. InputError names the line that is wrong.
    """
    source = Source(path.name, f"{path.name}.txt", "faq", publisher="", licence="")
    texts: list[str] = []
    entries: dict[str, Entry] = {}
    position = 0
    for where, row in read_rows(path, _ReadyRow):
        question, answer = _clean_row(where, row)
        name = make_slug(question, entries) if row.id is None else str(row.id)
        if not name.strip() or name in entries:
            fault = f"the id {name!r} stands there twice" if name in entries else "the id is empty"
            raise InputError(f"{where}: {fault}; give each row its own")
        text = "\n\n".join((question, *answer))
        url = row.source if row.source and claims_address(row.source) else None
        if url and not is_address(url):
            raise InputError(f"{where}: the source {url!r} is no http or https address; correct it or name a title")
        occurrence = Occurrence(
            source=row.source or path.name,
            url=url,
            capture=source.capture,
            start=position,
            end=position + len(text),
            heading=None,
            date=None,
            method="ready-made",
            score=1.0,
        )
        entries[name] = Entry(name, "qa", question, answer, (), (occurrence,))
        texts.append(text)
        position += len(text) + 2
    if not entries:
        raise InputError(f"{path} has no rows; give it one {{id, question, answer}} a line")
    whole = "\n\n".join(texts)
    digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
    return ReadyMade(tuple(entries.values()), Capture(source, source.capture, whole, digest, "plain"))


def _clean_row(where: Line, row: _ReadyRow) -> tuple[str, tuple[str, ...]]:
    question = " ".join(row.question.split())
    pieces = row.answer.split("\n\n") if isinstance(row.answer, str) else row.answer
    answer = tuple(words for piece in pieces if (words := " ".join(piece.split())))
    if not question or not answer:
        raise InputError(f"{where}: the {'answer' if question else 'question'} is empty; fill it in or drop the row")
    return question, answer


def _with_text(where: Line, row: Row) -> Row:
    if not str(getattr(row, "text", "")).strip():
        raise InputError(f"{where}: the text is empty; fill it in or drop the row")
    return row


def read_rows(path: Path, kind: type[Row]) -> Iterator[tuple[Line, Row]]:
    """Each row of a file of JSON lines with its line; blank ones are skipped. InputError names the wrong line."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path} is missing; run `citewell build` or name another file") from None
    except OSError as error:
        raise InputError(f"{path} can not be read: {error.strerror}") from None
    yield from parse_rows(path, content, kind)


def parse_rows(path: Path, content: bytes, kind: type[Row]) -> Iterator[tuple[Line, Row]]:
    """The same for the ``content`` of ``path``, which is not read."""
    decoder = msgspec.json.Decoder(kind)
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        where = Line(path, number)
        try:
            yield where, decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InputError(f"{where}: {error}; correct the row") from None
