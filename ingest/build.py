"""The whole stage: a corpus folder -> entries, the captures they cite, and a report. Writes only when told to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from ingest import align, duplicates, finds, report, spans
from ingest.captures import read_capture
from ingest.entries import write_bytes, write_entries
from ingest.extract import flat, html, markdown, plain
from ingest.finds import Page
from ingest.records import Capture, Corpus, Entry, Report
from ingest.sources import read_corpus

ENTRIES, REPORT = "entries.jsonl", "report.json"
EXTRACT = {"html": html.extract, "markdown": markdown.extract, "plain": plain.extract, "flat": flat.extract}


class Built(Struct, frozen=True):
    """What a build made of a corpus folder."""

    corpus: Corpus
    entries: tuple[Entry, ...]  # by source, then by position in its capture
    captures: tuple[Capture, ...]  # in the order of the sources
    report: Report


def build_entries(folder: Path, progress: Callable[[str], None] | None = None) -> Built:
    """Take the entries from the stored captures of ``folder``; no socket is opened and no file written.

    ``progress`` is called with the path of each capture once it is read. InputError for anything that can not be used.
    """
    corpus = read_corpus(folder)
    captures = []
    for source in corpus.source:
        captures.append(read_capture(folder, source))
        if progress:
            progress(source.capture)
    pages = [_find(capture, capture.text) for capture in captures if capture.form != "flat"]
    known = [group.best for group in duplicates.group(found for page in pages for found in page.found)]
    aligned: list[align.Aligned] = []
    for capture in captures:
        if capture.form == "flat":
            places = align.align(capture, known)
            pages.append(_find(capture, align.blank(capture.text, places)))
            aligned.extend(places)
    groups = duplicates.group(found for page in pages for found in page.found)
    entries, account = report.compose(captures, groups, aligned, pages)
    by_path = {capture.path: capture for capture in captures}
    for entry in entries:
        spans.verify(entry, by_path)
    return Built(corpus, entries, tuple(captures), account)


def write_built(folder: Path, built: Built) -> None:
    """Put ``entries.jsonl``, ``report.json`` and the renditions of HTML pages in place. Same build, same bytes."""
    for capture in built.captures:
        if capture.form == "html":
            write_bytes(folder / capture.path, capture.text.encode())
    write_entries(folder / ENTRIES, built.entries)
    write_bytes(folder / REPORT, msgspec.json.format(msgspec.json.encode(built.report), indent=2) + b"\n")


def _find(capture: Capture, text: str) -> Page:
    return finds.find(capture, EXTRACT[capture.form](text))
