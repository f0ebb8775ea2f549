"""What becomes of one request when the server misbehaves. The names f000 ... are those of the public fault matrix."""

from __future__ import annotations

import gzip
import socket
import struct
import time as real_time
import tracemalloc
import zlib
from collections.abc import Callable, Sequence

import pytest

from ingest.fetch import body, guard, manners, wire
from ingest.fetch.client import REDIRECTS, Client
from ingest.records import Stored
from tests.ingest.fetch.conftest import Behaviour, Request, Time, Web, respond

PAGE = "<html><h2>Is it open?</h2><p>Yes.</p></html>"
URL = "http://site.example/faq"
MIB = 1 << 20


def moved(location: str, content: bytes = b"", **headers: str) -> bytes:
    return respond(content, "302 Found", location=location, **headers)


def reset(request: Request) -> None:
    """Half an answer, and then the connection is torn down."""
    request.connection.sendall(respond(PAGE)[:-20])
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def silence(request: Request) -> None:
    request.over.wait()


def flood(request: Request) -> None:
    """More than anyone wants, in chunks and without an end."""
    request.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not request.over.is_set():
        request.connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


def drip(request: Request) -> None:
    """A byte now and then: every single wait is short."""
    request.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    while not request.over.wait(0.01):
        request.connection.sendall(b"x")


