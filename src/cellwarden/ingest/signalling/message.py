"""What a capture decodes to: one `Message` an S1AP or NGAP message, with the NAS messages inside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 (the lake keeps naive UTC)
KINDS = ("initiatingMessage", "successfulOutcome", "unsuccessfulOutcome")
"""Alternatives of S1AP-PDU and NGAP-PDU (TS 36.413, 9.3.2; TS 38.413, 9.4.3), in the order of the CHOICE."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A mobile identity as it stands in a NAS message (TS 24.301, 9.9.3.12; TS 24.501, 9.11.3.4)."""

    kind: str
    """A word of `vocabulary.IDENTITIES`: IMEISV is `imei`, a TMSI is `guti`."""
    digits: str | None = None
    """IMSI (also from a SUCI of the null scheme), IMEI or IMEISV; None for temporary and concealed ones."""
    temporary: str | None = None
    """GUTI or S-TMSI as text, a key for comparing; None for permanent ones."""
    code: int = 0
    """Type of identity as coded, 1 IMSI (5GS: SUCI), 2 IMEI (5GS: GUTI), 3 IMEISV (5GS: IMEI), and so on."""


@dataclass(slots=True)
class Nas:
    """One NAS message of the mobility sublayer."""

    system: str
    """`eps` (TS 24.301) or `5gs` (TS 24.501)."""
    is_uplink: bool
    security_header: int
    """Security header type, 0 plain to 4; 12 is the short service request (TS 24.301, 9.3.1)."""
    type: int | None = None
    """Message type; None: ciphered, or a session management message."""
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
    """EPS attach type, EPS update type, 5GS registration type, detach type."""
    ciphering: int | None = None
    """Algorithm chosen by a Security Mode Command; 0 is null."""
    integrity: int | None = None
    cause: int | None = None
    """EMM or 5GMM cause."""
    nested: Nas | None = None
    """The complete initial message inside Security Mode Complete or a request (TS 24.501, 4.4.6)."""


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


@dataclass(frozen=True, slots=True)
class Location:
    """Serving cell and tracking area of a phone, as the base station reports them."""

    plmn: str
    """Of the tracking area."""
    tac: int | None
    cell: int | None
    """28-bit ECI or 36-bit NCI."""
    rat: str = "lte"


@dataclass(slots=True)
class Message:
    """One S1AP or NGAP message, complete after SCTP and IP reassembly."""

    frame: int
    """Number of the frame that completed it, counting from 1."""
    at_us: int | None
    """Microseconds since 1970 UTC; None: the capture gives the frame no time (simple packet block)."""
    source: str
    source_port: int
    destination: str
    destination_port: int
    association: int
    """Number of the SCTP association within the capture."""
    protocol: str
    """`s1ap` or `ngap`."""
    size: int
    """Octets."""
    kind: str = ""
    """One of `KINDS`."""
    procedure: int = -1
    """Procedure code; -1: not even that could be read."""
    core_id: int | None = None
    """MME-UE-S1AP-ID or AMF-UE-NGAP-ID."""
    ran_id: int | None = None
    """eNB-UE-S1AP-ID or RAN-UE-NGAP-ID."""
    location: Location | None = None
    tai: tuple[str, int] | None = None
    """PLMN and TAC where they stand apart from the cell."""
    cell: tuple[str, int] | None = None
    """PLMN and ECI where they stand apart from the tracking area."""
    temporary: str | None = None
    """S-TMSI or 5G-S-TMSI beside the NAS message: code and TMSI, without PLMN."""
    station: Station | None = None
    name: str | None = None
    """eNB or RAN node name, as sent (control characters replaced)."""
    core_name: str | None = None
    """MME or AMF name."""
    tracking_areas: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    """TAC and PLMNs of a setup request."""
    cause: tuple[int, int] | None = None
    """Group (0 radio network, 1 transport, 2 NAS, 3 protocol, 4 miscellaneous) and value of the S1AP or NGAP cause."""
    nas_pdus: list[bytes] = field(default_factory=list)
    """NAS messages as they came."""
    nas: list[Nas] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """Parts that could not be read, `part: why`; the rest stands."""

    @property
    def at(self) -> datetime | None:
        """When it was captured, naive UTC."""
        return None if self.at_us is None else EPOCH + timedelta(microseconds=self.at_us)

    @property
    def label(self) -> str:
        """Kind and size, for a rejection: holds no identifier."""
        return f"{self.protocol.upper()} {self.kind or 'message'} {self.procedure}, {self.size} bytes"


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of the capture that could not be read at all."""

    frame: int
    reason: str
    """`part: why`."""
    label: str
    """Kind and size, without identifiers."""
