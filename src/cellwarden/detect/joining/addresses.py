"""Whether an outer address lies in stated networks, whatever was written into the two columns."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def is_within(address: str, networks: Iterable[str]) -> bool | None:
    """Say whether an address lies in one of the networks (CIDR); None where it, or every network, cannot be read.

    >>> is_within("192.0.2.7", ["198.51.100.0/24", "192.0.2.0/24"]), is_within("n/a", ["192.0.2.0/24"])
    (True, None)
    """
    readable = []
    for network in networks:
        try:
            readable.append(ipaddress.ip_network(network, strict=False))
        except ValueError:
            continue  # operators write notes into such columns; what cannot be read accuses nobody
    try:
        place = ipaddress.ip_address(address)
    except ValueError:
        return None
    return any(place in network for network in readable) if readable else None
