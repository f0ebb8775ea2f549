"""The watch over the whole run, which must see what leaves this machine and nothing else."""

from __future__ import annotations

import sys

import pytest


@pytest.mark.parametrize(
    ("event", "args", "seen"),
    [
        ("socket.connect", (None, ("192.0.2.1", 80)), True),
        ("socket.connect", (None, ("2001:db8::1", 80, 0, 0)), True),
        ("socket.getaddrinfo", ("example.org", 80, 0, 0, 0), True),
        ("socket.getaddrinfo", (b"example.org", 80, 0, 0, 0), True),
        ("socket.sendto", (None, ("192.0.2.1", 53)), True),
        ("socket.connect", (None, ("127.0.0.1", 80)), False),
        ("socket.connect", (None, "/run/socket"), False),
        ("socket.getaddrinfo", ("localhost", 80, 0, 0, 0), False),
        ("socket.getaddrinfo", (None, 80, 0, 0, 0), False),
    ],
)
def test_what_leaves_this_machine_is_seen(event: str, args: tuple[object, ...], seen: bool, reached: list[str]) -> None:
    before = len(reached)
    sys.audit(event, *args)
    new = reached[before:]
    del reached[before:]
    assert len(new) == seen
