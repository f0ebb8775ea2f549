"""Frames that no browser sends end their own connection, and nobody beside it notices."""

from __future__ import annotations

import struct
from contextlib import suppress

import pytest

from tests.app.client import answer_in, visit
from tests.app.test_reading import QUESTION
from tests.app.wire import BINARY, CLOSE, PING, PONG, TEXT, frame, opened, read_all, says_too_much
from tests.promises import Shown

pytestmark = pytest.mark.model

BROKEN = {
    "not masked": frame(b"x", BINARY, masked=False),
    "reserved bit 1": frame(b"x", BINARY, flags=0xC0),
    "reserved bit 2": frame(b"x", BINARY, flags=0xA0),
    "reserved bit 3": frame(b"x", BINARY, flags=0x90),
    **{f"reserved code {code}": frame(b"x", code) for code in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "nothing to go on with": frame(b"x", 0),
    "begun twice": frame(b"x", BINARY, flags=0) + frame(b"x", BINARY),
    "ping too long": frame(b"x" * 126, PING),
    "ping in pieces": frame(b"x", PING, flags=0),
    "close of one byte": frame(b"x", CLOSE),
    "close with a code that is none": frame(struct.pack("!H", 5), CLOSE),
    "close with letters that are none": frame(struct.pack("!H", 1000) + b"\xff", CLOSE),
    "11 MB": frame(b"", BINARY, length=11 << 20),
    "an exabyte": frame(b"", BINARY, length=1 << 60),
    "a length below zero": frame(b"", BINARY, length=(1 << 64) - 1),
    "pieces without end": frame(b"x" * 65535, BINARY, flags=0) + frame(b"x" * 65535, 0, flags=0) * 160,
    "letters that are none": frame(b"\xff\xfe", TEXT),
    "text": frame(b'{"q": "x"}', TEXT),
    "another protocol": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "no message": frame(b"\xff" * 100, BINARY),
    "half a message": frame(b"\x5a\x7f\x0a", BINARY),
    "a message of 2 MB": frame(b"\x92\x01" + b"x" * (2 << 20), BINARY),
}


def test_a_broken_frame_closes_its_own_connection_alone(app: str, shown: Shown) -> None:
    with visit(app) as bystander:
        before = answer_in(bystander.ask(QUESTION))
        assert "<blockquote" in before
        for name, sent in BROKEN.items():
            with opened(app) as connection:
                try:
                    connection.sendall(sent)
                except (BrokenPipeError, ConnectionResetError):
                    continue  # closed before it had all
                try:
                    reply = connection.recv(65536)
                except ConnectionResetError:
                    continue
                except TimeoutError:
                    pytest.fail(f"the connection stays open: {name}")
                assert reply[:1] in {b"", bytes([0x80 | CLOSE])}, name  # gone, or it says that it closes, and why
                assert not says_too_much(reply), name
        assert answer_in(bystander.ask(QUESTION)) == before
    shown(
        "A broken frame ends its own connection and harms nobody",
        "malformed, oversized and foreign frames on the socket",
        len(BROKEN),
        "each connection closed; the session beside them answers as before",
    )


ENDLESS = {
    "pieces": (frame(b"x", BINARY, flags=0), frame(b"", 0, flags=0)),
    "pings": (b"", frame(b"x" * 125, PING)),
    "pongs": (b"", frame(b"x" * 125, PONG)),
    "short messages": (b"", frame(b"", BINARY)),
}


def test_frames_without_end_are_the_end_of_a_connection(app: str, shown: Shown) -> None:
    """They come to no message, or to one that is let pass: what counts messages sees nothing of them."""
    with visit(app) as bystander:
        before = answer_in(bystander.ask(QUESTION))
        assert "<blockquote" in before
        for first, over_and_over in ENDLESS.values():
            with opened(app) as connection, suppress(ConnectionResetError, BrokenPipeError):
                connection.sendall(first)
                for _ in range(100):
                    connection.sendall(over_and_over * 1000)
                read_all(connection)  # TimeoutError if it stays open
        assert answer_in(bystander.ask(QUESTION)) == before
    shown(
        "Who sends frames without end is cut off",
        "pieces of one message, pings, pongs, empty messages: up to 100,000 of each",
        len(ENDLESS),
        "each connection closed; the session beside them answers as before",
    )
