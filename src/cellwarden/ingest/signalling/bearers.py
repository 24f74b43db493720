"""E-RAB lists of S1AP: the NAS messages inside their items, and the tunnel ends.

References: TS 36.413, 9.1.3 to 9.1.5, 9.2.1.15 (quality of service), 9.2.2.1 (transport layer address), 9.2.2.2 (TEID).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.ingest.signalling.aper import Reader, transport_address
from cellwarden.ingest.signalling.message import Bearer

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.ingest.signalling.message import Message


def _quality(reader: Reader) -> None:
    """Pass over E-RAB Level QoS Parameters (TS 36.413, 9.2.1.15)."""
    is_extended, has_rates, has_extensions = reader.bits(1), reader.bits(1), reader.bits(1)
    reader.octets(1)
    arp_is_extended, arp_has_extensions = reader.bits(1), reader.bits(1)
    reader.bits(6)
    reader.close(has_extensions=bool(arp_has_extensions), is_extended=bool(arp_is_extended))
    if has_rates:
        rates_are_extended, rates_have_extensions = reader.bits(1), reader.bits(1)
        for _ in range(4):
            reader.integer(0, 10_000_000_000)
        reader.close(has_extensions=bool(rates_have_extensions), is_extended=bool(rates_are_extended))
    reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))


def _number(reader: Reader) -> int:
    """E-RAB ID (TS 36.413, 9.2.1.2): INTEGER (0..15, ...)."""
    if not reader.bits(1):
        return reader.bits(4)
    return int.from_bytes(reader.octets(reader.length()))


def _requested(*, has_transport: bool, nas_is_optional: bool) -> Callable[[Message, bytes], None]:
    """Make a reader of a list that the core sends, with a NAS message inside each item."""

    def read(message: Message, content: bytes) -> None:
        items = Reader(content)
        for _ in range(items.integer(1, 256)):
            items.octets(3)
            reader = Reader(items.string())
            reader.bits(1)
            has_nas = reader.bits(1) if nas_is_optional else 1
            reader.bits(1)
            number = _number(reader)
            _quality(reader)
            address, teid = None, None
            if has_transport:
                address, teid = transport_address(reader), int.from_bytes(reader.octets(4))
            message.bearers = (*message.bearers, Bearer(number, address, teid))
            if has_nas:
                message.nas_pdus = (*message.nas_pdus, reader.string())

    return read


def _answered(preamble: int) -> Callable[[Message, bytes], None]:
    """Make a reader of a list whose items begin with E-RAB id, address and TEID, behind so many bits of preamble."""

    def read(message: Message, content: bytes) -> None:
        items = Reader(content)
        for _ in range(items.integer(1, 256)):
            items.octets(3)
            reader = Reader(items.string())
            reader.bits(preamble)
            number = _number(reader)
            address, teid = transport_address(reader), int.from_bytes(reader.octets(4))
            message.bearers = (*message.bearers, Bearer(number, address, teid))

    return read


BEARERS: dict[int, tuple[str, Callable[[Message, bytes], None]]] = {
    16: ("E-RABToBeSetupListBearerSUReq", _requested(has_transport=True, nas_is_optional=False)),
    18: ("E-RABAdmittedList", _answered(6)),
    22: ("E-RABToBeSwitchedDLList", _answered(2)),
    24: ("E-RABToBeSetupListCtxtSUReq", _requested(has_transport=True, nas_is_optional=True)),
    28: ("E-RABSetupListBearerSURes", _answered(2)),
    30: ("E-RABToBeModifiedListBearerModReq", _requested(has_transport=False, nas_is_optional=False)),
    51: ("E-RABSetupListCtxtSURes", _answered(2)),
    53: ("E-RABToBeSetupListHOReq", _answered(2)),
    95: ("E-RABToBeSwitchedULList", _answered(2)),
}
"""IE id to its name and reader."""
