"""What one hook knows of equipment that asks to join. `None` means *not known*, never *no*: no hook knows everything.

A security gateway that is watched by VICI shows no certificate, an OCSP request shows nothing but a certificate, S1 Setup shows
what the unit calls itself. What is known at several stages is put together by the address inside the tunnel.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Stage(Enum):
    """Where equipment is asked; what must be known there before anything is let through."""

    CERTIFICATE = "certificate"
    """OCSP: is this certificate good? Opens nothing by itself."""
    AUTHORISE = "authorise"
    """RADIUS Access-Request of a security gateway or Home NodeB gateway, before the tunnel is up."""
    TUNNEL = "tunnel"
    """The tunnel is established; no packet of it has passed."""
    S1_SETUP = "s1_setup"
    """S1 Setup Request, or NG Setup Request (TS 36.413, 8.7.3)."""
    S1_UPDATE = "s1_update"
    """eNB Configuration Update (TS 36.413, 8.7.4)."""
    INFORM = "inform"
    """TR-069 Inform: the unit tells serial, software and configuration, and asks for its own."""

    @property
    def must_know(self) -> tuple[str, ...]:
        """Names of the facts without which this stage refuses."""
        return _MUST_KNOW[self]

    @property
    def link_events(self) -> tuple[str, str]:
        """Words of `links.event` for let through and for refused."""
        return _LINK_EVENTS[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one attempt to join."""

    stage: Stage
    """Where it is asked."""
    at: datetime
    """When, aware."""
    gateway: str = ""
    """Name of the security gateway or core in front of which this happens; empty: there is only one."""
    key: str = ""
    """What tells this attempt from others at its gateway: number of the IKE SA, of the SCTP association."""
    equipment_id: str | None = None
    """The identity that was authenticated (IDi of IKEv2, its domain taken off), or that is claimed."""
    eap_identity: str | None = None
    """Equipment that the EAP round names, where there is one (RFC 4739)."""
    source_ip: str | None = None
    """Address outside the tunnel."""
    source_port: int | None = None
    """Port outside the tunnel."""
    inner_ip: str | None = None
    """Address inside the tunnel."""
    asn: int | None = None
    """Autonomous system of the outer address."""
    country: str | None = None
    """Of the outer address, ISO 3166-1."""
    access_line: str | None = None
    """Wireline customer line behind the outer address."""
    certificate: str | None = None
    """SHA-256 of the device certificate, lower-case hex."""
    certificate_names: tuple[str, ...] | None = None
    """Equipment that the certificate names: its subject alternative names, their domain taken off."""
    certificate_not_before: datetime | None = None
    """When its validity begins."""
    certificate_not_after: datetime | None = None
    """When its validity ends."""
    certificate_issuer: str | None = None
    """Distinguished name, RFC 4514."""
    is_chain_valid: bool | None = None
    """Whether the certificate leads to a root of the operator or of a manufacturer, as the peer found."""
    revocation: str | None = None
    """What a responder said: `good`, `revoked` or `unavailable`."""
    serial: str | None = None
    """Hardware serial number, as the unit says."""
    software: str | None = None
    """Version of its software, as the unit says."""
    cell: int | None = None
    """Cell identity of the base station: a Home eNB id, an eNB id in the high bits of 28, or a gNB id in those of 36."""
    cell_type: str | None = None
    """How the cell number splits, a word of `vocabulary.CELL_TYPES`."""
    plmn: str | None = None
    """Of its own id."""
    tacs: tuple[int, ...] | None = None
    """Every tracking area code that is claimed."""
    lat: float | None = None
    """Place as the unit says, WGS84, degrees."""
    lon: float | None = None
    """Place as the unit says, WGS84, degrees."""
    neighbours: tuple[int, ...] | None = None
    """Cells that the unit hears."""
    name: str | None = None
    """eNB name as sent."""
    is_recorded: bool = True
    """Whether evidence can be kept of this attempt."""

    def known(self) -> dict[str, object]:
        """Return what is known, by name, in the order of the fields."""
        named = zip(FACT_NAMES, _values_of(self), strict=True)
        return {name: value for name, value in named if value is not None and value != ""}


FACT_NAMES = tuple(each.name for each in fields(Facts))
_values_of = attrgetter(*FACT_NAMES)
FIXED_BY_THE_TUNNEL = frozenset(
    {
        "equipment_id",
        "eap_identity",
        "source_ip",
        "source_port",
        "inner_ip",
        "asn",
        "country",
        "access_line",
        "certificate",
        "certificate_names",
        "certificate_not_before",
        "certificate_not_after",
        "certificate_issuer",
        "is_chain_valid",
        "revocation",
    }
)
"""Facts that were authenticated or seen; what is merely said later does not replace them."""
_MUST_KNOW: dict[Stage, tuple[str, ...]] = {
    Stage.CERTIFICATE: ("certificate",),
    Stage.AUTHORISE: ("equipment_id", "source_ip"),
    Stage.TUNNEL: ("equipment_id", "source_ip", "inner_ip"),
    Stage.S1_SETUP: ("inner_ip", "cell", "cell_type", "tacs"),
    Stage.S1_UPDATE: ("inner_ip",),
    Stage.INFORM: ("serial", "source_ip"),
}
_LINK_EVENTS: dict[Stage, tuple[str, str]] = {
    Stage.CERTIFICATE: ("ike_up", "ike_refused"),
    Stage.AUTHORISE: ("ike_up", "ike_refused"),
    Stage.TUNNEL: ("ike_up", "ike_refused"),
    Stage.S1_SETUP: ("s1_setup", "s1_setup_refused"),
    Stage.S1_UPDATE: ("s1_setup", "s1_setup_refused"),
    Stage.INFORM: ("hems_inform", "hems_inform"),
}
_OWN = frozenset({"stage", "at", "gateway", "key", "is_recorded"})
_JOINED = tuple(name for name in FACT_NAMES if name not in _OWN)


def union(earlier: Facts, later: Facts) -> Facts:
    """Put together what two stages know of the same unit; stage, time, gateway and key are the later one's.

    Facts of the tunnel stay as they were authenticated; of the others, the later word counts.
    """
    values: dict[str, object] = {name: getattr(later, name) for name in _OWN}
    for name in _JOINED:
        first, second = (earlier, later) if name in FIXED_BY_THE_TUNNEL else (later, earlier)
        value = getattr(first, name)
        values[name] = getattr(second, name) if value is None else value
    return Facts(**values)  # type: ignore[arg-type] # each value comes from the field of its own name
