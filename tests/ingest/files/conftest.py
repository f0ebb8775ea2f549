"""A folder of files as the source of a corpus, and small files of each kind, made as their formats say."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

SOURCES = 'name = "n"\n[[source]]\ntitle = "Leaflets"\npublisher = "p"\nfolder = "pages/leaflets"\n'


@pytest.fixture
def leaflets(tmp_path: Path) -> Path:
    """The folder of files; the corpus is two folders above."""
    folder = tmp_path / "pages" / "leaflets"
    folder.mkdir(parents=True)
    (tmp_path / "sources.toml").write_text(SOURCES)
    return folder


Page = Sequence[Sequence[object]]  # lines of font (F1 plain, F2 bold), size, x, y and text


def write_pdf(pages: Sequence[Page], trailer: bytes = b"") -> bytes:
    return _assemble([_stream(b"\n".join(map(_show, page))) for page in pages], trailer)


def write_pdf_of_stream(stream: bytes, filters: bytes = b"") -> bytes:
    return _assemble([_stream(stream, filters)])


def _show(line: Sequence[object]) -> bytes:
    font, size, x, y, text = line
    words = str(text).replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("cp1252")
    return f"BT /{font} {size} Tf {x} {y} Td (".encode() + words + b") Tj ET"


def _stream(content: bytes, filters: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), filters, content)


def _assemble(streams: Sequence[bytes], trailer: bytes = b"") -> bytes:
    fonts = [
        b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>" % name
        for name in (b"Helvetica", b"Helvetica-Bold")
    ]
    kids = b" ".join(b"%d 0 R" % (5 + 2 * i) for i in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(streams)),
        *fonts,
    ]
    for number, stream in enumerate(streams):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (6 + 2 * number)
        )
        objects.append(stream)
    out = b"%PDF-1.4\n"
    offsets = []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows)
        + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, trailer.replace(b"HERE", b"%d" % start), start)
    )


WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def write_docx(body: str, members: Mapping[str, str | bytes] | None = None, declaration: str = "") -> bytes:
    """A document with this ``w:body``, the styles Heading 1 to 3, and a list; ``members`` are added."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="H{n}"><w:name w:val="heading {n}"/></w:style>' for n in (1, 2, 3)
    )
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": types,
        "_rels/.rels": _relate(("officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _relate(("styles", "styles.xml"), ("numbering", "numbering.xml")),
        "word/styles.xml": f"<w:styles {WORD}>{styles}</w:styles>",
        "word/numbering.xml": f"<w:numbering {WORD}>{numbering}</w:numbering>",
        "word/document.xml": f"{declaration}<w:document {WORD}><w:body>{body}</w:body></w:document>",
    }
    return write_zip({**files, **(members or {})})


def _relate(*targets: tuple[str, str]) -> str:
    rows = (f'<Relationship Id="r{i}" Type="{OFFICE}/{kind}" Target="{to}"/>' for i, (kind, to) in enumerate(targets))
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(rows)}</Relationships>'


def write_zip(members: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def write_xlsx(sheets: Mapping[str, Sequence[Sequence[object]]], hidden: Sequence[str] = ()) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Makers:
    """The functions above, for tests: they can not import this file."""

    pdf: Callable[..., bytes] = staticmethod(write_pdf)
    pdf_of_stream: Callable[..., bytes] = staticmethod(write_pdf_of_stream)
    docx: Callable[..., bytes] = staticmethod(write_docx)
    zip: Callable[..., bytes] = staticmethod(write_zip)
    xlsx: Callable[..., bytes] = staticmethod(write_xlsx)


@pytest.fixture
def make() -> type[Makers]:
    return Makers
