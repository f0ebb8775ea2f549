"""The whole stage: a corpus folder -> entries, the captures they cite, and a report. Writes only when told to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from ingest import align, boilerplate, duplicates, finds, report, spans
from ingest.cache import Cache, Read
from ingest.captures import blank_mark, check_inside, read_bytes, read_capture
from ingest.disk import write_bytes
from ingest.entries import encode_entries, read_entries
from ingest.errors import InputError
from ingest.extract import flat, html, markdown, plain
from ingest.records import Block, Capture, Corpus, Entry, Failed, Refreshed, Report, Source, Stored
from ingest.sources import read_corpus
from ingest.stored import read_stored

ENTRIES, REPORT = "entries.jsonl", "report.json"
EXTRACT = {"html": html.extract, "markdown": markdown.extract, "plain": plain.extract, "flat": flat.extract}


class Built(Struct, frozen=True):
    """What a build made of a corpus folder."""

    corpus: Corpus
    entries: tuple[Entry, ...]  # by source, then by position in its capture
    captures: tuple[Capture, ...]  # in the order of the sources
    report: Report


class Before(Struct, frozen=True):
    """What the last build of a corpus folder left there."""

    entries: tuple[Entry, ...] = ()
    report: Report | None = None  # None: there is none that this version can read
    rows: tuple[Stored, ...] = ()  # of captures.jsonl


def read_before(folder: Path) -> Before:
    """What stands in ``folder`` now. InputError for entries that can not be read."""
    path = folder / ENTRIES
    try:
        entries = read_entries(path) if path.exists() else ()
    except InputError as error:
        raise InputError(f"{error}, or delete the file: a build writes it anew") from None
    try:
        report = msgspec.json.decode((folder / REPORT).read_bytes(), type=Report)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        report = None
    return Before(entries, report, tuple(read_stored(folder).values()))


def build_entries(
    folder: Path,
    progress: Callable[[str], None] | None = None,
    refreshed: Refreshed | None = None,
    cache: Cache | None = None,
) -> Built:
    """Take the entries from the captures of ``folder``; no socket is opened and no file written.

    With ``refreshed``, as they will be once that is adopted. ``progress`` is called with the path of each capture once
    it is read. Pages that ``cache`` knows are not parsed. InputError for anything that can not be used.
    """
    corpus = read_corpus(folder, {row.capture: row for row in refreshed.rows} if refreshed else None)
    reads, failed = _read_pages(folder, corpus.source, refreshed or Refreshed(), cache, progress)
    captures = [read.capture for read in reads]
    _check_renditions(captures)
    swept = boilerplate.sweep([boilerplate.Page(r.capture, r.blocks) for r in reads if r.capture.form != "flat"])
    pages = [finds.find(page.capture, page.blocks) for page in swept.pages]
    flattened = any(capture.form == "flat" for capture in captures)
    known = [group.best for group in duplicates.group(f for page in pages for f in page.found)] if flattened else []
    aligned: list[align.Aligned] = []
    for capture in captures:
        if capture.form == "flat":
            places = align.align(capture, known)
            pages.append(finds.find(capture, _extract(capture, align.blank(capture.text, places))))
            aligned.extend(places)
    groups = duplicates.group(found for page in pages for found in page.found)
    entries, account = report.compose(captures, groups, aligned, pages, failed, swept)
    by_path = {capture.path: capture for capture in captures}
    for entry in entries:
        spans.verify(entry, by_path)
    return Built(corpus, entries, tuple(captures), account)


def _read_pages(
    folder: Path,
    sources: Sequence[Source],
    refreshed: Refreshed,
    cache: Cache | None,
    progress: Callable[[str], None] | None,
) -> tuple[list[Read], list[Failed]]:
    """The pages that can be read, and those of sites and folders that can not."""
    reads, failed = [], []
    for source in sources:
        try:
            staged = refreshed.files.get(source.capture)
            raw = staged.read_bytes() if staged else read_bytes(folder, source)
            reads.append((cache.get(raw, source) if cache else None) or _read_page(folder, source, raw, cache))
        except InputError as error:
            if source.named:
                raise
            failed.append(Failed(source.capture, str(error)))
        if progress:
            progress(source.capture)
    return reads, failed


def _read_page(folder: Path, source: Source, raw: bytes, cache: Cache | None) -> Read:
    try:
        capture = read_capture(folder, source, raw)
        read = Read(capture, () if capture.form == "flat" else _extract(capture, capture.text))
    except InputError:
        raise
    except Exception as error:  # whatever a library raises over one page: the others are read all the same
        kind = type(error).__name__
        raise InputError(f"the capture {folder / source.capture} can not be read ({kind}); leave it out") from error
    if cache:
        cache.put(raw, read)
    return read


def _extract(capture: Capture, text: str) -> tuple[Block, ...]:
    return EXTRACT[capture.form](blank_mark(text))


def write_built(folder: Path, built: Built) -> None:
    """Put renditions, ``entries.jsonl`` and ``report.json`` in place, each in one step.

    What is the same already is left as it is. InputError, with nothing written, when a capture would land outside
    ``folder``.
    """
    renditions = {capture.path: capture.text.encode() for capture in built.captures if capture.rendered}
    for path in renditions:
        check_inside(folder, folder / path)
    report = msgspec.json.format(msgspec.json.encode(built.report), indent=2) + b"\n"
    for path, content in {**renditions, ENTRIES: encode_entries(built.entries), REPORT: report}.items():
        if not _holds(folder / path, content):
            write_bytes(folder / path, content)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _check_renditions(captures: Sequence[Capture]) -> None:
    """A rendition may not take the place of another capture."""
    stored = {capture.source.capture for capture in captures}
    for capture in captures:
        if capture.rendered and capture.path in stored:
            raise InputError(
                f"the capture {capture.path!r} has the name of the rendition of {capture.source.capture!r}; rename it"
            )
