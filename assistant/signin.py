"""Who may see the maintainers' pages: somebody with the password, or, without one, somebody at this machine.

Knows nothing of Streamlit: `app_signin.py` says what the connection was like and shows what follows.
"""

from __future__ import annotations

import hmac
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

from assistant.limits import SITE, Budget, is_loopback, network_of

TRIES, PAUSE = 5, 30.0  # wrong passwords in a row from one address; seconds until another one is looked at
# From all addresses together: as many as ten of them get. One alone keeps nobody out; a thousand guess no faster.
ALL_TRIES, ALL_PAUSE = 10 * TRIES, PAUSE / 10
ADDRESSES = 1000  # that are told apart: the latest that were wrong

# What a browser itself sends when it opens a connection. Anything beside it, such as X-Forwarded-For, Forwarded, Via or
# CF-Connecting-IP, was put there on the way: a list of those would always miss some.
_OF_A_BROWSER = frozenset(
    "accept accept-encoding accept-language authorization cache-control connection cookie dnt host origin pragma "
    "upgrade user-agent".split()
)
_THIS_MACHINE = re.compile(r"(https?://)?(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE | re.ASCII)


def is_local(address: str | None, headers: Iterable[tuple[str, str]]) -> bool:
    """Whether a browser on this machine opened the connection, by the address of its peer and its headers.

    ``address`` is None for the loopback, as Streamlit has it. It says little alone. A reverse proxy on this machine
    comes from the loopback too: it forwards the name that was asked for (Host), or adds headers, or leaves the name of
    the site that the browser was on (Origin). So does a browser here, led by a foreign site's name to this address
    (DNS rebinding).
    """
    given = [(name.lower(), value) for name, value in headers]
    hosts = [value for name, value in given if name == "host"]
    origins = [value for name, value in given if name == "origin"]
    return (
        (address is None or is_loopback(address))
        and all(name in _OF_A_BROWSER or name.startswith("sec-") for name, _ in given)
        and len(hosts) == len(origins) == 1
        and all(_names_this_machine(value, scheme=False) for value in hosts)
        and all(_names_this_machine(value, scheme=True) for value in origins)
    )


def _names_this_machine(value: str, *, scheme: bool) -> bool:
    found = _THIS_MACHINE.fullmatch(value)
    return found is not None and (found[1] is not None) == scheme


class Door:
    """Compares passwords, and slows down who guesses: five wrong ones from an address, then one every thirty seconds.

    One door stands for all sessions of a process, and keeps as much as `ADDRESSES` need, however many come.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` gives seconds that never go back."""
        self._clock, self._lock = clock, threading.Lock()
        self._all = Budget(ALL_TRIES, ALL_PAUSE, clock())
        self._of: OrderedDict[str, Budget] = OrderedDict()  # address -> its tries; the one that was wrong last is last
        self._key = secrets.token_bytes(32)

    def opens(self, given: str, password: str, address: str | None) -> bytes | None:
        """Return what proves that ``given`` is the password (see `is_proof`); None when it is not, or it is too early.

        ``address`` is the peer's, None for the loopback. A try that comes too early is not looked at. A right one
        costs nothing.
        """
        with self._lock:
            now = self._clock()
            if self._wait(address, now):
                return None
            proof = self._proof(given)
            if hmac.compare_digest(proof, self._proof(password)):
                return proof
            self._count(address, now)
            return None

    def is_proof(self, proof: object, password: str) -> bool:
        """Whether ``proof`` is one of this password, made by this process."""
        return isinstance(proof, bytes) and hmac.compare_digest(proof, self._proof(password))

    def wait(self, address: str | None) -> float:
        """Return how many seconds are left until a password from ``address`` is looked at; 0: now."""
        with self._lock:
            return self._wait(address, self._clock())

    def _wait(self, address: str | None, now: float) -> float:
        own = self._of.get(network_of(address, SITE))
        return max(self._all.wait(now), own.wait(now) if own else 0.0)

    def _count(self, address: str | None, now: float) -> None:
        network = network_of(address, SITE)
        self._all.use(now)
        self._of.setdefault(network, Budget(TRIES, PAUSE, now)).use(now)
        self._of.move_to_end(network)
        if len(self._of) > ADDRESSES:
            self._of.popitem(last=False)

    def _proof(self, text: str) -> bytes:
        """A keyed hash: of the same length whatever the text, which may have any characters."""
        return hmac.digest(self._key, text.encode(errors="surrogatepass"), "sha256")
