"""What the captures of a site are called: by their address and their type, the same at every crawl."""

from __future__ import annotations

import hashlib
from collections.abc import Container
from itertools import count
from pathlib import PurePosixPath
from urllib.parse import unquote

from ingest.addresses import parse
from ingest.slugs import make_slug

OFFICE = "application/vnd.openxmlformats-officedocument."
SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    f"{OFFICE}wordprocessingml.document": ".docx",
    "text/csv": ".csv",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    f"{OFFICE}spreadsheetml.sheet": ".xlsx",
}
# Servers send all of these as plain text.
PLAIN = {".md": ".md", ".markdown": ".md", ".csv": ".csv", ".jsonl": ".jsonl"}
SAME = {".htm": ".html", ".markdown": ".md"}


def name_capture(folder: str, url: str, suffix: str, taken: Container[str]) -> str:
    """``<folder>/<the path of the address in words><suffix>``; with the beginning of a hash where that is taken."""
    address = parse(url)
    path = PurePosixPath(unquote(address.path) if address else "")
    bare = path.with_suffix("") if fits(path.suffix, suffix) and path.name else path
    words = make_slug(f"{bare} {address.query if address else ''}") if path.name else "index"
    name = f"{folder}/{words}{suffix}"
    for salt in count():
        if name not in taken:
            break
        digest = hashlib.sha256((url + " " * salt).encode()).hexdigest()
        name = f"{folder}/{words}-{digest[:8]}{suffix}"
    return name


def suffix_of(content_type: str | None, url: str) -> str:
    """The ending of a file of this type, with its dot."""
    address = parse(url)
    if content_type == "text/plain" and address:
        return PLAIN.get(PurePosixPath(address.path).suffix.lower(), ".txt")
    return SUFFIXES.get(content_type or "", ".html")


def fits(ending: str, suffix: str) -> bool:
    """Whether a file with this ending (".HTM") is of the kind that ``suffix`` names."""
    return SAME.get(ending.lower(), ending.lower()) == suffix
