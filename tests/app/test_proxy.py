"""The sample configuration of docs/deploy behind a real nginx: the app works through it, and nothing else gets in."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect
from websockets.exceptions import InvalidStatus

from tests.app.client import visit
from tests.app.conftest import ROOT, chromium, free_port, serve_command, settled
from tests.app.test_server import SHELL
from tests.app.wire import body, get, read_all, status
from tests.promises import Shown

pytestmark = pytest.mark.model

NAME = "faq.example.org"  # in the sample
QUESTION = "Do grants have to follow the same rules as contracts?"
PATIENCE = 20  # seconds for any reply

AROUND = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/start.log;
events {{ worker_connections 512; }}
http {{
  include /etc/nginx/mime.types;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  access_log {folder}/other.log;
  include {folder}/citewell.conf;
  server {{
    listen 127.0.0.1:{echo}; set_real_ip_from 127.0.0.1; real_ip_header X-Reader;
    location / {{ return 200 $citewell_reader; }}
  }}
}}
"""


class Proxy(NamedTuple):
    """An nginx that runs."""

    tls: int  # port
    plain: int  # port
    echo: int  # port of a server that says as whom it counts the reader
    folder: Path  # its logs

    @property
    def address(self) -> str:
        return f"https://{NAME}:{self.tls}"


