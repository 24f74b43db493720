"""The S1AP information elements by which a Home eNB gives itself away: subscriber groups, gateways, tunnels.

References: TS 36.413, 9.2.1.62 to 9.2.1.73 and 9.2.2.3; TS 23.003, 4.7 (CSG).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.ingest.signalling.aper import Reader, transport_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.ingest.signalling.message import Message


def _group(reader: Reader) -> int:
    """Read a CSG identity: 27 bits, aligned."""
    reader.align()
    return reader.bits(27)


def _group_id(message: Message, content: bytes) -> None:
    message.csg_ids = (*message.csg_ids, _group(Reader(content)))


def _group_ids(message: Message, content: bytes) -> None:
    """CSG Id List (TS 36.413, 9.2.1.62): up to 256."""
    reader, groups = Reader(content), []
    for _ in range(reader.integer(1, 256)):
        is_extended, has_extensions = reader.bits(1), reader.bits(1)
        groups.append(_group(reader))
        reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))
    message.csg_ids = (*message.csg_ids, *groups)


def _access_mode(message: Message, content: bytes) -> None:
    message.access_mode = Reader(content).enumerated(1)


def _membership(message: Message, content: bytes) -> None:
    message.membership = Reader(content).bits(1)


def _gateway(message: Message, content: bytes) -> None:
    message.gateway_address = transport_address(Reader(content))


def _tunnel(message: Message, content: bytes) -> None:
    """Tunnel Information (TS 36.413, 9.2.2.3): where the IPsec tunnel of a Home eNB comes from, with the port of its NAT."""
    reader = Reader(content)
    reader.bits(1)
    has_port = reader.bits(1)
    reader.bits(1)
    message.tunnel_address = transport_address(reader)
    if has_port:
        message.tunnel_port = reader.bits(16)


def _local_network(message: Message, content: bytes) -> None:
    reader = Reader(content)
    message.local_network = reader.octets(reader.integer(32, 256)).hex()


FEMTO: dict[int, tuple[str, Callable[[Message, bytes], None]]] = {
    127: ("CSG-Id", _group_id),
    128: ("CSG-IdList", _group_ids),
    145: ("CellAccessMode", _access_mode),
    146: ("CSGMembershipStatus", _membership),
    155: ("GW-TransportLayerAddress", _gateway),
    176: ("Tunnel-Information-for-BBF", _tunnel),
    186: ("LHN-ID", _local_network),
}
"""IE id to its name and reader."""
