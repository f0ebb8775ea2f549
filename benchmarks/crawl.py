"""A crawl of a generated site on this machine, beside what parsing its pages alone costs.

    python -m benchmarks.crawl [PAGES]

The site answers from a process of its own, without delay. Prints pages per second for a first crawl, for one in which
nothing had changed, and for the rest of one that was killed half-way; then what the second one sent and changed. Texts
are encoded by their words' hashes: whether any is encoded again does not depend on the encoder.
"""

from __future__ import annotations

import contextlib
import hashlib
import random
import signal
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from index import reader
from index.build import build_index
from index.material import Material
from index.records import Precision
from ingest.build import build_entries, write_built
from ingest.cache import Cache
from ingest.captures import read_capture
from ingest.fetch.client import Client
from ingest.fetch.links import outline
from ingest.fetch.refresh import refresh
from ingest.fetch.store import adopt
from ingest.records import Refreshed, Source

PAGES = 2000
CHILDREN = 12  # links of a page to others below it: the site is three deep
WORDS = 6000  # of the made-up language


class HashedWords:
    """Encodes a text by its words: each adds to one of 64 numbers."""

    name = "hashed-words"
    precision: Precision = "fp32"
    fingerprint = hashlib.sha256(b"hashed words, 64 numbers").hexdigest()

    def prepare(self) -> str | None:
        """There is nothing to make ready."""
        return None

    def encode(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> NDArray[np.float32]:
        """Return a vector of length 1 for each text."""
        vectors = np.full((len(texts), 64), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.split():
                vectors[row, zlib.crc32(word.encode()) % 64] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def make_site(count: int) -> dict[str, bytes]:
    """The pages by their path: some 6 KB each, with navigation around one question and its answer."""
    drawn = random.Random(0)  # noqa: S311  # no secret
    syllables = [a + b for a in "bdfgklmnprst" for b in ("a", "e", "i", "o", "u", "an", "er", "il")]
    words = ["".join(drawn.choices(syllables, k=drawn.randint(1, 4))) for _ in range(WORDS)]
    menu = "".join(f'<li class="item"><a href="/help/{number}">{words[number]}</a></li>' for number in range(40))

    def say(length: int) -> str:
        return " ".join(drawn.choices(words, k=length))

    pages = {}
    for number in range(count):
        below = range(CHILDREN * number + 1, min(CHILDREN * number + CHILDREN + 1, count))
        related = "".join(f'<li><a href="/help/{other}">{say(4)}</a></li>' for other in below)
        answer = "".join(f"<p>{say(25).capitalize()}. {say(18).capitalize()}.</p>" for _ in range(4))
        pages[f"/help/{number or ''}"] = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{say(5)}</title></head><body>'
            f"<header><nav><ul>{menu}</ul></nav></header><main><h1>Help with {say(3)}</h1>"
            f"<h2>How is {say(7)}?</h2>{answer}<h2>Related pages</h2><ul>{related}</ul></main>"
            f"<footer><p>{say(20)}</p></footer></body></html>"
        ).encode()
    return pages


def serve(count: int) -> None:
    """Answer until killed; the first line of standard output is the port, then one for each body that is sent."""
    pages = {path: (body, f'"{hashlib.sha256(body).hexdigest()[:16]}"') for path, body in make_site(count).items()}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            body, tag = pages.get(self.path, (b"", ""))
            known = tag and self.headers.get("If-None-Match") == tag
            self.send_response(304 if known else 200 if tag else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if tag:
                self.send_header("ETag", tag)
            if not known:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if not known:
                self.wfile.write(body)
                if tag:
                    print("sent", flush=True)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Say nothing of a client that was killed."""

    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


@contextlib.contextmanager
def site(count: int, log: Path) -> Iterator[str]:
    """The address of a site of so many pages; ``log`` gets a line for each body that it sends."""
    with log.open("wb") as out:
        server = subprocess.Popen([sys.executable, "-m", "benchmarks.crawl", "serve", str(count)], stdout=out)
    try:
        while b"\n" not in log.read_bytes():
            if server.poll() is not None:
                raise RuntimeError("the site did not start")
        yield f"http://127.0.0.1:{int(log.read_bytes().split()[0])}/help/"
    finally:
        server.kill()
        server.wait()


def describe(folder: Path, home: str, count: int) -> Path:
    folder.mkdir()
    source = f'[[source]]\ntitle = "Site"\npublisher = "p"\nsite = "{home}"\npages = {count + 10}\ndepth = 9\n'
    (folder / "sources.toml").write_text(f'name = "Crawl"\n{source}', encoding="utf-8")
    return folder


def crawl(folder: Path) -> tuple[Refreshed, float]:
    """What a refresh brought, and the seconds that it took."""
    started = perf_counter()
    with Client(private=True, delay=0) as client:
        refreshed = refresh(folder, client, now=lambda: datetime(2026, 6, 1, tzinfo=UTC))
    return refreshed, perf_counter() - started


def crawl_killed(folder: Path, staged: int) -> float:
    """A crawl in a process of its own, killed when so many pages are staged; the seconds of the one that ends it."""
    child = subprocess.Popen([sys.executable, "-m", "benchmarks.crawl", "crawl", str(folder)])
    bodies = folder / ".fetch" / "bodies"
    while child.poll() is None and not (bodies.exists() and len([*bodies.iterdir()]) >= staged):
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    refreshed, seconds = crawl(folder)
    adopt(folder, refreshed)
    return seconds


def build(folder: Path, home: Path, refreshed: Refreshed) -> tuple[int, float]:
    """Build entries and index; how many texts were encoded, and the seconds that it took."""
    started = perf_counter()
    cache = Cache(home.with_name(f"{home.name}-pages"))  # beside the home, whose files are compared
    made = build_entries(folder, refreshed=refreshed, cache=cache)
    cache.keep()
    captures = {capture.path: capture.text for capture in made.captures}
    built = build_index(
        home, Material(made.corpus, made.entries, captures, report=made.report), HashedWords(), lambda _: b""
    )
    adopt(folder, refreshed)
    write_built(folder, made)
    return built.encoded, perf_counter() - started


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".fetch" not in path.parts)
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def measure(folder: Path, count: int) -> None:
    """Print the figures of a site with ``count`` pages, working in ``folder``."""
    reader.load_encoder = lambda *_: HashedWords()  # type: ignore[assignment]  # an index is opened with its encoder
    pages = make_site(count)
    with site(count, log := folder / "log") as home:
        corpus = describe(folder / "corpus", home, count)
        started = perf_counter()
        for path, body in pages.items():
            outline(body, f"{home[:-6]}{path}", "text/html")
        links = perf_counter() - started
        source = Source("t", "pages/p.html", "auto", "p", "l")
        started = perf_counter()
        for body in pages.values():
            read_capture(folder, source, body)
        parsing = perf_counter() - started
        show("parsing alone, for links (the limit of a crawl)", count, links)
        show("parsing alone, for text (the limit of a build)", count, parsing)
        first, seconds = crawl(corpus)
        show("first crawl", len(first.rows), seconds)
        encoded, built = build(corpus, folder / "home", first)
        print(f"build: {encoded} texts encoded, {built:.1f} s")
        before, sent = digests(corpus) | digests(folder / "home"), log.read_bytes().count(b"sent")
        second, seconds = crawl(corpus)
        show("second crawl, nothing changed", len(second.rows), seconds)
        encoded, built = build(corpus, folder / "home", second)
        same = digests(corpus) | digests(folder / "home") == before
        print(
            f"bodies sent: {log.read_bytes().count(b'sent') - sent} of {sent}; "
            f"build: {encoded} texts encoded, {built:.1f} s"
        )
        print(f"corpus and index: {'byte for byte the same' if same else 'CHANGED'}")
        seconds = crawl_killed(describe(folder / "killed", home, count), count // 2)
        show("rest of a crawl that was killed half-way", count - count // 2, seconds)
        whole, killed = (
            {n: d for n, d in digests(each).items() if "pages/" in n or n == "captures.jsonl"}
            for each in (corpus, folder / "killed")
        )
        renditions = {name for name in whole if name.endswith(".html.txt")}
        same = {n: d for n, d in whole.items() if n not in renditions} == killed
        print(f"what it came to: {'byte for byte the same' if same else 'CHANGED'}")


def show(name: str, count: int, seconds: float) -> None:
    print(f"{name:52}{count:6} pages {seconds:8.2f} s {count / seconds:9.0f} pages a second")


def main() -> None:
    """Measure, or be one of the two processes that measuring needs."""
    match sys.argv[1:]:
        case ["serve", count]:
            serve(int(count))
        case ["crawl", folder]:
            crawl(Path(folder))
        case arguments:
            with tempfile.TemporaryDirectory() as folder:
                measure(Path(folder), int(arguments[0]) if arguments else PAGES)


if __name__ == "__main__":
    main()
