"""Bad input: one line that names the value and the next step, and nothing half-written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.build import EXTRACT, build_entries
from ingest.disk import write_bytes
from ingest.entries import (
    encode_entries,
    read_alternates,
    read_entries,
    read_ready_made,
    read_unanswered,
)
from ingest.errors import InputError
from ingest.extract import plain
from ingest.records import Block
from ingest.spans import verify

PAGE = "Who may come?\n\nAnyone may.\n"
SOURCE = '[[source]]\ntitle = "T"\ncapture = "pages/p.txt"\nkind = "faq"\npublisher = "p"\nlicence = "l"\n'


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "p.txt").write_text(PAGE)
    (tmp_path / "sources.toml").write_text('name = "n"\n' + SOURCE)
    return tmp_path


def configure(toml: str) -> Callable[[Path], object]:
    return lambda folder: (folder / "sources.toml").write_text('name = "n"\n' + toml)


def capture(content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / "pages" / "p.txt").write_bytes(content)


def link_outside(folder: Path) -> None:
    (folder / "pages" / "p.txt").unlink()
    (folder / "pages" / "p.txt").symlink_to("/etc/hostname")


def link_in_a_circle(folder: Path) -> None:
    (folder / "pages" / "p.txt").unlink()
    (folder / "pages" / "p.txt").symlink_to(folder / "pages" / "p.txt")


def add_page_beside_its_rendition(folder: Path) -> None:
    (folder / "pages" / "a.html").write_text("<h2>Who may come?</h2><p>Anyone may.</p>")
    (folder / "pages" / "a.html.txt").write_text(PAGE)
    configure(SOURCE.replace("p.txt", "a.html") + SOURCE.replace("p.txt", "a.html.txt"))(folder)


BROKEN = {
    "no folder": (lambda f: f.rename(f.with_name("gone")), "there is no corpus folder"),
    "no sources": (lambda f: (f / "sources.toml").unlink(), "sources.toml is missing"),
    "broken TOML": (configure('[[source]\ntitle = "x"'), "line 2"),
    "not UTF-8": (lambda f: (f / "sources.toml").write_bytes(b'name = "\xff"'), "byte 8"),
    "unknown field": (configure(SOURCE + 'colour = "red"\n'), "colour"),
    "missing field": (configure(SOURCE.replace('publisher = "p"\n', "")), "publisher"),
    "no source": (configure("source = []\n"), "names no page"),
    "empty title": (configure(SOURCE.replace('"T"', '" "')), "empty title"),
    "unknown kind": (configure(SOURCE.replace("faq", "blog")), "source 1: kind: 'blog' is none of faq, prose, auto"),
    "misspelt field": (configure(SOURCE.replace("title", "titel")), "no field 'titel'; the fields are title, publ"),
    "one bracket": (configure(SOURCE.replace("[[source]]", "[source]")), "with two brackets: [[source]]"),
    "number for a text": (configure(SOURCE.replace('"p"', "5")), "publisher: this is a whole number; write text in"),
    "path upwards": (configure(SOURCE.replace("pages/p.txt", "../p.txt")), "outside the corpus folder"),
    "absolute path": (configure(SOURCE.replace("pages/p.txt", "/etc/passwd")), "/etc/passwd"),
    "link outside": (link_outside, "outside the corpus folder"),
    "twice": (configure(SOURCE + SOURCE), "another source"),
    "bad url": (configure(SOURCE + 'url = "ftp://x"\n'), "ftp://x"),
    "url of no host": (configure(SOURCE + 'url = "https://"\n'), "source 1 ('T'): url 'https://' is no http"),
    "url that can not be split": (
        configure(SOURCE + 'url = "http://[x"\n'),
        "source 1 ('T'): url 'http://[x'",
    ),
    "url with a port of words": (configure(SOURCE + 'url = "http://x:y/"\n'), "http://x:y/"),
    "url with a blank": (configure(SOURCE + 'url = "http://x y/"\n'), "http://x y/"),
    "capture that is the index": (configure(SOURCE.replace("pages/p.txt", "entries.jsonl")), "not under pages/"),
    "capture that is the folder": (configure(SOURCE.replace("pages/p.txt", "pages")), "not under pages/"),
    "path in two spellings": (configure(SOURCE.replace("pages/p", "pages//p")), "write 'pages/p.txt'"),
    "rendition over a capture": (add_page_beside_its_rendition, "has the name of the rendition of 'pages/a.html'"),
    "link in a circle": (link_in_a_circle, "in a circle"),
    "deep TOML": (configure("x = " + "[" * 5000), "not valid TOML"),
    "number without an end": (configure("x = " + "9" * 5000), "not valid TOML"),
    "missing capture": (lambda f: (f / "pages" / "p.txt").unlink(), "is missing"),
    "missing with url": (
        lambda f: (configure(SOURCE.replace("p.txt", "q.html") + 'url = "https://example.org"\n'))(f),
        "--refresh",
    ),
    "folder as capture": (lambda f: ((f / "pages/q").mkdir(), configure(SOURCE.replace("p.txt", "q"))(f)), "be read"),
    "empty": (capture(b" \n\n"), "is empty"),
    "binary": (capture(b"%PDF\0\1"), "binary"),
    "undecodable": (capture(b"caf\x81 au lait?\n\nYes"), "byte 3"),
    "HTML without text": (capture(b"<!doctype html><script>1</script>"), "without any text"),
    "no entry": (capture(b"Just some words.\n\nAnd some more of them."), "no question with an answer"),
    "only questions": (capture(b"Who?\n\nWhat?\n"), "2 questions without an answer"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_corpus_that_can_not_be_used(name: str, corpus: Path) -> None:
    spoil, words = BROKEN[name]
    spoil(corpus)
    with pytest.raises(InputError) as error:
        build_entries(corpus)
    assert words in str(error.value)
    assert "\n" not in str(error.value)
    assert not (corpus / "entries.jsonl").exists()


@pytest.mark.parametrize("fault", [RecursionError, MemoryError, ValueError])
def test_one_page_that_breaks_its_reader(fault: type[Exception], corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(text: str) -> tuple[Block, ...]:
        if "breaks" in text:
            raise fault
        return plain.extract(text)

    monkeypatch.setitem(EXTRACT, "plain", read)
    (corpus / "pages" / "f").mkdir()
    (corpus / "pages" / "p.txt").rename(corpus / "pages" / "f" / "p.txt")
    (corpus / "pages" / "f" / "q.txt").write_text("What breaks?\n\nThis page.\n")
    configure('[[source]]\ntitle = "F"\npublisher = "p"\nlicence = "l"\nkind = "faq"\nfolder = "pages/f"\n')(corpus)
    built = build_entries(corpus)
    assert [entry.question for entry in built.entries] == ["Who may come?"]
    assert [failed.capture for failed in built.report.failed] == ["pages/f/q.txt"]
    assert fault.__name__ in built.report.failed[0].reason
    configure(SOURCE.replace("p.txt", "f/q.txt"))(corpus)
    with pytest.raises(InputError, match=rf"q.txt can not be read \({fault.__name__}\); leave it out"):
        build_entries(corpus)


ENTRY_ROW = (
    '{"id":"who","kind":"qa","question":"Who?","answer":["A."],"alternates":[],"occurrences":[{"source":"T","url":null,'
    '"capture":"pages/p.txt","start":0,"end":3,"heading":null,"date":null,"method":"plain","score":1.0}]}\n'
)
ROWS = [
    (read_entries, ENTRY_ROW + "{oops\n", "line 2"),
    (read_entries, ENTRY_ROW + ENTRY_ROW, "'who' stands there twice"),
    (read_entries, ENTRY_ROW.replace('["A."]', "[]"), "line 1"),
    (read_entries, ENTRY_ROW.replace('"qa"', '"faq"'), "faq"),
    (read_unanswered, '{"text":"x","kind":"near","by":"a","reviewed":true}\n{"text":"x"}\n', "line 2"),
    (read_unanswered, '{"text":" ","kind":"near","by":"a","reviewed":true}\n', "the text is empty"),
    (read_ready_made, "", "has no rows"),
    (read_ready_made, '{"id":"1","question":"Q?","answer":"A"}\n\n{"id":"1","question":"R?","answer":"B"}\n', "line 3"),
    (read_ready_made, '{"id":"1","question":" ","answer":"A"}\n', "the question is empty"),
    (read_ready_made, '{"id":"1","question":"Q?","answer":["", " "]}\n', "the answer is empty"),
    (read_ready_made, '{"id":"1","question":"Q?"}\n', "answer"),
    (read_ready_made, '{"id":" ","question":"Q?","answer":"A"}\n', "the id is empty"),
    (read_ready_made, "[1]\n", "line 1"),
    (read_ready_made, '\n{"question":"Q?","answer":"A","source":"http://[x"}\n', "line 2: the source 'http://[x'"),
    (read_ready_made, '{"question":"Q?","answer":"A","source":"HTTPS://"}\n', "line 1: the source 'HTTPS://'"),
    (read_ready_made, '{"id":"1","question":"\\ud800?","answer":"A"}\n', "line 1"),
]


@pytest.mark.parametrize(("read", "rows", "words"), ROWS)
def test_rows_that_can_not_be_used(read: Callable[[Path], object], rows: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(rows)
    with pytest.raises(InputError) as error:
        read(path)
    assert words in str(error.value)
    assert "rows.jsonl" in str(error.value)


def test_rows_that_are_missing_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is missing"):
        read_entries(tmp_path / "no.jsonl")
    (tmp_path / "b.jsonl").write_bytes(b'{"id": "\xff"}\n')
    with pytest.raises(InputError, match="line 1"):
        read_ready_made(tmp_path / "b.jsonl")


def test_alternates_must_name_what_there_is(corpus: Path) -> None:
    entries = build_entries(corpus).entries
    path = corpus / "alternates.jsonl"
    assert read_alternates(path, entries) == ()
    row = '{"entry":"who-may-come","paragraph":0,"text":"may I?","by":"a","reviewed":true}\n'
    path.write_text(row)
    assert read_alternates(path, entries)[0].text == "may I?"
    path.write_text(row + row.replace("who-may", "how-may"))
    with pytest.raises(InputError, match=r"line 2.*'how-may-come'"):
        read_alternates(path, entries)
    path.write_text(row.replace('"paragraph":0', '"paragraph":1'))
    with pytest.raises(InputError, match=r"line 1.*no paragraph 1"):
        read_alternates(path, entries)


def test_entry_that_its_capture_does_not_hold(corpus: Path) -> None:
    built = build_entries(corpus)
    path = corpus / "entries.jsonl"
    write_bytes(path, encode_entries(built.entries))
    path.write_text(path.read_text().replace("Anyone may.", "Nobody may."))
    captures = {capture.path: capture for capture in built.captures}
    with pytest.raises(InputError, match="paragraph 1 of entry 'who-may-come'"):
        verify(read_entries(path)[0], captures)
    with pytest.raises(InputError, match="unknown capture"):
        verify(built.entries[0], {})


def test_write_that_fails_names_the_file(corpus: Path) -> None:
    (corpus / "file").write_text("")
    with pytest.raises(InputError, match="can not be written"):
        write_bytes(corpus / "file" / "entries.jsonl", encode_entries(()))
