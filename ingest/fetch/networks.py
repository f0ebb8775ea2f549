"""Which network addresses are of the public internet, which of an organisation, and which of neither."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

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
# ... and never, though one is public: where clouds hand their keys to whoever asks from inside (link-local ones are
# in no list above). 168.63.129.16 is Azure's, for all its machines.
METADATA = tuple(ip_address(text) for text in "fd00:ec2::254 fd20:ce::254 168.63.129.16".split())
NAT64 = ip_network("64:ff9b::/96")
PRIVATE_MEANS = "loopback, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 and fc00::/7 on any port; never link-local"


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether ``address`` is one of the public internet, and each that it carries within it too."""
    if carried := _carried(address):
        return all(map(is_public, carried))
    if address in METADATA or any(address in network for network in CLOSED):
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
