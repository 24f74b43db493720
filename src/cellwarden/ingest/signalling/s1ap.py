"""The S1AP information elements that rows need, read from a selective walk; the others are skipped by length.

References: TS 36.413, 9.2 (elements), 9.3 (ASN.1; the numbers below are those of `id-…` in 9.3.7).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cellwarden.ingest.signalling.aper import Reader, counted, items_of, remembered, unsigned
from cellwarden.ingest.signalling.bearers import BEARERS
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.femto import FEMTO
from cellwarden.ingest.signalling.identities import digits_of, plmn_of
from cellwarden.ingest.signalling.message import Identity, Location, Station

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.ingest.signalling.message import Message

RADIO_CAUSES, TRANSPORT_CAUSES, NAS_CAUSES, PROTOCOL_CAUSES, OTHER_CAUSES = 36, 2, 4, 7, 6
"""Root values of each group (TS 36.413, 9.2.1.3)."""

SETUP, INITIAL_UE, DOWNLINK_NAS, UPLINK_NAS, CONTEXT_SETUP, CONTEXT_RELEASE, RESET = 17, 12, 11, 13, 9, 23, 14
HANDOVER_PREPARATION = 0
ARRIVALS = frozenset({2, 3})
"""Handover Notify and Path Switch Request: the phone is at another eNB now."""
UPLINK = frozenset({0, 2, 3, 4, 12, 13, 16, 17, 18, 22, 24, 29, 50})
"""Procedures that the eNB begins (TS 36.413, 8.1)."""
MOBILE_TERMINATED = 2
"""RRC establishment cause of an answer to paging (TS 36.413, 9.2.1.3a)."""


def _core_id(message: Message, content: bytes) -> None:
    message.core_id = unsigned(content, 4, 2)


def _other_core_id(message: Message, content: bytes) -> None:
    message.other_core_id = unsigned(content, 4, 2)


def _ran_id(message: Message, content: bytes) -> None:
    message.ran_id = unsigned(content, 3, 2)


def _nas(message: Message, content: bytes) -> None:
    message.nas_pdus += (content[1:] if content[0] == len(content) - 1 < 0x80 else counted(content, 0)[0],)


@lru_cache(maxsize=65536)
def _in_area(octets: bytes, known: Location | None) -> Location:
    """Join a TAI to the cell that stands apart from it; the network is that of the tracking area."""
    if len(octets) < 5:
        raise DecodeError("ends early")
    return Location(plmn_of(octets[:3]), octets[3] << 8 | octets[4], known.cell if known is not None else None)


def _tai(message: Message, content: bytes) -> None:
    message.location = _in_area(content[1:6], message.location)


@lru_cache(maxsize=65536)
def _in_cell(octets: bytes, known: Location | None) -> Location:
    """Join an ECGI to the tracking area that stands apart from it."""
    if len(octets) < 7:
        raise DecodeError("ends early")
    plmn, cell = plmn_of(octets[:3]), int.from_bytes(octets[3:7]) >> 4
    return Location(plmn if known is None else known.plmn, known.tac if known is not None else None, cell)


def _ecgi(message: Message, content: bytes) -> None:
    message.location = _in_cell(content[1:8], message.location)


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
    plmn, tac = tracking_area(reader)
    message.location = Location(plmn, tac, cell)


def tracking_area(reader: Reader) -> tuple[str, int]:
    """Read a TAI: PLMN and a TAC of two octets (TS 36.413, 9.2.3.16)."""
    is_extended, has_extensions = reader.bits(1), reader.bits(1)
    area = plmn_of(reader.octets(3)), int.from_bytes(reader.octets(2))
    reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))
    return area


def _short_identity(reader: Reader) -> str:
    """S-TMSI (TS 36.413, 9.2.3.6): the MMEC stands unaligned behind the two bits of the preamble."""
    reader.bits(2)
    code = reader.bits(8)
    return f"{code:02x}-{reader.octets(4).hex()}"


def _s_tmsi(message: Message, content: bytes) -> None:
    message.temporary = _short_identity(Reader(content))


def _paging_identity(message: Message, content: bytes) -> None:
    """UE Paging Identity (TS 36.413, 9.2.3.13): the S-TMSI, or the IMSI in clear."""
    reader = Reader(content)
    if reader.bits(1):
        return
    if reader.bits(1):
        digits = digits_of(reader.octets(reader.integer(3, 8)))
        message.paging_identity = Identity("imsi", digits, None, 1)
    else:
        message.paging_identity = Identity("guti", None, _short_identity(reader), 6)


def _paging_areas(message: Message, content: bytes) -> None:
    message.paging_areas = areas = []
    for item in items_of(content):
        reader = Reader(item)
        reader.bits(2)
        areas.append(tracking_area(reader))


@remembered
def _cause_of(content: bytes) -> tuple[int, int] | None:
    reader = Reader(content)
    if reader.bits(1):
        return None
    group = reader.bits(3)
    roots = (RADIO_CAUSES, TRANSPORT_CAUSES, NAS_CAUSES, PROTOCOL_CAUSES, OTHER_CAUSES)
    if group >= len(roots):
        raise DecodeError("has an unknown group")
    return group, reader.enumerated(roots[group])


def _cause(message: Message, content: bytes) -> None:
    message.cause = _cause_of(content)


def global_station(reader: Reader) -> Station:
    """Global eNB ID (TS 36.413, 9.2.1.37): macro 20 bits, home 28, and in the extension short 18 and long 21."""
    is_extended, has_extensions = reader.bits(1), reader.bits(1)
    plmn = plmn_of(reader.octets(3))
    source = reader
    if not reader.bits(1):
        kind, bits = (("macro", 20), ("home", 28))[reader.bits(1)]
    else:
        index = reader.small()
        if index > 1:
            raise DecodeError("has an unknown kind of eNB id")
        kind, bits = (("short_macro", 18), ("long_macro", 21))[index]
        source = Reader(reader.string())
    source.align()
    station = Station(plmn, kind, bits, source.bits(bits))
    if source is not reader and not source.is_spent:
        raise DecodeError("has octets behind its id")
    reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))
    return station


@remembered
def _station_of(content: bytes) -> Station:
    return global_station(Reader(content))


def _station(message: Message, content: bytes) -> None:
    message.station = _station_of(content)


def _target(message: Message, content: bytes) -> None:
    """Target ID (TS 36.413, 9.2.1.6): an eNB and its tracking area; RNC and others are left out."""
    reader = Reader(content)
    if reader.bits(3):
        return
    reader.bits(2)
    message.target = global_station(reader)
    message.target_area = tracking_area(reader)


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


def supported_areas(reader: Reader) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Supported TAs (TS 36.413, 9.1.8.4): the TAC stands unaligned, each broadcast PLMN aligned."""
    areas = []
    for _ in range(reader.integer(1, 256)):
        is_extended, has_extensions = reader.bits(1), reader.bits(1)
        tac = reader.bits(16)
        plmns = tuple(plmn_of(reader.octets(3)) for _ in range(reader.integer(1, 6)))
        areas.append((tac, plmns))
        reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))
    return tuple(areas)


