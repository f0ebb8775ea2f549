"""The server lets nobody in who is not a reader: foreign names and pages, uploads; and says little."""

from __future__ import annotations

import re
import socket
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import Config
from websockets.sync.client import connect

from tests.app.client import visit
from tests.app.conftest import serve_command
from tests.app.test_reading import QUESTION
from tests.app.wire import PATIENCE, body, get, says_too_much, status, told, upgrade
from tests.conftest import ROOT
from tests.promises import Shown

SHELL = b'<div id="root">'  # of the page that every address of the app gets
FOREIGN = [
    "evil.example", "evil.example:{port}", "localhost.evil.example:{port}", "127.0.0.1.nip.io:{port}", "0.0.0.0:{port}",
    "localhost@evil.example", "evil.example#localhost", "127.0.0.2", "2130706433", "[::2]", "", "*", "www.localhost",
]  # fmt: skip
ASKED = ["/", "/browse", f"/?q={QUESTION.replace(' ', '+')}", "/_stcore/health", "/_stcore/metrics",
         "/_stcore/host-config", "/static/nothing.js", "/manifest.json"]  # fmt: skip


def test_a_foreign_host_gets_nothing(app_without_index: str, shown: Shown) -> None:
    port = urlsplit(app_without_index).port
    requests = [get(path, host.format(port=port)) for host in FOREIGN for path in ASKED]
    requests += [upgrade(host.format(port=port)) for host in FOREIGN]
    requests += [upgrade(host.format(port=port), f"Origin: http://{host.format(port=port)}") for host in FOREIGN]
    for request in requests:
        reply = told(app_without_index, request)
        assert status(reply) == 400, request
        assert body(reply) == b"Invalid host header", request
    for path in ASKED:
        assert status(told(app_without_index, get(path, f"localhost:{port}"))) == 200, path
    shown(
        "Who comes by a name that is not the app's gets nothing: no page, no socket, no figure",
        "wrong `Host` (DNS rebinding)",
        len(requests),
        "all refused with 400 and one line",
    )


ORIGINS = [
    "http://evil.example", "https://evil.example", "null", "", "http://localhost", "http://localhost:1", "http://127.0.0.1",
    "http://localhost:{port}.evil.example", "http://evil.example/localhost:{port}", "file://", "chrome-extension://x",
    "http://user@localhost:{port}", "ws://localhost:{port}", "http://localhost:{port}/", "localhost:{port}",
]  # fmt: skip


def test_the_socket_of_a_foreign_page_is_refused(app_without_index: str, shown: Shown) -> None:
    port = urlsplit(app_without_index).port
    for origin in ORIGINS:
        reply = told(app_without_index, upgrade(f"localhost:{port}", f"Origin: {origin.format(port=port)}"))
        assert status(reply) == 403, origin
        assert body(reply) == b"Forbidden", origin
    with visit(app_without_index, origin=app_without_index) as reader:
        assert "not ready yet" in reader.open()
    shown(
        "No other site's page opens a session",
        "wrong `Origin` on the socket",
        len(ORIGINS),
        "all refused with 403",
    )


UNKNOWN = [
    "/nothing", "/browse/nothing", "/_stcore/nothing", "/_stcore/stream", "/media/nothing", "/component/a/b",
    "/_stcore/bidi-components/a/b", "/static/js/nothing.js", "/static/", "/../../etc/passwd", "//etc/passwd",
    "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/static/..%2f..%2fetc/passwd", "/%00", "/\\\\host\\share", "/C:/x",
    "/.streamlit/config.toml", "/app.py", "/.git/config", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp",
    "/_stcore/script-health-check", "/auth/login", "/auth/logout", "/oauth2callback", "/app/static/x", "*",
    "/" + "a" * 5000, "http://evil.example/",
]  # fmt: skip
NO_HTTP = [
    b"NONSENSE\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # the beginning of TLS
    b"GET / HTTP/9.9\r\nConnection: close\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n",
]


def test_what_is_not_known_is_told_nothing(app_without_index: str, shown: Shown) -> None:
    host = urlsplit(app_without_index).netloc
    page = body(told(app_without_index, get("/", host)))
    assert SHELL in page
    for path in UNKNOWN:
        reply = told(app_without_index, get(path, host))
        if body(reply) == page:  # an address of the app, which says on it that there is no such page
            reply = reply.removesuffix(page)
        assert status(reply) in {200, 301, 400, 404, 426}, path
        assert SHELL not in reply, path
        assert len(body(reply)) < 100, path
        assert not says_too_much(reply), path
    for request in NO_HTTP:
        reply = told(app_without_index, request)
        assert status(reply) == 400
        assert not says_too_much(reply), request
    shown(
        "A request that is not known is told nothing of versions, paths or the program",
        "unknown addresses, traversal, broken HTTP",
        len(UNKNOWN) + len(NO_HTTP),
        "the app's page or a line; no detail",
    )


