"""Frames to SCTP packets: link layers, IPv4 and IPv6, their fragments put together, and tunnels looked into.

Looked into are GRE, IP in IP, ERSPAN and VXLAN mirrors, and SCTP inside UDP; the UDP ports of GTP-U and GSMTAP are handed on.

References: RFC 791 (IPv4), RFC 8200 (IPv6), IEEE 802.1Q, RFC 2784 and 2890 (GRE), RFC 6951 (SCTP in UDP), RFC 3032 (MPLS),
RFC 7348 (VXLAN), LINKTYPE registry of libpcap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.identities import address

if TYPE_CHECKING:
    from cellwarden.ingest.signalling.frames import Frame

SCTP, UDP, TCP = 132, 17, 6
SCTP_IN_UDP_PORT, GTP_U_PORT, GSMTAP_PORT, VXLAN_PORT = 9899, 2152, 4729, 4789
MAX_DATAGRAMS = 1024
"""Fragmented datagrams that wait for the rest; the oldest gives way."""
MAX_PIECES = 1024
"""Fragments of one datagram: 64 KiB in pieces of 64 octets."""
MAX_DEPTH = 4
"""Packets inside packets."""
ETHERNET, RAW = 1, 101
IPV4, IPV6, _MPLS, _BRIDGED, _ERSPAN = 0x0800, 0x86DD, 0x8847, 0x6558, 0x88BE
_GRE, _IPV4_INSIDE, _IPV6_INSIDE, _FRAGMENT, _AUTHENTICATION = 47, 4, 41, 44, 51
_VLANS = frozenset({0x8100, 0x88A8, 0x9100, 0x9200})
_RAW = frozenset({12, 14, RAW, 228, 229})
_LOOPBACK = frozenset({0, 108})
_EXTENSIONS = frozenset({0, 43, 60, 135})
_TUNNELS = frozenset({_GRE, _IPV4_INSIDE, _IPV6_INSIDE})


class Packet(NamedTuple):
    """One complete packet of the transport layer."""

    source: str
    destination: str
    data: bytes
    """Transport header and payload."""
    is_cut: bool
    protocol: int = SCTP


def network_layer(link: int, data: bytes) -> tuple[int, int] | None:
    """Find (EtherType, offset of the network layer); None: another kind of frame."""
    if link == ETHERNET:
        kind, offset = data[12:14], 14
    elif link == 113:
        kind, offset = data[14:16], 16
    elif link == 276:
        kind, offset = data[0:2], 20
    elif link in _RAW or link in _LOOPBACK:
        # The address family of a loopback frame differs by system; the version in the IP header does not.
        offset = 4 if link in _LOOPBACK else 0
        version = data[offset] >> 4 if len(data) > offset else 0
        return ({4: IPV4, 6: IPV6}[version], offset) if version in {4, 6} else None
    else:
        return None
    ether_type = int.from_bytes(kind)
    while ether_type in _VLANS:
        ether_type = int.from_bytes(data[offset + 2 : offset + 4])
        offset += 4
    if ether_type == _MPLS:
        while offset + 4 < len(data) and not data[offset + 2] & 1:
            offset += 4
        offset += 4
        version = data[offset] >> 4 if len(data) > offset else 0
        ether_type = {4: IPV4, 6: IPV6}.get(version, 0)
    return ether_type, offset


class Internet:
    """Gives the packet that a frame completes; keeps fragments between frames."""

    def __init__(self, wanted: frozenset[int] = frozenset({SCTP, UDP})) -> None:
        self._wanted = wanted | _TUNNELS
        self._is_inner = TCP in wanted
        self._waiting: dict[tuple[bytes, bytes, int, int], _Datagram] = {}
        self.given_up = 0
        """Datagrams of SCTP dropped because too many waited or their pieces disagree."""

    def packet(self, frame: Frame) -> Packet | None:
        """Return the packet that the frame completes; None: none, or nothing wanted.

        Raises:
            DecodeError: An SCTP packet whose IP header is damaged.
        """
        return self.inside(frame.link, frame.data)

    def inside(self, link: int, data: bytes, depth: int = 0) -> Packet | None:
        """Return the packet that a frame of this link type completes; arguments and errors as in `packet`."""
        layer = network_layer(link, data) if depth <= MAX_DEPTH else None
        if layer is None:
            return None
        if layer[0] == IPV4:
            return self._ipv4(data, layer[1], depth)
        return self._ipv6(data, layer[1], depth) if layer[0] == IPV6 else None

    def _ipv4(self, data: bytes, offset: int, depth: int) -> Packet | None:
        if len(data) < offset + 20 or data[offset + 9] not in self._wanted:
            return None
        header, protocol = (data[offset] & 0x0F) * 4, data[offset + 9]
        # A length of zero is what segmentation offload leaves in captures taken on the host itself.
        total = int.from_bytes(data[offset + 2 : offset + 4]) or len(data) - offset
        if header < 20 or total < header:
            raise DecodeError("IPv4: header length is impossible")
        payload = data[offset + header : offset + total]
        is_cut = len(payload) < total - header
        ends = data[offset + 12 : offset + 16], data[offset + 16 : offset + 20]
        flags = int.from_bytes(data[offset + 6 : offset + 8])
        if flags & 0x3FFF:
            if is_cut:
                raise DecodeError("IPv4: a fragment was cut by the capture length")
            key = (*ends, protocol, int.from_bytes(data[offset + 4 : offset + 6]))
            whole = self._piece(key, (flags & 0x1FFF) * 8, payload, is_last=not flags & 0x2000)
            if whole is None:
                return None
            payload = whole
        return self._transport(ends, protocol, payload, is_cut, depth)

    def _ipv6(self, data: bytes, offset: int, depth: int) -> Packet | None:  # noqa: C901 (one chain of headers)
        if len(data) < offset + 40:
            return None
        ends = data[offset + 8 : offset + 24], data[offset + 24 : offset + 40]
        length = int.from_bytes(data[offset + 4 : offset + 6])
        end = offset + 40 + length if length else len(data)
        following, position, fragment = data[offset + 6], offset + 40, b""
        for _ in range(16):
            if following == _FRAGMENT:
                fragment, following = data[position : position + 8], data[position] if len(data) > position else 59
                position += 8
                if len(fragment) == 8 and int.from_bytes(fragment[2:4]) & 0xFFF8:
                    break  # what follows is the middle of something
            elif following in _EXTENSIONS or following == _AUTHENTICATION:
                if len(data) < position + 2:
                    return None
                size = data[position + 1]
                longer = (size + 2) * 4 if following == _AUTHENTICATION else (size + 1) * 8
                following, position = data[position], position + longer
            else:
                break
        if following not in self._wanted or position > end:
            return None
        payload, is_cut = data[position:end], len(data) < end
        if len(fragment) == 8:
            if is_cut:
                raise DecodeError("IPv6: a fragment was cut by the capture length")
            place, key = int.from_bytes(fragment[2:4]), (*ends, following, int.from_bytes(fragment[4:8]))
            whole = self._piece(key, place & 0xFFF8, payload, is_last=not place & 1)
            if whole is None:
                return None
            payload = whole
        return self._transport(ends, following, payload, is_cut, depth)

    def _transport(
        self,
        ends: tuple[bytes, bytes],
        protocol: int,
        payload: bytes,
        is_cut: bool,
        depth: int,
    ) -> Packet | None:
        """Look into tunnels, else give the packet."""
        if protocol == UDP and not self._is_inner:
            if len(payload) < 8:
                return None
            ports = payload[0] << 8 | payload[1], payload[2] << 8 | payload[3]
            if SCTP_IN_UDP_PORT in ports:
                protocol, payload = SCTP, payload[8:]
            elif ports[1] == VXLAN_PORT:
                return self.inside(ETHERNET, payload[16:], depth + 1)
            elif GTP_U_PORT not in ports and GSMTAP_PORT not in ports:
                return None
        elif protocol in _TUNNELS:
            link, payload = (RAW, payload) if protocol != _GRE else _out_of_gre(payload)
            return self.inside(link, payload, depth + 1)
        return Packet(address(ends[0]), address(ends[1]), payload, is_cut, protocol)

    def _piece(self, key: tuple[bytes, bytes, int, int], place: int, payload: bytes, *, is_last: bool) -> bytes | None:
        """Keep a fragment; return the datagram if it is complete."""
        datagram = self._waiting.get(key)
        if datagram is None:
            if len(self._waiting) >= MAX_DATAGRAMS:
                oldest = next(iter(self._waiting))
                del self._waiting[oldest]
                self.given_up += oldest[2] == SCTP
            datagram = self._waiting[key] = _Datagram()
        whole = datagram.add(place, payload, is_last=is_last)
        if whole is not None or datagram.is_hopeless:
            del self._waiting[key]
            self.given_up += datagram.is_hopeless and key[2] == SCTP
        return whole

    @property
    def waiting(self) -> int:
        """Datagrams of SCTP that never became complete."""
        return sum(key[2] == SCTP for key in self._waiting) + self.given_up


def _out_of_gre(payload: bytes) -> tuple[int, bytes]:
    """Take the GRE header off; return the link type and octets of what is inside, nothing if it is something else."""
    if len(payload) < 4 or payload[1] & 7:
        return RAW, b""
    start = 4 + 4 * bool(payload[0] & 0x80) + 4 * bool(payload[0] & 0x20) + 4 * bool(payload[0] & 0x10)
    kind = int.from_bytes(payload[2:4])
    if kind == _BRIDGED:
        return ETHERNET, payload[start:]
    if kind == _ERSPAN:
        # Type II has a header of eight octets and announces it by the sequence number; type I has neither.
        return ETHERNET, payload[start + 8 * bool(payload[0] & 0x10) :]
    return RAW, payload[start:] if kind in {IPV4, IPV6} else b""


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
