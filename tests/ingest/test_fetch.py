"""The network, without one: what is fetched, what is refused, and that a failure harms no stored capture."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import httpx
import pytest

from ingest import fetch
from ingest.build import build_entries, write_built
from ingest.errors import InputError
from ingest.extract.html import render
from ingest.records import Corpus
from ingest.sources import read_corpus

HTML = {"content-type": "text/html; charset=utf-8"}
OLD = "<h2>Is it open?</h2><p>Yes.</p>"
NEW = b"<h2>Is it open?</h2><p>No longer.</p>"
BOMB = gzip.compress(b"x" * (fetch.SIZE + 1))


def answer(request: httpx.Request) -> httpx.Response:
    match request.url.path:
        case "/page":
            return httpx.Response(200, headers=HTML, content=b"<p>new</p>")
        case "/faq":
            return httpx.Response(200, headers=HTML, content=NEW)
        case "/moved":
            return httpx.Response(301, headers={"location": "/page"})
        case "/round":
            return httpx.Response(302, headers={"location": "/round"})
        case "/file":
            return httpx.Response(302, headers={"location": "file:///etc/passwd"})
        case "/image":
            return httpx.Response(200, headers={"content-type": "image/png"}, content=b"1")
        case "/bomb":
            return httpx.Response(200, headers=HTML | {"content-encoding": "gzip"}, content=BOMB)
        case "/empty":
            return httpx.Response(200, headers=HTML, content=b"\n")
        case "/down":
            raise httpx.ConnectError("no route", request=request)
    return httpx.Response(404)


@pytest.fixture
def client() -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(answer))


@pytest.mark.parametrize("path", ["/page", "/moved"])
def test_page_is_fetched(path: str, client: httpx.Client) -> None:
    assert fetch.fetch(f"https://example.org{path}", client) == b"<p>new</p>"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://example.org/none", "status 404"),
        ("https://example.org/round", "redirects"),
        ("https://example.org/file", "no http or https"),
        ("https://example.org/image", "image/png"),
        ("https://example.org/bomb", "larger than 10,000,000 bytes"),
        ("https://example.org/down", "no route"),
        ("ftp://example.org", "no http or https"),
        ("https://[", "no http or https"),
        ("https://", "no http or https"),
    ],
)
def test_refusals_name_the_address(url: str, words: str, client: httpx.Client) -> None:
    with pytest.raises(InputError) as error:
        fetch.fetch(url, client)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_slow_page_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def drip() -> Iterator[bytes]:
        while not given_up.wait(0.01):
            yield b"x"

    given_up = Event()
    monkeypatch.setattr(fetch, "DEADLINE", 0.2)
    client = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, headers=HTML, content=drip())))
    with pytest.raises(InputError, match=r"within 0\.2 seconds"):
        fetch.fetch("https://example.org/", client)
    given_up.set()


@pytest.mark.parametrize("host", ["x" * 64 + ".example", "a..example"])
def test_name_that_dns_can_not_hold(host: str) -> None:
    with pytest.raises(InputError, match="can not be fetched"):
        fetch.fetch(f"http://{host}/")


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
    ],
)
def test_encoding_of_the_header_holds(header: str, page: str, encoding: str) -> None:
    sent = httpx.Response(200, headers={"content-type": f"text/html; charset={header}"}, content=page.encode(encoding))
    stored = fetch.fetch("https://example.org/", httpx.Client(transport=httpx.MockTransport(lambda _: sent)))
    assert render(stored) == page.partition("<p>")[2].removesuffix("</p>") + "\n"


def describe(folder: Path, *names: str) -> Corpus:
    """A corpus of HTML pages with stored captures, each with the address of its name."""
    toml = 'name = "n"\n'
    (folder / "pages").mkdir()
    for name in names:
        (folder / "pages" / f"{name}.html").write_text(OLD)
        toml += f'[[source]]\ntitle = "{name}"\ncapture = "pages/{name}.html"\nkind = "faq"\npublisher = "p"\n'
        toml += f'licence = "l"\nurl = "https://example.org/{name}"\n'
    (folder / "sources.toml").write_text(toml)
    return read_corpus(folder)


def read_all(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_refresh_takes_what_comes_and_tells_of_the_rest(tmp_path: Path, client: httpx.Client) -> None:
    corpus = describe(tmp_path, "faq", "none", "empty")
    before = read_all(tmp_path)
    fetched = fetch.refresh(corpus, client)
    assert [line.partition(":")[0] for line in fetched.failures] == ["pages/none.html", "pages/empty.html"]
    assert fetched.pages == {"pages/faq.html": NEW}
    assert read_all(tmp_path) == before


def test_fetched_page_is_stored_with_its_entries(tmp_path: Path, client: httpx.Client) -> None:
    corpus = describe(tmp_path, "faq", "none")
    before = read_all(tmp_path)
    built = build_entries(tmp_path, fetched=fetch.refresh(corpus, client).pages)
    assert [entry.answer for entry in built.entries] == [("No longer.",), ("Yes.",)]
    assert read_all(tmp_path) == before
    write_built(tmp_path, built)
    assert (tmp_path / "pages" / "faq.html").read_bytes() == NEW
    assert (tmp_path / "pages" / "none.html").read_text() == OLD
    assert build_entries(tmp_path).entries == built.entries


def test_page_without_entries_harms_no_capture(tmp_path: Path, client: httpx.Client) -> None:
    corpus = describe(tmp_path, "page", "faq")
    before = read_all(tmp_path)
    with pytest.raises(InputError, match=r"pages/page\.html\.txt gives no entry"):
        build_entries(tmp_path, fetched=fetch.refresh(corpus, client).pages)
    assert read_all(tmp_path) == before


def test_nothing_is_written_through_a_linked_folder(tmp_path: Path, client: httpx.Client) -> None:
    corpus = describe(tmp_path, "faq")
    pages = fetch.refresh(corpus, client).pages
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