@remembered
def _areas(content: bytes) -> tuple[tuple[int, tuple[str, ...]], ...]:
    return supported_areas(Reader(content))


def _tracking_areas(message: Message, content: bytes) -> None:
    message.tracking_areas = _areas(content)


def _core_group(message: Message, content: bytes) -> None:
    """GUMMEI (TS 36.413, 9.2.3.9)."""
    if len(content) < 7:
        raise DecodeError("ends early")
    message.core_group = f"{plmn_of(content[1:4])}-{content[4:6].hex()}-{content[6:7].hex()}"


@remembered
def _served(content: bytes) -> tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]:
    """Served GUMMEIs (TS 36.413, 9.1.8.5): up to 8 of 32 PLMNs, 65,535 groups and 256 codes."""
    reader, served = Reader(content), []
    for _ in range(reader.integer(1, 8)):
        is_extended, has_extensions = reader.bits(1), reader.bits(1)
        plmns = tuple(plmn_of(reader.octets(3)) for _ in range(reader.integer(1, 32)))
        groups = tuple(f"{reader.bits(16):04x}" for _ in range(reader.integer(1, 65535)))
        codes = tuple(f"{reader.bits(8):02x}" for _ in range(reader.integer(1, 256)))
        served.append((plmns, groups, codes))
        reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))
    return tuple(served)


def _served_groups(message: Message, content: bytes) -> None:
    message.served_groups = _served(content)


def _capacity(message: Message, content: bytes) -> None:
    message.capacity = content[0]


@lru_cache(maxsize=4096)
def choice(content: bytes, root: int) -> int:
    """Read an extensible enumeration that stands alone."""
    return Reader(content).enumerated(root)