@pytest.fixture(scope="module")
def proxy(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """The sample with other ports and paths, before an app that is served under its name."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        pytest.skip("no nginx found: install Debian's package nginx")
    folder = tmp_path_factory.mktemp("proxy")
    with serve_command(home, folder / "app.txt", "--host", NAME) as running:
        made = Proxy(free_port(), free_port(), free_port(), folder)
        write_configuration(made, urlsplit(running.address).port)
        command = [nginx, "-c", folder / "nginx.conf", "-e", folder / "start.log"]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=True)
        assert "[warn]" not in checked.stderr
        server = subprocess.Popen(command)
        try:
            wait_for(made.tls)
            yield made
        finally:
            server.terminate()
            server.wait(timeout=10)


def write_configuration(made: Proxy, upstream: int | None) -> None:
    sample = (ROOT / "docs/deploy/nginx.conf").read_text("utf-8")
    changes = {
        "127.0.0.1:8501": f"127.0.0.1:{upstream}",
        "listen 80": f"listen 127.0.0.1:{made.plain}",
        "listen 443": f"listen 127.0.0.1:{made.tls}",
        f"/etc/letsencrypt/live/{NAME}": str(made.folder),
        "/var/log/nginx": str(made.folder),
    }
    for before, after in changes.items():
        assert before in sample
        sample = sample.replace(before, after)
    (made.folder / "citewell.conf").write_text(sample, "utf-8")
    (made.folder / "nginx.conf").write_text(AROUND.format(folder=made.folder, echo=made.echo), "utf-8")
    certificate = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={NAME}"]
    files = ["-keyout", made.folder / "privkey.pem", "-out", made.folder / "fullchain.pem"]
    names = ["-addext", f"subjectAltName=DNS:{NAME}"]
    subprocess.run(["openssl", "req", *certificate, *names, *files], capture_output=True, check=True)


def wait_for(port: int) -> None:
    pause = threading.Event()
    for _ in range(100):
        with socket.socket() as tried:
            if not tried.connect_ex(("127.0.0.1", port)):
                return
        pause.wait(0.1)
    pytest.fail("nginx does not listen")


def told(proxy: Proxy, request: bytes, name: str = NAME, source: str = "127.0.0.1") -> bytes:
    """All that is answered to these bytes from ``source`` over TLS with the certificate of ``name``."""
    plain = socket.create_connection(("127.0.0.1", proxy.tls), PATIENCE, (source, 0))
    with plain, trusted(proxy).wrap_socket(plain, server_hostname=name) as connection:
        connection.sendall(request)
        return read_all(connection)


def trusted(proxy: Proxy) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=proxy.folder / "fullchain.pem")


@pytest.mark.browser
def test_the_app_works_through_the_proxy(proxy: Proxy, browser: Browser, shown: Shown) -> None:
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            said.append(message.text)

    rules = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
    running = browser.browser_type.launch(executable_path=chromium(), args=["--no-sandbox", rules])
    page = running.new_context(ignore_https_errors=True).new_page()
    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(f"failed: {request.url}"))
    page.on("request", lambda request: None if is_own(proxy, request.url) else said.append(request.url))
    page.goto(proxy.address)
    settled(page)
    box = page.get_by_label("Your question")
    box.fill(QUESTION)
    box.press("Enter")
    expect(page.get_by_role("blockquote")).to_be_visible()
    for name in ("Browse", "Sources"):
        page.get_by_role("link", name=name).first.click()
        expect(page).to_have_title(re.compile(f"^{name} "))
        settled(page)
    running.close()
    assert said == []
    shown(
        "Behind the sample proxy the app works, under its policy",
        "a question, Browse and Sources, in Chromium over TLS",
        3,
        "answered and shown; nothing in the console, no request elsewhere",
    )


def is_own(proxy: Proxy, url: str) -> bool:
    return url.startswith((proxy.address, proxy.address.replace("https", "wss"), "data:", "blob:https"))


WANTED = {
    "strict-transport-security": "max-age=31536000",
    "cross-origin-opener-policy": "same-origin",
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=()",
}


def head(reply: bytes) -> Counter[tuple[str, str]]:
    lines = reply.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return Counter((name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines))


def test_replies_have_the_headers_once(proxy: Proxy) -> None:
    page = told(proxy, get("/", NAME))
    assert SHELL in page
    for name, value in WANTED.items():
        [(_, found)] = [each for each in head(page).elements() if each[0] == name]
        assert found.startswith(value)
    assert "script-src 'self'" in dict(head(page).keys())["content-security-policy"]
    refused = dict(head(told(proxy, get("/_stcore/metrics", NAME))).keys())
    assert refused["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert refused["server"] == "nginx"


def test_the_proxy_refuses(proxy: Proxy, shown: Shown) -> None:
    for name in ("evil.example", "localhost", "faq.example.org.evil.example"):
        with pytest.raises(ssl.SSLError, match=r"UNRECOGNIZED_NAME|unrecognized name"):
            told(proxy, get("/", name), name)
    for host in ("evil.example", "localhost:8501", "127.0.0.1"):
        assert told(proxy, get("/", host)) == b"", host
        with socket.create_connection(("127.0.0.1", proxy.plain), PATIENCE) as plain:
            plain.sendall(get("/", host))
            assert read_all(plain) == b""
    refused = {
        413: get("/", NAME, "Content-Length: 2000", method="POST"),
        414: get("/?q=" + "x" * 9000, NAME),
        405: get("/", NAME, "Content-Length: 0", method="POST"),
        404: get("/_stcore/metrics", NAME),
        400: get("/", NAME, "Host: evil.example"),
    }
    for code, request in refused.items():
        assert status(told(proxy, request)) == code
    with socket.create_connection(("127.0.0.1", proxy.plain), PATIENCE) as plain:
        plain.sendall(get("/browse?page=2", NAME))
        assert dict(head(read_all(plain)).keys())["location"] == f"https://{NAME}/browse?page=2"
    shown(
        "The sample proxy lets in its own name, and nothing that is too large",
        "wrong names by TLS and by `Host`, large bodies and addresses, closed parts",
        9 + len(refused),
        "all closed or refused",
    )


def test_one_address_does_not_take_all_the_room(proxy: Proxy, shown: Shown) -> None:
    became: Counter[int] = Counter()
    with ExitStack() as inside:
        for _ in range(30):
            plain = inside.enter_context(socket.create_connection(("127.0.0.1", proxy.tls), PATIENCE))
            try:
                inside.enter_context(visit(proxy.address, sock=plain, ssl=trusted(proxy), origin=proxy.address))
                became[101] += 1
            except InvalidStatus as refused:
                became[refused.response.status_code] += 1
        assert became == {101: 20, 429: 10}
        document = get("/", NAME, "Sec-Fetch-Dest: document")
        pages = Counter(status(told(proxy, document)) for _ in range(100))
        assert pages[429] > 0
        assert pages[200] + pages[429] == 100
        assert status(told(proxy, document, source="127.0.0.2")) == 200  # while the first has all it can get
    shown(
        "Behind the sample proxy one address takes neither all the room nor all the time",
        "30 sessions and 100 pages from one address",
        130,
        f"{became[101]} sessions and {pages[200]} pages; 429 for the rest",
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::5", True),
        ("2001:db8:1:2::5", "2001:db8:1:3::5", False),
        ("2001:db8:1:0:a:b:c:d", "2001:db8:1::5", True),
        ("2001:db8:1::5", "2001:db8:2::5", False),
        ("2001:db8::5", "2001:db8::6", True),
    ],
)
def test_addresses_of_one_network_count_as_one(one: str, other: str, same: bool, proxy: Proxy) -> None:
    assert (counted_as(one, proxy) == counted_as(other, proxy)) == same


def counted_as(address: str, proxy: Proxy) -> str:
    with socket.create_connection(("127.0.0.1", proxy.echo), PATIENCE) as plain:
        plain.sendall(get("/", NAME, f"X-Reader: {address}"))
        return body(read_all(plain)).decode()


def test_what_people_ask_is_in_no_log(proxy: Proxy) -> None:
    for name in (NAME, "other.example"):
        with suppress(OSError):
            told(proxy, get("/?q=zanzifoo", name), name)
        with socket.create_connection(("127.0.0.1", proxy.plain), PATIENCE) as plain:
            plain.sendall(get("/?q=zanzifoo", name))
            read_all(plain)
    told(proxy, get("/?q=zanzifoo", NAME, "Referer: https://faq.example.org/?q=zanzifoo"))
    log = (proxy.folder / "citewell.log").read_text("utf-8")
    assert re.search(r"^\S+ 127\.0\.0\.1 \d+ GET / ", log, re.MULTILINE)
    assert "zanzifoo" not in "".join(path.read_text(errors="replace") for path in proxy.folder.glob("*.log"))
