"""Sockets of a real server: who holds one and does not read is let go, and nothing is logged of who is refused."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from assistant import app_socket
from assistant.app_socket import Socket
from tests.app.test_server import opened

PATIENCE = 20  # seconds
PING = 0.2  # seconds between pings, and until one has to be answered
PIECE = b"x" * 65536


@contextmanager
def served(app: ASGIApp, ping: float | None) -> Iterator[tuple[str, uvicorn.Server]]:
    """The app behind a server with these sockets: its address, and the server."""
    pings = {"ws_ping_interval": ping, "ws_ping_timeout": ping}
    server = uvicorn.Server(uvicorn.Config(app, port=0, ws=Socket, lifespan="off", log_config=None, **pings))
    serving = threading.Thread(target=server.run)
    serving.start()
    try:
        soon(lambda: server.started)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", server
    finally:
        server.should_exit = server.force_exit = True
        serving.join()


def soon(is_so: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(PATIENCE * 20):
        if is_so():
            return
        pause.wait(0.05)
    pytest.fail("it does not come about")


@contextmanager
def no_reader(address: str) -> Iterator[socket.socket]:
    """A socket on which nobody reads, and that takes little."""
    with opened(address) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        yield connection


def test_who_does_not_read_is_gone_for_the_app_too() -> None:
    heard = list[str]()

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        with suppress(TimeoutError):
            while True:
                await asyncio.wait_for(send({"type": "websocket.send", "bytes": PIECE}), PING)
        heard.append((await receive())["type"])

    with served(app, PING) as (address, server), no_reader(address):
        soon(lambda: bool(heard))
        assert heard == ["websocket.disconnect"]
        soon(lambda: not server.server_state.connections)


def test_a_socket_ends_when_its_app_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_socket, "LINGER", PING)

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        with suppress(TimeoutError):
            while True:
                await asyncio.wait_for(send({"type": "websocket.send", "bytes": PIECE}), PING)

    with served(app, None) as (address, server), no_reader(address):
        soon(lambda: bool(server.server_state.connections))
        soon(lambda: not server.server_state.connections)


def test_nothing_is_logged_of_a_socket_that_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("Forbidden", 403)(scope, receive, send)

    with (
        served(app, None) as (address, _),
        pytest.raises(InvalidStatus, match="403"),
        connect(address.replace("http", "ws"), proxy=None),
    ):
        pass
    assert "handshake" not in caplog.text
