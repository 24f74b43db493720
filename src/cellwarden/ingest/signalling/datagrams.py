"""What phones send and get through GTP-U tunnels: UDP datagrams and TCP octets, for IMS signalling in clear.

`decode_datagrams` of `capture` yields them alone, `read_capture` and `decode_messages` hand them to whoever asks. Only
the inside of tunnels is looked at: that is what a base station on the way could read. IP fragments are put together
outside and inside the tunnel.

References: TS 29.281, 5 (GTP-U); RFC 768 (UDP); RFC 9293, 3.1 and 3.4 (TCP).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.internet import RAW, TCP, UDP, Internet
from cellwarden.ingest.signalling.message import EPOCH

if TYPE_CHECKING:
    from datetime import datetime

    from cellwarden.ingest.signalling.internet import Packet

MAX_STREAMS = 4096
"""TCP directions followed at a time; the oldest gives way."""
MAX_AHEAD = 64
"""Segments of one direction that wait for a missing one; then the gap is jumped."""
_G_PDU = 255
_SYN, _ENDS = 0x02, 0x05
"""SYN; FIN or RST."""


@dataclass(frozen=True, slots=True)
class Datagram:
    """One UDP payload, or octets of a TCP stream in their order, from inside a GTP-U tunnel."""

    frame: int
    """Number of the frame that completed it, counting from 1."""
    at_us: int | None
    """Microseconds since 1970 UTC; None: the capture gives the frame no time."""
    source: str
    """Address inside the tunnel."""
    destination: str
    source_port: int
    destination_port: int
    payload: bytes
    """UDP: the whole datagram. TCP: the next octets of the direction, so a message may begin or end in the middle."""
    protocol: str
    """`udp` or `tcp`."""
    teid: int
    """Tunnel endpoint identifier, as the receiver of the tunnel gave it out (S1AP and NGAP bearers carry it)."""
    outer_source: str
    """Address of the tunnel's sender: the base station, or the gateway."""
    outer_destination: str

    @property
    def at(self) -> datetime | None:
        """When it was captured, naive UTC."""
        return None if self.at_us is None else EPOCH + timedelta(microseconds=self.at_us)


def tunnelled(payload: bytes) -> tuple[int, bytes] | None:
    """Take the tunnel header off a UDP payload: TEID and inner packet; None: no G-PDU (TS 29.281, 5.1 and 5.2)."""
    if len(payload) < 8 or payload[0] & 0xF0 != 0x30 or payload[1] != _G_PDU:
        return None
    end = 8 + int.from_bytes(payload[2:4])
    position = 8
    if payload[0] & 7:
        following = payload[11] if payload[0] & 4 and len(payload) > 11 else 0
        position = 12
        while following and position < len(payload) and payload[position]:
            position += payload[position] * 4
            following = payload[position - 1] if position <= len(payload) else 0
    return int.from_bytes(payload[4:8]), payload[position:end]


class Streams:
    """Puts TCP segments in order; what is lost in the capture is jumped, never waited for without end."""

    def __init__(self) -> None:
        self._streams: dict[tuple[str, str, int, int], tuple[int, dict[int, bytes]]] = {}
        """Next sequence number, and segments that came too early, by sequence number."""

    def take(self, key: tuple[str, str, int, int], segment: bytes) -> bytes:
        """Return the octets that this segment makes readable, perhaps none.

        Args:
            key: Addresses and ports of the direction.
            segment: TCP header and payload.
        """
        if len(segment) < 20 or (header := (segment[12] >> 4) * 4) < 20:
            return b""
        number, flags, payload = int.from_bytes(segment[4:8]), segment[13], segment[header:]
        if flags & _SYN:
            number = (number + 1) & 0xFFFFFFFF
            self._streams.pop(key, None)
        following, early = self._streams.get(key) or (number, {})
        if payload:
            early.setdefault(number, payload)
        ready = []
        while early:
            place = min(early, key=lambda start: (start - following + 0x80000000) & 0xFFFFFFFF)
            distance = ((place - following + 0x80000000) & 0xFFFFFFFF) - 0x80000000
            if distance > 0 and len(early) <= MAX_AHEAD:
                break
            part = early.pop(place)
            # A retransmission may begin before what was read already; a gap that stays is jumped.
            fresh = part[-distance:] if distance < 0 else part
            following = (place + len(part)) & 0xFFFFFFFF if fresh else following
            ready.append(fresh)
        if flags & _ENDS:
            self._streams.pop(key, None)
        else:
            if key not in self._streams and len(self._streams) >= MAX_STREAMS:
                del self._streams[next(iter(self._streams))]
            self._streams[key] = following, early
        return b"".join(ready)


class Tunnels:
    """Looks into GTP-U packets; keeps fragments and streams of what is inside."""

    def __init__(self) -> None:
        self._internet = Internet(frozenset({UDP, TCP}))
        self._streams = Streams()

    def take(self, frame: int, at_us: int | None, packet: Packet) -> Datagram | None:
        """Return what a UDP packet of the tunnel port completes inside the tunnel, if it is UDP or TCP with octets in it."""
        found = tunnelled(packet.data[8:])
        if found is None:
            return None
        teid, data = found
        try:
            inner = self._internet.inside(RAW, data)
        except DecodeError:
            return None  # a phone may send what it likes; no row depends on it
        if inner is None or inner.protocol not in {UDP, TCP} or len(inner.data) < 8:
            return None
        ports = inner.data[0] << 8 | inner.data[1], inner.data[2] << 8 | inner.data[3]
        if inner.protocol == UDP:
            payload = inner.data[8:]
        else:
            payload = self._streams.take((inner.source, inner.destination, *ports), inner.data)
        if not payload:
            return None
        name = "udp" if inner.protocol == UDP else "tcp"
        ends = inner.source, inner.destination, *ports
        return Datagram(frame, at_us, *ends, payload, name, teid, packet.source, packet.destination)
