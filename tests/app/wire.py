"""The server byte by byte: requests, and frames of a socket, that no library would send."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

PATIENCE = 20  # seconds for any reply


def told(address: str, request: bytes) -> bytes:
    """All that the server answers to these bytes until it closes the connection."""
    with socket.create_connection((urlsplit(address).hostname, urlsplit(address).port), PATIENCE) as connection:
        connection.sendall(request)
        return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    got = b""
    try:
        while more := connection.recv(65536):
            got += more
    except ConnectionResetError:
        pass  # closed, without reading what was still coming
    return got


def get(path: str, host: str, *headers: str, method: str = "GET") -> bytes:
    """A request as bytes; nothing of it is mended, as a library would."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


UPGRADE = ("Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: bm90IGEgc2VjcmV0IGtleQ==")


def upgrade(host: str, *headers: str) -> bytes:
    request = get("/_stcore/stream", host, *UPGRADE, *headers)
    return request.replace(b"Connection: close", b"Connection: Upgrade")


def status(reply: bytes) -> int:
    return int(reply.split(b" ", 2)[1])


def body(reply: bytes) -> bytes:
    return reply.partition(b"\r\n\r\n")[2]


def says_too_much(reply: bytes) -> bool:
    """Whether a reply tells of a version, a path or the inside of the program."""
    inside = rb"Traceback|File \"|site-packages|\.py\b|/usr/|/home/|/tmp/|/root/|[Pp]ython|websockets|\b\d+\.\d+\.\d+\b"
    text = reply.replace(b"HTTP/1.1", b"").replace(b"127.0.0.1", b"")
    return re.search(inside, text) is not None


@contextmanager
def opened(address: str) -> Iterator[socket.socket]:
    """A socket of the app after its handshake, to send bytes on."""
    at = urlsplit(address)
    with socket.create_connection((at.hostname, at.port), PATIENCE) as connection:
        connection.sendall(upgrade(at.netloc, f"Origin: {address}"))
        reply = b""
        while b"\r\n\r\n" not in reply:
            reply += connection.recv(65536)
        assert status(reply) == 101
        yield connection


def frame(data: bytes, code: int, *, length: int | None = None, masked: bool = True, flags: int = 0x80) -> bytes:
    """A frame of a socket (RFC 6455) that says of itself what it likes; the mask is of zeros."""
    size = len(data) if length is None else length
    short = size if size < 126 else 126 if size < 1 << 16 else 127
    more = b"" if size < 126 else struct.pack("!H" if size < 1 << 16 else "!Q", size)
    return bytes([flags | code, masked << 7 | short]) + more + b"\0\0\0\0" * masked + data


TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
