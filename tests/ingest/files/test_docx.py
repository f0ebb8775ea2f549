"""DOCX: headings, lists, tables and links become entries; what an archive can hide is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.build import build_entries
from ingest.errors import InputError
from ingest.files import archive
from ingest.files.archive import check_archive
from ingest.files.worker import convert


def paragraph(text: str, style: str = "", properties: str = "") -> str:
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{style}{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def item(text: str) -> str:
    return paragraph(text, properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')


def cell(text: str) -> str:
    return f"<w:tc>{paragraph(text)}</w:tc>"


LINK = (
    '<w:p><w:r><w:t xml:space="preserve">Write to </w:t></w:r><w:hyperlink w:anchor="desk">'
    "<w:r><w:t>the desk</w:t></w:r></w:hyperlink><w:r><w:t>.</w:t></w:r></w:p>"
)
BODY = (
    paragraph("Visits", "H1")
    + paragraph("Who may come?", "H2")
    + paragraph("Anyone &amp; everyone:")
    + item("members")
    + item("guests")
    + LINK
    + paragraph("When is it open?", "H2")
    + f"<w:tbl><w:tr>{cell('Monday')}{cell('closed')}</w:tr><w:tr>{cell('Tuesday')}{cell('9 to 5')}</w:tr></w:tbl>"
)


def test_a_document_becomes_entries(leaflets: Path, make) -> None:
    (leaflets / "visits.docx").write_bytes(make.docx(BODY))
    built = build_entries(leaflets.parents[1])
    assert [(entry.question, entry.answer) for entry in built.entries] == [
        ("Who may come?", ("Anyone & everyone:", "• members", "• guests", "Write to the desk.")),
        ("When is it open?", ("Monday | closed", "Tuesday | 9 to 5")),
    ]
    assert {entry.occurrences[0].capture for entry in built.entries} == {"pages/leaflets/visits.docx.txt"}


def test_a_picture_or_macro_is_not_read(make) -> None:
    drawing = (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:docPr descr="secret"/><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:link="r9"/></wp:inline>'
        "</w:drawing></w:r></w:p>"
    )
    raw = make.docx(paragraph("Who?", "H1") + drawing + paragraph("Me."), {"word/vbaProject.bin": b"Sub AutoOpen"})
    markup = convert("docx", raw, str)
    assert "AutoOpen" not in markup
    assert "src=" not in markup
    assert "Me." in markup


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
REFUSED = {
    "entities": (lambda make: make.docx(BODY, declaration=ENTITIES), "XML entities"),
    "an entity outside": (lambda make: make.docx(BODY, declaration=OUTSIDE), "XML entities"),
    "entities in UTF-16": (
        lambda make: make.docx(BODY, {"word/footnotes.xml": (ENTITIES + "<x/>").encode("utf-16")}),
        "XML entities",
    ),
    "bomb": (lambda make: make.docx(BODY, {"word/more.xml": b" " * (archive.MOST_XML + 1)}), "more than 100 MiB"),
    "broken XML": (lambda make: make.docx("<w:p>"), "is damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_documents_that_are_refused(name: str, make) -> None:
    spoil, words = REFUSED[name]
    with pytest.raises(InputError, match=words) as error:
        convert("docx", spoil(make), str)
    assert "\n" not in str(error.value)


def test_a_reader_that_takes_too_much_memory_ends(make) -> None:
    with pytest.raises(InputError, match="more than 96 MiB of memory"):
        convert("docx", make.docx("<w:p/>" * 100_000), str, memory=96 * 1024**2)


def test_many_parts_are_refused(make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_MEMBERS", 5)
    with pytest.raises(InputError, match="more than 5 parts"):
        check_archive(make.docx(BODY))
