"""The S1AP information elements that rows need, read from a selective walk; the others are skipped by length.

References: TS 36.413, 9.2 (elements), 9.3 (ASN.1; the numbers below are those of `id-…` in 9.3.7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.ingest.signalling.aper import Reader, counted
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.identities import plmn_of
from cellwarden.ingest.signalling.message import Location, Station

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.ingest.signalling.message import Message

RADIO_CAUSES, TRANSPORT_CAUSES, NAS_CAUSES, PROTOCOL_CAUSES, OTHER_CAUSES = 36, 2, 4, 7, 6
"""Root values of each group (TS 36.413, 9.2.1.3)."""

S1_SETUP, INITIAL_UE, DOWNLINK_NAS, UPLINK_NAS, CONTEXT_SETUP, CONTEXT_RELEASE, RESET = 17, 12, 11, 13, 9, 23, 14
ARRIVALS = frozenset({2, 3})
"""Handover Notify and Path Switch Request: the phone is at another eNB now."""
UPLINK = frozenset({0, 2, 3, 4, 12, 13, 16, 17, 18, 22, 24, 29, 50})
"""Procedures that the eNB begins (TS 36.413, 8.1)."""


def _core_id(message: Message, content: bytes) -> None:
    message.core_id = unsigned(content, 4, 2)


def _ran_id(message: Message, content: bytes) -> None:
    message.ran_id = unsigned(content, 3, 2)


def unsigned(content: bytes, most: int, bits: int) -> int:
    """Read a number whose count of octets stands in the first bits (X.691, 11.5.7.4)."""
    size = (content[0] >> (8 - bits)) + 1
    if size > most or len(content) < 1 + size:
        raise DecodeError("ends early")
    return int.from_bytes(content[1 : 1 + size])


def _nas(message: Message, content: bytes) -> None:
    message.nas_pdus.append(counted(content, 0)[0])


def _tai(message: Message, content: bytes) -> None:
    if len(content) < 6:
        raise DecodeError("ends early")
    message.tai = plmn_of(content[1:4]), content[4] << 8 | content[5]


def _ecgi(message: Message, content: bytes) -> None:
    if len(content) < 8:
        raise DecodeError("ends early")
    message.cell = plmn_of(content[1:4]), int.from_bytes(content[4:8]) >> 4


def eutra_cell(reader: Reader) -> tuple[str, int]:
    """Read an E-UTRAN CGI: the PLMN and the 28-bit cell identity (TS 36.413, 9.2.1.38)."""
    is_extended, has_extensions = reader.bits(1), reader.bits(1)
    plmn = plmn_of(reader.octets(3))
    reader.align()
    cell = reader.bits(28)
    reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))
    return plmn, cell


def _location(message: Message, content: bytes) -> None:
    """User Location Information (TS 36.413, 9.2.1.93): ECGI and TAI follow without alignment between."""
    reader = Reader(content)
    reader.bits(2)
    _, cell = eutra_cell(reader)
    reader.bits(2)
    plmn = plmn_of(reader.octets(3))
    message.location = Location(plmn, int.from_bytes(reader.octets(2)), cell)


def _s_tmsi(message: Message, content: bytes) -> None:
    """S-TMSI (TS 36.413, 9.2.3.6): the MMEC stands unaligned behind the two bits of the preamble."""
    reader = Reader(content)
    reader.bits(2)
    code = reader.bits(8)
    message.temporary = f"{code:02x}-{reader.octets(4).hex()}"


def _cause(message: Message, content: bytes) -> None:
    reader = Reader(content)
    if reader.bits(1):
        return
    group = reader.bits(3)
    roots = (RADIO_CAUSES, TRANSPORT_CAUSES, NAS_CAUSES, PROTOCOL_CAUSES, OTHER_CAUSES)
    if group >= len(roots):
        raise DecodeError("has an unknown group")
    message.cause = group, reader.enumerated(roots[group])


def _station(message: Message, content: bytes) -> None:
    """Global eNB ID (TS 36.413, 9.2.1.37): macro 20 bits, home 28, and in the extension short 18 and long 21."""
    reader = Reader(content)
    reader.bits(2)
    plmn = plmn_of(reader.octets(3))
    if not reader.bits(1):
        kind, bits = (("macro", 20), ("home", 28))[reader.bits(1)]
    else:
        index = reader.small()
        if index > 1:
            raise DecodeError("has an unknown kind of eNB id")
        kind, bits = (("short_macro", 18), ("long_macro", 21))[index]
        reader = Reader(reader.string())
    reader.align()
    message.station = Station(plmn, kind, bits, reader.bits(bits))


def printable(content: bytes) -> str:
    """Read PrintableString (SIZE (1..150, ...)); stations send raw bytes, so control characters are replaced."""
    reader = Reader(content)
    size = reader.length() if reader.bits(1) else reader.integer(1, 150)
    text = reader.octets(size).decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def _name(message: Message, content: bytes) -> None:
    message.name = printable(content)


def _core_name(message: Message, content: bytes) -> None:
    message.core_name = printable(content)


def _tracking_areas(message: Message, content: bytes) -> None:
    """Supported TAs (TS 36.413, 9.1.8.4): the TAC stands unaligned, each broadcast PLMN aligned."""
    reader = Reader(content)
    for _ in range(reader.integer(1, 256)):
        is_extended, has_extensions = reader.bits(1), reader.bits(1)
        tac = reader.bits(16)
        plmns = tuple(plmn_of(reader.octets(3)) for _ in range(reader.integer(1, 6)))
        message.tracking_areas.append((tac, plmns))
        reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))


def _ue_ids(message: Message, content: bytes) -> None:
    """UE S1AP IDs (TS 36.413, 9.2.3.18): the pair, or the MME's alone."""
    reader = Reader(content)
    if reader.bits(1):
        return
    if reader.bits(1):
        message.core_id = reader.integer(0, 0xFFFFFFFF)
        return
    reader.bits(2)
    message.core_id = reader.integer(0, 0xFFFFFFFF)
    message.ran_id = reader.integer(0, 0xFFFFFF)


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


