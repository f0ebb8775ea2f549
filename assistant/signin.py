"""Who may see the maintainers' pages: somebody with the password, or, without one, somebody at this machine.

Knows nothing of Streamlit: `app_signin.py` says what the connection was like and shows what follows.
"""

from __future__ import annotations

import hmac
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from ipaddress import IPv6Address, ip_address

TRIES = 5  # wrong passwords in a row, by everybody together
PAUSE = 30.0  # seconds until another one is looked at

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
        (address is None or _is_loopback(address))
        and all(name in _OF_A_BROWSER or name.startswith("sec-") for name, _ in given)
        and len(hosts) == len(origins) == 1
        and all(_names_this_machine(value, scheme=False) for value in hosts)
        and all(_names_this_machine(value, scheme=True) for value in origins)
    )


def _is_loopback(address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return (mapped or parsed).is_loopback


def _names_this_machine(value: str, *, scheme: bool) -> bool:
    found = _THIS_MACHINE.fullmatch(value)
    return found is not None and (found[1] is not None) == scheme


class Door:
    """Compares passwords, and slows down who guesses: five wrong ones, then one every thirty seconds.

    One door stands for all sessions of a process, and keeps two numbers however many come.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` gives seconds that never go back."""
        self._clock, self._lock = clock, threading.Lock()
        self._left, self._counted = float(TRIES), clock()  # tries left, and when that was so
        self._key = secrets.token_bytes(32)

    def opens(self, given: str, password: str) -> bytes | None:
        """Return what proves that ``given`` is the password (see `is_proof`); None when it is not, or it is too early.

        A try that comes too early is not looked at. A right one costs nothing.
        """
        with self._lock:
            self._refill()
            if self._left < 1:
                return None
            proof = self._proof(given)
            if hmac.compare_digest(proof, self._proof(password)):
                return proof
            self._left -= 1
            return None

    def is_proof(self, proof: object, password: str) -> bool:
        """Whether ``proof`` is one of this password, made by this process."""
        return isinstance(proof, bytes) and hmac.compare_digest(proof, self._proof(password))

    def wait(self) -> float:
        """Return how many seconds are left until a password is looked at; 0: now."""
        with self._lock:
            self._refill()
            return max(0.0, (1 - self._left) * PAUSE)

    def _refill(self) -> None:
        now = self._clock()
        self._left = min(float(TRIES), self._left + (now - self._counted) / PAUSE)
        self._counted = now

    def _proof(self, text: str) -> bytes:
        """A keyed hash: of the same length whatever the text, which may have any characters."""
        return hmac.digest(self._key, text.encode(errors="surrogatepass"), "sha256")
