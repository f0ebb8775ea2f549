"""sources.toml: which pages a source comes to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.build import build_entries
from ingest.errors import InputError
from ingest.records import Freshness, Questions, Stored, Topic
from ingest.sources import read_corpus
from ingest.stored import read_stored, write_stored

PAGE = "<title>Visits</title><h2>Who may come?</h2><p>Anyone may.</p>"
SITE = '[[source]]\ntitle = "Help"\npublisher = "p"\nsite = "https://help.example/faq/"\n'
FOLDER = '[[source]]\ntitle = "Leaflets"\npublisher = "p"\nfolder = "pages/leaflets"\n'
ADDRESS = '[[source]]\ntitle = "T"\npublisher = "p"\nurl = "https://a.example/faq?x=1"\n'
SETTINGS = """
[[topic]]
name = "Money"
words = ["fee", "fines and charges"]
examples = ["What does it cost?"]
[[freshness]]
before = 2025-02-24
say = "The fees have changed since."
[questions]
log = true
keep_days = 30
"""


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
    "unknown field of a topic": (
        ADDRESS + '[[topic]]\nname = "a"\nword = ["b"]\n',
        "topic 1: there is no field 'word'",
    ),
    "topic without words": (
        ADDRESS + '[[topic]]\nname = "a"\nwords = [" "]\n',
        "topic 1 ('a') has no name or no words",
    ),
    "topics of one name": (ADDRESS + 2 * '[[topic]]\nname = "a"\nwords = ["b"]\n', "two topics of one name"),
    "no day": (ADDRESS + '[[freshness]]\nbefore = "soon"\nsay = "s"\n', "freshness 1: before"),
    "nothing said": (ADDRESS + '[[freshness]]\nbefore = 2025-02-24\nsay = ""\n', "freshness 1 says nothing"),
    "no number of days": (ADDRESS + "[questions]\nkeep_days = 0\n", "keep_days 0 is not from 1 to 3650"),
    "too many days": (ADDRESS + "[questions]\nkeep_days = 800000\n", "keep_days 800000 is not from 1 to 3650"),
    "log what": (
        ADDRESS + '[questions]\nlog = "yes"\n',
        'questions: log: this is text in "quotes"; write true or false',
    ),
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


def test_what_the_app_says_comes_with_the_pages(tmp_path: Path) -> None:
    describe(tmp_path, ADDRESS + SETTINGS)
    corpus = read_corpus(tmp_path)
    assert corpus.topic == (Topic("Money", ("fee", "fines and charges"), ("What does it cost?",)),)
    assert corpus.freshness == (Freshness(date(2025, 2, 24), "The fees have changed since."),)
    assert corpus.questions == Questions(log=True, keep_days=30)


def test_a_capture_has_one_row(tmp_path: Path) -> None:
    describe(tmp_path, SITE)
    write_stored(tmp_path, [row("pages/a.html"), row("pages/a.html")])
    with pytest.raises(InputError, match=r"line 2.*stands there twice"):
        read_stored(tmp_path)
