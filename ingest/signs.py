"""What some bytes are, by their own signs: the same for what a server sends and for what lies in a folder."""

from __future__ import annotations

import re

HEAD = 1445  # bytes that a type is judged by, as browsers do (WHATWG, MIME sniffing, 5)
# A page says so itself, after a byte order mark, blanks, comments and an XML declaration.
HTML = re.compile(
    rb"(\xef\xbb\xbf)?(?>\s|<!--.*?-->|<\?xml.*?\?>)*+<(!doctype\s+html|html|head|body)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")  # never in a text (WHATWG, MIME sniffing, 7.2)
PDF = b"%PDF-"
PDF_WITHIN = 1024  # bytes that readers of PDF accept before its signature
ZIP = b"PK\x03\x04"  # DOCX and XLSX are archives


def is_html(raw: bytes) -> bool:
    """Whether the bytes are a page of HTML that begins as one."""
    return HTML.match(raw[:HEAD]) is not None


def is_binary(raw: bytes) -> bool:
    """Whether the bytes begin with what stands in no text, but for one in UTF-16 or UTF-32."""
    return BINARY.search(raw[:HEAD]) is not None


def is_pdf(raw: bytes) -> bool:
    """Whether the bytes are a PDF; a text may speak of its signature."""
    start = raw[:PDF_WITHIN]
    return start.startswith(PDF) or (PDF in start and BINARY.search(raw) is not None)
