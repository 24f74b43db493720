"""E-RAB lists of S1AP: the NAS messages inside their items, and the tunnel ends.

References: TS 36.413, 9.1.3 to 9.1.5, 9.2.1.15 (quality of service), 9.2.2.1 (transport layer address), 9.2.2.2 (TEID).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.ingest.signalling.aper import Reader, counted, items_of, transport_address
from cellwarden.ingest.signalling.identities import address
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
        for item in items_of(content):
            if has_transport and nas_is_optional and _common(message, item):
                continue
            reader = Reader(item)
            reader.bits(1)
            has_nas = reader.bits(1) if nas_is_optional else 1
            reader.bits(1)
            number = _number(reader)
            _quality(reader)
            place, teid = None, None
            if has_transport:
                place, teid = transport_address(reader), int.from_bytes(reader.octets(4))
            message.bearers += (Bearer(number, place, teid),)
            if has_nas:
                message.nas_pdus += (reader.string(),)

    return read


def _common(message: Message, item: bytes) -> bool:
    """Read an item of an Initial Context Setup Request in its common form; False: it has another.

    Common: no extension, no guaranteed rates, an IPv4 address; then every field stands at an octet of its own.
    """
    if len(item) < 14 or item[0] & 0xB0 or item[1] & 0xE0 or item[3] & 0xC0 or item[4] != 0x0F or item[5] != 0x80:
        return False
    if item[0] & 0x40:
        message.nas_pdus += (counted(item, 14)[0],)
    message.bearers += (Bearer(item[0] & 0x0F, address(item[6:10]), int.from_bytes(item[10:14])),)
    return True


def _answered(preamble: int) -> Callable[[Message, bytes], None]:
    """Make a reader of a list whose items begin with E-RAB id, address and TEID, behind so many bits of preamble."""

    def read(message: Message, content: bytes) -> None:
        for item in items_of(content):
            if preamble == 2 and len(item) > 9 and not item[0] & 0xE1 and item[1] == 0x1F:
                # The common form: no extension, an IPv4 address; both fields stand at octets of their own.
                message.bearers += (Bearer(item[0] >> 1, address(item[2:6]), int.from_bytes(item[6:10])),)
                continue
            reader = Reader(item)
            reader.bits(preamble)
            number = _number(reader)
            place, teid = transport_address(reader), int.from_bytes(reader.octets(4))
            message.bearers += (Bearer(number, place, teid),)

    return read


def _numbers(message: Message, content: bytes) -> None:
    """Read a list whose items begin with the E-RAB id and hold nothing else of interest."""
    for item in items_of(content):
        reader = Reader(item)
        reader.bits(2)
        message.bearers += (Bearer(_number(reader), None, None),)


BEARERS: dict[int, tuple[str, Callable[[Message, bytes], None]]] = {
    16: ("E-RABToBeSetupListBearerSUReq", _requested(has_transport=True, nas_is_optional=False)),
    19: ("E-RABFailedToSetupListHOReqAck", _numbers),
    29: ("E-RABFailedToSetupListBearerSURes", _numbers),
    31: ("E-RABModifyListBearerModRes", _numbers),
    32: ("E-RABFailedToModifyList", _numbers),
    33: ("E-RABToBeReleasedList", _numbers),
    34: ("E-RABFailedToReleaseList", _numbers),
    48: ("E-RABFailedToSetupListCtxtSURes", _numbers),
    69: ("E-RABReleaseListBearerRelComp", _numbers),
    110: ("E-RABReleasedList", _numbers),
    199: ("E-RABToBeModifiedListBearerModInd", _answered(2)),
    203: ("E-RABModifyListBearerModConf", _numbers),
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
