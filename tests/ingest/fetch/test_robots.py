"""robots.txt: what the file says, and what its being there or not says (RFC 9309)."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.fetch.client import ROBOTS_LAST, Client
from ingest.fetch.manners import CRAWL_DELAY
from ingest.fetch.robots import SIZE, read_rules
from tests.ingest.fetch.conftest import Request, Time, Web, respond

URL = "http://site.example/faq"

CASES = [
    ("User-agent: *\nDisallow: /faq", False),
    ("User-agent: *\nDisallow: /faq\nAllow: /faq", True),
    ("User-agent: *\nDisallow: /\nAllow: /faq", True),
    ("User-agent: *\nDisallow: /*q$", False),
    ("User-agent: *\nDisallow:", True),
    ("User-agent: Citewell\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
    ("User-agent: citewell/9.9\nDisallow: /", False),
    ("User-agent: cite\nDisallow: /", True),
    ("User-agent: otherbot\nDisallow: /", True),
    ("User-agent: a\nUnknown: x\nUser-agent: *\nDisallow: /", False),
    ("User-agent: *\nDissallow: /", True),
    ("\ufeffUser-agent: *\nDisallow: /", False),
    ("User-agent: *\rDisallow: /", False),
    ("<html><body>Disallow everything: /</body></html>", True),
    ("Disallow: /", True),
    ("", True),
]


@pytest.mark.parametrize(("text", "allowed"), CASES)
def test_rules(text: str, allowed: bool) -> None:
    assert read_rules(text.encode()).allows(URL) is allowed


def test_rules_in_bytes_that_are_no_text() -> None:
    rules = read_rules(b"\0\xff\nUser-agent: *\nDisallow: /caf\xe9\nDisallow: /faq\xff\x85\x0b\nCrawl-delay: nan\n\xfe")
    assert not rules.allows("http://site.example/caf%E9")
    assert rules.allows(URL)
    assert rules.delay == 0


def test_half_a_rule_at_the_end_of_what_is_read_forbids_nothing() -> None:
    assert read_rules((b"User-agent: *\n" + b"#" * SIZE)[: SIZE - 11] + b"\nDisallow: /other").allows(URL)


def test_sitemaps_are_listed_in_canonical_form(web: Web, client: Client) -> None:
    listed = ("/sitemap.xml", "http://other.example/s.xml#x", "file:///etc/passwd", "/sitemap.xml")
    robots = respond("".join(f"SITEMAP: {address}\n" for address in listed))
    web.serve("site.example", lambda _: None, robots)
    assert client.sitemaps(URL) == ("http://site.example/sitemap.xml", "http://other.example/s.xml")
    assert client.sitemaps("http://nosuch.example/") == ()


@pytest.mark.parametrize(("asked", "kept"), [("3", 3.0), ("9999", CRAWL_DELAY), ("0.1", 1.0), ("soon", 1.0)])
def test_crawl_delay_is_kept_up_to_a_limit(asked: str, kept: float, web: Web, client: Client, time: Time) -> None:
    web.serve("site.example", lambda _: respond("x"), robots=respond(f"User-agent: *\nCrawl-delay: {asked}"))
    for _ in range(3):
        assert client.get(URL).outcome == "fetched"
    assert time.sleeps == [kept] * 3


def test_rules_are_kept_for_a_day(web: Web, client: Client, time: Time) -> None:
    server = web.serve("site.example", lambda _: respond("x"))
    for _ in range(3):
        client.get(URL)
    assert len(server.requests) == 4
    time.now += ROBOTS_LAST
    client.get(URL)
    assert len(server.requests) == 6


def rows(test_data: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (test_data / "robustness" / name).read_text().splitlines()]


def test_rules_of_the_rfc(test_data: Path) -> None:
    cases = [row for row in rows(test_data, "robots_google_rfc9309.jsonl") if row["rfc"]]
    wrong = [
        row["id"]
        for row in cases
        if read_rules(row["robots"].encode(), row["agent"]).allows(row["url"]) != row["allowed"]
    ]
    # g066 wants "/foo/bar/%62%61%7A" not to be "/foo/bar/baz"; the RFC (2.2.2) says that it is.
    assert (len(cases), wrong) == (72, ["g066"])


def test_real_files_are_read(test_data: Path) -> None:
    cases = rows(test_data, "robots_real_public_sector.jsonl")
    for row in cases:
        rules = read_rules(row["robots"].encode())
        assert isinstance(rules.allows(f"https://{row['host']}/faq"), bool)
        assert rules.delay >= 0
        assert all(isinstance(sitemap, str) for sitemap in rules.sitemaps)
    assert len(cases) == 188


CLOSED = "User-agent: *\nDisallow: /faq"
BY_CASE: dict[str, Callable[[Request], bytes | None]] = {
    "r019": lambda r: respond("", "302 Found", location=f"/{len(r.path) * 'x'}"),
    "r020": lambda _: respond("", "302 Found", location="/robots.txt"),
    "r021": lambda _: respond("", "302 Found", location="http://127.0.0.1/robots.txt"),
    "r022": lambda _: respond("", "302 Found", location="http://other.example/robots.txt"),
    "r023": lambda _: respond(CLOSED + "\n" + "#" * 600 * 1024),
    "r024": lambda _: respond("<!doctype html><html><p>Page not found</p></html>"),
    "r025": lambda _: respond(b"\xef\xbb\xbf" + CLOSED.encode()),
    "r026": lambda _: respond(b"\0\xe9\n" + CLOSED.encode()),
    "r027": lambda _: respond(CLOSED),
    "r028": lambda _: respond(CLOSED.replace("\n", "\r")),
    "r029": lambda _: respond(gzip.compress(b" " * 50_000_000), content_encoding="gzip"),
}
# Where the page is fetched: there is no file, or none that says anything. Each file that is read closes it.
ALLOWED = {"r001", "r006", "r009", "r010", "r024"}


def answer_robots(case: str, status: int | None) -> Callable[[Request], bytes | None]:
    if status is None:
        return BY_CASE.get(case, lambda _: None)
    if 300 <= status < 400:
        return lambda r: respond("", f"{status} Moved", location="/r.txt") if r.path != "/r.txt" else respond(CLOSED)
    return lambda _: respond(CLOSED if status == 200 else "", f"{status} So", retry_after="5")


def test_access_to_the_file(test_data: Path, make_client: Callable[..., Client]) -> None:
    cases = rows(test_data, "robots_http_access.jsonl")
    for row in cases:
        web = Web()
        asked = answer_robots(row["id"], row.get("status"))
        server = web.serve("site.example", lambda r, asked=asked: respond("x") if r.path == "/faq" else asked(r), None)
        web.serve("other.example", lambda _: None, robots=respond(CLOSED))
        scheme = "http"
        if row["id"] == "r016":
            del web.ports[web.names["site.example"][0]]
        elif row["id"] == "r017":
            web.names["site.example"] = socket.gaierror(socket.EAI_AGAIN, "try again")
        elif row["id"] == "r018":
            scheme = "https"
        client = make_client(timeout=0.1, resolve=web.resolve, backend=web)
        reply = client.get(f"{scheme}://site.example/faq")
        assert (reply.outcome == "fetched") == (row["id"] in ALLOWED), row
        assert "/faq" in server.paths or row["id"] not in ALLOWED
        for used in web.servers:
            used.close()
    assert len(cases) == 30
