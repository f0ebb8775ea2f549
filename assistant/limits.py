"""How often one may, and who counts as one."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# Bits of an IPv6 address: whoever has one has all that begin alike. A machine gets those of a network, a household or a
# branch office those of a site.
NETWORK, SITE = 64, 56


class Budget:
    """A number of times that are used up, and come back one by one (a token bucket)."""

    def __init__(self, most: int, pause: float, now: float) -> None:
        """``most`` times at once, then one every ``pause`` seconds. ``now`` is in seconds that never go back."""
        self._most, self._pause = most, pause
        self._left, self._counted = float(most), now  # times left, and when that was so

    def wait(self, now: float) -> float:
        """Return how many seconds are left until there is one, to a millionth; 0: there is."""
        return max(0.0, round((1 - self._at(now)) * self._pause, 6))

    def use(self, now: float) -> None:
        """Use one up."""
        self._left, self._counted = self._at(now) - 1, now

    def is_full(self, now: float) -> bool:
        """Whether all have come back."""
        return self._at(now) == self._most

    def _at(self, now: float) -> float:
        return min(float(self._most), self._left + (now - self._counted) / self._pause)


def is_loopback(address: str) -> bool:
    """Whether somebody comes from this machine itself, or by a proxy on it."""
    parsed = _parse(address)
    return parsed is not None and parsed.is_loopback


def network_of(address: str | None, bits: int = NETWORK) -> str:
    """What counts as one address, by so many bits of one of IPv6; whatever is none counts as one too."""
    parsed = _parse(address or "")
    if isinstance(parsed, IPv6Address) and not parsed.is_loopback:
        return str(IPv6Network((int(parsed), bits), strict=False))
    return str(parsed or "")


def _parse(address: str) -> IPv4Address | IPv6Address | None:
    """The address that is written; where that is one of IPv6 which stands for one of IPv4, the latter."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed
