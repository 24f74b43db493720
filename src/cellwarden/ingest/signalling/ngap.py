"""The NGAP information elements that rows need, read from a selective walk; the others are skipped by length.

References: TS 38.413, 9.3 (elements), 9.4 (ASN.1; the numbers below are those of `id-…` in 9.4.7).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cellwarden.ingest.signalling.aper import Reader, counted, remembered, transport_address, unsigned
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.identities import address, plmn_of
from cellwarden.ingest.signalling.message import Bearer, Identity, Location, Station
from cellwarden.ingest.signalling.s1ap import both_algorithms, choice, eutra_cell, printable, tracking_area

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.ingest.signalling.message import Message

RADIO_CAUSES, TRANSPORT_CAUSES, NAS_CAUSES, PROTOCOL_CAUSES, OTHER_CAUSES = 45, 2, 4, 7, 6
"""Root values of each group (TS 38.413, 9.3.1.2)."""

SETUP, INITIAL_UE, DOWNLINK_NAS, UPLINK_NAS, CONTEXT_SETUP, CONTEXT_RELEASE, RESET = 21, 15, 4, 46, 14, 41, 20
HANDOVER_PREPARATION = 12
MOBILE_TERMINATED = 2
"""RRC establishment cause of an answer to paging (TS 38.413, 9.3.1.111)."""
_TUNNEL_OF_CORE = 139
ARRIVALS = frozenset({11, 25})
"""Handover Notify and Path Switch Request: the phone is at another node now."""
UPLINK = frozenset({8, 10, 11, 12, 15, 19, 21, 25, 30, 35, 36, 42, 44, 46, 48})
"""Procedures that the NG-RAN node begins (TS 38.413, 8.1)."""


def _core_id(message: Message, content: bytes) -> None:
    message.core_id = unsigned(content, 5, 3)


def _ran_id(message: Message, content: bytes) -> None:
    message.ran_id = unsigned(content, 4, 2)


def _nas(message: Message, content: bytes) -> None:
    message.nas_pdus += (content[1:] if content[0] == len(content) - 1 < 0x80 else counted(content, 0)[0],)


def _tac(reader: Reader) -> tuple[str, int]:
    """Read a TAI: PLMN and a TAC of three octets (TS 38.413, 9.3.3.11)."""
    is_extended, has_extensions = reader.bits(1), reader.bits(1)
    plmn, tac = plmn_of(reader.octets(3)), int.from_bytes(reader.octets(3))
    reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))
    return plmn, tac


@lru_cache(maxsize=65536)
def _plain_location(octets: bytes) -> Location:
    """Read NR-CGI and TAI where neither has extensions: PLMN, 36 bits and four of padding and preamble, PLMN, TAC."""
    return Location(plmn_of(octets[8:11]), int.from_bytes(octets[11:14]), int.from_bytes(octets[3:8]) >> 4, "nr")


def _location(message: Message, content: bytes) -> None:
    """User Location Information (TS 38.413, 9.3.1.16): E-UTRA, NR; N3IWF (no cell) and later kinds are left out."""
    if len(content) > 14 and content[0] & 0xE6 == 0x40 and not content[8] & 0x0C:
        message.location = _plain_location(content[1:15])
        return
    reader = Reader(content)
    kind = reader.bits(2)
    if kind > 1:
        return
    reader.bits(3)
    if kind == 0:
        _, cell = eutra_cell(reader)
        plmn, tac = _tac(reader)
        message.location = Location(plmn, tac, cell, "lte")
        return
    is_extended, has_extensions = reader.bits(1), reader.bits(1)
    reader.octets(3)
    cell = reader.bits(36)
    reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))
    plmn, tac = _tac(reader)
    message.location = Location(plmn, tac, cell, "nr")


def _short_identity(reader: Reader) -> str:
    """5G-S-TMSI (TS 38.413, 9.3.3.20): AMF set and pointer stand unaligned behind the preamble."""
    reader.bits(2)
    code = reader.bits(16)
    return f"{code:04x}-{reader.octets(4).hex()}"


def _s_tmsi(message: Message, content: bytes) -> None:
    message.temporary = _short_identity(Reader(content))


def _paging_identity(message: Message, content: bytes) -> None:
    reader = Reader(content)
    if not reader.bits(1):
        message.paging_identity = Identity("guti", None, _short_identity(reader), 4)


def _paging_areas(message: Message, content: bytes) -> None:
    reader = Reader(content)
    message.paging_areas = areas = []
    for _ in range(reader.integer(1, 16)):
        is_extended, has_extensions = reader.bits(1), reader.bits(1)
        areas.append(_tac(reader))
        reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))


@remembered
def _cause_of(content: bytes) -> tuple[int, int] | None:
    reader = Reader(content)
    group = reader.bits(3)
    roots = (RADIO_CAUSES, TRANSPORT_CAUSES, NAS_CAUSES, PROTOCOL_CAUSES, OTHER_CAUSES)
    return (group, reader.enumerated(roots[group])) if group < len(roots) else None


def _cause(message: Message, content: bytes) -> None:
    message.cause = _cause_of(content)


def global_station(reader: Reader) -> Station | None:
    """Global RAN Node ID (TS 38.413, 9.3.1.5): gNB of 22 to 32 bits, ng-eNB macro 20, short 18, long 21."""
    kind = reader.bits(2)
    return _node(reader, kind) if kind < 2 else None


def _node(reader: Reader, kind: int) -> Station:
    """Read Global gNB ID (0) or Global ng-eNB ID (1)."""
    is_extended, has_extensions = reader.bits(1), reader.bits(1)
    plmn = plmn_of(reader.octets(3))
    if kind == 0:
        if reader.bits(1):
            raise DecodeError("has an unknown kind of gNB id")
        name, bits = "gnb", reader.integer(22, 32)
        if bits > 32:  # four bits tell the length, and could tell more
            raise DecodeError("has an impossible length of gNB id")
    else:
        choice = reader.bits(2)
        if choice > 2:
            raise DecodeError("has an unknown kind of ng-eNB id")
        name, bits = (("macro", 20), ("short_macro", 18), ("long_macro", 21))[choice]
    reader.align()
    station = Station(plmn, name, bits, reader.bits(bits))
    reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))
    return station


@remembered
def _station_of(content: bytes) -> Station | None:
    return global_station(Reader(content))


def _station(message: Message, content: bytes) -> None:
    message.station = _station_of(content)


def _target(message: Message, content: bytes) -> None:
    """Target ID (TS 38.413, 9.3.1.25): a RAN node or an eNB, and its tracking area."""
    reader = Reader(content)
    kind = reader.bits(2)
    if kind > 1:
        return
    reader.bits(2)
    message.target = global_station(reader) if kind == 0 else _node(reader, 1)
    if kind == 1:
        message.target_area = tracking_area(reader)
    elif message.target is not None:
        message.target_area = _tac(reader)


def _name(message: Message, content: bytes) -> None:
    message.name = printable(content)


def _core_name(message: Message, content: bytes) -> None:
    message.core_name = printable(content)


def _slice(reader: Reader) -> None:
    """Pass over an S-NSSAI (TS 38.413, 9.3.1.24)."""
    preamble = reader.bits(11) >> 8  # extended, differentiator, extensions; then the type
    if preamble & 2:
        reader.octets(3)
    reader.close(has_extensions=bool(preamble & 1), is_extended=bool(preamble >> 2))


def supported_areas(reader: Reader) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Supported TA List (TS 38.413, 9.2.6.1): up to 256 areas of 12 PLMNs of 1024 slices (a count of two octets)."""
    areas = []
    for _ in range(reader.integer(1, 256)):
        is_extended, has_extensions = reader.bits(1), reader.bits(1)
        tac, plmns = int.from_bytes(reader.octets(3)), []
        for _ in range(reader.integer(1, 12)):
            plmn_is_extended, plmn_has_extensions = reader.bits(1), reader.bits(1)
            plmns.append(plmn_of(reader.octets(3)))
            for _ in range(reader.integer(1, 1024)):
                item_is_extended, item_has_extensions = reader.bits(1), reader.bits(1)
                _slice(reader)
                reader.close(has_extensions=bool(item_has_extensions), is_extended=bool(item_is_extended))
            reader.close(has_extensions=bool(plmn_has_extensions), is_extended=bool(plmn_is_extended))
        areas.append((tac, tuple(plmns)))
        reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))
    return tuple(areas)


@remembered
def _areas(content: bytes) -> tuple[tuple[int, tuple[str, ...]], ...]:
    return supported_areas(Reader(content))


def _tracking_areas(message: Message, content: bytes) -> None:
    message.tracking_areas = _areas(content)


def _core_name_of(plmn: str, octets: bytes) -> str:
    """Name an AMF: PLMN, region, set and pointer (TS 23.003, 2.10)."""
    return f"{plmn}-{octets[:1].hex()}-{octets[1:3].hex()}"


def _core_group(message: Message, content: bytes) -> None:
    """GUAMI (TS 38.413, 9.3.3.3)."""
    if len(content) < 7:
        raise DecodeError("ends early")
    message.core_group = _core_name_of(plmn_of(content[1:4]), content[4:7])


@remembered
def _served(content: bytes) -> tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]:
    """Served GUAMI List (TS 38.413, 9.2.6.2)."""
    reader, served = Reader(content), []
    for _ in range(reader.integer(1, 256)):
        is_extended, has_backup, has_extensions = reader.bits(1), reader.bits(1), reader.bits(1)
        guami_is_extended, guami_has_extensions = reader.bits(1), reader.bits(1)
        plmn, octets = plmn_of(reader.octets(3)), reader.bits(24).to_bytes(3)
        reader.close(has_extensions=bool(guami_has_extensions), is_extended=bool(guami_is_extended))
        served.append(((plmn,), (octets[:1].hex(),), (octets[1:].hex(),)))
        if has_backup:
            size = reader.length() if reader.bits(1) else reader.integer(1, 150)
            reader.octets(size)
        reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))
    return tuple(served)


