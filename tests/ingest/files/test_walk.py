"""What a folder of files comes to: nothing outside it, nothing that waits, nothing silently left out."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from ingest.build import build_entries
from ingest.errors import InputError
from ingest.files import reading, walk
from ingest.sources import read_corpus

PAGE = "Who may come?\n\nAnyone may.\n"


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(PAGE)


def listed(folder: Path) -> list[str]:
    return [page.capture.removeprefix("pages/leaflets/") for page in read_corpus(folder.parents[1]).source]


def failures(folder: Path) -> dict[str, str]:
    """What a build says of each file that it could not use."""
    rows = build_entries(folder.parents[1]).report.failed
    assert all("\n" not in row.reason for row in rows)
    return {row.capture.removeprefix("pages/leaflets/"): row.reason for row in rows}


def test_order_does_not_hang_on_the_file_system(leaflets: Path) -> None:
    put(leaflets, "b.txt", "a/z.md", "A.TXT", "a.txt", "a/b/c.html")
    assert listed(leaflets) == ["A.TXT", "a.txt", "a/b/c.html", "a/z.md", "b.txt"]


def test_hidden_files_pictures_and_renditions_are_passed_over(leaflets: Path) -> None:
    put(leaflets, "a.html", "a.html.txt", "b.txt", "b.txt.txt", ".c.txt", ".git/d.txt", "~$e.docx", "f.png", "g")
    assert listed(leaflets) == ["a.html", "b.txt"]


def test_a_rendition_without_its_file_is_reported(leaflets: Path) -> None:
    put(leaflets, "a.txt", "gone.pdf.txt", "own.txt.txt")
    assert listed(leaflets) == ["a.txt", "gone.pdf.txt", "own.txt.txt"]
    assert "a file that is gone" in failures(leaflets)["gone.pdf.txt"]


def test_links_are_reported_and_not_followed(leaflets: Path, tmp_path: Path) -> None:
    put(leaflets, "a.txt")
    outside = tmp_path / "outside"
    put(outside, "secret.txt")
    (leaflets / "file.txt").symlink_to(outside / "secret.txt")
    (leaflets / "inside.txt").symlink_to("a.txt")
    (leaflets / "folder").symlink_to(outside)
    (leaflets / "circle").symlink_to(leaflets)
    (leaflets / "broken.txt").symlink_to("nothing")
    assert set(failures(leaflets)) == {"file.txt", "inside.txt", "folder", "circle", "broken.txt"}
    assert all("is a link" in reason for reason in failures(leaflets).values())


def test_pipes_and_sockets_are_reported_and_not_waited_for(leaflets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(leaflets, "a.txt")
    os.mkfifo(leaflets / "pipe.txt")
    monkeypatch.chdir(leaflets)  # the name of a socket may have some 100 characters
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.html")
        rows = failures(leaflets)
    assert set(rows) == {"pipe.txt", "socket.html"}
    assert all("it is a pipe, a socket or a device" in reason for reason in rows.values())


def test_a_device_is_not_read() -> None:
    with pytest.raises(InputError, match="a pipe, a socket or a device"):
        reading.read_file(Path("/dev/zero"), follow=True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_reported(leaflets: Path) -> None:
    put(leaflets, "a.txt", "closed.txt", "shut/b.txt")
    (leaflets / "closed.txt").chmod(0)
    (leaflets / "shut").chmod(0)
    assert all("can not be read" in reason for reason in failures(leaflets).values())
    assert set(failures(leaflets)) == {"closed.txt", "shut"}
    (leaflets / "shut").chmod(0o700)


def test_names_that_can_not_be_written_down_are_reported(leaflets: Path) -> None:
    put(leaflets, "a.txt", "ümlaut – 日本.txt", "two\nlines.txt")
    Path(os.fsdecode(os.fsencode(leaflets) + b"/caf\xe9.txt")).write_text(PAGE)
    assert listed(leaflets) == ["a.txt", "caf\\udce9.txt", "two\\nlines.txt", "ümlaut – 日本.txt"]
    assert all("by this name" in reason for reason in failures(leaflets).values())
    assert set(failures(leaflets)) == {"caf\\udce9.txt", "two\\nlines.txt"}


def test_a_file_too_large_is_reported(leaflets: Path) -> None:
    put(leaflets, "a.txt")
    with (leaflets / "huge.txt").open("wb") as file:
        file.truncate(reading.LARGEST + 1)  # holds no block of the disk
    assert "larger than 64 MiB" in failures(leaflets)["huge.txt"]


def test_a_folder_with_too_many_files_is_no_source(leaflets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(leaflets, *(f"{number}.txt" for number in range(12)))
    assert len(listed(leaflets)) == 12
    monkeypatch.setattr(walk, "MOST", 11)
    with pytest.raises(InputError, match="more than 11 files"):
        listed(leaflets)


OTHERS = {
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "save it as DOCX, XLSX or PDF"),
    "locked.docx": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "encrypted with a password",
    ),
    "letter.rtf": (b"{\\rtf1 Who?}", "is RTF"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is a binary file"),
    "cut.docx": (b"PK\x03\x04" + b"\0" * 50, "a damaged ZIP archive"),
    "words.docx": (b"Who may come? Anyone.", "is damaged"),
    "words.xlsx": (b"Who may come? Anyone.", "is damaged"),
    "words.pdf": (b"Who may come? Anyone.", "is damaged"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_files_that_are_not_read_say_what_to_do(name: str, leaflets: Path) -> None:
    content, words = OTHERS[name]
    put(leaflets, "a.txt")
    (leaflets / name).write_bytes(content)
    assert words in failures(leaflets)[name]


def test_an_archive_of_another_kind(leaflets: Path, make) -> None:
    put(leaflets, "a.txt")
    (leaflets / "book.odt").write_bytes(make.zip({"content.xml": "<x/>"}))
    assert "neither DOCX nor XLSX" in failures(leaflets)["book.odt"]


def test_content_counts_more_than_the_name(leaflets: Path, make) -> None:
    line = ("F1", 12, 72, 700, "Who may come? Anyone may.")
    (leaflets / "page.pdf").write_bytes(b"<!doctype html><h2>Who may come?</h2><p>Anyone may.</p>")
    (leaflets / "print.html").write_bytes(make.pdf([[line]]))
    (leaflets / "sheet.docx").write_bytes(make.xlsx({"FAQ": [["Question", "Answer"], ["When?", "Always."]]}))
    texts = {capture.path: capture.text for capture in build_entries(leaflets.parents[1]).captures}
    assert texts == {
        "pages/leaflets/page.pdf.txt": "## Who may come?\n\nAnyone may.\n",
        "pages/leaflets/print.html.txt": "Who may come? Anyone may.\n",
        "pages/leaflets/sheet.docx.txt": "## When?\n\nAlways.\n\n",
    }
