"""DOCX -> HTML. Runs in the worker. Reads no picture, no macro and no linked file."""

from __future__ import annotations

import io
import re

import mammoth

from ingest.files.archive import check_archive

# Around all words of a cell, where a row is to be read as one line.
CELL = re.compile(r"(<t[dh][^>]*>)<p>((?:(?!</?p>).)*)</p>(</t[dh]>)", re.DOTALL)
STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"


def read(raw: bytes) -> str:
    """The document as HTML: headings, lists, tables and paragraphs. InputError for what ``check_archive`` refuses."""
    check_archive(raw)
    ignore_image = mammoth.images.img_element(lambda image: {})
    made = mammoth.convert_to_html(
        io.BytesIO(raw), style_map=STYLES, convert_image=ignore_image, external_file_access=False
    )
    return "<!doctype html><body>" + CELL.sub(r"\1\2\3", made.value) + "</body>"
