"""Sitemaps: what they list, and what they may not do (f029 to f031 of the fault matrix)."""

from __future__ import annotations

import gc
import gzip
import resource
import tracemalloc
import zlib

import pytest

from ingest.addresses import LONGEST
from ingest.fetch.sitemap import ADDRESSES, DEPTH, FILES, SIZE, Sitemap, list_addresses, read_sitemap

URLS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n'
    "<url><loc> https://a.example/?x=1&amp;y=2 </loc><lastmod>2026-01-01</lastmod>"
    "<image:image><image:loc>https://a.example/p.png</image:loc></image:image></url>"
    "<url><loc><![CDATA[https://a.example/b]]></loc></url></urlset>"
)
PAGES = ("https://a.example/?x=1&y=2", "https://a.example/b")
INDEX = "<sitemapindex><sitemap><loc>https://a.example/1.xml.gz</loc></sitemap></sitemapindex>"
LISTS = {
    "XML": (URLS.encode(), Sitemap(PAGES)),
    "gzip": (gzip.compress(URLS.encode()), Sitemap(PAGES)),
    "blank lines first": (b"\n \n" + URLS.encode(), Sitemap(PAGES)),
    "byte order mark": (b"\xef\xbb\xbf" + URLS.encode(), Sitemap(PAGES)),
    "UTF-16": (URLS.replace("UTF-8", "UTF-16").encode("utf-16"), Sitemap(PAGES)),
    "index": (INDEX.encode(), Sitemap((), ("https://a.example/1.xml.gz",))),
    "plain": (
        b"\xef\xbb\xbfhttps://a.example/b\r\n\r\nnot one\r\nhttps://a.example/c",
        Sitemap((PAGES[1], PAGES[1][:-1] + "c")),
    ),
    "plain, gzip": (gzip.compress(b"https://a.example/b\n"), Sitemap(PAGES[1:])),
}
FAULTS = {
    "empty": (b"", "lists no address"),
    "half of it": (URLS.encode()[:-40], "no well-formed sitemap"),
    "no gzip after all": (b"\x1f\x8bxxxx", "no well-formed sitemap"),
    "half a gzip": (gzip.compress(URLS.encode())[:-20], "breaks off"),
    "an HTML page": (b"<!doctype html><html><p>Not found</p></html>", "no well-formed sitemap"),
    "too many": (b"<urlset>" + b"<url><loc>https://a.example/</loc></url>" * (ADDRESSES + 1), "more than 50,000"),
    "too many, plain": (b"https://a.example/\n" * (ADDRESSES + 1), "more than 50,000"),
    "too many lines": (b"x\n" * (2 * ADDRESSES + 1), "more than 100,000 lines"),
}


@pytest.mark.parametrize("name", LISTS)
def test_what_a_sitemap_lists(name: str) -> None:
    content, expected = LISTS[name]
    assert read_sitemap(content) == expected


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_told(name: str) -> None:
    content, words = FAULTS[name]
    assert words in read_sitemap(content).fault


def test_what_came_before_a_fault_counts() -> None:
    assert read_sitemap(URLS.encode()[:-40]).pages == PAGES[:1]


def laugh(encoding: str) -> bytes:
    entities = '<!ENTITY e0 "ha">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f"<!DOCTYPE urlset [{entities}]><urlset><url><loc>&e11;</loc></url></urlset>".encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_billion_laughs_are_refused(encoding: str) -> None:
    found = read_sitemap(laugh(encoding))
    assert found.pages == ()
    assert "document type" in found.fault


@pytest.mark.parametrize(
    "form",
    [
        "<urlset>" + "<url><loc>https://a.example/</loc></url>" * ADDRESSES + "</urlset>",
        "https://a.example/\n" * ADDRESSES,
    ],
)
def test_as_many_addresses_as_the_protocol_allows(form: str) -> None:
    found = read_sitemap(form.encode())
    assert (len(found.pages), found.fault) == (ADDRESSES, "")


@pytest.mark.parametrize("form", ["<urlset><url><loc>{}</loc></url></urlset>", "{}\nhttps://a.example/b", "{}"])
def test_an_address_without_an_end_is_none(form: str) -> None:
    endless = "https://a.example/" + "a" * LONGEST
    assert all(len(page) < LONGEST for page in read_sitemap(form.replace("{}", endless).encode()).pages)


@pytest.mark.parametrize(
    ("filling", "words"),
    [
        (b" ", f"{SIZE:,} bytes"),
        (b"<url><loc>" + b"a" * 1000, f"{SIZE:,} bytes"),
        (b"https://a.example/", f"{SIZE:,} bytes"),
        (b"https://a.example/\n", "more than 50,000 addresses"),
        (b"\nx", "more than 100,000 lines"),
    ],
)
def test_a_bomb_is_not_unpacked(filling: bytes, words: str) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = packer.compress(b"x" if filling.startswith((b"http", b"\n")) else b"<urlset>")
    piece = filling * (1 << 20 >> 4)
    for _ in range((1 << 28) // len(piece)):
        bomb += packer.compress(piece)
    bomb += packer.flush()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert words in read_sitemap(bomb).fault
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 64 << 20


def test_an_address_without_an_end_is_left_out() -> None:
    found = read_sitemap(
        b"<urlset><url><loc>https://a.example/" + b"&amp;" * LONGEST + b"</loc></url>"
        b"<url><loc>https://a.example/b</loc></url></urlset>"
    )
    assert found == Sitemap(PAGES[1:])


def test_an_index_that_lists_itself_ends() -> None:
    asked = []

    def get(url: str) -> Sitemap:
        asked.append(url)
        return Sitemap((), ("/sitemap.xml", "/sitemap.xml#again"))

    assert list_addresses(["https://a.example/sitemap.xml"], get, bool, 100).pages == ()
    assert asked == ["https://a.example/sitemap.xml"]


def test_indexes_without_an_end() -> None:
    asked = []

    def deeper(url: str) -> Sitemap:
        asked.append(url)
        return Sitemap((), (f"{url}x",))

    deep = list_addresses(["https://a.example/"], deeper, bool, 100)
    assert len(asked) == DEPTH + 1
    assert "indexes" in deep.faults[0]
    asked.clear()

    def wider(url: str) -> Sitemap:
        asked.append(url)
        return Sitemap((), tuple(f"{url}/{number}" for number in range(1000)))

    wide = list_addresses(["https://a.example/"], wider, bool, 100)
    assert len(asked) == FILES
    assert len(wide.faults) == 1
    assert "more than 100 sitemaps" in wide.faults[0]


def test_what_indexes_list_does_not_fill_the_memory() -> None:
    gc.disable()
    asked = []

    def get(url: str) -> Sitemap:
        asked.append(url)
        listed = "".join(f"<sitemap><loc>/{len(asked)}/{n}/{'a' * 900}</loc></sitemap>" for n in range(1_000))
        return read_sitemap(f"<sitemapindex>{listed}</sitemapindex>".encode())

    tracemalloc.start()
    list_addresses(["https://a.example/"], get, bool, 100)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    gc.enable()
    assert (len(asked), peak < 16 << 20) == (FILES, True)  # one index has a megabyte


def test_only_wanted_pages_and_no_more_than_the_limit() -> None:
    listing = list_addresses(
        ["https://a.example/"],
        lambda _: Sitemap(("/a#1", "/b", "/a", "mailto:x", "/c")),
        lambda url: "b" not in url[-1],
        2,
    )
    assert listing.pages == ("https://a.example/a", "https://a.example/c")