def _served_groups(message: Message, content: bytes) -> None:
    message.served_groups = _served(content)


def _capacity(message: Message, content: bytes) -> None:
    message.capacity = content[0]


def _establishment_cause(message: Message, content: bytes) -> None:
    message.establishment_cause = choice(content[:8], 10)


def _paging_cycle(message: Message, content: bytes) -> None:
    message.paging_cycle = choice(content[:8], 4)


def _handover_type(message: Message, content: bytes) -> None:
    message.handover_type = choice(content[:8], 3)


def _security_capabilities(message: Message, content: bytes) -> None:
    message.security_capabilities = both_algorithms(content)


def _reset_type(message: Message, content: bytes) -> None:
    """Reset Type (TS 38.413, 9.2.6.11): all, or a list of connections."""
    reader = Reader(content)
    if reader.bits(2) == 1:
        _connections(message, reader)


def _reset_list(message: Message, content: bytes) -> None:
    _connections(message, Reader(content))


def _connections(message: Message, reader: Reader) -> None:
    message.reset_ids = ids = []
    # An upper bound of 64 Ki makes the count an ordinary length (X.691, 11.9.4.2).
    for _ in range(reader.length()):
        is_extended, has_core, has_ran, has_extensions = (reader.bits(1) for _ in range(4))
        core_id = reader.integer(0, (1 << 40) - 1) if has_core else None
        ids.append((core_id, reader.integer(0, 0xFFFFFFFF) if has_ran else None))
        reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))


def _ue_ids(message: Message, content: bytes) -> None:
    """UE NGAP IDs (TS 38.413, 9.3.3.2): the pair, or the AMF's alone."""
    if not content[0] & 0xF0:
        # The pair without extensions: either count of octets stands where its number begins, the first in three bits.
        middle = 2 + (content[0] >> 1 & 7)
        stop = middle + 2 + (content[middle] >> 6)
        if middle < 7 and stop <= len(content):
            message.core_id, message.ran_id = int.from_bytes(content[1:middle]), int.from_bytes(content[middle + 1 : stop])
            return
    reader = Reader(content)
    kind = reader.bits(2)
    if kind == 0:
        reader.bits(2)
    if kind < 2:
        message.core_id = reader.integer(0, (1 << 40) - 1)
    if kind == 0:
        message.ran_id = reader.integer(0, 0xFFFFFFFF)


def _tunnel_end(reader: Reader) -> tuple[str | None, int | None]:
    """UP Transport Layer Information (TS 38.413, 9.3.2.2): a GTP tunnel, or something later."""
    if reader.bits(1):
        return None, None
    reader.bits(2)
    return transport_address(reader), int.from_bytes(reader.octets(4))


def _requested_end(transfer: bytes) -> tuple[str | None, int | None]:
    """Find the core's tunnel end in a PDU Session Resource Setup Request Transfer (TS 38.413, 9.3.4.1)."""
    position = 3
    for _ in range(transfer[1] << 8 | transfer[2]):
        identifier = transfer[position] << 8 | transfer[position + 1]
        content, position = counted(transfer, position + 3)
        if identifier == _TUNNEL_OF_CORE:
            if len(content) > 9 and content[:2] == b"\x01\xf0":
                # The common form: no extension, an IPv4 address; both fields stand at octets of their own.
                return address(content[2:6]), int.from_bytes(content[6:10])
            return _tunnel_end(Reader(content))
    return None, None


def _answered_end(transfer: bytes) -> tuple[str | None, int | None]:
    """Find the node's tunnel end in a PDU Session Resource Setup Response Transfer (TS 38.413, 9.3.4.2)."""
    if len(transfer) > 10 and transfer[:3] == b"\x00\x03\xe0":
        return address(transfer[3:7]), int.from_bytes(transfer[7:11])  # likewise
    reader = Reader(transfer)
    reader.bits(7)
    return _tunnel_end(reader)


