"""Rows of `links` and the gate's facts, both ways: history can be played again, and each decision becomes a row of history."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from cellwarden.admission.facts import Facts, Stage
from cellwarden.foundation.clock import aware

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cellwarden.admission.decisions import Decision

STAGE_OF_EVENT = {
    "ike_up": Stage.TUNNEL,
    "ike_refused": Stage.TUNNEL,
    "s1_setup": Stage.S1_SETUP,
    "s1_setup_refused": Stage.S1_SETUP,
    "hems_inform": Stage.INFORM,
}
"""What asks to join; the other events end something."""
_SAME = (
    "equipment_id",
    "source_ip",
    "source_port",
    "inner_ip",
    "asn",
    "country",
    "certificate_issuer",
    "serial",
    "software",
    "access_line",
    "cell",
    "cell_type",
    "plmn",
    "lat",
    "lon",
    "name",
)
"""Columns of `links` that are facts of the same name and kind."""
_same_of = attrgetter(*_SAME)


def facts_of(row: Mapping[str, Any]) -> Facts | None:
    """Make facts of a row of `links`; None for an event that asks for nothing."""
    stage = STAGE_OF_EVENT.get(row["event"])
    if stage is None:
        return None
    tac, neighbours, certificate = row.get("tac"), row.get("neighbours"), row.get("certificate")
    same: dict[str, Any] = {name: row.get(name) for name in _SAME}
    return Facts(
        stage=stage,
        at=aware(row["at"]),
        gateway=row.get("gateway") or "",
        key=tunnel_key(row) if stage is Stage.TUNNEL else association_key(row),
        certificate=certificate.lower() if certificate else None,
        certificate_not_before=_time(row.get("certificate_not_before")),
        certificate_not_after=_time(row.get("certificate_not_after")),
        tacs=None if tac is None else (tac,),
        neighbours=_cells(neighbours),
        **same,
    )


def tunnel_key(row: Mapping[str, Any]) -> str:
    """Name the tunnel of a row; a record has no number of the IKE SA, so its ends must do."""
    return f"{row.get('equipment_id')} {row.get('source_ip')} {row.get('inner_ip')}"


def association_key(row: Mapping[str, Any]) -> str:
    """Name the S1 association of a row."""
    return f"{row.get('inner_ip')} {row.get('cell')}"


def row_of(facts: Facts, decision: Decision) -> dict[str, Any]:
    """Return the row of `links` that keeps this decision; `result` holds the verdict and the reason codes."""
    row: dict[str, Any] = dict(zip(_SAME, _same_of(facts), strict=True))
    row |= {
        "at": facts.at,
        "event": facts.stage.link_events[not decision.allow],
        "equipment_id": facts.equipment_id or decision.equipment_id,
        "tac": facts.tacs[0] if facts.tacs else None,
        "certificate": facts.certificate,
        "certificate_not_before": facts.certificate_not_before,
        "certificate_not_after": facts.certificate_not_after,
        "neighbours": " ".join(map(str, facts.neighbours)) if facts.neighbours else None,
        "result": result_of(decision),
        "gateway": facts.gateway or None,
    }
    return row


def result_of(decision: Decision) -> str:
    """Write a decision in few words: `ok`, `ok would-have CODE…` or `refused CODE…`."""
    if not decision.allow:
        return " ".join(("refused", *decision.codes))
    codes = dict.fromkeys(reason.code for reason in decision.would_have)
    return " ".join(("ok", "would-have", *codes)) if codes else "ok"


def _cells(text: str | None) -> tuple[int, ...] | None:
    """Read the cells heard; what is no number in a foreign export is left out, since it places nothing."""
    return None if text is None else tuple(int(each) for each in text.split() if each.isascii() and each.isdigit())


def _time(value: datetime | None) -> datetime | None:
    return None if value is None else aware(value)
