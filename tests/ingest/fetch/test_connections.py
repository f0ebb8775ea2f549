"""How the guard connects: to which of a name's addresses, within which time, and what it says when it does not."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from threading import Event, current_thread
from typing import Any

import httpcore
import pytest

from ingest.addresses import parse
from ingest.fetch.guard import TIMEOUT, Blocked, Guard, look_up

FIRST, SECOND, THIRD, FOURTH = (f"93.184.215.{number}" for number in range(1, 5))
HOUR = 3600.0


class Stream(httpcore.NetworkStream):
    """Notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def read(self, *given: Any) -> bytes:
        self.asked.append(("read", *given))
        return b"page"

    def write(self, *given: Any) -> None:
        self.asked.append(("write", *given))

    def close(self) -> None:
        self.asked.append(("close",))

    def start_tls(self, *given: Any) -> Stream:
        self.asked.append(("start_tls", *given))
        return self

    def get_extra_info(self, info: str) -> object:
        return f"the {info}"


class Backend(httpcore.NetworkBackend):
    """Notes whom it is asked to connect to; those in ``failing`` do not take it."""

    def __init__(self, **failing: Exception) -> None:
        self.failing, self.asked, self.stream = failing, list[tuple[Any, ...]](), Stream()

    def connect_tcp(self, host: str, *given: Any) -> httpcore.NetworkStream:
        self.asked.append((host, *given))
        if host in self.failing:
            raise self.failing[host]
        return self.stream


def guard(backend: Backend, *answers: str, left: Callable[[], float] = lambda: HOUR, private: bool = False) -> Guard:
    """A guard for whom every name stands for ``answers``."""
    return Guard(left, private, lambda host, port: answers, backend)


@pytest.mark.parametrize(
    ("url", "private", "why"),
    [
        ("http://me@site.example/", True, "it has a user or password in it"),
        ("http://:secret@site.example/", False, "it has a user or password in it"),
        ("http://site.example:8080/", False, "port 8080 is neither 80 nor 443"),
        ("http://site.example:8080/", True, None),
        ("https://site.example/", False, None),
        ("https://site.example:80/", False, None),
        (f"http://{FIRST}/", False, None),
        ("http://10.0.0.1/", False, "10.0.0.1 is not public"),
        ("http://10.0.0.1/", True, None),
        ("http://169.254.169.254/", True, "169.254.169.254 is neither public nor private"),
        ("http://127.0.0.1./", False, "127.0.0.1 is not public"),
        ("http://127.0.0.1../", False, "127.0.0.1 is not public"),  # which the parser takes for a name
    ],
)
def test_what_an_address_alone_shows_is_checked_before_anything_is_asked(
    url: str, private: bool, why: str | None
) -> None:
    backend = Backend()
    address = parse(url)
    assert address is not None
    with nullcontext() if why is None else pytest.raises(Blocked, match=f"^{re.escape(why)}$"):
        guard(backend, private=private).check(address)
    assert backend.asked == []


@pytest.mark.parametrize(
    ("answers", "private", "why"),
    [
        ([FIRST, "10.0.0.1"], False, "site.example is at 10.0.0.1, which is not public"),
        ([FIRST, "::1"], False, "site.example is at ::1, which is not public"),
        (["10.0.0.1", "fe80::1"], True, "site.example is at fe80::1, which is neither public nor private"),
    ],
)
def test_one_address_that_may_not_be_asked_closes_the_name(answers: list[str], private: bool, why: str) -> None:
    backend = Backend()
    with pytest.raises(Blocked) as blocked:
        guard(backend, *answers, private=private).connect_tcp("site.example", 80)
    assert str(blocked.value) == why
    assert backend.asked == []


def test_private_addresses_are_closed_where_nobody_opens_them() -> None:
    with pytest.raises(Blocked):
        Guard(lambda: HOUR, resolve=lambda host, port: ["10.0.0.1"]).connect_tcp("site.example", 80)


def test_the_first_address_that_takes_it_is_connected_to() -> None:
    backend = Backend(**{FIRST: httpcore.ConnectError("no"), SECOND: httpcore.ConnectTimeout("late")})
    options = [(1, 2, 3)]
    connection = guard(backend, FIRST, SECOND, THIRD, FOURTH).connect_tcp("site.example", 443, 3.0, "0.0.0.0", options)  # noqa: S104
    assert backend.asked == [(one, 443, 1.0, "0.0.0.0", options) for one in (FIRST, SECOND, THIRD)]  # noqa: S104
    assert connection.read(7) == b"page"


def test_no_more_than_three_addresses_are_tried_and_the_last_says_why() -> None:
    backend = Backend(**{one: httpcore.ConnectError(f"not {one}") for one in (FIRST, SECOND, THIRD)})
    with pytest.raises(httpcore.ConnectError, match=f"^not {THIRD}$"):
        guard(backend, FIRST, SECOND, THIRD, FOURTH).connect_tcp("site.example", 80)
    assert [host for host, *_ in backend.asked] == [FIRST, SECOND, THIRD]