def _sessions(
    *,
    has_nas: bool,
    has_slice: bool,
    end: Callable[[bytes], tuple[str | None, int | None]] | None,
    has_transfer: bool = True,
) -> Callable[[Message, bytes], None]:
    """Make a reader of a PDU session list: session id, NAS message, slice, and the transfer that tells the tunnel end."""

    def read(message: Message, content: bytes) -> None:
        reader = Reader(content)
        for _ in range(reader.integer(1, 256)):
            preamble = reader.bits(3 if has_nas else 2)  # extended, NAS message if there can be one, extensions
            (number,) = reader.octets(1)
            if has_nas and preamble & 2:
                message.nas_pdus += (reader.string(),)
            if has_slice:
                _slice(reader)
            transfer = reader.string() if has_transfer else b""
            reader.close(has_extensions=bool(preamble & 1), is_extended=bool(preamble >> 1 + has_nas))
            try:
                found = end(transfer) if end else (None, None)
            except (DecodeError, IndexError):
                found = None, None  # a malformed transfer (seen for real) does not hide the session
            message.bearers += (Bearer(number, *found),)

    return read


ELEMENTS: dict[int, tuple[str, Callable[[Message, bytes], None]]] = {
    1: ("AMFName", _core_name),
    10: ("AMF-UE-NGAP-ID", _core_id),
    15: ("Cause", _cause),
    21: ("DefaultPagingDRX", _paging_cycle),
    26: ("FiveG-S-TMSI", _s_tmsi),
    27: ("GlobalRANNodeID", _station),
    28: ("GUAMI", _core_group),
    29: ("HandoverType", _handover_type),
    38: ("NAS-PDU", _nas),
    64: ("PDUSessionResourceModifyListModReq", _sessions(has_nas=True, has_slice=False, end=None)),
    53: ("PDUSessionResourceAdmittedList", _sessions(has_nas=False, has_slice=False, end=None)),
    59: ("PDUSessionResourceHandoverList", _sessions(has_nas=False, has_slice=False, end=None)),
    61: ("PDUSessionResourceListHORqd", _sessions(has_nas=False, has_slice=False, end=None)),
    76: ("PDUSessionResourceToBeSwitchedDLList", _sessions(has_nas=False, has_slice=False, end=None)),
    77: ("PDUSessionResourceSwitchedList", _sessions(has_nas=False, has_slice=False, end=None)),
    60: ("PDUSessionResourceListCxtRelCpl", _sessions(has_nas=False, has_slice=False, end=None, has_transfer=False)),
    65: ("PDUSessionResourceModifyListModRes", _sessions(has_nas=False, has_slice=False, end=None)),
    70: ("PDUSessionResourceReleasedListRelRes", _sessions(has_nas=False, has_slice=False, end=None)),
    79: ("PDUSessionResourceToReleaseListRelCmd", _sessions(has_nas=False, has_slice=False, end=None)),
    133: ("PDUSessionResourceListCxtRelReq", _sessions(has_nas=False, has_slice=False, end=None, has_transfer=False)),
    71: ("PDUSessionResourceSetupListCxtReq", _sessions(has_nas=True, has_slice=True, end=_requested_end)),
    72: ("PDUSessionResourceSetupListCxtRes", _sessions(has_nas=False, has_slice=False, end=_answered_end)),
    73: ("PDUSessionResourceSetupListHOReq", _sessions(has_nas=False, has_slice=True, end=_requested_end)),
    74: ("PDUSessionResourceSetupListSUReq", _sessions(has_nas=True, has_slice=True, end=_requested_end)),
    75: ("PDUSessionResourceSetupListSURes", _sessions(has_nas=False, has_slice=False, end=_answered_end)),
    82: ("RANNodeName", _name),
    85: ("RAN-UE-NGAP-ID", _ran_id),
    86: ("RelativeAMFCapacity", _capacity),
    88: ("ResetType", _reset_type),
    90: ("RRCEstablishmentCause", _establishment_cause),
    96: ("ServedGUAMIList", _served_groups),
    100: ("SourceAMF-UE-NGAP-ID", _core_id),
    102: ("SupportedTAList", _tracking_areas),
    103: ("TAIListForPaging", _paging_areas),
    105: ("TargetID", _target),
    111: ("UE-associatedLogicalNG-connectionList", _reset_list),
    114: ("UE-NGAP-IDs", _ue_ids),
    115: ("UEPagingIdentity", _paging_identity),
    119: ("UESecurityCapabilities", _security_capabilities),
    121: ("UserLocationInformation", _location),
}
"""IE id to its name and reader."""
