"""The texts of the pages, as an index keeps them: a piece of one is read without the rest."""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

FOLDER = "captures"  # of a generation: the text of each page, under its path in the corpus
MARKS = "captures.json"  # where every STEP characters of it stand, in bytes
STEP = 4096  # characters
MAPPED = 64  # texts whose files are kept open


class Captures(Mapping[str, str]):
    """The text of each capture by its path, in the order of the sources."""

    def __init__(self, folder: Path, marks: dict[str, list[int]]) -> None:
        self._folder = folder
        self._marks = marks
        self._mapped = lru_cache(maxsize=MAPPED)(self._map)

    @classmethod
    def open(cls, generation: Path) -> Captures:
        """Return what was written to ``generation``. Raises OSError or msgspec.DecodeError when it can not be read."""
        marks = msgspec.json.decode((generation / MARKS).read_bytes(), type=dict[str, list[int]])
        return cls(generation / FOLDER, marks)

    @staticmethod
    def write(generation: Path, texts: Mapping[str, str]) -> None:
        """Write ``texts``, path -> text, to ``generation``."""
        for name, text in texts.items():
            path = generation / FOLDER / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_encode(text))
        marks = {name: _mark(text) for name, text in texts.items()}
        (generation / MARKS).write_bytes(msgspec.json.encode(marks))

    def __getitem__(self, path: str) -> str:
        if path not in self._marks:
            raise KeyError(path)
        return _decode((self._folder / path).read_bytes())

    def __contains__(self, path: object) -> bool:
        return path in self._marks

    def __iter__(self) -> Iterator[str]:
        return iter(self._marks)

    def __len__(self) -> int:
        return len(self._marks)

    def between(self, path: str, start: int, end: int) -> str:
        """Return ``self[path][start:end]``, 0 <= start <= end in characters; KeyError when there is no such capture."""
        marks = self._marks[path]
        first, last = min(start // STEP, len(marks) - 1), min(-(-end // STEP), len(marks) - 1)
        piece = _decode(self._mapped(path)[marks[first] : max(marks[first], marks[last])])
        return piece[start - first * STEP : end - first * STEP]

    def _map(self, path: str) -> mmap.mmap | bytes:
        with (self._folder / path).open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self._marks[path][-1] else b""


def _mark(text: str) -> list[int]:
    """Where every STEP characters begin, in bytes, and last where the text ends."""
    marks = [0]
    for start in range(0, len(text), STEP):
        marks.append(marks[-1] + len(_encode(text[start : start + STEP])))
    return marks


def _encode(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _decode(raw: bytes) -> str:
    return raw.decode(errors="surrogatepass")
