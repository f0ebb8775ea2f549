"""Stored bytes -> the text of a page and its form. Opens no socket and takes nothing out of the text."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from ingest.errors import InputError
from ingest.extract import html, mending
from ingest.records import Capture, Form, Source

BOM = "\ufeff"
# A line of text set in paragraphs has up to some 1,000 characters but blank lines around it, a hard-wrapped one some
# 100: without a blank line, lines this long on average are whole pages or questions.
FLAT_LINE = 300


def read_capture(folder: Path, source: Source, fetched: bytes | None = None) -> Capture:
    """The capture of ``source`` under ``folder``, or what was ``fetched`` to become it.

    InputError when it is missing, empty, binary, or outside the folder.
    """
    path = folder / source.capture
    check_inside(folder, path)
    raw = _read(path, source) if fetched is None else fetched
    is_html = _is_html(path, raw)
    _check_text(path, raw.replace(b"\0", b"") if is_html and _is_text(raw) else raw)
    if is_html:
        rendition = html.read(raw)
        if not rendition.text:
            raise InputError(f"{path} is HTML without any text; save the page as its reader sees it and build again")
        return Capture(
            source,
            source.capture + ".txt",
            rendition.text,
            _digest(raw),
            "html",
            main=rendition.main,
            apart=rendition.apart,
            dropped=rendition.dropped,
        )
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8 text or as HTML") from None
    return Capture(source, source.capture, text, _digest(raw), judge_form(path.name, blank_mark(text)))


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


def _read(path: Path, source: Source) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        fetch = "; run the build with --refresh to fetch it" if source.url else "; store it there or remove its source"
        raise InputError(f"the capture {path} of {source.title!r} is missing{fetch}") from None
    except OSError as error:
        raise InputError(f"the capture {path} can not be read: {error.strerror}") from None


def _check_text(path: Path, raw: bytes) -> None:
    if not raw.strip(b"\xef\xbb\xbf \t\r\n\f\v"):
        raise InputError(f"the capture {path} is empty; store the page again")
    if b"\0" in raw:
        raise InputError(f"the capture {path} is a binary file; store the page as text, Markdown or HTML")


def _is_html(path: Path, raw: bytes) -> bool:
    start = raw[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return path.suffix.lower() in {".html", ".htm"} or start.startswith((b"<!doctype html", b"<html"))


def _is_text(raw: bytes) -> bool:
    """Whether all but stray NUL characters is UTF-8, or says that it is UTF-16."""
    try:
        raw.decode("utf-16" if raw.startswith(mending.UTF_16) else "utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
