"""What a capture decodes to: one `Message` an S1AP or NGAP message, with the NAS messages inside.

`Message` and `Nas` are plain classes whose defaults stand in the class: a message sets some ten of its fifty fields, and
setting the others too would cost more than decoding does (docs: ADR on the decoder's speed). Lists are therefore empty
tuples until something is put in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cellwarden.ingest.signalling.context import UeContext
    from cellwarden.ingest.signalling.courses import Course
    from cellwarden.ingest.signalling.route import Route

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 (the lake keeps naive UTC)
KINDS = ("initiatingMessage", "successfulOutcome", "unsuccessfulOutcome")
"""Alternatives of S1AP-PDU and NGAP-PDU (TS 36.413, 9.3.2; TS 38.413, 9.4.3), in the order of the CHOICE."""


class Identity(NamedTuple):
    """A mobile identity as it stands in a NAS message (TS 24.301, 9.9.3.12; TS 24.501, 9.11.3.4)."""

    kind: str
    """A word of `vocabulary.IDENTITIES`: IMEISV is `imei`, a TMSI is `guti`."""
    digits: str | None = None
    """IMSI (also from a SUCI of the null scheme), IMEI or IMEISV; None for temporary and concealed ones."""
    temporary: str | None = None
    """GUTI or S-TMSI as text, a key for comparing; None for permanent ones."""
    code: int = 0
    """Type of identity as coded, 1 IMSI (5GS: SUCI), 2 IMEI (5GS: GUTI), 3 IMEISV (5GS: IMEI), and so on."""
    scheme: int | None = None
    """Protection scheme of a SUCI: 0 null, 1 and 2 ECIES (TS 33.501, C)."""


class Nas:
    """One NAS message."""

    system: str
    """`eps` (TS 24.301) or `5gs` (TS 24.501)."""
    is_uplink: bool
    security_header: int
    """Security header type, 0 plain to 4; 12 is the short service request (TS 24.301, 9.3.1)."""
    type: int | None = None
    """Type of mobility management message; None: ciphered, or a session management message."""
    sequence: int | None = None
    """Sequence number of a protected message; for the short service request its five bits."""
    authentication_code: bytes | None = None
    """Message authentication code of a protected message, 4 octets (2 for the short service request)."""
    key_set: int | None = None
    """NAS key set identifier, 7: none; the high bit tells a mapped context."""
    is_ciphered: bool = False
    """The content is ciphered by an algorithm that is not null, or may be, and was left alone."""
    is_guessed: bool = False
    """Taken as plain for its looks, no Security Mode Command having been seen."""
    identity: Identity | None = None
    """Whom the message names."""
    second_identity: Identity | None = None
    """The IMEISV of Security Mode Complete, or the additional GUTI of a request."""
    assigned: str | None = None
    """New GUTI that the core gives out."""
    requested_identity: int | None = None
    """Type asked for by an Identity Request."""
    procedure_type: int | None = None
    """EPS attach type, EPS update type, 5GS registration type, detach type, service type."""
    result: int | None = None
    """Attach, update or registration result."""
    ciphering: int | None = None
    """Algorithm chosen by a Security Mode Command; 0 is null."""
    integrity: int | None = None
    capabilities: bytes | None = None
    """UE network (5GS: security) capability of a request: EEA and EIA bits first (TS 24.301, 9.9.3.34)."""
    replayed_capabilities: bytes | None = None
    """UE security capability that a Security Mode Command repeats (TS 24.301, 9.9.3.36)."""
    cause: int | None = None
    """EMM or 5GMM cause."""
    session_type: int | None = None
    """Type of ESM or 5GSM message, alone or inside a container."""
    session_cause: int | None = None
    """ESM or 5GSM cause."""
    session: int | None = None
    """EPS bearer identity or PDU session identity."""
    transaction: int | None = None
    """Procedure transaction identity."""
    nested: Nas | None = None
    """The complete initial message inside Security Mode Complete or a request (TS 24.501, 4.4.6)."""

    def __init__(self, system: str, is_uplink: bool, security_header: int) -> None:
        self.system, self.is_uplink, self.security_header = system, is_uplink, security_header

    @property
    def identities(self) -> tuple[Identity, ...]:
        """Everybody whom this message and the one nested in it name."""
        own = tuple(each for each in (self.identity, self.second_identity) if each is not None)
        return own + self.nested.identities if self.nested is not None else own


@dataclass(frozen=True, slots=True)
class Station:
    """What a base station calls itself in S1 or NG Setup: an eNB or gNB, not one of its cells."""

    plmn: str
    cell_type: str
    """A word of `vocabulary.CELL_TYPES`."""
    bits: int
    """Length of the id: 20 macro, 28 home, 18 short, 21 long, 22 to 32 gNB."""
    value: int
    """The id itself, right-aligned."""

    @property
    def cell(self) -> int:
        """The id in the high bits of a cell identity: 28 bits for an eNB, 36 for a gNB."""
        return self.value << ((36 if self.cell_type == "gnb" else 28) - self.bits)

    def serves(self, cell: int) -> bool:
        """Say whether the cell identity begins with this id."""
        return cell >> ((36 if self.cell_type == "gnb" else 28) - self.bits) == self.value


class Location(NamedTuple):
    """Serving cell and tracking area of a phone, as the base station reports them."""

    plmn: str
    """Of the tracking area."""
    tac: int | None
    cell: int | None
    """28-bit ECI or 36-bit NCI."""
    rat: str = "lte"


class Bearer(NamedTuple):
    """One end of the tunnel of an E-RAB or PDU session."""

    number: int
    """E-RAB id or PDU session id."""
    address: str | None
    """Transport address of whoever receives with this TEID; None: not given."""
    teid: int | None


class Message:
    """One S1AP or NGAP message, complete after SCTP and IP reassembly; or a NAS message of the radio side, alone."""

    frame: int
    """Number of the frame that completed it, counting from 1."""
    at_us: int | None
    """Microseconds since 1970 UTC; None: the capture gives the frame no time (simple packet block)."""
    route: Route
    course: Course
    """What it is and what it does to contexts."""
    size: int
    """Octets."""
    is_uplink: bool = False
    """Sent by the base station (or the phone): by the port of the core, else by who begins the procedure."""
    core_id: int | None = None
    """MME-UE-S1AP-ID or AMF-UE-NGAP-ID."""
    ran_id: int | None = None
    """eNB-UE-S1AP-ID or RAN-UE-NGAP-ID."""
    other_core_id: int | None = None
    """MME-UE-S1AP-ID-2, where a message names both ends' numbers."""
    location: Location | None = None
    temporary: str | None = None
    """S-TMSI or 5G-S-TMSI beside the NAS message: code and TMSI, without PLMN."""
    establishment_cause: int | None = None
    """RRC establishment cause, as numbered in the ASN.1."""
    station: Station | None = None
    target: Station | None = None
    """Where a handover goes."""
    target_area: tuple[str, int] | None = None
    """PLMN and TAC where a handover goes."""
    name: str | None = None
    """eNB or RAN node name, as sent (control characters replaced)."""
    core_name: str | None = None
    """MME or AMF name."""
    tracking_areas: Sequence[tuple[int, tuple[str, ...]]] = ()
    """TAC and PLMNs of a setup request."""
    core_group: str | None = None
    """GUMMEI or GUAMI: PLMN, group (region, set) and code in hexadecimal."""
    served_groups: Sequence[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = ()
    """PLMNs, MME groups and MME codes of a setup response."""
    capacity: int | None = None
    """Relative MME or AMF capacity."""
    paging_cycle: int | None = None
    """Default paging DRX, as numbered in the ASN.1."""
    csg_ids: tuple[int, ...] = ()
    """Closed subscriber groups that a station serves or a phone uses, 27 bits each."""
    access_mode: int | None = None
    """Cell access mode: 0 hybrid; None: closed, where CSG ids are given."""
    membership: int | None = None
    """CSG membership status: 0 member, 1 not a member."""
    gateway_address: str | None = None
    """Transport address of the gateway beside a Home eNB (LIPA, SIPTO)."""
    tunnel_address: str | None = None
    """Public address of a Home eNB behind a NAT, as the security gateway sees it (TS 36.413, 9.2.2.3)."""
    tunnel_port: int | None = None
    local_network: str | None = None
    """LHN id of a Home eNB's local network, hexadecimal."""
    security_capabilities: tuple[int, int] | None = None
    """Encryption and integrity algorithms that the core says the phone has, 16 bits each."""
    paging_identity: Identity | None = None
    paging_areas: Sequence[tuple[str, int]] = ()
    """PLMN and TAC of the areas in which a phone is paged."""
    handover_type: int | None = None
    """0 within LTE (5GS: within the system); others as numbered in the ASN.1."""
    reset_ids: Sequence[tuple[int | None, int | None]] = ()
    """Core and RAN id of the connections that a partial reset names."""
    bearers: tuple[Bearer, ...] = ()
    """E-RABs or PDU sessions with the tunnel end that the sender names."""
    cause: tuple[int, int] | None = None
    """Group (0 radio network, 1 transport, 2 NAS, 3 protocol, 4 miscellaneous) and value of the S1AP or NGAP cause."""
    nas_pdus: tuple[bytes, ...] = ()
    """NAS messages as they came."""
    nas: tuple[Nas, ...] = ()
    context: UeContext | None = None
    """The connection of the phone that it belongs to; None: it belongs to none."""
    faults: tuple[str, ...] = ()
    """Parts that could not be read, `part: why`; the rest stands."""

    def __init__(self, frame: int, at_us: int | None, route: Route, course: Course, size: int) -> None:
        self.frame, self.at_us, self.route, self.course, self.size = frame, at_us, route, course, size

    @property
    def protocol(self) -> str:
        """Tell `s1ap` or `ngap`; `nas-eps` or `nas-5gs` where the capture was made on the radio side."""
        return self.course.protocol

    @property
    def kind(self) -> str:
        """One of `KINDS`, or nothing."""
        return self.course.kind

    @property
    def procedure(self) -> int:
        """Procedure code; -1: not even that could be read, or none (NAS alone)."""
        return self.course.procedure

    @property
    def source(self) -> str:
        """Address that sent it."""
        return self.route.source

    @property
    def source_port(self) -> int:
        """SCTP (or UDP) port that sent it."""
        return self.route.source_port

    @property
    def destination(self) -> str:
        """Address that it went to."""
        return self.route.destination

    @property
    def destination_port(self) -> int:
        """Port that it went to."""
        return self.route.destination_port

    @property
    def association(self) -> int:
        """Number of the SCTP association within the capture; 0: there is none."""
        return self.route.association

    @property
    def at(self) -> datetime | None:
        """When it was captured, naive UTC."""
        return None if self.at_us is None else EPOCH + timedelta(microseconds=self.at_us)

    @property
    def label(self) -> str:
        """Kind and size, for a rejection: holds no identifier."""
        return f"{self.protocol.upper()} {self.kind or 'message'} {self.procedure}, {self.size} bytes"

    def fault(self, text: str) -> None:
        """Note a part that could not be read."""
        self.faults = (*self.faults, text)


_USUAL = """frame at_us route size course is_uplink core_id ran_id nas_pdus location context nas bearers establishment_cause
    cause security_capabilities station tracking_areas paging_cycle served_groups capacity temporary core_group name core_name"""
"""Fields that messages have often."""


def _lay_out(first: object, names: Iterable[str]) -> None:
    """Set fields of the first object of a class.

    CPython keeps the names of fields once for a class, but only of those set in one of its first objects, some twenty; an
    object with another field gets a dict of its own, and costs as much again.
    """
    for name in names:
        setattr(first, name, None)


_lay_out(object.__new__(Message), _USUAL.split())
_lay_out(object.__new__(Nas), Nas.__annotations__)
