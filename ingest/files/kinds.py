"""What kind of file some bytes are: by their first bytes, and only where these say nothing by the file's name."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath
from typing import Literal

from ingest.errors import InputError
from ingest.signs import ZIP, is_html, is_pdf

Kind = Literal["html", "pdf", "docx", "xlsx", "csv", "jsonl", "text"]

BY_NAME: dict[str, Kind] = {
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".xlsx": "xlsx",
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
}
BLANK = b"\xef\xbb\xbf \t\r\n\f\v"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office files before 2007, and encrypted ones since
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def judge_kind(name: str, raw: bytes) -> Kind:
    """The kind of a file called ``name``. InputError, without the name, for those that are known and not read."""
    if is_pdf(raw):
        return "pdf"
    if raw.startswith(ZIP):
        return _judge_archive(raw)
    if raw.startswith(OLE):
        if ENCRYPTED in raw:
            raise InputError("is encrypted with a password; save a copy without one")
        raise InputError("is a file of an old office program (.doc, .xls, .ppt); save it as DOCX, XLSX or PDF")
    if raw.startswith(b"{\\rtf"):
        raise InputError("is RTF, which is not read; save it as DOCX")
    if is_html(raw):
        return "html"
    return BY_NAME.get(PurePath(name).suffix.lower(), "text")


def _judge_archive(raw: bytes) -> Kind:
    """The kind of a ZIP archive, by the one member that the kind must have."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise InputError(f"is a damaged ZIP archive ({error}); save it again") from None
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    raise InputError("is a ZIP archive, and neither DOCX nor XLSX; unpack it, or save it as one of them or as PDF")
