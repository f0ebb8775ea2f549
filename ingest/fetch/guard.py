"""Which network addresses may be connected to, and the one way by which connections are made.

A name is looked up once for each connection. Every address of that answer is checked, and the connection goes to a
checked address: a name that means something else a moment later gains nothing. The name itself stays what the server
is asked for, and what its certificate must show.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Thread

import httpcore

from ingest.addresses import PORTS, Address

# What is no public address: the IANA special-purpose registries of 2025. `ipaddress.is_global` differs with the version
# of Python, and holds for some of these. Of IPv6 only 2000::/3 is given out; the rest is closed as a whole.
CLOSED = tuple(
    ip_network(text)
    for text in """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
    192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
    2001::/23 2001:db8::/32 3fff::/20
    """.split()
)
GIVEN_OUT = ip_network("2000::/3")
# What ``private`` opens besides: this machine and the networks of an organisation.
PRIVATE = tuple(ip_network(text) for text in "10.0.0.0/8 127.0.0.0/8 172.16.0.0/12 192.168.0.0/16 ::1 fc00::/7".split())
# ... and never: where clouds hand their keys to whoever asks from inside (link-local ones are in no list above).
METADATA = tuple(ip_address(text) for text in "fd00:ec2::254 fd20:ce::254".split())
NAT64 = ip_network("64:ff9b::/96")
PRIVATE_MEANS = "loopback, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 and fc00::/7 on any port; never link-local"

TIMEOUT = 6.0  # seconds to connect, shared by the addresses that are tried
TRIED = 3  # addresses of one name; often the first is of IPv6, and this machine has none


class Blocked(Exception):
    """An address that may not be connected to. The message says which, and why."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether ``address`` is one of the public internet, and each that it carries within it too."""
    if carried := _carried(address):
        return all(map(is_public, carried))
    if any(address in network for network in CLOSED):
        return False
    return address.version == 4 or address in GIVEN_OUT


def is_private(address: IPv4Address | IPv6Address) -> bool:
    """Whether ``address`` is this machine or on a network of an organisation, and each that it carries too."""
    if carried := _carried(address):
        return all(map(is_private, carried))
    return any(address in network for network in PRIVATE) and address not in METADATA


def _carried(address: IPv4Address | IPv6Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses that an IPv6 one stands for: mapped, NAT64, 6to4, Teredo (server and client)."""
    if isinstance(address, IPv4Address):
        return ()
    if address in NAT64:
        return (IPv4Address(address.packed[-4:]),)
    single = address.ipv4_mapped or address.sixtofour
    return (single,) if single else address.teredo or ()


def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of ``host``, in the order in which the system would try them. OSError when there is none."""
    return [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Guard(httpcore.NetworkBackend):
    """Makes connections to public addresses only, on ports 80 and 443; with ``private``, to PRIVATE on any port too.

    ``hosts``, where given, are the only names that may be asked, each with those under it. ``left`` gives the seconds
    that are left for the page, as ``resolve`` gives the addresses of a name and ``backend`` a connection to one.
    """

    def __init__(
        self,
        left: Callable[[], float],
        private: bool = False,
        hosts: Collection[str] | None = None,
        resolve: Callable[[str, int], Sequence[str]] = look_up,
        backend: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._left, self._private, self._hosts, self._resolve = left, private, hosts, resolve
        self._backend = backend or httpcore.SyncBackend()

    def check(self, address: Address) -> None:
        """Raise Blocked for what can be told from the address alone, before any name is looked up."""
        if address.login:
            raise Blocked("it has a user or password in it")
        if not self._private and address.port not in PORTS.values():
            raise Blocked(f"port {address.port} is neither 80 nor 443")
        host = address.host.rstrip(".")
        if not _is_name(host):
            self._check_answers(host, [host])
        if self._hosts is not None and not any(host == name or host.endswith(f".{name}") for name in self._hosts):
            raise Blocked(f"{host} is none of the hosts that may be asked")

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
        tried = self._allowed(host, port)[:TRIED]
        for checked in tried:
            within = min(timeout or TIMEOUT, self._left()) / len(tried)
            try:
                stream = self._backend.connect_tcp(checked, port, within, local_address, socket_options)
                return _Limited(stream, self._left)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _allowed(self, host: str, port: int) -> Sequence[str]:
        answers = self._resolved(host, port) if _is_name(host) else [host]
        self._check_answers(host, answers)
        return answers

    def _check_answers(self, host: str, answers: Sequence[str]) -> None:
        for answer in answers:
            address = ip_address(answer)
            if not is_public(address) and not (self._private and is_private(address)):
                means = "neither public nor private" if self._private else "not public"
                raise Blocked(f"{host} is at {answer}, which is {means}" if answer != host else f"{host} is {means}")

    def _resolved(self, host: str, port: int) -> Sequence[str]:
        done: Future[Sequence[str]] = Future()

        def work() -> None:
            try:
                done.set_result(self._resolve(host, port))
            except Exception as error:  # it is raised again where the answer is waited for
                done.set_exception(error)

        # A thread, because looking up a name has no time limit of its own; it ends with the program.
        Thread(target=work, daemon=True).start()
        try:
            return done.result(max(self._left(), 0))
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

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):  # type: ignore[no-untyped-def]
        within = self._within(timeout, httpcore.ConnectTimeout)
        return _Limited(self._stream.start_tls(ssl_context, server_hostname, within), self._left)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)

    def _within(self, timeout: float | None, late: type[Exception]) -> float:
        left = self._left()
        if left <= 0:
            raise late("the time for the page is over")
        return left if timeout is None else min(timeout, left)
