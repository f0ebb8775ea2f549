"""Sockets of a real server: who floods one, or holds one and does not read, is let go; and nothing is logged of it."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from assistant import app_socket
from assistant.app_messages import Messages
from assistant.app_socket import FRAMES, Socket
from tests.app.wire import BINARY, CLOSE, PING, PONG, frame, opened, read_all

PATIENCE = 20  # seconds
PAUSE = 0.2  # seconds between pings, until one has to be answered, and that are left to who is left
PIECE: Message = {"type": "websocket.send", "bytes": b"x" * 65536}


class Served:
    """A server with these sockets and an app behind them."""

    def __init__(self, app: ASGIApp, ping: float | None) -> None:
        pings = {"ws_ping_interval": ping, "ws_ping_timeout": ping}
        config = uvicorn.Config(app, port=0, ws=Socket, lifespan="off", log_config=None, log_level="warning", **pings)
        self.server, self.failed = uvicorn.Server(config), list[BaseException]()
        self._serving = threading.Thread(target=self._serve)
        self._serving.start()
        soon(lambda: self.server.started)
        self.address = f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    def _serve(self) -> None:
        try:
            self.server.run()
        except BaseException as failed:
            self.failed.append(failed)

    def stop(self) -> None:
        self.server.should_exit = True
        self._serving.join()
        assert self.failed == []

    def is_left(self) -> bool:
        """Whether nobody is connected."""
        return not self.server.server_state.connections


Serve = Callable[..., Served]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Serve]:
    """Serve an app, pinging or not; in the end nothing has failed or was logged."""
    monkeypatch.setattr(app_socket, "LINGER", PAUSE)
    running = list[Served]()

    def serve(app: ASGIApp, ping: float | None = None) -> Served:
        running.append(Served(app, ping))
        return running[-1]

    yield serve
    for each in running:
        each.stop()
    records = [*caplog.get_records("call"), *caplog.records]
    assert [record.getMessage() for record in records if record.levelno >= logging.WARNING] == []


def soon(is_so: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(PATIENCE * 20):
        if is_so():
            return
        pause.wait(0.05)
    pytest.fail("it does not come about")


@contextmanager
def no_reader(served: Served) -> Iterator[socket.socket]:
    """A socket on which nobody reads, and that takes little."""
    with opened(served.address) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        yield connection


async def accept(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept"})


async def send_until_it_waits(send: Send) -> None:
    with suppress(TimeoutError):
        while True:
            await asyncio.wait_for(send(PIECE), PAUSE)


def test_who_does_not_read_is_gone_for_the_app_too(served: Serve) -> None:
    heard = list[str]()

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await accept(receive, send)
        await send_until_it_waits(send)
        heard.append((await receive())["type"])

    running = served(app, ping=PAUSE)
    with no_reader(running):
        soon(lambda: bool(heard))
        assert heard == ["websocket.disconnect"]
        soon(running.is_left)


def test_a_socket_ends_when_its_app_has_ended(served: Serve) -> None:
    ended = threading.Event()

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await accept(receive, send)
        await send_until_it_waits(send)
        ended.set()

    running = served(app)
    with no_reader(running):
        assert ended.wait(PATIENCE)
        soon(running.is_left)


def test_who_takes_the_rest_in_time_is_not_cut_off(served: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_socket, "LINGER", 2)
    ended, late = threading.Event(), threading.Event()

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await accept(receive, send)
        await send_until_it_waits(send)
        ended.set()
        asyncio.get_running_loop().call_later(app_socket.LINGER + PAUSE, late.set)

    running = served(app)
    with opened(running.address) as connection:
        assert ended.wait(PATIENCE)
        while connection.recv(1 << 20):
            pass
        assert not late.is_set()
        assert late.wait(PATIENCE)


def test_who_says_no_more_is_let_go(served: Serve) -> None:
    heard, filled = list[str](), threading.Event()

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await accept(receive, send)
        await send_until_it_waits(send)
        filled.set()
        heard.append((await receive())["type"])

    running = served(app)
    with no_reader(running) as connection:
        assert filled.wait(PATIENCE)
        connection.shutdown(socket.SHUT_WR)
        soon(lambda: heard == ["websocket.disconnect"])
        soon(running.is_left)


@pytest.mark.parametrize("sent", [frame(b"x", PING), frame(b"x", PONG), frame(b"", BINARY)])
def test_too_many_frames_end_a_socket_whatever_is_being_sent(sent: bytes, served: Serve) -> None:
    ended = threading.Event()

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await accept(receive, send)
        listening = asyncio.ensure_future(receive())
        while not listening.done() or listening.result()["type"] != "websocket.disconnect":
            await send({"type": "websocket.send", "bytes": b"x"})
            listening = asyncio.ensure_future(receive()) if listening.done() else listening
            await asyncio.sleep(0)
        ended.set()

    running = served(Messages(app))
    with opened(running.address) as connection, suppress(ConnectionResetError, BrokenPipeError):
        connection.sendall(sent * (FRAMES + 1))
        read_all(connection)
    assert ended.wait(PATIENCE)
    soon(running.is_left)


def test_a_server_ends_though_one_has_said_farewell_and_does_not_read(
    served: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_socket, "LINGER", 2)  # it is still there when the server ends
    filled, left = threading.Event(), threading.Event()

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await accept(receive, send)
        await send_until_it_waits(send)
        filled.set()
        await receive()
        left.set()

    running = served(app)
    with no_reader(running) as connection:
        assert filled.wait(PATIENCE)
        connection.sendall(frame(b"", CLOSE))
        assert left.wait(PATIENCE)
        assert not running.is_left()
        running.stop()


def test_nothing_is_logged_of_a_socket_that_is_refused(served: Serve) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("Forbidden", 403)(scope, receive, send)

    with (
        pytest.raises(InvalidStatus, match="403"),
        connect(served(app).address.replace("http", "ws"), proxy=None),
    ):
        pass
