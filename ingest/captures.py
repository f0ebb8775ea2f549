"""Stored bytes -> the text of a page and its form. Opens no socket."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from ingest.encodings import decode_whole, is_utf8
from ingest.errors import InputError
from ingest.files.kinds import BLANK, judge_kind
from ingest.files.reading import read_file
from ingest.files.renditions import make_rendition
from ingest.files.walk import is_rendition
from ingest.records import Capture, Form, Rendition, Source

BOM = "\ufeff"
# A line of text set in paragraphs has up to some 1,000 characters but blank lines around it, a hard-wrapped one some
# 100: without a blank line, lines this long on average are whole pages or questions.
FLAT_LINE = 300


def read_capture(folder: Path, source: Source, fetched: bytes | None = None) -> Capture:
    """The capture of ``source`` under ``folder``, or what was ``fetched`` to become it.

    InputError when it is missing, empty, outside the folder, or can not be read.
    """
    path = folder / source.capture
    check_inside(folder, path)
    raw = read_bytes(folder, source) if fetched is None else fetched
    if not raw.strip(BLANK):
        raise InputError(f"the capture {path} is empty; store the page again")
    try:
        made = make_rendition(judge_kind(path.name, raw), raw, source) or _read_text(path.name, raw)
    except InputError as error:
        raise InputError(f"the capture {path} {error}") from None
    digest = hashlib.sha256(raw).hexdigest()
    # Text in UTF-8 is its own rendition.
    place = source.capture if made.text.encode() == raw else f"{source.capture}.txt"
    return Capture(source, place, made.text, digest, made.form, made.pairs, made.dropped, made.main, made.apart)


def read_bytes(folder: Path, source: Source) -> bytes:
    """The stored bytes of ``source``. InputError when they are missing, outside the folder, or no regular file.

    A named capture may be a link within the folder; what lies in a folder of files may not.
    """
    path = folder / source.capture
    check_inside(folder, path)
    if not source.named and not source.url and is_rendition(path.name):
        raise InputError(f"{path} has the name of a rendition, of a file that is gone; delete it or rename it")
    try:
        return read_file(path, follow=source.named)
    except FileNotFoundError:
        if not (source.named or source.url):
            raise InputError(f"{path} is not there by this name; rename the file in letters that are UTF-8") from None
        fetch = "run the build with --refresh to fetch it" if source.url else "store it there or remove its source"
        raise InputError(f"the capture {path} of {source.title!r} is missing; {fetch}") from None


def check_inside(folder: Path, path: Path) -> None:
    """InputError when ``path`` leads out of ``folder`` through a link, or nowhere."""
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError) as error:
        raise InputError(f"{path} is a link that leads in a circle ({type(error).__name__}); store the page") from None
    if not inside:
        raise InputError(f"{path} leads outside the corpus folder; store the page itself there")


def blank_mark(text: str) -> str:
    """``text`` with a space in the stead of its byte order mark: offsets stay, and no block begins with the mark."""
    return " " + text[1:] if text.startswith(BOM) else text


def judge_form(name: str, text: str) -> Form:
    """How a text that is not HTML is set, by its file's name and its lines."""
    if name.lower().endswith((".md", ".markdown")):
        return "markdown"
    lines = [line for line in text.split("\n") if line.strip()]
    broken = re.search(r"\S[ \t\r]*\n(?:[ \t\r]*\n)+[ \t]*\S", text)
    if not broken and (len(lines) == 1 or sum(map(len, lines)) >= FLAT_LINE * len(lines)):
        return "flat"
    return "plain"


def _read_text(name: str, raw: bytes) -> Rendition:
    text = raw.decode() if is_utf8(raw) else decode_whole(raw)
    if "\0" in text:
        raise InputError("is a binary file; store the page as text, Markdown or HTML")
    return Rendition(text, judge_form(name, blank_mark(text)))
