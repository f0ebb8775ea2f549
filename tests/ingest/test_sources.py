"""sources.toml: which pages a source comes to."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.build import build_entries
from ingest.errors import InputError
from ingest.records import Stored
from ingest.sources import read_corpus
from ingest.stored import read_stored, write_stored

PAGE = "<title>Visits</title><h2>Who may come?</h2><p>Anyone may.</p>"
SITE = '[[source]]\ntitle = "Help"\npublisher = "p"\nsite = "https://help.example/faq/"\n'
FOLDER = '[[source]]\ntitle = "Leaflets"\npublisher = "p"\nfolder = "pages/leaflets"\n'
ADDRESS = '[[source]]\ntitle = "T"\npublisher = "p"\nurl = "https://a.example/faq?x=1"\n'


def describe(folder: Path, toml: str) -> Path:
    (folder / "pages" / "leaflets").mkdir(parents=True)
    (folder / "sources.toml").write_text('name = "n"\n' + toml)
    return folder


def row(capture: str, source: str = "Help") -> Stored:
    url = f"https://help.example/faq/{capture}"
    return Stored(capture, source, url, url, "2026-06-01T08:00:00Z", "0" * 64, title="Visiting us")


def test_a_site_comes_to_what_was_fetched_of_it(tmp_path: Path) -> None:
    describe(tmp_path, SITE)
    write_stored(tmp_path, [row("pages/help/b.html"), row("pages/help/a.html"), row("pages/x.html", "Other")])
    pages = read_corpus(tmp_path).source
    assert [page.capture for page in pages] == ["pages/help/a.html", "pages/help/b.html"]
    assert pages[0].title == "Visiting us"
    assert pages[0].url == "https://help.example/faq/pages/help/a.html"
    assert pages[0].fetched == "2026-06-01"


def test_a_folder_comes_to_its_files(tmp_path: Path) -> None:
    leaflets = describe(tmp_path, FOLDER) / "pages" / "leaflets"
    for name in ("b.txt", "a.html", "a.html.txt", ".hidden.txt", "picture.png", "deep/c.md"):
        (leaflets / name).parent.mkdir(exist_ok=True)
        (leaflets / name).write_text("Who?\n\nAnyone.")
    assert [page.capture for page in read_corpus(tmp_path).source] == [
        "pages/leaflets/a.html",
        "pages/leaflets/b.txt",
        "pages/leaflets/deep/c.md",
    ]


def test_a_page_of_no_use_in_a_folder_is_reported(tmp_path: Path) -> None:
    leaflets = describe(tmp_path, FOLDER) / "pages" / "leaflets"
    (leaflets / "a.html").write_text(PAGE)
    (leaflets / "empty.txt").write_text(" \n")
    built = build_entries(tmp_path)
    assert [entry.question for entry in built.entries] == ["Who may come?"]
    assert [failed.capture for failed in built.report.failed] == ["pages/leaflets/empty.txt"]


def test_an_address_names_its_capture(tmp_path: Path) -> None:
    describe(tmp_path, ADDRESS)
    assert [page.capture for page in read_corpus(tmp_path).source] == ["pages/a-example-faq-x-1.html"]


BROKEN = {
    "nothing fetched": (SITE, "has no page yet; run `citewell build --refresh`"),
    "no files": (FOLDER, "has no page yet; put HTML"),
    "no folder": (FOLDER.replace("leaflets", "none"), "is no folder"),
    "folder outside": (FOLDER.replace("pages/leaflets", "../x"), "outside the corpus folder"),
    "two places": (SITE + 'folder = "pages/x"\n', "names site and folder"),
    "no place": ('[[source]]\ntitle = "T"\npublisher = "p"\n', "names no page"),
    "bad site": (SITE.replace("https:", "ftp:"), "site 'ftp://help.example/faq/' is no http"),
    "depth of a page": (ADDRESS + "depth = 2\n", "depth is for a source with a site"),
    "no pages": (SITE + "pages = 0\n", "is too small"),
    "a page of two": (FOLDER + FOLDER, "is of another source too"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_sources_that_can_not_be_used(name: str, tmp_path: Path) -> None:
    toml, words = BROKEN[name]
    describe(tmp_path, toml)
    if name == "a page of two":
        (tmp_path / "pages" / "leaflets" / "a.txt").write_text("Who?\n\nAnyone.")
    with pytest.raises(InputError) as error:
        read_corpus(tmp_path)
    assert words in str(error.value)


def test_a_capture_has_one_row(tmp_path: Path) -> None:
    describe(tmp_path, SITE)
    write_stored(tmp_path, [row("pages/a.html"), row("pages/a.html")])
    with pytest.raises(InputError, match=r"line 2.*stands there twice"):
        read_stored(tmp_path)