def _bearers(*, has_transport: bool, nas_is_optional: bool) -> Callable[[Message, bytes], None]:
    """Make a reader of an E-RAB list that stops at the NAS message inside each item."""

    def read(message: Message, content: bytes) -> None:
        items = Reader(content)
        for _ in range(items.integer(1, 256)):
            items.octets(3)
            reader = Reader(items.string())
            reader.bits(1)
            has_nas = reader.bits(1) if nas_is_optional else 1
            reader.bits(1)
            if reader.bits(1):
                reader.small()
            else:
                reader.bits(4)
            _quality(reader)
            if has_transport:
                bits = reader.length() if reader.bits(1) else reader.integer(1, 160)
                reader.octets((bits + 7) // 8)
                reader.octets(4)
            if has_nas:
                message.nas_pdus.append(reader.string())

    return read


ELEMENTS: dict[int, tuple[str, Callable[[Message, bytes], None]]] = {
    0: ("MME-UE-S1AP-ID", _core_id),
    2: ("Cause", _cause),
    8: ("eNB-UE-S1AP-ID", _ran_id),
    16: ("E-RABToBeSetupListBearerSUReq", _bearers(has_transport=True, nas_is_optional=False)),
    24: ("E-RABToBeSetupListCtxtSUReq", _bearers(has_transport=True, nas_is_optional=True)),
    26: ("NAS-PDU", _nas),
    30: ("E-RABToBeModifiedListBearerModReq", _bearers(has_transport=False, nas_is_optional=False)),
    59: ("Global-ENB-ID", _station),
    60: ("eNBname", _name),
    61: ("MMEname", _core_name),
    64: ("SupportedTAs", _tracking_areas),
    67: ("TAI", _tai),
    88: ("SourceMME-UE-S1AP-ID", _core_id),
    96: ("S-TMSI", _s_tmsi),
    99: ("UE-S1AP-IDs", _ue_ids),
    100: ("EUTRAN-CGI", _ecgi),
    189: ("UserLocationInformation", _location),
}
"""IE id to its name and reader."""
