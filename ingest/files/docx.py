"""DOCX -> HTML. Runs in the worker. Reads no picture, no macro and no linked file."""

from __future__ import annotations

import io

import mammoth

from ingest.files.archive import check_archive

STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"


def read(raw: bytes) -> str:
    """The document as HTML: headings, lists, tables and paragraphs. InputError for what ``check_archive`` refuses."""
    check_archive(raw)
    ignore_image = mammoth.images.img_element(lambda image: {})
    made = mammoth.convert_to_html(
        io.BytesIO(raw), style_map=STYLES, convert_image=ignore_image, external_file_access=False
    )
    return f"<!doctype html><body>{made.value}</body>"
