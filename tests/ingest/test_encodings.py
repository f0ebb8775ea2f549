"""The encoding of a page: by its mark, its header, its meta, or a guess; and the page in UTF-8."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
import webencodings

from ingest.encodings import decode, find_encoding, to_utf8
from ingest.errors import InputError
from ingest.extract.html import render


@pytest.mark.parametrize(
    ("header", "page", "encoding"),
    [
        ("windows-1252", "<p>“Käse”</p>", "cp1252"),
        ("iso-8859-1", "<p>“Käse”</p>", "cp1252"),
        ("iso-8859-2", '<meta charset="utf-8"><p>Käse, Łódź</p>', "iso-8859-2"),
        ("utf-8", '<meta charset="iso-8859-1"><p>Käse, Łódź</p>', "utf-8"),
        ("utf-8", '<meta charset="iso-8859-1"><p>Käse</p>', "iso-8859-1"),
        ("utf-8", "<p>Käse</p>", "utf-8-sig"),
        ("utf-16", "<p>Käse</p>", "utf-16"),
        ("x-unknown", '<meta charset="iso-8859-1"><p>Käse</p>', "iso-8859-1"),
        ("hex", "<p>Kase</p>", "utf-8"),
        ("", "<p>Käse, Łódź</p>", "utf-8"),
        ("", "<p>“Käse”</p>", "cp1252"),
        ("shift_jis", "<p>日本</p>", "shift_jis"),
    ],
)
def test_page_is_read_as_its_reader_sees_it(header: str, page: str, encoding: str) -> None:
    stored = to_utf8(page.encode(encoding), f'text/html; charset="{header}"')
    assert render(stored) == page.partition("<p>")[2].removesuffix("</p>") + "\n"


@pytest.mark.parametrize(
    ("page", "header"),
    [
        (b"<p>plain", "text/html"),
        (b'<meta charset="utf-8"><p>K\xc3\xa4se', "text/html"),
        (b"\xef\xbb\xbf<p>K\xc3\xa4se", "text/html; charset=iso-8859-1"),
        (b"K\xc3\xa4se", "text/plain; charset=utf-8"),
    ],
)
def test_page_whose_bytes_tell_stays_as_sent(page: bytes, header: str) -> None:
    assert to_utf8(page, header) == page


def test_one_broken_character_does_not_make_a_page_another_encoding() -> None:
    page = "<p>Łódź – zażółć gęślą jaźń".encode()
    assert to_utf8(page + b"\xc5", "text/html; charset=utf-8").decode("utf-8-sig") == page.decode() + "\ufffd"


def test_gaps_of_windows_1252_are_no_failure() -> None:
    assert to_utf8(b"<p>\x93K\xe4se\x94 \x81", "text/html").decode("utf-8-sig")[:8] == "<p>“Käse"


def test_encodings_of_html5lib(test_data: Path) -> None:
    lines = (test_data / "robustness" / "encoding_html5lib.jsonl").read_text().splitlines()
    cases = [row for row in map(json.loads, lines) if not row["scripted"]]  # one needs a page's script to be run
    wrong = [
        row["id"]
        for row in cases
        if find_encoding(base64.b64decode(row["data_b64"])) != webencodings.lookup(row["encoding"]).name
    ]
    # e001 says that it is EUC-JP, and its bytes are UTF-8.
    assert (len(cases), wrong) == (82, ["e001"])


@pytest.mark.parametrize("encoding", ["windows-1251", "iso-8859-7", "shift_jis", "euc-kr"])
def test_no_other_encoding_is_guessed(encoding: str) -> None:
    words = {"windows-1251": "Когда открыто?", "iso-8859-7": "Πότε είναι ανοιχτά;", "shift_jis": "いつ開きますか"}
    body = (words.get(encoding, "언제 열어요?") * 9).encode(encoding)
    with pytest.raises(InputError, match="names no encoding"):
        decode(body)
    assert decode(body, f"text/plain; charset={encoding}") == body.decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_text_comes_without_its_mark(encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    assert decode(f"{mark}Łódź?".encode(encoding)) == "Łódź?"
