"""Bytes that are not text -> their rendition. One line for each kind."""

from __future__ import annotations

from pathlib import Path

from ingest.encodings import decode, is_utf8
from ingest.errors import InputError
from ingest.extract import html
from ingest.files import ready
from ingest.files.kinds import Kind
from ingest.files.tables import read_csv, read_json_lines
from ingest.files.worker import convert
from ingest.records import Rendition, Source, Table


def make_rendition(kind: Kind, raw: bytes, source: Source) -> Rendition | None:
    """What a file of ``kind`` says; None for text. InputError, without its name, when it can not be read."""
    match kind:
        case "html":
            return _of_html(_read_markup(raw), source)
        case "pdf":
            return convert("pdf", raw, Rendition)
        case "docx":
            return _of_html(convert("docx", raw, str), source)
        case "xlsx":
            return ready.read(convert("xlsx", raw, list[Table]))
        case "csv":
            return ready.read([read_csv(raw)])
        case "jsonl":
            return ready.read([read_json_lines(raw, Path(source.capture))])
        case "text":
            return None


def _read_markup(raw: bytes) -> str:
    """The text of a page. At a null, parsers of HTML stop without a word: those in what is a page say nothing."""
    markup = decode(raw)
    tagged = markup.lstrip("\ufeff\0 \t\r\n").startswith("<")
    if "\0" in markup and not tagged and not is_utf8(raw.replace(b"\0", b"")):
        raise InputError("is a binary file; store the page as text, Markdown or HTML")
    return markup.replace("\0", "")


def _of_html(markup: str, source: Source) -> Rendition:
    rendition = html.read(markup, source.url, declared=source.kind == "faq")
    if not rendition.text:
        raise InputError("is HTML without any text; save the page as its reader sees it and build again")
    return rendition
