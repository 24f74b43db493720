"""Networks as numbers, so that asking whether an address lies in one takes a comparison."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_WIDTH = {4: 32, 6: 128}


class Network(NamedTuple):
    """A span of addresses of one version."""

    version: int
    first: int
    last: int

    def __str__(self) -> str:
        """Write as CIDR."""
        prefix = _WIDTH[self.version] - (self.last - self.first).bit_length()
        return str(ip_network((self.first if self.version == 4 else self.first.to_bytes(16), prefix)))


class Address(NamedTuple):
    """One address."""

    version: int
    number: int


class Origin(NamedTuple):
    """Whose network an address is in."""

    asn: int | None
    country: str | None
    """ISO 3166-1, upper case."""
    access_line: str | None = None
    """Wireline customer line, where the operator assigns it a fixed address."""


def network(text: str) -> Network:
    """Read a CIDR; raise ValueError if it is none. Bits below the prefix are dropped."""
    read = ip_network(text, strict=False)
    first = int(read.network_address)
    return Network(read.version, first, first | (1 << _WIDTH[read.version] - read.prefixlen) - 1)


def networks(text: str | None) -> tuple[Network, ...]:
    """Read CIDRs that are separated by spaces; none is an empty tuple."""
    return tuple(network(each) for each in text.split()) if text else ()


@lru_cache(maxsize=4096)
def address(text: str) -> Address | None:
    """Read an address; None if it is none. An IPv4 address mapped into IPv6 is the IPv4 address.

    Cached, since several rules ask for the same one in one decision.
    """
    try:
        read = ip_address(text)
    except ValueError:
        return None
    if read.version == 6 and (mapped := read.ipv4_mapped) is not None:
        read = mapped
    return Address(read.version, int(read))


def is_within(where: Address, spans: Iterable[Network]) -> bool:
    """Say whether the address lies in one of the networks."""
    version, number = where
    return any(span.version == version and span.first <= number <= span.last for span in spans)


class AddressBook:
    """Networks with their autonomous system, country and line; the longest prefix answers."""

    def __init__(self, entries: Iterable[tuple[str, Origin]] = ()) -> None:
        by_prefix: dict[tuple[int, int], dict[int, Origin]] = {}
        for text, origin in entries:
            span = network(text)
            host_bits = (span.last - span.first).bit_length()
            by_prefix.setdefault((span.version, host_bits), {})[span.first >> host_bits] = origin
        self._by_prefix = sorted(by_prefix.items())

    def origin_of(self, where: Address) -> Origin | None:
        """Return what is known of the smallest network around the address; None if nothing is."""
        for (version, host_bits), found in self._by_prefix:
            if version == where.version and (origin := found.get(where.number >> host_bits)) is not None:
                return origin
        return None
