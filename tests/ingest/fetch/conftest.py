"""A web on this machine alone: names at public addresses, whose connections end at servers that misbehave as told."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import Event, Thread
from typing import Any

import httpcore
import pytest

from ingest.fetch.client import Client

PUBLIC = "93.184.215.{}"
ROBOTS = b"HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n"
# What a server does with a request for a path: it returns what is sent, or sends for itself and returns nothing.
Behaviour = Callable[["Request"], "bytes | None"]


class Request:
    def __init__(self, path: str, headers: Mapping[str, str], connection: socket.socket, over: Event) -> None:
        self.path, self.headers, self.connection, self.over = path, headers, connection, over


class Server:
    """Answers on a port of this machine, each connection in its own thread, until it is closed."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.requests: list[Request] = []
        self.over = Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        Thread(target=self._accept, daemon=True).start()

    @property
    def paths(self) -> list[str]:
        """What was asked for, robots.txt left out."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    def close(self) -> None:
        self.over.set()
        self._socket.close()

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                while head := self._read_head(connection):
                    lines = head.decode().split("\r\n")
                    headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
                    request = Request(lines[0].split(" ")[1], headers, connection, self.over)
                    self.requests.append(request)
                    answer = self.behaviour(request)
                    if answer is None:
                        return
                    connection.sendall(answer)
                    if b"connection: close" in answer.lower():
                        return
            except OSError:
                return

    def _read_head(self, connection: socket.socket) -> bytes:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            piece = connection.recv(4096)
            if not piece:
                return b""
            head += piece
        return head


class Time:
    """A clock that only goes on when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.sleeps: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


class Web(httpcore.NetworkBackend):
    """Names, the addresses that they are looked up to, and the servers behind these."""

    def __init__(self) -> None:
        self.names: dict[str, Sequence[str] | Exception] = {}
        self.ports: dict[str, int] = {}
        self.looked_up: list[str] = []
        self.connected: list[str] = []
        self.servers: list[Server] = []

    def serve(self, name: str, behaviour: Behaviour, robots: bytes | None = ROBOTS) -> Server:
        """A server for ``name``, at a public address of its own. ``robots``: None leaves that to ``behaviour``."""

        def answer(request: Request) -> bytes | None:
            return robots if robots is not None and request.path == "/robots.txt" else behaviour(request)

        server = Server(answer)
        address = PUBLIC.format(len(self.servers) + 1)
        self.servers.append(server)
        self.names[name] = [address]
        self.ports[address] = server.port
        return server

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.looked_up.append(host)
        answer = self.names.get(host) or socket.gaierror(socket.EAI_NONAME, "no such name")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *_: Any) -> httpcore.NetworkStream:
        self.connected.append(host)
        if host not in self.ports:
            raise httpcore.ConnectTimeout("nobody there")
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.ports[host], timeout, None, None)


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web()
    yield made
    for server in made.servers:
        server.close()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def make_client(web: Web, time: Time) -> Iterator[Callable[..., Client]]:
    made: list[Client] = []

    def make(**options: Any) -> Client:
        given = {"clock": time.clock, "sleep": time.sleep, "resolve": web.resolve, "backend": web} | options
        made.append(Client(**given))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(make_client: Callable[..., Client]) -> Client:
    return make_client()


def respond(body: bytes | str = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A well-formed answer. Names of headers are written with ``_``; HTML unless they say otherwise."""
    raw = body.encode() if isinstance(body, str) else body
    named = {"content_type": "text/html", "content_length": str(len(raw))} | headers
    named = {name: value for name, value in named.items() if value}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + raw
