"""PDF: the text that comes of small pages (tests/data/files/pdf-*.json), and files that are no good."""

from __future__ import annotations

import io
import json
import zlib
from pathlib import Path

import pytest
from pypdf import PdfWriter

from ingest.build import build_entries
from ingest.errors import InputError
from ingest.files.worker import convert
from ingest.records import Rendition

CASES = sorted((Path(__file__).parents[2] / "data" / "files").glob("pdf-*.json"))
LINE = ("F1", 12, 72, 700, "Who may come? Anyone may.")
SHOW = b"BT /F1 12 Tf 72 700 Td (Who may come? Anyone may.) Tj ET\n"
DEFLATED = b"/Filter /FlateDecode"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_pages_give_text_and_questions(path: Path, leaflets: Path, make) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    (leaflets / "guide.pdf").write_bytes(make.pdf(case["pages"]))
    built = build_entries(leaflets.parents[1])
    assert built.captures[0].text.splitlines() == case["text"]
    assert [[entry.question, list(entry.answer)] for entry in built.entries] == case["qa"]
    unseen = [row.reason for row in built.report.dropped if row.end == 0]
    assert unseen == case["dropped"]


def encrypt(raw: bytes, user: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(raw))
    writer.encrypt(user, owner_password="owner", algorithm="RC4-128")  # noqa: S106
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_that_opens_without_a_password_is_read(make) -> None:
    assert "Anyone may." in convert("pdf", encrypt(make.pdf([[LINE]]), ""), Rendition).text


def test_a_page_without_text_among_others_is_noted(make) -> None:
    assert convert("pdf", make.pdf([[LINE], []]), Rendition).dropped == ("page 2 holds no text",)


def test_a_loop_of_cross_references_ends(make) -> None:
    """Fault f034: the trailer names its own table as the one before it."""
    try:
        text = convert("pdf", make.pdf([[LINE]], trailer=b"/Prev HERE"), Rendition, deadline=20).text
    except InputError as error:
        text = str(error)
    assert "Anyone may." in text or "was stopped" in text


def test_a_reader_that_does_not_end_is_stopped(make) -> None:
    endless = make.pdf_of_stream(zlib.compress(SHOW * 500_000), DEFLATED)
    with pytest.raises(InputError, match=r"takes longer than 0\.5 s"):
        convert("pdf", endless, Rendition, deadline=0.5)


BROKEN = {
    "bomb": (lambda make: make.pdf_of_stream(zlib.compress(SHOW * 4_000_000, 1), DEFLATED), "LimitReachedError"),
    "encrypted": (lambda make: encrypt(make.pdf([[LINE]]), "secret"), "encrypted with a password"),
    "pictures only": (lambda make: make.pdf([[]]), "text recognition"),
    "no page": (lambda make: make.pdf([]), "text recognition"),
    "cut short": (lambda make: make.pdf([[LINE]])[:300], "is damaged"),
    "noise": (lambda make: b"%PDF-1.7\n" + bytes(range(256)) * 20, "is damaged"),
    "pages in a circle": (
        lambda make: make.pdf([[LINE]]).replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]"),
        "damaged|no text",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_files_of_no_use_are_reported_in_one_line(name: str, leaflets: Path, make) -> None:
    spoil, words = BROKEN[name]
    (leaflets / "a.txt").write_text("Who may come?\n\nAnyone may.\n")
    (leaflets / "b.pdf").write_bytes(spoil(make))
    built = build_entries(leaflets.parents[1])
    (failed,) = built.report.failed
    assert failed.capture == "pages/leaflets/b.pdf"
    assert "\n" not in failed.reason
    assert any(word in failed.reason for word in words.split("|"))
