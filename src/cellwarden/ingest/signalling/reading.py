"""The way from frames to decoded messages: a short path for the common frame, and the general one for all others.

The common frame holds one IPv4 packet, unfragmented, with one SCTP packet, whose only DATA chunk is one whole S1AP or
NGAP message, or acknowledgements alone. One `unpack` reads its headers. Any doubt sends
a frame down the general path, which begins again at its first octet; so nothing is remembered while there is doubt.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from cellwarden.ingest.signalling import ngap, s1ap
from cellwarden.ingest.signalling.aper import counted
from cellwarden.ingest.signalling.faults import DecodeError, TruncatedCaptureError
from cellwarden.ingest.signalling.frames import records
from cellwarden.ingest.signalling.internet import GTP_U_PORT, SCTP, Internet
from cellwarden.ingest.signalling.message import KINDS, Loss, Message
from cellwarden.ingest.signalling.sctp import Closed, Sctp
from cellwarden.ingest.signalling.userside import EXPORTED_LINK, UserSide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from cellwarden.ingest.signalling.context import Contexts, UeContext
    from cellwarden.ingest.signalling.datagrams import Datagram, Tunnels
    from cellwarden.ingest.signalling.message import Route
    from cellwarden.ingest.signalling.userside import Bare

_ELEMENTS = {"s1ap": s1ap.ELEMENTS, "ngap": ngap.ELEMENTS}
_READERS: dict[str, dict[int, Callable[[Message, bytes], None]]] = {
    protocol: {number: reader for number, (_, reader) in elements.items()} for protocol, elements in _ELEMENTS.items()
}
_KEYS = {"s1ap": (_READERS["s1ap"], 0, 8, 6), "ngap": (_READERS["ngap"], 10, 85, 5)}
"""Readers, ids of the elements with the core's and the RAN's number of a phone, and where the former's count stands."""
from_bytes = int.from_bytes
_PROTOCOLS = {18: "s1ap", 60: "ngap"}
_ACKNOWLEDGING = frozenset({3, 4, 5})
"""SACK, HEARTBEAT and its answer: they carry nothing."""
_SHORT_LINKS = {1: 12, 113: 14}
"""Ethernet and Linux cooked capture: where the EtherType stands, right before the packet."""
_PACKET = struct.Struct(">HBxHxxHxB2x16s4xBxH").unpack_from
"""EtherType; version and header length, total length, fragmentation, protocol; addresses, ports and verification tag
in one; type and length of the first chunk."""
_CHUNK = struct.Struct(">BxH").unpack_from
_DATA = struct.Struct(">xBxxI4xI").unpack_from
"""Flags, TSN, PPID (RFC 9260, 3.3.1)."""
_ELEMENT = struct.Struct(">HxB").unpack_from
"""IE id and the first octet of its length."""


def events(  # noqa: C901 (the short path, in one frame for speed)
    path: Path,
    contexts: Contexts,
    *,
    user_links: Mapping[int, str],
    tunnels: Tunnels | None = None,
    on_octets: Callable[[int], None] | None = None,
) -> Iterator[tuple[Message, UeContext | None] | Closed | Loss | Datagram]:
    """Yield messages with the context they belong to, ends of associations, losses, and datagrams if `tunnels` is given."""
    general = _General(contexts, user_links, tunnels)
    # Names of the function are found faster than those of the module, and this loop runs for every frame.
    routes, route_of, take, number = general.sctp.routes, general.sctp.route_of, contexts.take, 0
    short_links, protocols, unpack_packet, unpack_data = _SHORT_LINKS, _PROTOCOLS, _PACKET, _DATA
    try:
        for number, at_us, link, data, _ in records(path, on_octets=on_octets):
            start = short_links.get(link, 0)
            if start and len(data) >= start + 38:
                ether_type, version, total, fragment, transport, ways, kind, size = unpack_packet(data, start)
                if transport == 132 and ether_type == 0x0800 and version == 0x45 and not fragment & 0x3FFF:
                    position, end = start + 34, start + 2 + total
                    if kind and end <= len(data):
                        while kind in _ACKNOWLEDGING and size >= 4:
                            position += size + (-size & 3)
                            if position + 16 > end:
                                break
                            kind, size = _CHUNK(data, position)
                        if position >= end:
                            continue
                    if not kind and size > 16 and position + size + (-size & 3) == end <= len(data):
                        flags, tsn, ppid = unpack_data(data, position)
                        if flags & 3 == 3 and (protocol := protocols.get(ppid)) is not None:
                            route = routes.get(ways) or route_of(ways)
                            if not route.flow.repeats(tsn):  # type: ignore[attr-defined] # routes of SCTP have one
                                message = decode(number, at_us, route, protocol, data[position + 16 : position + size])
                                yield message, take(message)
                            continue
            try:
                yield from general.events(number, at_us, link, data)
            except DecodeError as error:
                yield Loss(number, str(error), f"frame of {len(data)} bytes")
    except TruncatedCaptureError as error:
        yield Loss(number + 1, str(error), "")
        return
    yield from general.remains(number)


