"""An attempt to join and the decision on it as JSON, as a peer sends and reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from cellwarden.admission.facts import Facts, Stage

if TYPE_CHECKING:
    from datetime import datetime

    from cellwarden.admission.decisions import Decision

Text = Annotated[str, Field(max_length=256, pattern=r"^[^\x00-\x1f\x7f]*$")]
Whole = Annotated[int, Field(ge=0, le=2**63 - 1)]


class Attempt(BaseModel):
    """What a peer knows of equipment that asks to join; what it does not know, it leaves out."""

    model_config = ConfigDict(extra="forbid")
    stage: Stage
    gateway: Text = ""
    key: Text = ""
    equipment_id: Text | None = None
    eap_identity: Text | None = None
    source_ip: Text | None = None
    source_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    inner_ip: Text | None = None
    asn: Whole | None = None
    country: Text | None = None
    access_line: Text | None = None
    certificate: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    certificate_names: tuple[Text, ...] | None = None
    certificate_not_before: AwareDatetime | None = None
    certificate_not_after: AwareDatetime | None = None
    certificate_issuer: Text | None = None
    is_chain_valid: bool | None = None
    revocation: Literal["good", "revoked", "unavailable"] | None = None
    serial: Text | None = None
    software: Text | None = None
    cell: Whole | None = None
    cell_type: Literal["macro", "home", "short_macro", "long_macro", "gnb"] | None = None
    plmn: Annotated[str, Field(pattern="^[0-9]{5,6}$")] | None = None
    tacs: tuple[Whole, ...] | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    neighbours: tuple[Whole, ...] | None = None
    name: Text | None = None

    def facts(self, at: datetime) -> Facts:
        """Return what it tells, at this instant."""
        return Facts(**{**self.__dict__, "at": at})


class Verdict(BaseModel):
    """A decision."""

    allow: bool
    reasons: list[str]
    """Reason codes of a refusal."""
    details: list[str]
    would_have: list[str]
    findings: list[str]
    unjudged: list[int]
    equipment_id: str | None
    region: str


def verdict_of(decision: Decision) -> dict[str, Any]:
    """Return what `Verdict` describes."""
    return {
        "allow": decision.allow,
        "reasons": list(decision.codes),
        "details": [reason.detail for reason in decision.reasons],
        "would_have": [reason.code for reason in decision.would_have],
        "findings": [reason.code for reason in decision.findings],
        "unjudged": list(decision.unjudged),
        "equipment_id": decision.equipment_id,
        "region": decision.region,
    }
