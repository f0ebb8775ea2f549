"""Generations of a few small files, put in place by the same doors as real ones: for tests of what is on the disk."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from index.publish import Staged, publish, seal, staging
from index.records import Manifest
from index.store import MANIFEST, SCHEMA, SUM, sum_of

FILES = {"rows.npy": b"rows of ", "deep/views.jsonl": b"views of "}


def manifest_of(words: str) -> Manifest:
    return Manifest(
        schema=SCHEMA, content=hashlib.sha256(words.encode()).hexdigest(), model="none", model_sha256="", dimension=1,
        normalisation="unit", precision="fp32", splitter="", adapted=False, lessons="", drift=0, recall=None, entries=1,
        views=1, unanswered=0, files={},
    )  # fmt: skip


def name_of(words: str) -> str:
    return manifest_of(words).content[:16]


def folder_of(home: Path, words: str) -> Path:
    return home / "generations" / name_of(words)


def stage(home: Path, words: str) -> Staged:
    """A generation whose files end with ``words``, written aside."""
    with staging(home) as folder:
        for name, begin in FILES.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(begin + words.encode())
        return seal(folder, manifest_of(words))


def put(home: Path, *all_words: str) -> Path:
    """Publish one generation after the other; return ``home``."""
    for words in all_words:
        publish(home, stage(home, words))
    return home


def write_manifest(folder: Path, written: bytes, summed: bytes | None = None) -> None:
    """Put other bytes in the place of a manifest, with their checksum or ``summed``."""
    (folder / MANIFEST).write_bytes(written)
    (folder / SUM).write_bytes(sum_of(written) if summed is None else summed)


def edit_manifest(folder: Path, **changes: object) -> None:
    """Change fields of a manifest, and its checksum with them."""
    given = msgspec.json.decode((folder / MANIFEST).read_bytes())
    write_manifest(folder, msgspec.json.encode(given | changes))
