"""A text as rules look at it: ASCII digits, hyphens and spaces for all their forms, no marks, nothing invisible."""

from __future__ import annotations

import unicodedata

from msgspec import Struct

_INVISIBLE = {"Cf", "Mn", "Me", "Cc"}  # format and control characters, combining marks
_DOTS = "·•∙‧․。"


class Folded(Struct, frozen=True):
    """``text`` in which to look, and for each of its characters the place of the one in the original it stands for."""

    text: str
    places: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]``, which is not empty, stands in the original."""
        return self.places[start], self.places[end - 1] + 1


def fold(original: str) -> Folded:
    """Return ``original`` folded. A character may become several or none; case is kept."""
    pieces = [(at, piece) for at, character in enumerate(original) for piece in _plain(character)]
    return Folded("".join(piece for _, piece in pieces), tuple(at for at, _ in pieces))


def _plain(character: str) -> str:
    if character.isspace():
        return " "
    if character.isascii():
        return character if character.isprintable() else ""
    if (digit := unicodedata.decimal(character, None)) is not None:
        return str(digit)
    if unicodedata.category(character) == "Pd" or character == "−":
        return "-"
    if character in _DOTS:
        return "."
    return "".join(c for c in unicodedata.normalize("NFKD", character) if unicodedata.category(c) not in _INVISIBLE)
