"""Bytes that are not text -> their rendition. One line for each kind."""

from __future__ import annotations

from pathlib import Path

from ingest.errors import InputError
from ingest.extract import html
from ingest.files import ready
from ingest.files.encodings import decode
from ingest.files.kinds import Kind
from ingest.files.tables import read_csv, read_json_lines
from ingest.files.worker import convert
from ingest.records import Rendition, Source, Table


def make_rendition(kind: Kind, raw: bytes, source: Source) -> Rendition | None:
    """What a file of ``kind`` says; None for text. InputError, without its name, when it can not be read."""
    match kind:
        case "html":
            return _of_html(_without_nulls(raw), source)
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


def _without_nulls(raw: bytes) -> bytes | str:
    """A page in UTF-16, which is full of them, decoded. Nulls that stay in what begins with a tag say nothing."""
    markup = decode(raw) if b"\0" in raw else raw
    if isinstance(markup, str) and "\0" in markup and not markup.lstrip("\ufeff \t\r\n").startswith("<"):
        raise InputError("is a binary file; store the page as text, Markdown or HTML")
    return markup


def _of_html(markup: bytes | str, source: Source) -> Rendition:
    rendition = html.read(markup, source.url, declared=source.kind == "faq")
    if not rendition.text:
        raise InputError("is HTML without any text; save the page as its reader sees it and build again")
    return rendition