def test_nothing_is_taken_from_a_reader(app_without_index: str, shown: Shown) -> None:
    """Not even in a session, with its token: that is all Streamlit asks for."""
    host = urlsplit(app_without_index).netloc
    with urllib.request.urlopen(f"{app_without_index}/_stcore/health", timeout=PATIENCE) as reply:  # noqa: S310
        token = re.search(r"_streamlit_xsrf=([^;]+)", reply.headers["Set-Cookie"])[1]
    data = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nx\r\n--b--\r\n'
    headers = {"Cookie": f"_streamlit_xsrf={token}", "X-Xsrftoken": token}
    headers["Content-Type"] = "multipart/form-data; boundary=b"
    with session(app_without_index) as number:
        upload = urllib.request.Request(  # noqa: S310
            f"{app_without_index}/_stcore/upload_file/{number}/1", data=data, headers=headers, method="PUT"
        )
        with pytest.raises(urllib.error.HTTPError, match="405"):
            urllib.request.urlopen(upload, timeout=PATIENCE)  # noqa: S310
    methods = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "NONSENSE")
    for method in methods:
        for path in ("/", "/_stcore/upload_file/a/b", "/_stcore/agent/interact", "/_stcore/health", "/static/x"):
            assert status(told(app_without_index, get(path, host, method=method))) in {400, 405}, (method, path)
    shown(
        "Nobody can leave a file or change anything over HTTP",
        "uploads, with a session's token too; other methods",
        len(methods) * 5 + 1,
        "all refused",
    )


@contextmanager
def session(address: str) -> Iterator[str]:
    """The number of an open session, which only its own tab is told."""
    with connect(f"{address.replace('http', 'ws', 1)}/_stcore/stream", max_size=None, proxy=None) as tab:
        yield started(tab).initialize.session_id


def started(tab: object) -> object:
    """What a session is told when it begins."""
    wanted = BackMsg()
    wanted.rerun_script.query_string = ""
    tab.send(wanted.SerializeToString())
    while True:
        message = ForwardMsg.FromString(bytes(tab.recv(PATIENCE, decode=False)))
        if message.WhichOneof("type") == "new_session":
            return message.new_session


WANTED = {
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=()",
    "cross-origin-resource-policy": "same-origin",
}


def test_every_reply_has_the_headers(app_without_index: str) -> None:
    host = urlsplit(app_without_index).netloc
    requests = [get("/", host), get("/_stcore/health", host), get("/", "evil.example"), get("/x", host, method="POST"),
                get("/auth/login", host), upgrade("evil.example"), upgrade(host, "Origin: null")]  # fmt: skip
    for request in requests:
        head = told(app_without_index, request).partition(b"\r\n\r\n")[0].decode().lower()
        for name, value in WANTED.items():
            assert f"\r\n{name}: {value}" in head, request


def test_every_setting_is_one_that_streamlit_knows() -> None:
    settings = tomllib.loads((ROOT / "assistant/.streamlit/config.toml").read_text("utf-8"))
    for name in names_of(settings):
        config.get_option(name)  # raises where there is none


def names_of(settings: dict[str, Any], section: str = "") -> Iterator[str]:
    """The full name of each setting, in sections of sections too."""
    for name, value in settings.items():
        yield from names_of(value, f"{section}{name}.") if isinstance(value, dict) else [section + name]


def test_a_reader_sees_no_tools_and_no_details(app_without_index: str) -> None:
    with connect(f"{app_without_index.replace('http', 'ws', 1)}/_stcore/stream", max_size=None, proxy=None) as tab:
        told_first = started(tab)
    assert told_first.config.toolbar_mode == Config.ToolbarMode.MINIMAL
    assert not told_first.config.allow_run_on_save
    assert not told_first.config.gather_usage_stats
    with urllib.request.urlopen(f"{app_without_index}/_stcore/host-config", timeout=PATIENCE) as reply:  # noqa: S310
        assert b'"allowedOrigins":[]' in reply.read()


@pytest.mark.model
def test_the_app_answers_to_the_names_it_is_given(home: Path, tmp_path: Path) -> None:
    with serve_command(home, tmp_path / "log.txt", "--host", "FAQ.example", "--host", "[fd00::5]") as running:
        port = urlsplit(running.address).port
        for host in (
            "faq.example",
            f"FAQ.example:{port}",
            "[fd00::5]",
            f"localhost:{port}",
            f"[::1]:{port}",
            "127.0.0.1",
        ):
            assert SHELL in told(running.address, get("/", host)), host
            with opened_as(running.address, host) as reply:
                assert status(reply) == 101, host
        assert status(told(running.address, get("/", "www.faq.example"))) == 400


@contextmanager
def opened_as(address: str, host: str) -> Iterator[bytes]:
    at = urlsplit(address)
    with socket.create_connection((at.hostname, at.port), PATIENCE) as connection:
        connection.sendall(upgrade(host, f"Origin: https://{host}"))
        yield connection.recv(65536)
