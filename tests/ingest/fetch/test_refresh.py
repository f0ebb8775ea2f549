"""The pages of a corpus fetched again: a failure harms no stored capture."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.build import build_entries, write_built
from ingest.errors import InputError
from ingest.fetch.client import Client
from ingest.fetch.refresh import refresh
from ingest.records import Corpus
from ingest.sources import read_corpus
from tests.ingest.fetch.conftest import Request, Web, respond

OLD = "<h2>Is it open?</h2><p>Yes.</p>"
NEW = b"<h2>Is it open?</h2><p>No longer.</p>"
PAGES = {"/faq": respond(NEW), "/page": respond("<p>new</p>"), "/empty": respond("\n")}


def answer(request: Request) -> bytes:
    return PAGES.get(request.path) or respond("", "404 None")


@pytest.fixture
def client(client: Client, web: Web) -> Client:
    web.serve("site.example", answer)
    return client


def describe(folder: Path, *names: str) -> Corpus:
    """A corpus of HTML pages with stored captures, each with the address of its name."""
    toml = 'name = "n"\n'
    (folder / "pages").mkdir()
    for name in names:
        (folder / "pages" / f"{name}.html").write_text(OLD)
        toml += f'[[source]]\ntitle = "{name}"\ncapture = "pages/{name}.html"\nkind = "faq"\npublisher = "p"\n'
        toml += f'licence = "l"\nurl = "http://site.example/{name}"\n'
    (folder / "sources.toml").write_text(toml)
    return read_corpus(folder)


def read_all(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_refresh_takes_what_comes_and_tells_of_the_rest(tmp_path: Path, client: Client) -> None:
    corpus = describe(tmp_path, "faq", "none", "empty")
    before = read_all(tmp_path)
    fetched = refresh(corpus, client)
    assert [line.partition(":")[0] for line in fetched.failures] == ["pages/none.html", "pages/empty.html"]
    assert fetched.pages == {"pages/faq.html": NEW}
    assert read_all(tmp_path) == before


def test_fetched_page_is_stored_with_its_entries(tmp_path: Path, client: Client) -> None:
    corpus = describe(tmp_path, "faq", "none")
    before = read_all(tmp_path)
    built = build_entries(tmp_path, fetched=refresh(corpus, client).pages)
    assert [entry.answer for entry in built.entries] == [("No longer.",), ("Yes.",)]
    assert read_all(tmp_path) == before
    write_built(tmp_path, built)
    assert (tmp_path / "pages" / "faq.html").read_bytes() == NEW
    assert (tmp_path / "pages" / "none.html").read_text() == OLD
    assert build_entries(tmp_path).entries == built.entries


def test_page_without_entries_harms_no_capture(tmp_path: Path, client: Client) -> None:
    corpus = describe(tmp_path, "page", "faq")
    before = read_all(tmp_path)
    with pytest.raises(InputError, match=r"pages/page\.html\.txt gives no entry"):
        build_entries(tmp_path, fetched=refresh(corpus, client).pages)
    assert read_all(tmp_path) == before


def test_nothing_is_written_through_a_linked_folder(tmp_path: Path, client: Client) -> None:
    corpus = describe(tmp_path, "faq")
    pages = refresh(corpus, client).pages
    built = build_entries(tmp_path, fetched=pages)
    (tmp_path / "pages").rename(tmp_path / "elsewhere")
    home = tmp_path / "corpus"
    home.mkdir()
    (tmp_path / "sources.toml").rename(home / "sources.toml")
    (home / "pages").symlink_to(tmp_path / "elsewhere")
    before = read_all(tmp_path)
    with pytest.raises(InputError, match="outside the corpus folder"):
        write_built(home, built)
    with pytest.raises(InputError, match="outside the corpus folder"):
        build_entries(home, fetched=pages)
    assert read_all(tmp_path) == before