class _General:
    """Reads any frame, layer by layer."""

    def __init__(self, contexts: Contexts, user_links: Mapping[int, str], tunnels: Tunnels | None) -> None:
        self.sctp = Sctp()
        self._internet, self._user_side = Internet(), UserSide(user_links)
        self._contexts, self._tunnels = contexts, tunnels
        self._bare_links = frozenset({*user_links, EXPORTED_LINK})

    def events(
        self, number: int, at_us: int | None, link: int, data: bytes
    ) -> Iterator[tuple[Message, UeContext | None] | Closed | Datagram]:
        """Yield what a frame completes."""
        if link in self._bare_links:
            bare = self._user_side.of_frame(link, data)
            if bare is not None:
                yield self._bare(number, at_us, bare)
            return
        packet = self._internet.inside(link, data)
        if packet is None:
            return
        if packet.protocol != SCTP:
            if GTP_U_PORT in (packet.data[0] << 8 | packet.data[1], packet.data[2] << 8 | packet.data[3]):
                datagram = self._tunnels.take(number, at_us, packet) if self._tunnels else None
                if datagram is not None:
                    yield datagram
                return
            bare = self._user_side.of_packet(packet)
            if bare is not None:
                yield self._bare(number, at_us, bare)
            return
        for event in self.sctp.messages(packet):
            if isinstance(event, Closed):
                self._contexts.close_association(event.association)
                yield event
            else:
                message = decode(number, at_us, event.route, event.protocol, event.data)
                yield message, self._contexts.take(message)

    def remains(self, number: int) -> Iterator[Loss]:
        """Yield what the end of the file left unfinished."""
        for waiting, what in ((self._internet.waiting, "IP datagrams"), (self.sctp.waiting, "SCTP fragments")):
            if waiting:
                yield Loss(number, f"{what}: {waiting} never became complete", "")

    def _bare(self, number: int, at_us: int | None, bare: Bare) -> tuple[Message, UeContext | None]:
        if bare.protocol in _READERS:
            message = decode(number, at_us, bare.route, bare.protocol, bare.data)
        else:
            message = Message(number, at_us, bare.route, bare.protocol, len(bare.data))
            message.nas_pdus = (bare.data,)
        return message, self._contexts.take(message, is_uplink=bare.is_uplink)


def decode(  # noqa: C901, PLR0912 (one walk, kept in one frame for speed)
    frame: int, at_us: int | None, route: Route, protocol: str, pdu: bytes
) -> Message:
    """Decode one S1AP or NGAP message: the one place where a short slice or a bad element is caught.

    Both protocols: CHOICE octet, procedure code, criticality, open type holding a SEQUENCE with a 16-bit count of IEs,
    each an id, a criticality and an open type (TS 36.413, 9.3.3; TS 38.413, 9.4.4).
    """
    message = Message(frame, at_us, route, protocol, len(pdu))
    readers, core_key, ran_key, core_shift = _KEYS[protocol]
    try:
        if pdu[0] & 0x1F or pdu[0] > 0x40:
            raise DecodeError("is not a PDU that we know")  # noqa: TRY301 (caught once, below)
        message.kind, message.procedure = KINDS[pdu[0] >> 5], pdu[1]
        position, size = 4, pdu[3]
        if size >= 0x80:
            position, size = 5, (size & 0x3F) << 8 | pdu[4]
            if pdu[3] >= 0xC0:
                pdu = counted(pdu, 3)[0]
                position, size = 0, len(pdu)
        end = position + size
        if end > len(pdu):
            raise DecodeError("is longer than what holds it")  # noqa: TRY301
        count = pdu[position + 1] << 8 | pdu[position + 2]
        position += 3
        for _ in range(count):
            identifier, size = _ELEMENT(pdu, position)
            start = position + 4
            if size < 0x80:
                stop = start + size
            elif size < 0xC0:
                stop = start + 1 + ((size & 0x3F) << 8 | pdu[start])
                start += 1
            else:
                content, stop = counted(pdu, position + 3)
            if stop > end:
                raise DecodeError("is longer than what holds it")  # noqa: TRY301
            # Nearly every message has both ids: they are read here where their count of octets fits, else by their readers.
            if identifier == ran_key and pdu[start] >> 6 == size - 2 < 4:
                message.ran_id = from_bytes(pdu[start + 1 : stop])
                position = stop
                continue
            if identifier == core_key and pdu[start] >> core_shift == size - 2 < 5:
                message.core_id = from_bytes(pdu[start + 1 : stop])
                position = stop
                continue
            reader = readers.get(identifier)
            if reader is not None:
                try:
                    reader(message, pdu[start:stop] if size < 0xC0 else content)
                except (DecodeError, IndexError) as error:
                    message.fault(f"{_ELEMENTS[protocol][identifier][0]}: {why(error)}")
            position = stop
    except (DecodeError, IndexError, struct.error) as error:
        message.fault(f"{protocol}: {why(error)}")
    return message


def why(error: Exception) -> str:
    """Say in a few words what a decoder tripped over."""
    return str(error) if isinstance(error, DecodeError) else "ends early"