def _establishment_cause(message: Message, content: bytes) -> None:
    message.establishment_cause = choice(content[:8], 5)


def _paging_cycle(message: Message, content: bytes) -> None:
    message.paging_cycle = choice(content[:8], 4)


def _handover_type(message: Message, content: bytes) -> None:
    message.handover_type = choice(content[:8], 5)


def _security_capabilities(message: Message, content: bytes) -> None:
    message.security_capabilities = both_algorithms(content)


@remembered
def both_algorithms(content: bytes) -> tuple[int, int]:
    """UE Security Capabilities (TS 36.413, 9.2.1.40; TS 38.413, 9.3.1.86): for encryption and for integrity."""
    reader = Reader(content)
    reader.bits(2)
    return algorithms(reader), algorithms(reader)


def algorithms(reader: Reader) -> int:
    """Read BIT STRING (SIZE (16, ...)): one bit an algorithm, the first of the high bits."""
    if not reader.bits(1):
        return reader.bits(16)
    size = reader.length()
    octets = reader.octets((size + 7) // 8)
    return int.from_bytes(octets[:2].ljust(2, b"\0"))


def _ue_ids(message: Message, content: bytes) -> None:
    """UE S1AP IDs (TS 36.413, 9.2.3.18): the pair, or the MME's alone."""
    if not content[0] & 0xF0:
        # The pair without extensions: either count of octets stands where its number begins.
        middle = 2 + (content[0] >> 2 & 3)
        stop = middle + 2 + (content[middle] >> 6)
        if content[middle] >> 6 < 3 and stop <= len(content):
            message.core_id, message.ran_id = int.from_bytes(content[1:middle]), int.from_bytes(content[middle + 1 : stop])
            return
    reader = Reader(content)
    if reader.bits(1):
        return
    if reader.bits(1):
        message.core_id = reader.integer(0, 0xFFFFFFFF)
        return
    reader.bits(2)
    message.core_id = reader.integer(0, 0xFFFFFFFF)
    message.ran_id = reader.integer(0, 0xFFFFFF)


def _reset_type(message: Message, content: bytes) -> None:
    """Reset Type (TS 36.413, 9.1.8.1): all, or a list of connections."""
    reader = Reader(content)
    if not reader.bits(1) and reader.bits(1):
        _reset_list(message, content[1:])


def _reset_list(message: Message, content: bytes) -> None:
    message.reset_ids = ids = []
    for item in items_of(content):
        reader = Reader(item)
        reader.bits(1)
        has_core, has_ran, _ = reader.bits(1), reader.bits(1), reader.bits(1)
        core_id = reader.integer(0, 0xFFFFFFFF) if has_core else None
        ids.append((core_id, reader.integer(0, 0xFFFFFF) if has_ran else None))


ELEMENTS: dict[int, tuple[str, Callable[[Message, bytes], None]]] = {
    0: ("MME-UE-S1AP-ID", _core_id),
    1: ("HandoverType", _handover_type),
    2: ("Cause", _cause),
    4: ("TargetID", _target),
    8: ("eNB-UE-S1AP-ID", _ran_id),
    26: ("NAS-PDU", _nas),
    43: ("UEPagingID", _paging_identity),
    44: ("pagingDRX", _paging_cycle),
    46: ("TAIList", _paging_areas),
    59: ("Global-ENB-ID", _station),
    60: ("eNBname", _name),
    61: ("MMEname", _core_name),
    64: ("SupportedTAs", _tracking_areas),
    67: ("TAI", _tai),
    75: ("GUMMEI-ID", _core_group),
    87: ("RelativeMMECapacity", _capacity),
    88: ("SourceMME-UE-S1AP-ID", _core_id),
    92: ("ResetType", _reset_type),
    93: ("UE-associatedLogicalS1-ConnectionListResAck", _reset_list),
    96: ("S-TMSI", _s_tmsi),
    99: ("UE-S1AP-IDs", _ue_ids),
    100: ("EUTRAN-CGI", _ecgi),
    105: ("ServedGUMMEIs", _served_groups),
    107: ("UESecurityCapabilities", _security_capabilities),
    134: ("RRC-Establishment-Cause", _establishment_cause),
    137: ("DefaultPagingDRX", _paging_cycle),
    158: ("MME-UE-S1AP-ID-2", _other_core_id),
    189: ("UserLocationInformation", _location),
    **BEARERS,
    **FEMTO,
}
"""IE id to its name and reader."""
