"""The way from frames to decoded messages: a short path for the common frame, and the general one for all others.

The common frame holds one IPv4 packet, unfragmented, with one SCTP packet of acknowledgements and of DATA chunks that each
are one whole S1AP or NGAP message. One `unpack` reads its headers, those of DATA behind an acknowledgement as well. Any doubt
sends a frame down the general path, which begins again at its first octet; the chunks that came out before the doubt it then
takes for repeated, by their TSN.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from cellwarden.ingest.signalling.collecting import Seldom
from cellwarden.ingest.signalling.courses import course_of
from cellwarden.ingest.signalling.decoding import decode, decode_at
from cellwarden.ingest.signalling.faults import DecodeError, Loss, TruncatedCaptureError
from cellwarden.ingest.signalling.frames import records
from cellwarden.ingest.signalling.internet import GTP_U_PORT, SCTP, Internet
from cellwarden.ingest.signalling.layouts import BOOKS
from cellwarden.ingest.signalling.message import Message
from cellwarden.ingest.signalling.sctp import Closed, Sctp
from cellwarden.ingest.signalling.userside import EXPORTED_LINK, UserSide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from cellwarden.ingest.signalling.context import Contexts
    from cellwarden.ingest.signalling.datagrams import Datagram, Tunnels
    from cellwarden.ingest.signalling.layouts import Protocol
    from cellwarden.ingest.signalling.userside import Bare

_WHOLE = frozenset({0x0003, 0x0007, 0x000B, 0x000F})
"""Type and flags of DATA that is one whole message: first and last fragment in one, ordered or not, at once or not."""
_SACK, _SACK_OCTETS = 0x0300, 16
"""Type and flags of an acknowledgement, and its length unless it reports gaps (RFC 9260, 3.3.4)."""
_SILENT = frozenset({2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 15})
"""Chunks that neither carry a message nor begin or end an association: SACK, HEARTBEAT and so on (RFC 9260, 3.2)."""
_SHORT_LINKS = {1: 12, 113: 14}
"""Ethernet and Linux cooked capture: where the EtherType stands, right before the packet."""
_NOWHERE = 1 << 32
"""Where no frame has anything: for the other link types."""
_PACKET = struct.Struct(">3sxH2xI2x8s8s4xHHI4xI").unpack_from
"""EtherType with version and header length, total length, fragmentation to protocol; both addresses; ports and verification
tag in one; of the first chunk type with flags, length and, if it is DATA, TSN and PPID (RFC 9260, 3.3.1)."""
_PACKET_OF_TWO, _OCTETS_OF_TWO = struct.Struct(">3sxH2xI2x8s8s4xHHI4xIHHI4xI").unpack_from, 66
"""The same and, of the chunk that follows if the first one has 16 octets, the same as of the first; and how far that reaches."""
_PLAIN = b"\x08\x00\x45"
"""IPv4 without options."""
_KIND, _WHOLE_SCTP = 0x3FFF00FF, SCTP
"""From fragmentation to protocol: what is looked at, and its value in an SCTP packet that is no fragment."""
_CHUNK = struct.Struct(">HHI4xI").unpack_from


def events(  # noqa: C901, PLR0912, PLR0915 (the short path, in one frame for speed)
    path: Path,
    contexts: Contexts,
    *,
    user_links: Mapping[int, str],
    tunnels: Tunnels | None = None,
    on_octets: Callable[[int], None] | None = None,
    is_all: bool = True,
) -> Iterator[Message | Closed | Loss | Datagram]:
    """Yield messages in their context and, if all is wanted, ends of associations, losses, and datagrams of `tunnels`."""
    general = _General(contexts, user_links, tunnels)
    # Names of the function are found faster than those of the module, and this loop runs for every frame.
    flows, open_flow, route_of = general.sctp.flows, general.sctp.open_flow, general.sctp.route_of
    take, number, known, s1ap, ngap = contexts.take, 0, None, BOOKS["s1ap"], BOOKS["ngap"]
    short_links, whole, silent, plain, whole_sctp = _SHORT_LINKS, _WHOLE, _SILENT, _PLAIN, _WHOLE_SCTP
    unpack_packet, unpack_two, unpack_chunk, walk = _PACKET, _PACKET_OF_TWO, _CHUNK, decode_at
    book: Protocol | None
    with Seldom():
        try:
            for number, at_us, link, data in records(path, on_octets=on_octets):
                if link != known:
                    known, start = link, short_links.get(link, _NOWHERE)
                    length_counts_from, chunks_begin, two_end = start + 2, start + 34, start + _OCTETS_OF_TWO
                captured, position = len(data), chunks_begin
                if captured >= two_end:
                    network, total, kind, addresses, head, chunk, size, tsn, ppid, chunk_2, size_2, tsn_2, ppid_2 = unpack_two(
                        data, start
                    )
                    end = length_counts_from + total
                    if chunk == _SACK and size == _SACK_OCTETS and end >= two_end:
                        chunk, size, tsn, ppid = chunk_2, size_2, tsn_2, ppid_2
                        position += _SACK_OCTETS
                else:
                    try:
                        network, total, kind, addresses, head, chunk, size, tsn, ppid = unpack_packet(data, start)
                        end = length_counts_from + total
                    except struct.error:
                        network = b""
                if network == plain and kind & _KIND == whole_sctp and end <= captured:
                    while True:
                        left = end - position - size
                        if chunk == 3 or chunk in whole:
                            if ppid == 18:
                                book = s1ap
                            elif ppid == 60:
                                book = ngap
                            else:
                                left = -1
                                break
                            if left < 0 or size <= 16:
                                left = -1
                                break
                            flow = flows.get(head) or open_flow(addresses, head, tsn)
                            if tsn == flow.following:
                                flow.following = tsn + 1
                            elif flow.repeats(tsn):
                                book = None
                            if book is not None:
                                route = flow.route if addresses == flow.addresses else None
                                if route is None:
                                    route = route_of(flow, addresses, head)
                                message = walk(number, at_us, route, book, data, position + 16, size - 16)
                                take(message)
                                yield message
                        elif chunk >> 8 not in silent or size < 4:
                            left = -1
                            break
                        if left < 4:
                            break  # no further chunk: these octets fill up the last one
                        position += size + 3 & -4
                        if position + 16 > end:
                            left = -1
                            break
                        chunk, size, tsn, ppid = unpack_chunk(data, position)
                    if left >= 0:
                        continue
                for event in general.events(number, at_us, link, data):
                    if is_all or isinstance(event, Message):
                        yield event
        # Still in here: with its own pace back, the collector would go over everything for the sake of one generator more.
        except TruncatedCaptureError as error:
            if is_all:
                yield Loss(number + 1, str(error), "")
        else:
            if is_all:
                yield from general.remains(number)


class _General:
    """Reads any frame, layer by layer."""

    def __init__(self, contexts: Contexts, user_links: Mapping[int, str], tunnels: Tunnels | None) -> None:
        self.sctp = Sctp(contexts.close_association)
        self._internet, self._user_side = Internet(), UserSide(user_links)
        self._contexts, self._tunnels = contexts, tunnels
        self._bare_links = frozenset({*user_links, EXPORTED_LINK})

    def events(self, number: int, at_us: int | None, link: int, data: bytes) -> Iterator[Message | Closed | Loss | Datagram]:
        """Yield what a frame completes, or that it is damaged."""
        try:
            yield from self._completed(number, at_us, link, data)
        except DecodeError as error:
            yield Loss(number, str(error), f"frame of {len(data)} bytes")

    def _completed(self, number: int, at_us: int | None, link: int, data: bytes) -> Iterator[Message | Closed | Datagram]:
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
                message = decode(number, at_us, event.route, BOOKS[event.protocol], event.data)
                self._contexts.take(message)
                yield message

    def remains(self, number: int) -> Iterator[Loss]:
        """Yield what the end of the file left unfinished, and what gave way before it."""
        for count, what in (
            (self._internet.waiting, "IP datagrams: {} never became complete"),
            (self.sctp.waiting, "SCTP fragments: {} never became complete"),
            (self.sctp.evicted, "associations: {} were forgotten, for too many were open"),
            (self._contexts.given_up, "UE contexts: {} were closed early, for too many were open"),
        ):
            if count:
                yield Loss(number, what.format(count), "")

    def _bare(self, number: int, at_us: int | None, bare: Bare) -> Message:
        if bare.protocol in BOOKS:
            message = decode(number, at_us, bare.route, BOOKS[bare.protocol], bare.data)
        else:
            message = Message(number, at_us, bare.route, course_of(bare.protocol), len(bare.data))
            message.nas_pdus = (bare.data,)
        self._contexts.take(message, is_uplink=bare.is_uplink)
        return message
