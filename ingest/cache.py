"""Pages that were read before: an unchanged page costs no parsing. Nothing but speed is lost when a file of it is.

Each page is one file, named by the SHA-256 of all that reading depends on: the stored bytes, the page's name and kind,
the code of ``ingest`` and the versions of the parsers. It begins with the SHA-256 of the rest: else a flipped letter
would go unnoticed.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import sys
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import msgspec
from msgspec import Struct

from ingest.disk import write_bytes
from ingest.records import Block, Capture, Source

# The packages that turn bytes into text and structure: another version may read a page otherwise.
PARSERS = ("beautifulsoup4", "lxml", "mammoth", "openpyxl", "pypdf")
DIGEST = 32  # bytes
NAME = re.compile(r"[0-9a-f]{64}")  # of a file; what else lies in the folder is not the cache's to delete


class Read(Struct, frozen=True):
    """A page as it was read: its capture, and the blocks of its text; none for a flat text, which has no structure."""

    capture: Capture
    blocks: tuple[Block, ...]


class Cache:
    """The pages in ``folder``, which need not be there. Files are written by `keep` alone, and deleted by `clear`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: dict[str, Read | None] = {}  # None: its file is there and sound

    def get(self, raw: bytes, source: Source) -> Read | None:
        """The page with these stored bytes, if it was read before."""
        key = _key(raw, source)
        read = _open(self._folder / key)
        if read is None:
            return None
        self._used[key] = None
        # What else is said of the source may have changed: nothing of that is in the text.
        return Read(msgspec.structs.replace(read.capture, source=source), read.blocks)

    def put(self, raw: bytes, read: Read) -> None:
        """Remember a page that was read, until `keep`."""
        self._used[_key(raw, read.capture.source)] = read

    def keep(self) -> None:
        """Write the pages that were read anew. InputError if it can not."""
        for key, read in self._used.items():
            if read is not None:
                with contextlib.suppress(UnicodeEncodeError):  # half a character: not worth a form of its own
                    write_bytes(self._folder / key, _pack(read), lasting=False)

    def clear(self) -> None:
        """Drop the pages that were not used."""
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if NAME.fullmatch(path.name) and path.name not in self._used:
                with contextlib.suppress(OSError):
                    path.unlink()


def _key(raw: bytes, source: Source) -> str:
    parts = [_code(), source.capture, source.title, source.url, source.kind, source.named]
    return hashlib.sha256(msgspec.json.encode(parts) + b"\0" + raw).hexdigest()


@lru_cache
def _code() -> str:
    """What reading depends on beside the page."""
    modules = sorted(Path(__file__).parent.rglob("*.py"))
    code = b"\0".join(path.read_bytes() for path in modules)
    return hashlib.sha256(code + repr([sys.version, *map(version, PARSERS)]).encode()).hexdigest()


def _pack(read: Read) -> bytes:
    content = msgspec.msgpack.encode(read)
    return hashlib.sha256(content).digest() + content


def _open(path: Path) -> Read | None:
    try:
        written = path.read_bytes()
        if hashlib.sha256(written[DIGEST:]).digest() != written[:DIGEST]:
            return None
        return msgspec.msgpack.decode(written[DIGEST:], type=Read)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
