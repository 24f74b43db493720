"""The NGAP information elements that rows need, read from a selective walk; the others are skipped by length.

References: TS 38.413, 9.3 (elements), 9.4 (ASN.1; the numbers below are those of `id-…` in 9.4.7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.ingest.signalling.aper import Reader, counted
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.identities import plmn_of
from cellwarden.ingest.signalling.message import Location, Station
from cellwarden.ingest.signalling.s1ap import eutra_cell, printable, unsigned

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.ingest.signalling.message import Message

RADIO_CAUSES, TRANSPORT_CAUSES, NAS_CAUSES, PROTOCOL_CAUSES, OTHER_CAUSES = 45, 2, 4, 7, 6
"""Root values of each group (TS 38.413, 9.3.1.2)."""

NG_SETUP, INITIAL_UE, DOWNLINK_NAS, UPLINK_NAS, CONTEXT_SETUP, CONTEXT_RELEASE, RESET = 21, 15, 4, 46, 14, 41, 20
ARRIVALS = frozenset({11, 25})
"""Handover Notify and Path Switch Request: the phone is at another node now."""
UPLINK = frozenset({8, 10, 11, 12, 15, 19, 21, 25, 30, 35, 36, 42, 44, 46, 48})
"""Procedures that the NG-RAN node begins (TS 38.413, 8.1)."""


def _core_id(message: Message, content: bytes) -> None:
    message.core_id = unsigned(content, 5, 3)


def _ran_id(message: Message, content: bytes) -> None:
    message.ran_id = unsigned(content, 4, 2)


def _nas(message: Message, content: bytes) -> None:
    message.nas_pdus.append(counted(content, 0)[0])


def _tac(reader: Reader) -> tuple[str, int]:
    """Read a TAI: PLMN and a TAC of three octets (TS 38.413, 9.3.3.11)."""
    is_extended, has_extensions = reader.bits(1), reader.bits(1)
    plmn, tac = plmn_of(reader.octets(3)), int.from_bytes(reader.octets(3))
    reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))
    return plmn, tac


def _location(message: Message, content: bytes) -> None:
    """User Location Information (TS 38.413, 9.3.1.16): E-UTRA, NR; N3IWF (no cell) and later kinds are left out."""
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


def _s_tmsi(message: Message, content: bytes) -> None:
    """5G-S-TMSI (TS 38.413, 9.3.3.20): AMF set and pointer stand unaligned behind the preamble."""
    reader = Reader(content)
    reader.bits(2)
    code = reader.bits(16)
    message.temporary = f"{code:04x}-{reader.octets(4).hex()}"


def _cause(message: Message, content: bytes) -> None:
    reader = Reader(content)
    group = reader.bits(3)
    roots = (RADIO_CAUSES, TRANSPORT_CAUSES, NAS_CAUSES, PROTOCOL_CAUSES, OTHER_CAUSES)
    if group < len(roots):
        message.cause = group, reader.enumerated(roots[group])


def _station(message: Message, content: bytes) -> None:
    """Global RAN Node ID (TS 38.413, 9.3.1.5): gNB of 22 to 32 bits, ng-eNB macro 20, short 18, long 21."""
    reader = Reader(content)
    kind = reader.bits(2)
    reader.bits(2)
    plmn = plmn_of(reader.octets(3))
    if kind == 0:
        if reader.bits(1):
            raise DecodeError("has an unknown kind of gNB id")
        name, bits = "gnb", reader.integer(22, 32)
    elif kind == 1:
        choice = reader.bits(2)
        if choice > 2:
            raise DecodeError("has an unknown kind of ng-eNB id")
        name, bits = (("macro", 20), ("short_macro", 18), ("long_macro", 21))[choice]
    else:
        return
    reader.align()
    message.station = Station(plmn, name, bits, reader.bits(bits))


def _name(message: Message, content: bytes) -> None:
    message.name = printable(content)


def _core_name(message: Message, content: bytes) -> None:
    message.core_name = printable(content)


def _slice(reader: Reader) -> None:
    """Pass over an S-NSSAI (TS 38.413, 9.3.1.24)."""
    is_extended, has_differentiator, has_extensions = reader.bits(1), reader.bits(1), reader.bits(1)
    reader.bits(8)
    if has_differentiator:
        reader.octets(3)
    reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))


def _tracking_areas(message: Message, content: bytes) -> None:
    """Supported TA List (TS 38.413, 9.2.6.1): up to 256 areas of 12 PLMNs of 1024 slices (a count of two octets)."""
    reader = Reader(content)
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
        message.tracking_areas.append((tac, tuple(plmns)))
        reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))


def _ue_ids(message: Message, content: bytes) -> None:
    """UE NGAP IDs (TS 38.413, 9.3.3.2): the pair, or the AMF's alone."""
    reader = Reader(content)
    kind = reader.bits(2)
    if kind == 0:
        reader.bits(2)
    if kind < 2:
        message.core_id = reader.integer(0, (1 << 40) - 1)
    if kind == 0:
        message.ran_id = reader.integer(0, 0xFFFFFFFF)


def _sessions(*, has_slice: bool) -> Callable[[Message, bytes], None]:
    """Make a reader of a PDU session list for the NAS message inside each item."""

    def read(message: Message, content: bytes) -> None:
        reader = Reader(content)
        for _ in range(reader.integer(1, 256)):
            is_extended, has_nas, has_extensions = reader.bits(1), reader.bits(1), reader.bits(1)
            reader.octets(1)
            if has_nas:
                message.nas_pdus.append(reader.string())
            if has_slice:
                _slice(reader)
            reader.string()
            reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))

    return read


ELEMENTS: dict[int, tuple[str, Callable[[Message, bytes], None]]] = {
    1: ("AMFName", _core_name),
    10: ("AMF-UE-NGAP-ID", _core_id),
    15: ("Cause", _cause),
    26: ("FiveG-S-TMSI", _s_tmsi),
    27: ("GlobalRANNodeID", _station),
    38: ("NAS-PDU", _nas),
    64: ("PDUSessionResourceModifyListModReq", _sessions(has_slice=False)),
    71: ("PDUSessionResourceSetupListCxtReq", _sessions(has_slice=True)),
    74: ("PDUSessionResourceSetupListSUReq", _sessions(has_slice=True)),
    82: ("RANNodeName", _name),
    85: ("RAN-UE-NGAP-ID", _ran_id),
    100: ("SourceAMF-UE-NGAP-ID", _core_id),
    102: ("SupportedTAList", _tracking_areas),
    114: ("UE-NGAP-IDs", _ue_ids),
    121: ("UserLocationInformation", _location),
}
"""IE id to its name and reader."""
