"""Frames to SCTP packets: link layers, IPv4 and IPv6, and their fragments put together.

References: RFC 791 (IPv4), RFC 8200 (IPv6), IEEE 802.1Q, LINKTYPE registry of libpcap.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cellwarden.ingest.signalling.faults import DecodeError

if TYPE_CHECKING:
    from cellwarden.ingest.signalling.frames import Frame

SCTP = 132
MAX_DATAGRAMS = 1024
"""Fragmented datagrams that wait for the rest; the oldest gives way."""
MAX_PIECES = 1024
"""Fragments of one datagram: 64 KiB in pieces of 64 octets."""
_IPV4, _IPV6 = 0x0800, 0x86DD
_VLANS = frozenset({0x8100, 0x88A8, 0x9100, 0x9200})
_RAW = frozenset({12, 14, 101, 228, 229})
_LOOPBACK = frozenset({0, 108})
_EXTENSIONS = frozenset({0, 43, 60, 135})


class Packet(NamedTuple):
    """One complete SCTP packet."""

    source: str
    destination: str
    data: bytes
    is_cut: bool


@lru_cache(maxsize=65536)
def _address(octets: bytes) -> str:
    return str(ipaddress.ip_address(octets))


def network_layer(link: int, data: bytes) -> tuple[int, int] | None:
    """Find (EtherType, offset of the network layer); None: another kind of frame."""
    if link == 1:
        kind, offset = data[12:14], 14
    elif link == 113:
        kind, offset = data[14:16], 16
    elif link == 276:
        kind, offset = data[0:2], 20
    elif link in _RAW or link in _LOOPBACK:
        # The address family of a loopback frame differs by system; the version in the IP header does not.
        offset = 4 if link in _LOOPBACK else 0
        version = data[offset] >> 4 if len(data) > offset else 0
        return ({4: _IPV4, 6: _IPV6}[version], offset) if version in {4, 6} else None
    else:
        return None
    ether_type = int.from_bytes(kind)
    while ether_type in _VLANS:
        ether_type = int.from_bytes(data[offset + 2 : offset + 4])
        offset += 4
    return ether_type, offset


class Internet:
    """Gives the SCTP packet that a frame completes; keeps fragments between frames."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[bytes, bytes, int, int], _Datagram] = {}
        self.given_up = 0
        """Datagrams dropped because too many waited or their pieces disagree."""

    def packet(self, frame: Frame) -> Packet | None:
        """Return the SCTP packet that the frame completes; None: none, or no SCTP.

        Raises:
            DecodeError: An SCTP packet whose IP header is damaged.
        """
        layer = network_layer(frame.link, frame.data)
        if layer is None:
            return None
        ether_type, offset = layer
        if ether_type == _IPV4:
            return self._ipv4(frame, offset)
        return self._ipv6(frame, offset) if ether_type == _IPV6 else None

    def _ipv4(self, frame: Frame, offset: int) -> Packet | None:
        data = frame.data
        if len(data) < offset + 20 or data[offset + 9] != SCTP:
            return None
        header = (data[offset] & 0x0F) * 4
        # A length of zero is what segmentation offload leaves in captures taken on the host itself.
        total = int.from_bytes(data[offset + 2 : offset + 4]) or len(data) - offset
        if header < 20 or total < header:
            raise DecodeError("IPv4: header length is impossible")
        payload = data[offset + header : offset + total]
        is_cut = len(payload) < total - header
        source, destination = data[offset + 12 : offset + 16], data[offset + 16 : offset + 20]
        flags = int.from_bytes(data[offset + 6 : offset + 8])
        if flags & 0x3FFF:
            if is_cut:
                raise DecodeError("IPv4: a fragment was cut by the capture length")
            key = (source, destination, SCTP, int.from_bytes(data[offset + 4 : offset + 6]))
            whole = self._piece(key, (flags & 0x1FFF) * 8, payload, is_last=not flags & 0x2000)
            return None if whole is None else Packet(_address(source), _address(destination), whole, is_cut=False)
        return Packet(_address(source), _address(destination), payload, is_cut)

    def _ipv6(self, frame: Frame, offset: int) -> Packet | None:
        data = frame.data
        if len(data) < offset + 40:
            return None
        source, destination = data[offset + 8 : offset + 24], data[offset + 24 : offset + 40]
        length = int.from_bytes(data[offset + 4 : offset + 6])
        end = offset + 40 + length if length else len(data)
        following, position, fragment = data[offset + 6], offset + 40, b""
        for _ in range(16):
            if following == 44:
                fragment, following = data[position : position + 8], data[position] if len(data) > position else 59
                position += 8
            elif following in _EXTENSIONS or following == 51:
                if len(data) < position + 2:
                    return None
                size = data[position + 1]
                following, position = data[position], position + ((size + 2) * 4 if following == 51 else (size + 1) * 8)
            else:
                break
        if following != SCTP or position > end:
            return None
        payload, is_cut = data[position:end], len(data) < end
        if len(fragment) == 8:
            place = int.from_bytes(fragment[2:4])
            if is_cut:
                raise DecodeError("IPv6: a fragment was cut by the capture length")
            key = (source, destination, SCTP, int.from_bytes(fragment[4:8]))
            whole = self._piece(key, place & 0xFFF8, payload, is_last=not place & 1)
            return None if whole is None else Packet(_address(source), _address(destination), whole, is_cut=False)
        return Packet(_address(source), _address(destination), payload, is_cut)

    def _piece(self, key: tuple[bytes, bytes, int, int], place: int, payload: bytes, *, is_last: bool) -> bytes | None:
        """Keep a fragment; return the datagram if it is complete."""
        datagram = self._waiting.get(key)
        if datagram is None:
            if len(self._waiting) >= MAX_DATAGRAMS:
                del self._waiting[next(iter(self._waiting))]
                self.given_up += 1
            datagram = self._waiting[key] = _Datagram()
        whole = datagram.add(place, payload, is_last=is_last)
        if whole is not None or datagram.is_hopeless:
            del self._waiting[key]
            self.given_up += datagram.is_hopeless
        return whole

    @property
    def waiting(self) -> int:
        """Datagrams that never became complete."""
        return len(self._waiting) + self.given_up


class _Datagram:
    """Fragments of one datagram; the first copy of an octet wins."""

    def __init__(self) -> None:
        self.pieces: dict[int, bytes] = {}
        self.size: int | None = None
        self.is_hopeless = False

    def add(self, place: int, payload: bytes, *, is_last: bool) -> bytes | None:
        """Keep a piece; return the whole once nothing is missing."""
        if place + len(payload) > 65535 or len(self.pieces) >= MAX_PIECES:
            self.is_hopeless = True
            return None
        self.pieces.setdefault(place, payload)
        if is_last:
            self.size = place + len(payload)
        if self.size is None:
            return None
        whole = bytearray()
        for start in sorted(self.pieces):
            if start > len(whole):
                return None
            whole += self.pieces[start][len(whole) - start :]
        return bytes(whole[: self.size]) if len(whole) >= self.size else None
