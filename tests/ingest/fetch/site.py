"""A web site on this machine: pages by their path, and what was asked of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple


class Page(NamedTuple):
    """What a path answers. A text in its stead is an HTML page."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    location: str | None = None


class Site:
    """Answers from ``pages``, else from ``otherwise``. Every page has an ETag."""

    def __init__(self, port: int) -> None:
        self.home = f"http://127.0.0.1:{port}"
        self.pages: dict[str, Page | str] = {}
        self.otherwise: Callable[[str], Page | str] = lambda path: Page(status=404)
        self.asked: list[str] = []  # paths, robots.txt and sitemaps among them
        self.sent: list[str] = []  # those that were answered with a body
        self.before: Callable[[], object] = lambda: None  # called at each request, before it is answered

    def find(self, path: str) -> Page:
        page = self.pages.get(path) or self.otherwise(path)
        return page if isinstance(page, Page) else Page(page.replace("{home}", self.home).encode())

    def forget(self) -> None:
        self.asked, self.sent = [], []

    def pages_asked(self) -> list[str]:
        return [path for path in self.asked if path != "/robots.txt"]


def make_page(question: str, *links: str, head: str = "", more: str = "") -> str:
    """An HTML page with a question, its answer, and links."""
    around = "".join(f'<li><a href="{link}">{link.strip("/") or "home"}</a></li>' for link in links)
    answer = f"The answer to {question.lower().rstrip('?')} is written here at some length, so that it counts."
    return (
        f"<!doctype html><html><head><title>{question}</title>{head}</head><body>"
        f"<nav><ul>{around}</ul></nav><main><h1>{question}</h1><p>{answer}</p>{more}</main></body></html>"
    )


@contextmanager
def serve() -> Iterator[Site]:
    """A site that answers while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each answer waits for the one before to be acknowledged
        wbufsize = -1

        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.before()
            page = site.find(self.path)
            tag = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'
            if page.status == 200 and self.headers.get("If-None-Match") == tag:
                page = Page(status=304)
            if page.status == 200:
                site.sent.append(self.path)
            self.send_response(page.status)
            if page.location:
                self.send_header("Location", page.location)
            if page.status in (200, 304):
                self.send_header("ETag", tag)
            self.send_header("Content-Type", page.kind)
            if page.status != 304:
                self.send_header("Content-Length", str(len(page.body)))
            self.end_headers()
            if page.status != 304:
                self.wfile.write(page.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Site(server.server_port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def describe(folder: Path, site: Site, more: str = "", start: str = "/help/") -> Path:
    """A corpus of one site."""
    folder.mkdir(exist_ok=True)
    toml = f'name = "n"\n[[source]]\ntitle = "Help desk"\npublisher = "p"\nsite = "{site.home}{start}"\n{more}'
    (folder / "sources.toml").write_text(toml)
    return folder
