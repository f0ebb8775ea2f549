"""PDF -> its lines, and those -> text. Runs in the worker."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

from pypdf import PageObject, PdfReader

from ingest.errors import InputError
from ingest.files.layout import Line, compose
from ingest.records import Rendition

# Of a font's name.
HEAVY = ("bold", "black", "heavy", "semibold", "demi")


def read(raw: bytes) -> Rendition:
    """The text of a PDF. InputError when it is encrypted, has no page or holds no text."""
    reader = PdfReader(io.BytesIO(raw))
    if reader.is_encrypted and not _opens(reader):
        raise InputError("is encrypted with a password; save a copy without one")
    pages: list[list[Line]] = []
    unread = []
    for number, page in enumerate(reader.pages, start=1):
        try:
            pages.append(list(_read_lines(page)))
        except (MemoryError, InputError):
            raise
        except Exception as error:  # one damaged page is no reason to lose the others
            unread.append(f"page {number} is damaged ({type(error).__name__})")
    if not any(pages):
        if unread:
            raise InputError(f"is damaged: {unread[0]}; save it again")
        raise InputError("holds no text, only pictures of its pages; put it through text recognition (OCR) first")
    blank = [f"page {number} holds no text" for number, lines in enumerate(pages, start=1) if not lines]
    text, dropped = compose(pages)
    return Rendition(text, "markdown", dropped=(*unread, *([] if unread else blank), *dropped))


def _opens(reader: PdfReader) -> bool:
    """Whether it opens without a password: many are encrypted only to forbid printing."""
    try:
        return bool(reader.decrypt(""))
    except Exception:  # a cipher that is not installed, or damage
        return False


def _read_lines(page: PageObject) -> Iterator[Line]:
    """The lines of a page in the order in which it draws them, which is that of reading in what is made by programs."""
    pieces: list[Line] = []

    def visit(
        text: str,
        around: Sequence[float],
        matrix: Sequence[float],
        font: Mapping[str, object] | None,
        size: float,
    ) -> None:
        x = matrix[4] * around[0] + matrix[5] * around[2] + around[4]
        y = matrix[4] * around[1] + matrix[5] * around[3] + around[5]
        # The height of a letter, however the page is scaled or turned.
        scale = abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) * abs(around[0] * around[3] - around[1] * around[2])
        name = str(font.get("/BaseFont", "")).lower() if font else ""
        bold = any(heavy in name for heavy in HEAVY)
        pieces.append(Line(text, x, y, size * scale**0.5, bold))

    page.extract_text(visitor_text=visit)
    return _join(pieces)


def _join(pieces: Sequence[Line]) -> Iterator[Line]:
    """Whole lines out of pieces, of which each may begin or end one."""
    line: list[Line] = []
    for piece in pieces:
        first, *others = piece.text.split("\n")
        line.append(_with(piece, first))
        for other in others:
            yield from _finish(line)
            line = [_with(piece, other)]
    yield from _finish(line)


def _with(piece: Line, text: str) -> Line:
    return Line(text, piece.x, piece.y, piece.size, piece.bold)


def _finish(pieces: Sequence[Line]) -> Iterator[Line]:
    written = [piece for piece in pieces if piece.text.strip()]
    if written:
        first = written[0]
        text = "".join(piece.text for piece in pieces)
        yield Line(text, first.x, first.y, max(piece.size for piece in written), all(piece.bold for piece in written))
