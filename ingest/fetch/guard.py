"""Which network addresses may be connected to, and the one way by which connections are made.

A name is looked up once for each connection. Every address of that answer is checked, and the connection goes to a
checked address: a name that means something else a moment later gains nothing. The name itself stays what the server
is asked for, and what its certificate must show.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from ipaddress import ip_address
from ssl import SSLContext
from threading import Thread

import httpcore

from ingest.addresses import PORTS, Address
from ingest.fetch.networks import is_private, is_public

TIMEOUT = 6.0  # seconds for each wait: to look a name up, to connect to its addresses, for the next piece
TRIED = 3  # addresses of one name; often the first is of IPv6, and this machine has none


class Blocked(Exception):
    """An address that may not be connected to. The message says which, and why."""


def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of ``host``, in the order in which the system would try them. OSError when there is none."""
    return [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Guard(httpcore.NetworkBackend):
    """Makes connections to public addresses only, on ports 80 and 443; with ``private``, to ``PRIVATE_MEANS`` too.

    ``left`` gives the seconds that are left for the page, ``resolve`` the addresses of a name, ``backend`` connects.
    """

    def __init__(
        self,
        left: Callable[[], float],
        private: bool = False,
        resolve: Callable[[str, int], Sequence[str]] = look_up,
        backend: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._left, self._private, self._resolve = left, private, resolve
        self._backend = backend or httpcore.SyncBackend()
        self._local: set[str] = set()

    def is_local(self, host: str) -> bool:
        """Whether ``host``, when it was last connected to, was this machine."""
        return host in self._local

    def check(self, address: Address) -> None:
        """Raise Blocked for what can be told from the address alone, before any name is looked up."""
        if address.login:
            raise Blocked("it has a user or password in it")
        if not self._private and address.port not in PORTS.values():
            raise Blocked(f"port {address.port} is neither 80 nor 443")
        host = address.host.rstrip(".")
        if not _is_name(host):
            self._check_answers(host, [host])

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of ``host`` that takes it. Blocked when one of them may not be asked."""
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        limit = TIMEOUT if timeout is None else timeout
        tried = self._allowed(host, port, limit)[:TRIED]
        for checked in tried:
            within = min(limit, self._left()) / len(tried)
            try:
                stream = self._backend.connect_tcp(checked, port, within, local_address, socket_options)
                (self._local.add if ip_address(checked).is_loopback else self._local.discard)(host)
                return _Limited(stream, self._left)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _allowed(self, host: str, port: int, limit: float) -> Sequence[str]:
        answers = self._resolved(host, port, limit) if _is_name(host) else [host]
        self._check_answers(host, answers)
        return answers

    def _check_answers(self, host: str, answers: Sequence[str]) -> None:
        for answer in answers:
            address = ip_address(answer)
            if not is_public(address) and not (self._private and is_private(address)):
                means = "neither public nor private" if self._private else "not public"
                raise Blocked(f"{host} is at {answer}, which is {means}" if answer != host else f"{host} is {means}")

    def _resolved(self, host: str, port: int, limit: float) -> Sequence[str]:
        done: Future[Sequence[str]] = Future()

        def work() -> None:
            try:
                done.set_result(self._resolve(host, port))
            except Exception as error:  # it is raised again where the answer is waited for
                done.set_exception(error)

        # A thread, because looking up a name has no time limit of its own; it ends with the program.
        Thread(target=work, daemon=True).start()
        try:
            return done.result(min(limit, self._left()))
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"the name {host} was not found in time") from None
        except (OSError, UnicodeError) as error:  # UnicodeError: a name that DNS can not hold
            reason = getattr(error, "strerror", None) or "it is no name of a host"
            raise httpcore.ConnectError(f"the name {host} can not be looked up: {reason}") from None


def _is_name(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return True
    return False


class _Limited(httpcore.NetworkStream):
    """A connection on which no wait is longer than what is left for the page."""

    def __init__(self, stream: httpcore.NetworkStream, left: Callable[[], float]) -> None:
        self._stream, self._left = stream, left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._within(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._within(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        within = self._within(timeout, httpcore.ConnectTimeout)
        return _Limited(self._stream.start_tls(ssl_context, server_hostname, within), self._left)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)

    def _within(self, timeout: float | None, late: type[Exception]) -> float:
        left = self._left()
        if left <= 0:
            raise late("the time for the page is over")
        return left if timeout is None else min(timeout, left)
