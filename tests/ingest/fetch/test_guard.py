"""Which addresses are reached, and which never: the public list of targets, each also as the end of a redirect."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpcore
import pytest

from ingest.fetch.client import Client
from ingest.fetch.networks import is_private, is_public
from ingest.fetch.scope import make_scope
from ingest.records import Declared
from tests.ingest.fetch.conftest import Web, respond

ALLOWED = ("allowed.example", "www.allowed.example")
LOCAL = {
    "localhost": "127.0.0.1",
    "localhost.": "127.0.0.1",
    "foo.localhost": "::1",
    "metadata.google.internal": "169.254.169.254",
}

ADDRESSES = {
    "8.8.8.8": "public",
    "2606:4700:4700::1111": "public",
    "::ffff:8.8.8.8": "public",
    "64:ff9b::808:808": "public",
    "2002:808:808::1": "public",
    "127.0.0.1": "private",
    "10.1.2.3": "private",
    "172.31.0.1": "private",
    "192.168.0.1": "private",
    "::1": "private",
    "fd12:3456::1": "private",
    "::ffff:10.0.0.1": "private",
    "64:ff9b::a00:1": "private",
    "172.32.0.1": "public",
    "0.0.0.0": "closed",  # noqa: S104
    "100.64.0.1": "closed",
    "169.254.169.254": "closed",
    "::ffff:169.254.169.254": "closed",
    "fe80::1": "closed",
    "fe80::1%eth0": "closed",
    "fd00:ec2::254": "closed",
    "168.63.129.16": "closed",
    "::ffff:168.63.129.16": "closed",
    "168.63.129.17": "public",
    "224.0.0.1": "closed",
    "255.255.255.255": "closed",
    "2001:db8::1": "closed",
    "2001:0:4136:e378:8000:63bf:f7f7:f7f7": "public",  # Teredo of 65.54.227.120 for 8.8.8.8
    "2001:0:4136:e378:8000:63bf:3f57:fdf2": "closed",  # ... for 192.168.2.13: one of the two is not private
    "64:ff9b:1::1": "closed",
    "4000::1": "closed",
}


@pytest.mark.parametrize(("text", "kind"), ADDRESSES.items())
def test_address_is_public_private_or_closed(text: str, kind: str) -> None:
    address = ip_address(text)
    assert (is_public(address), is_private(address)) == (kind == "public", kind == "private")


@pytest.mark.parametrize(
    ("host", "outcome"), [("10.0.0.1", "fetched"), ("127.0.0.1", "fetched"), ("169.254.169.254", "refused")]
)
def test_private_networks_are_opened_on_any_port(
    host: str, outcome: str, web: Web, make_client: Callable[..., Client]
) -> None:
    server = web.serve("intranet.example", lambda _: respond("<p>Inside."))
    web.names["intranet.example"] = [host]
    web.ports[host] = server.port
    for url in ("http://intranet.example:8080/", f"http://{host}:8080/"):
        assert make_client(private=True).get(url).outcome == outcome
        assert make_client().get(url).outcome == "refused"


def test_proxy_of_the_environment_is_not_asked(web: Web, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.serve("site.example", lambda _: respond("<p>Here."))
    assert client.get("http://site.example/").outcome == "fetched"


def test_certificate_is_asked_for_the_name_and_not_the_address(web: Web, make_client: Callable[..., Client]) -> None:
    class Secure(httpcore.NetworkStream):
        def start_tls(self, _: object, server_hostname: str | None = None, timeout: float | None = None) -> Any:
            names.append(server_hostname)
            raise httpcore.ConnectError("no certificate")

        def close(self) -> None:
            pass

    names: list[str | None] = []
    web.serve("site.example", lambda _: None)
    web.connect_tcp = lambda host, *_: web.connected.append(host) or Secure()  # type: ignore[assignment,func-returns-value]
    assert make_client().get("https://site.example/").outcome == "failed"
    assert set(names) == {"site.example"}
    assert set(web.connected) == set(web.names["site.example"])


def rows(test_data: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (test_data / "robustness" / name).read_text().splitlines()]


# Ordinary pages of other sites, which the client may ask for: a crawl of the allowed site does not, and takes none that
# a redirect leads to.
OTHERS = ("s086", "s088", "s089", "s090")
ALLOWED_SITE = make_scope(Declared("t", "p", site="http://allowed.example/"), "http://allowed.example/")


def serve_targets(web: Web, link: str | None = None) -> None:
    """The allowed names, which send on to ``link``; evil.example answers too, so that not its absence stops anyone."""
    page = respond("<p>A page.") if link is None else respond("", "302 Found", location=link)
    for name in (*ALLOWED, "evil.example", "allowed.example.evil.example"):
        web.serve(name, lambda _: page)
    web.names |= {name: [address] for name, address in LOCAL.items()}


def test_targets_of_forged_requests(test_data: Path, make_client: Callable[..., Client]) -> None:
    targets = rows(test_data, "ssrf_targets.jsonl")
    assert Counter(row["expect"] for row in targets) == {"block": 96, "allow": 3}
    for row in targets:
        web = Web()
        serve_targets(web)
        allowed = row["expect"] == "allow"  # with https the server here is found, and has no certificate
        if row["id"] in OTHERS:
            assert not ALLOWED_SITE.takes(row["url"])
            assert not ALLOWED_SITE.is_home(row["url"])
        else:
            reply = make_client(timeout=0.1, resolve=web.resolve, backend=web).get(row["url"])
            assert (reply.outcome == "refused", bool(web.connected)) == (not allowed, allowed), row
        for server in web.servers:
            server.close()


def test_targets_at_the_end_of_a_redirect(test_data: Path, make_client: Callable[..., Client]) -> None:
    for row in rows(test_data, "ssrf_targets.jsonl"):
        if row["expect"] == "allow" or row["id"] in OTHERS or row["url"].startswith(("http:1", "//")):
            continue
        web = Web()
        serve_targets(web, link=row["url"].encode("utf-8").decode("latin-1").replace("\t", "%09"))
        start = make_client(timeout=0.1, resolve=web.resolve, backend=web).get("http://allowed.example/")
        assert start.outcome == "refused", row
        assert set(web.connected) == set(web.names["allowed.example"]), row
        for server in web.servers:
            server.close()
