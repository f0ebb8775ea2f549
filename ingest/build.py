"""The whole stage: a corpus folder -> entries, the captures they cite, and a report. Writes only when told to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from ingest import align, boilerplate, duplicates, finds, report, spans
from ingest.captures import blank_mark, check_inside, read_capture
from ingest.entries import write_bytes, write_entries
from ingest.errors import InputError
from ingest.extract import flat, html, markdown, plain
from ingest.finds import Page
from ingest.records import Block, Capture, Corpus, Entry, Failed, Report, Source
from ingest.sources import read_corpus

ENTRIES, REPORT = "entries.jsonl", "report.json"
EXTRACT = {"html": html.extract, "markdown": markdown.extract, "plain": plain.extract, "flat": flat.extract}


class Built(Struct, frozen=True):
    """What a build made of a corpus folder."""

    corpus: Corpus
    entries: tuple[Entry, ...]  # by source, then by position in its capture
    captures: tuple[Capture, ...]  # in the order of the sources
    report: Report
    fetched: Mapping[str, bytes] = {}  # pages that are not stored yet, by the path of their capture


def build_entries(
    folder: Path, progress: Callable[[str], None] | None = None, fetched: Mapping[str, bytes] | None = None
) -> Built:
    """Take the entries from the captures of ``folder``; no socket is opened and no file written.

    A page in ``fetched``, by the path of its capture, is read in the stead of the stored one. ``progress`` is called
    with the path of each capture once it is read. InputError for anything that can not be used.
    """
    corpus = read_corpus(folder)
    fetched = fetched or {}
    captures, failed = _read_pages(folder, corpus.source, fetched, progress)
    _check_renditions(captures)
    swept = boilerplate.sweep([boilerplate.Page(c, _extract(c, c.text)) for c in captures if c.form != "flat"])
    pages = [finds.find(page.capture, page.blocks) for page in swept.pages]
    known = [group.best for group in duplicates.group(found for page in pages for found in page.found)]
    aligned: list[align.Aligned] = []
    for capture in captures:
        if capture.form == "flat":
            places = align.align(capture, known)
            pages.append(finds.find(capture, _extract(capture, align.blank(capture.text, places))))
            aligned.extend(places)
    groups = duplicates.group(found for page in pages for found in page.found)
    pages.append(Page((), swept.dropped))
    entries, account = report.compose(captures, groups, aligned, pages, failed, swept.repeated)
    by_path = {capture.path: capture for capture in captures}
    for entry in entries:
        spans.verify(entry, by_path)
    new = {source.capture: fetched[source.capture] for source in corpus.source if source.capture in fetched}
    return Built(corpus, entries, tuple(captures), account, new)


def _read_pages(
    folder: Path, sources: Sequence[Source], fetched: Mapping[str, bytes], progress: Callable[[str], None] | None
) -> tuple[list[Capture], list[Failed]]:
    """The captures that can be read, and the pages of sites and folders that can not."""
    captures, failed = [], []
    for source in sources:
        try:
            captures.append(read_capture(folder, source, fetched.get(source.capture)))
        except InputError as error:
            if source.named:
                raise
            failed.append(Failed(source.capture, str(error)))
        if progress:
            progress(source.capture)
    return captures, failed


def write_built(folder: Path, built: Built) -> None:
    """Put fetched pages, renditions of HTML pages, ``entries.jsonl`` and ``report.json`` in place, each in one step.

    The same build gives the same bytes. InputError, with nothing written, when a capture would land outside ``folder``.
    """
    renditions = {capture.path: capture.text.encode() for capture in built.captures if capture.form == "html"}
    pages = {**built.fetched, **renditions}
    for path in pages:
        check_inside(folder, folder / path)
    for path, content in pages.items():
        write_bytes(folder / path, content)
    write_entries(folder / ENTRIES, built.entries)
    write_bytes(folder / REPORT, msgspec.json.format(msgspec.json.encode(built.report), indent=2) + b"\n")


def _extract(capture: Capture, text: str) -> tuple[Block, ...]:
    return EXTRACT[capture.form](blank_mark(text))


def _check_renditions(captures: Sequence[Capture]) -> None:
    """The rendition of an HTML page may not take the place of another capture."""
    stored = {capture.source.capture for capture in captures}
    for capture in captures:
        if capture.form == "html" and capture.path in stored:
            raise InputError(
                f"the capture {capture.path!r} has the name of the rendition of {capture.source.capture!r}; rename it"
            )
