"""The network, without one: what is fetched, what is refused, and that a failure harms no stored capture."""

from __future__ import annotations

import gzip
from pathlib import Path

import httpx
import pytest

from ingest import fetch
from ingest.errors import InputError
from ingest.records import Corpus, Source

HTML = {"content-type": "text/html; charset=utf-8"}
BOMB = gzip.compress(b"x" * (fetch.SIZE + 1))


def answer(request: httpx.Request) -> httpx.Response:
    match request.url.path:
        case "/page":
            return httpx.Response(200, headers=HTML, content=b"<p>new</p>")
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


def test_failed_refresh_keeps_the_capture(tmp_path: Path, client: httpx.Client) -> None:
    def source(name: str, path: str | None) -> Source:
        return Source(name, f"{name}.html", "faq", "p", "l", f"https://example.org{path}" if path else None)

    names = {"good": "/page", "gone": "/none", "blank": "/empty", "own": None}
    for name in names:
        (tmp_path / f"{name}.html").write_text("old")
    corpus = Corpus("n", tuple(source(name, path) for name, path in names.items()))
    failures = fetch.refresh(tmp_path, corpus, client)
    assert [line.partition(":")[0] for line in failures] == ["gone.html", "blank.html"]
    assert {path.stem: path.read_text() for path in tmp_path.iterdir()} == {
        "good": "<p>new</p>", "gone": "old", "blank": "old", "own": "old"
    }  # fmt: skip