def bomb(size: int = 1 << 30) -> bytes:
    """A gzip body that opens to ``size`` bytes: a block of blanks, again and again."""
    packer = zlib.compressobj(wbits=31)
    head = packer.compress(b" " * MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b" " * MIB) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + again * (size // MIB - 1)


REFUSED: dict[str, tuple[Behaviour, str, str]] = {
    "f001-redirect-to-a-file": (lambda _: moved("file:///etc/passwd"), "refused", "'file:///etc/passwd'"),
    "f003-redirect-to-itself": (lambda _: moved("/faq"), "failed", "more than 5 redirects"),
    "f008-brotli": (lambda _: respond(b"\x1b", content_encoding="br"), "refused", "packed as 'br'"),
    "f010-endless": (flood, "refused", "larger than 10,000,000 bytes"),
    "f013-reset": (reset, "failed", "the connection failed"),
    "f014-chunks-break-off": (
        lambda _: respond("5\r\nhello\r\n", content_length="", transfer_encoding="chunked", connection="close"),
        "failed",
        "connection",
    ),
    "f014-truncated": (lambda _: respond(PAGE, content_length="1000", connection="close"), "failed", "connection"),
    "f019-500": (lambda _: respond("", "500 Oops"), "failed", "status 500"),
    "f025-image": (lambda _: respond(b"\x89PNG\r\n\x1a\n\0\0", content_type="image/png"), "refused", "image/png"),
    "binary-as-html": (lambda _: respond(b"\x89PNG\r\n\x1a\n\0\0"), "refused", "binary"),
    "f035-headers": (lambda _: respond(PAGE, x="y" * 10 * MIB), "refused", "headers"),
    "damaged-gzip": (lambda _: respond(b"\x1f\x8b nothing", content_encoding="gzip"), "refused", "damaged"),
    "truncated-gzip": (lambda _: respond(gzip.compress(PAGE.encode())[:-9], content_encoding="gzip"), "failed", "off"),
    "empty": (lambda _: respond("\n"), "failed", "empty page"),
    "partial": (lambda _: respond(PAGE, "206 Partial"), "failed", "status 206"),
    "forbidden": (lambda _: respond("", "403 No"), "refused", "status 403"),
    "unasked-304": (lambda _: b"HTTP/1.1 304 Same\r\n\r\n", "failed", "status 304"),
    "gone-404": (lambda _: respond("", "404 None"), "gone", "status 404"),
    "gone-410": (lambda _: respond("", "410 Gone"), "gone", "status 410"),
    "no-http": (lambda _: b"SSH-2.0-OpenSSH\r\n\r\n", "failed", "the connection failed"),
}


@pytest.mark.parametrize(("behaviour", "outcome", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_page_is_told_in_one_line(
    behaviour: Behaviour, outcome: str, words: str, web: Web, client: Client
) -> None:
    server = web.serve("site.example", behaviour)
    reply = client.get(URL)
    assert (reply.outcome, reply.body) == (outcome, b"")
    assert words in reply.reason
    assert "\n" not in reply.reason
    assert len(server.paths) <= max(wire.TRIES, REDIRECTS + 1)


FETCHED: dict[str, tuple[Behaviour, str]] = {
    "plain": (lambda _: respond(PAGE), PAGE),
    "f002-meta-refresh": (
        lambda _: respond('<meta http-equiv="refresh" content="0;url=file:///etc/passwd"><p>Here.'),
        '<meta http-equiv="refresh" content="0;url=file:///etc/passwd"><p>Here.',
    ),
    "f009-lying-length": (lambda _: respond("x" * 1000, content_length="10"), "x" * 10),
    "f024-pdf-that-is-html": (lambda _: respond("<!doctype html>" + PAGE, content_type="application/pdf"), "<!doc"),
    "no-type": (lambda _: respond(PAGE, content_type=""), PAGE),
    "gzip": (lambda _: respond(gzip.compress(PAGE.encode()), content_encoding="gzip"), PAGE),
    "gzip-in-two": (
        lambda _: respond(gzip.compress(PAGE[:9].encode()) + gzip.compress(PAGE[9:].encode()), content_encoding="gzip"),
        PAGE,
    ),
    "deflate": (lambda _: respond(zlib.compress(PAGE.encode()), content_encoding="deflate"), PAGE),
    "bare-deflate": (
        lambda _: respond(zlib.compress(PAGE.encode(), wbits=-15), content_encoding="deflate"),
        PAGE,
    ),
}


@pytest.mark.parametrize(("behaviour", "begins"), FETCHED.values(), ids=FETCHED)
def test_page_is_fetched(behaviour: Behaviour, begins: str, web: Web, client: Client) -> None:
    server = web.serve("site.example", behaviour)
    reply = client.get(URL)
    assert (reply.outcome, reply.reason, reply.url, reply.final) == ("fetched", "", URL, URL)
    assert reply.body.decode().startswith(begins)
    assert server.paths == ["/faq"]


def test_f036_thousands_of_cookies_are_not_kept(web: Web, client: Client) -> None:
    cookies = "".join(f"Set-Cookie: c{n}=1\r\n" for n in range(4000))
    server = web.serve("site.example", lambda _: respond(PAGE).replace(b"\r\n", f"\r\n{cookies}".encode(), 1))
    assert client.get(URL).outcome == "fetched"
    assert client.get(URL).outcome == "fetched"
    assert "cookie" not in server.requests[-1].headers


@pytest.mark.parametrize("private", [False, True])
def test_f000_redirect_to_a_private_server_reaches_nobody(
    private: bool, web: Web, make_client: Callable[..., Client]
) -> None:
    inside = web.serve("inside.example", lambda _: respond("secret"))
    web.names["inside.example"] = ["169.254.169.254"]
    web.serve("site.example", lambda _: moved("http://inside.example/secret"))
    reply = make_client(private=private).get(URL)
    assert reply.outcome == "refused"
    assert "169.254.169.254" in reply.reason
    assert inside.requests == []


def test_f000_redirect_to_this_machine_reaches_nobody(web: Web, client: Client) -> None:
    inside = web.serve("inside.example", lambda _: respond("secret"))
    for target in (f"http://127.0.0.1:{inside.port}/", "http://127.0.0.1/", "http://[::1]/"):
        web.serve("site.example", lambda _, target=target: moved(target))
        assert client.get(URL).outcome == "refused"
    assert inside.requests == []


def test_f004_long_chain_of_redirects_is_given_up(web: Web, client: Client) -> None:
    server = web.serve("site.example", lambda request: moved(f"/{int(request.path[1:]) + 1}"))
    assert client.get("http://site.example/1").outcome == "failed"
    assert server.paths == [f"/{n}" for n in range(1, REDIRECTS + 2)]


def test_redirects_are_followed_to_the_final_address(web: Web, client: Client) -> None:
    steps = {"/1": moved("/2?utm_source=x"), "/2?utm_source=x": moved("//other.example/3#top")}
    web.serve("site.example", lambda request: steps[request.path])
    web.serve("other.example", lambda _: respond(PAGE))
    reply = client.get("http://site.example/1")
    assert (reply.url, reply.final) == ("http://site.example/1", "http://other.example/3")
    assert reply.outcome == "fetched"


@pytest.mark.parametrize(
    ("asked", "final"),
    [
        ("http://site.example/faq/", "http://site.example/faq"),
        ("http://www.site.example/faq", "http://site.example/faq"),
        ("http://site.example/faq", "https://site.example/faq"),
    ],
)
def test_server_says_which_address_of_two_is_its_page(
    asked: str, final: str, web: Web, make_client: Callable[..., Client]
) -> None:
    for name in ("site.example", "www.site.example"):
        web.serve(name, lambda r, name=name: moved(final) if f"http://{name}{r.path}" == asked else respond(PAGE))
    assert make_client(timeout=0.1).get(asked).final == final


def test_robots_of_each_step_are_heeded(web: Web, client: Client) -> None:
    other = web.serve(
        "other.example", lambda _: respond("User-agent: *\nDisallow: /closed", content_type="text/plain"), robots=None
    )
    web.serve("site.example", lambda _: moved("http://other.example/closed"))
    reply = client.get(URL)
    assert (reply.outcome, reply.final) == ("refused", "http://other.example/closed")
    assert "robots.txt" in reply.reason
    assert other.paths == []


def test_f005_name_is_looked_up_once_for_each_connection(web: Web, client: Client) -> None:
    server = web.serve("site.example", lambda _: respond(PAGE, connection="close"))
    assert client.get(URL).outcome == "fetched"
    assert len(web.looked_up) == len(web.connected) == 2  # robots.txt, and the page
    web.names["site.example"] = ["127.0.0.1"]
    assert client.get(URL).outcome == "refused"
    assert len(server.paths) == 1


def test_every_address_of_an_answer_must_be_public(web: Web, client: Client) -> None:
    server = web.serve("site.example", lambda _: respond(PAGE))
    web.names["site.example"] = [*web.names["site.example"], "10.0.0.1"]
    assert client.get(URL).outcome == "refused"
    assert (server.requests, web.connected) == ([], [])


def test_second_address_is_tried_when_the_first_is_dead(web: Web, client: Client) -> None:
    web.serve("site.example", lambda _: respond(PAGE))
    web.names["site.example"] = ["2606:4700::1", *web.names["site.example"]]
    assert client.get(URL).outcome == "fetched"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_f006_bomb_is_given_up_at_the_limit(encoding: str, web: Web, client: Client) -> None:
    packed = bomb() if encoding == "gzip" else zlib.compress(b" " * (64 * MIB))
    web.serve("site.example", lambda _: respond(packed, content_encoding=encoding))
    tracemalloc.start()
    try:
        reply = client.get(URL)
        assert tracemalloc.get_traced_memory()[1] < 64 * MIB
    finally:
        tracemalloc.stop()
    assert (reply.outcome, reply.reason) == ("refused", f"it is larger than {body.SIZE:,} bytes")


def test_f007_body_of_a_redirect_is_not_opened(web: Web, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"/faq": moved("/page", bomb(), content_encoding="gzip"), "/page": respond(PAGE)}
    web.serve("site.example", lambda request: answers[request.path])
    monkeypatch.setattr(zlib, "decompressobj", None)
    assert client.get(URL).outcome == "fetched"


def test_f011_deadline_ends_what_keeps_every_wait_short(web: Web, make_client: Callable[..., Client]) -> None:
    web.serve("site.example", drip)
    reply = make_client(clock=real_time.monotonic, delay=0, deadline=0.3).get(URL)
    assert (reply.outcome, reply.reason) == ("failed", "it did not come whole within 0.3 seconds")


def test_f012_server_that_never_answers_is_asked_twice(web: Web, make_client: Callable[..., Client]) -> None:
    server = web.serve("site.example", silence)
    reply = make_client(timeout=0.05).get(URL)
    assert (reply.outcome, reply.reason) == ("failed", "it was silent for 0.05 seconds")
    assert len(server.paths) == wire.TRIES_IN_SILENCE
    assert guard.TIMEOUT * wire.TRIES_IN_SILENCE + 1.25 * manners.DELAY < 15


def test_name_that_is_never_found_is_given_up(web: Web, make_client: Callable[..., Client]) -> None:
    def search(host: str, _: int) -> Sequence[str]:
        server.over.wait()
        return web.names[host]

    server = web.serve("site.example", lambda _: respond(PAGE))
    reply = make_client(timeout=0.05, resolve=search).get(URL)
    assert (reply.outcome, server.requests) == ("failed", [])


def test_host_that_never_answers_is_left_alone(web: Web, make_client: Callable[..., Client]) -> None:
    server = web.serve("site.example", silence)
    client = make_client(timeout=0.02)
    replies = [client.get(f"http://site.example/{n}") for n in range(manners.SILENT + 2)]
    assert [reply.outcome for reply in replies] == ["failed"] * manners.SILENT + ["deferred"] * 2
    assert len(server.paths) == manners.SILENT * wire.TRIES_IN_SILENCE


def test_f013_reset_page_comes_with_another_try(web: Web, client: Client) -> None:
    server = web.serve("site.example", lambda request: respond(PAGE) if len(server.paths) == 3 else reset(request))
    reply = client.get(URL)
    assert (reply.outcome, reply.body) == ("fetched", PAGE.encode())


@pytest.mark.parametrize(
    "headers",
    [
        {"retry_after": "3"},
        {"retry_after": "Sun, 22 Nov 2026 12:00:03 GMT", "date": "Sun, 22 Nov 2026 12:00:00 GMT"},
    ],
    ids=["f015-seconds", "f016-date"],
)
@pytest.mark.parametrize("status", ["429 Slow Down", "503 Busy"])
def test_pause_that_the_server_asks_for_is_made(
    headers: dict[str, str], status: str, web: Web, client: Client, time: Time
) -> None:
    asked_at = []

    def answer(_: Request) -> bytes:
        asked_at.append(time.now)
        return respond("", status, **headers) if len(asked_at) == 1 else respond(PAGE)

    web.serve("site.example", answer)
    assert client.get(URL).outcome == "fetched"
    assert asked_at[1] - asked_at[0] >= 3


@pytest.mark.parametrize("value", ["99999999", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_f017_host_that_wants_a_long_pause_is_left_alone(value: str, web: Web, client: Client, time: Time) -> None:
    server = web.serve("site.example", lambda _: respond("", "429 Slow Down", retry_after=value))
    first, second = client.get(URL), client.get("http://site.example/other")
    assert (first.outcome, second.outcome) == ("deferred", "deferred")
    assert "left alone" in first.reason
    assert server.paths == ["/faq"]
    assert max(time.sleeps) <= manners.DELAY


def test_f018_pauses_grow_and_differ(web: Web, client: Client, time: Time) -> None:
    server = web.serve("site.example", lambda _: respond(PAGE) if len(server.paths) == 3 else respond("", "503 Busy"))
    assert client.get(URL).outcome == "fetched"
    _, first, second = time.sleeps  # after robots.txt, and after each failure
    assert manners.DELAY <= first <= 1.25 * manners.DELAY
    assert 1.5 * manners.DELAY <= second <= 2.5 * manners.DELAY


def test_requests_to_a_host_keep_their_distance(web: Web, client: Client, time: Time) -> None:
    for name in ("site.example", "other.example"):
        web.serve(name, lambda _: respond(PAGE))
    for path in ("site.example/1", "other.example/1", "site.example/2", "site.example/3"):
        assert client.get(f"http://{path}").outcome == "fetched"
    # After each robots.txt and before the last page: before the third, the other host has taken that time.
    assert time.sleeps == [manners.DELAY] * 3


def stored_of(url: str, etag: str | None, modified: str | None) -> Stored:
    return Stored("pages/faq.html", "t", url, url, "", "", etag=etag, last_modified=modified)


@pytest.mark.parametrize(
    ("etag", "modified"), [('"v1"', None), (None, "Sun, 22 Nov 2026 12:00:00 GMT"), ('W/"v1"', "x")]
)
def test_f020_unchanged_page_costs_no_body(etag: str | None, modified: str | None, web: Web, client: Client) -> None:
    def answer(request: Request) -> bytes:
        known = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
        told = (etag and etag.lower(), modified and modified.lower())
        return b"HTTP/1.1 304 Same\r\n\r\n" if known == told else respond(PAGE)

    web.serve("site.example", answer)
    reply = client.get(URL, stored_of(URL, etag, modified))
    assert (reply.outcome, reply.body, reply.reason) == ("unchanged", b"", "")
    assert (reply.etag, reply.last_modified) == (etag, modified)


def test_validators_are_for_their_own_address(web: Web, client: Client) -> None:
    server = web.serve("site.example", lambda r: moved("/new") if r.path == "/faq" else respond(PAGE, etag='"v2"'))
    reply = client.get(URL, stored_of("http://site.example/new", '"v1"', "x\r\ninjected: yes"))
    assert (reply.outcome, reply.etag) == ("fetched", '"v2"')
    first, second = (request.headers for request in server.requests if request.path != "/robots.txt")
    assert "if-none-match" not in first
    assert second["if-none-match"] == '"v1"'
    assert "injected" not in second


CHARSETS = {
    "f021-header-lies": ("text/html; charset=utf-8", "<p>“Käse” £5".encode("cp1252")),
    "f022-mark-wins": ("text/html", '\ufeff<meta charset="windows-1252"><p>“Käse” £5'.encode()),
    "f023-utf-16": ("text/html", "\ufeff<p>“Käse” £5".encode("utf-16-le")),
    "header": ("text/html; charset=windows-1252", '<meta charset="utf-8"><p>“Käse” £5'.encode("cp1252")),
    "meta": ("text/html", '<meta charset="windows-1252"><p>“Käse” £5'.encode("cp1252")),
    "header-over-meta": ("text/html; charset=utf-8", '<meta charset="iso-8859-1"><p>“Käse” £5'.encode()),
}


@pytest.mark.parametrize(("header", "sent"), CHARSETS.values(), ids=CHARSETS)
def test_page_is_stored_in_utf_8_with_its_mark(header: str, sent: bytes, web: Web, client: Client) -> None:
    web.serve("site.example", lambda _: respond(sent, content_type=header))
    stored = client.get(URL).body
    assert stored.startswith(b"\xef\xbb\xbf")
    assert stored.decode("utf-8-sig").endswith("<p>“Käse” £5")


def test_f038_line_end_in_an_address_adds_no_header(web: Web, client: Client) -> None:
    server = web.serve("site.example", lambda _: respond(PAGE))
    for link in ("http://site.example/%0d%0aX-Evil:%20yes", "http://site.example/\r\nX-Evil: yes"):
        assert client.get(link).outcome == "fetched"
    assert not any("x-evil" in request.headers for request in server.requests)
    assert server.paths == ["/%0D%0AX-Evil:%20yes", "/X-Evil:%20yes"]


def test_f039_no_page_is_asked_for_behind_a_broken_robots_txt(web: Web, client: Client) -> None:
    server = web.serve("site.example", lambda _: respond(PAGE), robots=respond("", "500 Oops"))
    replies = [client.get(f"http://site.example/{n}") for n in range(3)]
    assert {reply.outcome for reply in replies} == {"failed"}
    assert "robots.txt" in replies[0].reason
    assert server.paths == []
    assert len(server.requests) == wire.TRIES


@pytest.mark.parametrize(
    "url", ["ftp://site.example/", "site.example", "https://[", "http://a:b@site.example/", "\ud800"]
)
def test_what_is_no_address_is_refused(url: str, web: Web, client: Client) -> None:
    assert client.get(url).outcome == "refused"
    assert web.looked_up == []


@pytest.mark.parametrize("host", ["x" * 64 + ".example", "a..example", ".example", "nosuch.example"])
def test_name_that_is_nowhere(host: str, client: Client) -> None:
    assert client.get(f"http://{host}/").outcome == "failed"


def test_agent_says_where_to_write_to(web: Web, make_client: Callable[..., Client]) -> None:
    server = web.serve("site.example", lambda _: respond(PAGE))
    make_client(contact="faq@site.example").get(URL)
    make_client(contact="x\r\nevil: yes").get(URL)
    agents = [request.headers["user-agent"] for request in server.requests if request.path == "/faq"]
    assert agents == ["citewell/0.1 (+mailto:faq@site.example)", "citewell/0.1"]


def test_sitemap_comes_as_sent(web: Web, client: Client) -> None:
    packed = gzip.compress(b"<urlset/>")
    web.serve("site.example", lambda _: respond(packed, content_type="application/gzip"))
    assert client.get_sitemap("http://site.example/sitemap.xml.gz").body == packed


def test_host_whose_failure_does_not_pass_gets_one_try(web: Web, client: Client) -> None:
    server = web.serve("site.example", lambda _: respond("", "503 Busy"))
    replies = [client.get(f"http://site.example/{n}") for n in range(manners.FAILING + 5)]
    assert {reply.outcome for reply in replies} == {"failed"}
    assert len(server.paths) == manners.FAILING * wire.TRIES + 5


def test_host_that_names_a_pause_and_is_not_ready_then_is_left_alone(web: Web, client: Client) -> None:
    server = web.serve("site.example", lambda _: respond("", "503 Busy", retry_after="2"))
    assert [client.get(f"http://site.example/{n}").outcome for n in range(3)] == ["deferred"] * 3
    assert len(server.paths) == wire.TRIES


def test_304_means_nothing_where_nothing_was_asked(web: Web, client: Client) -> None:
    web.serve("site.example", lambda _: b"HTTP/1.1 304 Same\r\n\r\n")
    assert client.get(URL, stored_of(URL, None, None)).outcome == "failed"
    assert client.get(URL, stored_of("http://site.example/other", '"v1"', None)).outcome == "failed"


def test_server_on_this_machine_needs_no_delay(web: Web, make_client: Callable[..., Client], time: Time) -> None:
    server = web.serve("here.example", lambda _: respond(PAGE))
    web.names["here.example"], web.ports["127.0.0.1"] = ["127.0.0.1"], server.port
    client = make_client(private=True)
    assert [client.get(f"http://here.example/{n}").outcome for n in range(3)] == ["fetched"] * 3
    assert time.sleeps == []
