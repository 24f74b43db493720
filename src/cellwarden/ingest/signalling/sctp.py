"""SCTP packets to user messages: bundles taken apart, fragments put together, repeated TSNs dropped.

Checksums are not verified: captures taken on a host hold packets whose checksum the network card has yet to fill in.

References: RFC 9260 (3.3.1 DATA, 6.9 fragmentation), RFC 8260 (I-DATA).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cellwarden.ingest.signalling.bounds import oldest
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.flows import Association, Ends, Flow, Fragment
from cellwarden.ingest.signalling.identities import address
from cellwarden.ingest.signalling.route import Route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cellwarden.ingest.signalling.internet import Packet

S1AP, NGAP = "s1ap", "ngap"
PPIDS = {18: S1AP, 60: NGAP, 18 << 24: S1AP, 60 << 24: NGAP}
"""Payload protocol identifiers; the high ones come from senders that forget the network byte order."""
PORTS = {(36412).to_bytes(2): S1AP, (38412).to_bytes(2): NGAP}
"""Consulted only where the PPID is 0: not given."""
MAX_FLOWS = 32768
"""Directions, two an association; beyond that those give way that were silent for long."""
MAX_ROUTES = 64
"""Pairs of addresses of one direction."""
MAX_FRAGMENTS = 1024
"""Fragments that wait, a direction."""
MAX_WAITING_OCTETS = 1 << 26
"""Octets of fragments that wait in all directions together."""
_HEAD = 8
"""Octets of the common header before the checksum, the ports and the verification tag: they tell directions apart."""
_PORTS = struct.Struct(">HH").unpack_from
_DATA, _INIT, _I_DATA = 0, 1, 64
_ENDS = frozenset({1, 6, 14})
"""INIT, ABORT and SHUTDOWN COMPLETE."""


class UserMessage(NamedTuple):
    """One complete message of the layer above."""

    route: Route
    protocol: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Closed:
    """The association ended, or its ends began a new one."""

    association: int


class Sctp:
    """Reassembles the user messages of every association of a capture."""

    def __init__(self, on_given_up: Callable[[int], None] = lambda _: None) -> None:
        """Begin without any association; `on_given_up` is given the number of each that gave way to others."""
        self._on_given_up = on_given_up
        self.flows: dict[bytes, Flow] = {}
        """Directions by ports and verification tag, as they stand in a packet: `reading` looks here itself."""
        self._by_ends: dict[Ends, Association] = {}
        self._count = 0
        self._octets = 0
        self.given_up = 0
        """Fragments dropped: too many waited, or the association went away."""
        self.evicted = 0
        """Associations that gave way to others."""

    @property
    def waiting(self) -> int:
        """Fragments of S1AP and NGAP messages that never became complete."""
        return self.given_up + sum(len(flow.fragments or ()) for flow in self.flows.values())

    def messages(self, packet: Packet) -> Iterator[UserMessage | Closed]:
        """Yield what the packet completes.

        Raises:
            DecodeError: A chunk of S1AP or NGAP is damaged; the chunks before it were yielded.
        """
        data = packet.data
        if len(data) < 12:
            raise DecodeError("SCTP: common header is cut")
        head, position, end = data[:_HEAD], 12, len(data)
        while position + 4 <= end:
            kind = data[position]
            length = data[position + 2] << 8 | data[position + 3]
            if length < 4:
                raise DecodeError("SCTP: a chunk has no length")
            chunk_end = position + length
            if kind in (_DATA, _I_DATA):
                ppid = int.from_bytes(data[position + 12 : position + 16])
                if kind == _I_DATA or _protocol(ppid, head):
                    if chunk_end > end or length < (16 if kind == _DATA else 20):
                        raise DecodeError("SCTP: a DATA chunk was cut")
                    flow = self._flow(packet.source, packet.destination, head)
                    message = self._data(flow, packet, head, data[position:chunk_end])
                    if message:
                        yield message
            elif kind in _ENDS:
                initiated = data[position + 4 : position + 8] if kind == _INIT else b""
                yield from self._end(packet, head, initiated)
            position = chunk_end + (-length & 3)

    def _flow(self, source: str, destination: str, head: bytes) -> Flow:
        """Find the direction, by tag and ports (addresses change in multihoming), or open it."""
        return self.flows.get(head) or self._opened(source, destination, head)

    def _opened(self, source: str, destination: str, head: bytes) -> Flow:
        ends, side = _ends(source, destination, head)
        association = self._by_ends.get(ends)
        if association is None or association.heads[side] not in (None, head):
            # Another tag in the same direction is another association, though its INIT was not captured.
            self._count += 1
            association = self._by_ends[ends] = Association(self._count, ends)
        association.heads[side] = head
        association.flows += 1
        while len(self.flows) >= MAX_FLOWS:
            self._make_room()
        flow = self.flows[head] = Flow(association)
        return flow

    def _make_room(self) -> None:
        """Forget, of the oldest flows, those that sent nothing since they were looked at last; the others count as new."""
        for head, flow in oldest(self.flows):
            if flow.following != flow.looked_at:
                flow.looked_at = flow.following
                del self.flows[head]
                self.flows[head] = flow
                continue
            self._forget(head)
            if not flow.association.flows:
                self.evicted += 1
                self._on_given_up(flow.association.number)

    def _end(self, packet: Packet, head: bytes, initiated: bytes) -> Iterator[Closed]:
        """Close the association of these ends: INIT begins another one, ABORT and SHUTDOWN COMPLETE end it.

        An INIT names the tag that its receiver will send, so a restart with the same tag starts with a clean memory.
        """
        if initiated:
            association = self._by_ends.get(_ends(packet.source, packet.destination, head)[0])
            self._forget(head[2:4] + head[:2] + initiated)
        else:
            flow = self.flows.get(head)
            association = flow.association if flow else None
        if association is None:
            return
        for known in association.heads:
            if known is not None:
                self._forget(known)
        yield Closed(association.number)

    def _forget(self, head: bytes) -> None:
        flow = self.flows.pop(head, None)
        if flow is None:
            return
        association = flow.association
        association.flows -= 1
        if not association.flows and self._by_ends.get(association.ends) is association:
            del self._by_ends[association.ends]
        if flow.fragments:
            self._octets -= sum(len(fragment.data) for fragment in flow.fragments.values())
            self.given_up += len(flow.fragments)

    def _data(self, flow: Flow, packet: Packet, head: bytes, chunk: bytes) -> UserMessage | None:
        """Take one DATA or I-DATA chunk; return the message that it completes."""
        tsn = int.from_bytes(chunk[4:8])
        if flow.repeats(tsn):
            return None
        flags = chunk[1] & 7
        if chunk[0] == _DATA:
            # Fragments of one message have consecutive TSNs (RFC 9260, 6.9), so they find each other in any order.
            key, body, ppid = (-1, 0, tsn), chunk[16:], int.from_bytes(chunk[12:16])
        else:
            # One field holds the PPID of a first fragment and the number of any other (RFC 8260, 2.1).
            ppid, first = int.from_bytes(chunk[16:20]), flags & 2
            stream = int.from_bytes(chunk[8:10]) << 1 | flags >> 2
            key, body = (stream, int.from_bytes(chunk[12:16]), 0 if first else ppid), chunk[20:]
        whole: bytes | None = body
        if flags & 3 != 3:
            whole, ppid = self._fragment(flow, key, Fragment(flags & 3, ppid, body))
        protocol = _protocol(ppid, head)
        if not whole or not protocol:
            return None
        route = self._route(flow, packet.source, packet.destination, head)
        return UserMessage(route, protocol, whole)

    def open_flow(self, addresses: bytes, head: bytes, tsn: int) -> Flow:
        """Open the direction of an IPv4 packet by its addresses, ports and tag, as they stand there, at its first TSN."""
        source, destination = address(addresses[:4]), address(addresses[4:])
        flow = self._opened(source, destination, head)
        flow.begin(tsn)
        flow.addresses, flow.route = addresses, _route_of(flow, source, destination, head)
        return flow

    def route_of(self, flow: Flow, addresses: bytes, head: bytes) -> Route:
        """Find or open the route of an IPv4 packet in its direction; the first one is remembered as that of the direction."""
        route = self._route(flow, address(addresses[:4]), address(addresses[4:]), head)
        if route is flow.route:
            flow.addresses = addresses
        return route

    @staticmethod
    def _route(flow: Flow, source: str, destination: str, head: bytes) -> Route:
        route = flow.route
        if route is not None:
            if route.source == source and route.destination == destination:
                return route
            route = flow.others.get((source, destination))
            if route is not None:
                return route
        route = _route_of(flow, source, destination, head)
        if flow.route is None:
            flow.route = route
        elif len(flow.others) < MAX_ROUTES:
            flow.others = {**flow.others, (source, destination): route}
        return route

    def _fragment(self, flow: Flow, key: tuple[int, int, int], fragment: Fragment) -> tuple[bytes | None, int]:
        """Keep a fragment; return the message and its PPID once first, middle and last are there."""
        kept = flow.fragments
        if kept is None:
            kept = flow.fragments = {}
        if len(kept) >= MAX_FRAGMENTS or self._octets + len(fragment.data) > MAX_WAITING_OCTETS:
            self._octets -= sum(len(old.data) for old in kept.values())
            self.given_up += len(kept)
            kept.clear()
            if self._octets + len(fragment.data) > MAX_WAITING_OCTETS:
                self.given_up += 1
                return None, 0
        kept[key] = fragment
        self._octets += len(fragment.data)
        stream, message, place = key
        while not kept[stream, message, place].flags & 2:
            place = (place - 1) & 0xFFFFFFFF
            before = kept.get((stream, message, place))
            if before is None or before.flags & 1:
                return None, 0
        keys = [(stream, message, place)]
        while not kept[keys[-1]].flags & 1:
            place = (place + 1) & 0xFFFFFFFF
            after = kept.get((stream, message, place))
            if after is None or after.flags & 2:
                return None, 0
            keys.append((stream, message, place))
        ppid = kept[keys[0]].ppid
        whole = b"".join(kept.pop(key).data for key in keys)
        self._octets -= len(whole)
        return whole, ppid


def _route_of(flow: Flow, source: str, destination: str, head: bytes) -> Route:
    source_port, destination_port = _PORTS(head)
    association = flow.association
    return Route(source, source_port, destination, destination_port, association.number, association.phones)


def _ends(source: str, destination: str, head: bytes) -> tuple[Ends, bool]:
    """Name both ends in an order that does not depend on direction; say whether the source is the second of them."""
    if source > destination or (source == destination and head[:2] > head[2:4]):
        return (destination, source, head[2:4] + head[:2]), True
    return (source, destination, head[:4]), False


def _protocol(ppid: int, head: bytes) -> str | None:
    """Tell the protocol from the PPID, or from the ports where the sender gave none."""
    if ppid == 0:
        return PORTS.get(head[2:4]) or PORTS.get(head[:2])
    return PPIDS.get(ppid)