def test_a_failure_of_another_kind_is_not_taken_for_a_closed_door() -> None:
    backend = Backend(**{FIRST: httpcore.ConnectError("no"), SECOND: MemoryError()})
    with pytest.raises(MemoryError):
        guard(backend, FIRST, SECOND, THIRD).connect_tcp("site.example", 80)


def test_a_name_without_an_address_says_so() -> None:
    with pytest.raises(httpcore.ConnectError, match=r"^site\.example has no address$"):
        guard(Backend()).connect_tcp("site.example", 80)


@pytest.mark.parametrize(
    ("timeout", "left", "each"), [(None, HOUR, TIMEOUT / 2), (5.0, HOUR, 2.5), (5.0, 1.0, 0.5), (None, 2.0, 1.0)]
)
def test_addresses_share_the_time_that_is_left(timeout: float | None, left: float, each: float) -> None:
    backend = Backend(**{FIRST: httpcore.ConnectError("no")})
    guard(backend, FIRST, SECOND, left=lambda: left).connect_tcp("site.example", 80, timeout)
    assert [within for _, _, within, *_ in backend.asked] == [each, each]


def test_whether_a_name_is_this_machine_is_what_it_was_last() -> None:
    answers = [FIRST]
    opened = Guard(lambda: HOUR, True, lambda host, port: answers, Backend())
    for address, local in ((FIRST, False), ("127.0.0.1", True), ("10.0.0.1", False), ("::1", True)):
        answers[:] = [address]
        opened.connect_tcp("site.example", 80)
        assert opened.is_local("site.example") is local
    assert not opened.is_local("other.example")


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError(5, "no such name"), "the name site.example can not be looked up: no such name"),
        (UnicodeError("label too long"), "the name site.example can not be looked up: it is no name of a host"),
    ],
)
def test_a_name_that_is_not_found_says_why(error: Exception, why: str) -> None:
    def resolve(host: str, port: int) -> Sequence[str]:
        raise error

    with pytest.raises(httpcore.ConnectError) as failed:
        Guard(lambda: HOUR, resolve=resolve, backend=Backend()).connect_tcp("site.example", 80)
    assert str(failed.value) == why


@pytest.mark.parametrize(("timeout", "left"), [(0.01, HOUR), (None, 0.01), (HOUR, 0.0), (None, -1.0)])
def test_a_name_is_waited_for_no_longer_than_there_is_time(timeout: float | None, left: float) -> None:
    over, waiting = Event(), list[bool]()

    def resolve(host: str, port: int) -> Sequence[str]:
        waiting.append(current_thread().daemon)
        over.wait(HOUR)
        return [FIRST]

    backend = Backend()
    with pytest.raises(httpcore.ConnectTimeout, match=r"^the name site\.example was not found in time$"):
        Guard(lambda: left, resolve=resolve, backend=backend).connect_tcp("site.example", 80, timeout)
    over.set()
    assert waiting in ([True], [])  # nobody waits for it at the end of the program; it may not have begun
    assert backend.asked == []


def test_a_name_is_looked_up_for_the_port_that_is_asked_for() -> None:
    asked: list[tuple[str, int]] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return [FIRST]

    Guard(lambda: HOUR, resolve=resolve, backend=Backend()).connect_tcp("site.example", 443)
    assert asked == [("site.example", 443)]


def test_the_system_says_each_address_once() -> None:
    assert (look_up("127.0.0.1", 80), look_up("::1", 80)) == (["127.0.0.1"], ["::1"])


def test_no_wait_on_a_connection_is_longer_than_what_is_left() -> None:
    backend, left, context = Backend(), [HOUR], ssl.create_default_context()
    plain = guard(backend, FIRST, left=lambda: left[0]).connect_tcp("site.example", 443)
    secure = plain.start_tls(context, "site.example", 7.0)
    assert secure.get_extra_info("socket") == "the socket"
    left[0] = 5.0
    for stream in (plain, secure):
        assert stream.read(10, 7.0) == b"page"
        stream.read(10, 3.0)
        stream.read(10)
        stream.write(b"x", 7.0)
        stream.write(b"x", 3.0)
    left[0] = 0.1
    secure.read(10)
    secure.close()
    waits = [("read", 10, 5.0), ("read", 10, 3.0), ("read", 10, 5.0), ("write", b"x", 5.0), ("write", b"x", 3.0)]
    last = [("read", 10, 0.1), ("close",)]
    assert backend.stream.asked == [("start_tls", context, "site.example", 7.0), *waits, *waits, *last]


@pytest.mark.parametrize("left", [0.0, -1.0])
def test_nothing_is_asked_of_a_connection_when_the_time_is_over(left: float) -> None:
    backend, seconds = Backend(), [HOUR]
    stream = guard(backend, FIRST, left=lambda: seconds[0]).connect_tcp("site.example", 443)
    seconds[0] = left
    late = [
        (httpcore.ReadTimeout, lambda: stream.read(1)),
        (httpcore.WriteTimeout, lambda: stream.write(b"x")),
        (httpcore.ConnectTimeout, lambda: stream.start_tls(ssl.create_default_context())),
    ]
    for kind, ask in late:
        with pytest.raises(kind, match=r"^the time for the page is over$"):
            ask()
    assert backend.stream.asked == []
