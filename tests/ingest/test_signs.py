"""What some bytes are: whatever door they come by, fetched or as a file, it is the same."""

from __future__ import annotations

import pytest

from ingest.fetch.body import judge_type
from ingest.files.kinds import judge_kind

HTML = (
    b"<!doctype html><p>Who?",
    b"<HTML lang=en><p>Who?",
    b"\xef\xbb\xbf\n<!-- a comment --><!DOCTYPE html><p>Who?",
    b"<?xml version='1.0'?>\n<html><p>Who?",
    b"<body>Who?",
)
TEXT = (
    b"Who may write <!doctype html>?",
    b"<htmlx>Who?",
    b"<!-- never closed <html>",
    b"# What begins with %PDF-?\n\nA PDF does.",
)


@pytest.mark.parametrize("raw", HTML)
def test_a_page_of_html(raw: bytes) -> None:
    assert judge_type("text/plain", raw) == judge_type("application/x-other", raw) == "text/html"
    assert judge_kind("a.txt", raw) == "html"


@pytest.mark.parametrize("raw", TEXT)
def test_a_text(raw: bytes) -> None:
    assert judge_type("text/plain", raw) == "text/plain"
    assert judge_kind("a.md", raw) == "text"


@pytest.mark.parametrize("raw", [b"%PDF-1.4\nx", b"sent by mail\n%PDF-1.4\n\x00\x01"])
def test_a_pdf(raw: bytes) -> None:
    assert judge_kind("a.txt", raw) == "pdf"
