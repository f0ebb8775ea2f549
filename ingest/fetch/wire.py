"""One request, one answer: over a guarded connection, within the limits of time and size. Follows and retries nothing.

httpcore alone, below httpx: what goes out is the address as parsed once, and there is no cookie, no proxy and no
unpacking that nobody asked for.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

import httpcore
from msgspec import Struct

from ingest.addresses import Address
from ingest.fetch.body import Truncated, Unusable, unpack
from ingest.fetch.guard import TIMEOUT, Blocked, Guard
from ingest.signs import HEAD

# Seconds on the wire for a page with its redirects and retries: a byte now and then keeps every timeout.
DEADLINE = 30.0
TRIES = 3  # of a request that met a passing failure
TRIES_IN_SILENCE = 2  # ... that is no answer at all: with the pause in between, some 13 seconds

Judge = Callable[[str, bytes], str]  # header Content-Type, beginning of the body -> the type


class NoAnswer(Exception):
    """A request that came to nothing that can be used; more tries of it are worth it up to ``tries`` in all."""

    def __init__(
        self, outcome: Literal["refused", "deferred", "failed"], reason: str, tries: int = 1, silent: bool = False
    ) -> None:
        super().__init__(reason)
        self.outcome, self.reason, self.tries = outcome, reason, tries
        self.silent = silent  # the host did not answer at all


class Answer(Struct, frozen=True):
    """What a server answered. Names of headers are in lower case; of one that came twice the first counts."""

    status: int
    headers: Mapping[str, str]
    kind: str = ""  # the type of the body, as judged
    body: bytes = b""  # whole and unpacked; only of status 200


class Timer:
    """The seconds that a page may spend on the wire. Waits that are manners, between requests, are not counted."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock, self.seconds = clock, seconds
        self._left, self._until = seconds, 0.0

    @contextmanager
    def page(self) -> Iterator[None]:
        """A page begins, with all its time before it. One within another (a robots.txt) takes none of the other's."""
        before, self._left = self._left, self.seconds
        try:
            yield
        finally:
            self._left = before

    def left(self) -> float:
        """What is left of it, while it runs; 0 or less when it is over."""
        return self._until - self._clock()

    def __enter__(self) -> None:
        self._until = self._clock() + self._left

    def __exit__(self, *_: object) -> None:
        self._left = self.left()


class Wire:
    """The connections of one client: one to each host that is kept open, all made by ``guard``."""

    def __init__(self, guard: Guard, timer: Timer, timeout: float = TIMEOUT) -> None:
        self._guard, self._timer, self._timeout = guard, timer, timeout
        self._pool = httpcore.ConnectionPool(network_backend=guard, max_keepalive_connections=4, keepalive_expiry=30.0)

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def check(self, address: Address) -> None:
        """NoAnswer when ``address`` may not be asked, as far as it can be told without looking up its name."""
        try:
            self._guard.check(address)
        except Blocked as error:
            raise NoAnswer("refused", str(error)) from None

    def send(self, address: Address, headers: Mapping[str, str], judge: Judge, most: int) -> Answer:
        """Ask for ``address``. NoAnswer says why there is none, whatever it was that went wrong.

        ``judge`` gives the type of a body by its header and its beginning, or raises Unusable. A body of more than
        ``most`` bytes is refused. Bodies of redirects and failures are neither read nor unpacked.
        """
        try:
            with self._timer:
                return self._exchange(address, headers, judge, most)
        except (Blocked, Unusable) as error:
            raise NoAnswer("refused", str(error)) from None
        except Truncated as error:
            raise NoAnswer("failed", str(error), TRIES) from None
        except httpcore.TimeoutException:
            raise self._late() from None
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise _broken(error) from None
        except ValueError:  # a host that TLS has no name for, such as ".example"
            raise NoAnswer("refused", f"{address.host[:80]!r} is no name of a host") from None

    def _exchange(self, address: Address, headers: Mapping[str, str], judge: Judge, most: int) -> Answer:
        target = httpcore.URL(
            scheme=address.scheme.encode(),
            host=address.host.encode(),
            port=address.port,
            target=address.target.encode(),
        )
        sent = {"Host": address.origin.partition("://")[2], **headers}
        waits = dict.fromkeys(("connect", "read", "write"), self._timeout)
        with self._pool.stream("GET", target, headers=list(sent.items()), extensions={"timeout": waits}) as response:
            received = _read_headers(response.headers)
            if response.status != 200:
                return Answer(response.status, received)
            body, kind = bytearray(), ""
            for piece in unpack(response.iter_stream(), received.get("content-encoding", ""), most):
                body += piece
                if not kind and len(body) >= HEAD:  # what is no page is not read to its end
                    kind = judge(received.get("content-type", ""), bytes(body[:HEAD]))
            kind = kind or judge(received.get("content-type", ""), bytes(body))
            return Answer(response.status, received, kind, bytes(body))

    def _late(self) -> NoAnswer:
        if self._timer.left() <= 0:
            return NoAnswer("failed", f"it did not come whole within {self._timer.seconds:g} seconds")
        reason = f"it was silent for {self._timeout:g} seconds"
        return NoAnswer("failed", reason, TRIES_IN_SILENCE, silent=True)


def _read_headers(raw: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        if name.lower() != b"set-cookie":  # none is kept: pages are read as any first visitor sees them
            headers.setdefault(name.decode("latin-1").lower(), _decode(value))
    return headers


def _decode(value: bytes) -> str:
    """Headers are ASCII by the book; addresses of redirects come as UTF-8 all the same."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _broken(error: Exception) -> NoAnswer:
    cause = error.args[0] if error.args else None  # httpcore wraps what went wrong
    if getattr(cause, "error_status_hint", None) == 431:
        return NoAnswer("refused", "its headers are larger than any page's")
    reason = " ".join(str(error).split()) or type(error).__name__
    final = isinstance(cause, ssl.SSLCertVerificationError) or isinstance(error, httpcore.LocalProtocolError)
    return NoAnswer("failed", f"the connection failed: {reason}", 1 if final else TRIES, silent=True)
