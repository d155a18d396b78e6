"""Which addresses the office may call: public ones, and nothing of its own network.

Threat: whoever registers a webhook, or runs its DNS, points it at the office itself, at
the database beside it, or at the cloud's metadata service.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

IpAddress = IPv4Address | IPv6Address

# IANA's special-purpose registries, where ``is_global`` of the running Python is wider.
_NOT_PUBLIC = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "2001::/23",  # protocol assignments, Teredo
        "2001:db8::/32",
        "2002::/16",  # 6to4, which embeds any IPv4 address
        "3fff::/20",  # documentation
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that is assigned: mapped, NAT64 and site-local addresses lie outside."""


def is_public(address: IpAddress) -> bool:
    """Say whether this is the address of a host in the public internet."""
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    return not any(
        address.version == network.version and address in network for network in _NOT_PUBLIC
    )


def resolve(host: str, port: int) -> Sequence[IpAddress]:
    """Return the addresses of a host, as the system finds them. Raises ``OSError``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # A link-local address may carry its interface behind a percent sign.
    return [ip_address(str(where[0]).partition("%")[0]) for *_, where in found]
