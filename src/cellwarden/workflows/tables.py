"""The tables of a result folder from what an investigation found; every order is fixed, so that the bytes are."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cellwarden.detect.place.tracks import middle
from cellwarden.foundation.clock import aware, iso
from cellwarden.workflows.audit_registry import registry_rows
from cellwarden.workflows.linking import further_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.detect.detector import CellKey, Finding
    from cellwarden.linkage.link import Link
    from cellwarden.workflows.investigated import Investigated

Row = dict[str, Any]
_LAST_YEAR = 2999
"""An open end in a finding; written as null."""


def result_tables(investigated: Investigated, name_of: Callable[[int], str]) -> dict[str, list[Row]]:
    """Return the rows of every result table but `rejected`.

    Args:
        investigated: What was found.
        name_of: Writes a subscriber: pseudonym, or identifier under `--reveal`.
    """
    return {
        "findings": [_finding(each) for each in investigated.examination.findings],
        "suspects": _suspects(investigated),
        "exposures": [
            {
                **_key_columns(each),
                **{
                    name: getattr(each, name)
                    for name in ("unit", "events", "identity", "imei_exposed", "msisdn_exposed", "content_exposed", "evidence")
                },
                "imsi": name_of(each.imsi),
                "from_at": aware(each.from_at),
                "to_at": aware(each.to_at),
            }
            for each in sorted(
                investigated.exposures,
                key=lambda each: (name_of(each.imsi), each.from_at, *_place(_key_columns(each)), each.unit),
            )
        ],
        "census": investigated.people["census"],
        "payment_links": [
            {
                "payment_id": each.payment_id,
                "imsi": name_of(each.imsi),
                "cell": each.cell,
                "unit": each.unit,
                "probability": each.probability,
                "reason": each.reason["en"],
            }
            for each in investigated.linkage.links
        ],
        "complaint_links": _links(investigated.complaint_links, name_of),
        "login_links": _links(investigated.login_links, name_of),
        "tip_links": _links(investigated.tip_links, name_of),
        "differences": [asdict(each) for each in investigated.differences],
        "registry_rows": registry_rows(investigated.registry),
        **further_tables(investigated.linkage, investigated.further, name_of),
        "tracks": [
            {
                "cell": each.key.cell,
                "unit": each.unit,
                "at": aware(each.at),
                "lat": each.lat,
                "lon": each.lon,
                "radius_m": each.radius_m,
            }
            for each in investigated.positions
        ],
    }


def _links(links: list[Link], name_of: Callable[[int], str]) -> list[Row]:
    return [
        {
            **{name: aware(value) if isinstance(value, datetime) else value for name, value in each.subject.items()},
            "imsi": None if each.imsi is None else name_of(each.imsi),
            "cell": each.cell,
            "unit": each.unit,
            "probability": each.probability,
            "reason": each.reason["en"],
        }
        for each in links
    ]


def key_columns(key: CellKey) -> Row:
    """Return the cell key as columns; a type that nobody knows is null."""
    return {"plmn": key.plmn, "rat": key.rat, "cell_type": key.cell_type or None, "cell": key.cell}


def _key_columns(each: Any) -> Row:
    return {"plmn": each.plmn, "rat": each.rat, "cell_type": each.cell_type or None, "cell": each.cell}


def _place(row: Row) -> tuple[Any, ...]:
    """Return where a cell stands in an order: numbers of different kinds overlap."""
    return row["cell"], row["plmn"], row["rat"], row["cell_type"] or ""


def _finding(finding: Finding) -> Row:
    row: Row = {
        "detector": finding.detector,
        "version": finding.version,
        "subject_kind": finding.subject_kind,
        "subject": finding.subject,
        **(key_columns(finding.key) if finding.key else {}),
        "from_at": aware(finding.from_at),
        "to_at": aware(finding.to_at) if finding.to_at.year < _LAST_YEAR else None,
        "weight": finding.weight,
        "evidence": finding.evidence["en"],
        "rows": finding.rows(),
        "references": "; ".join(finding.references),
    }
    spelt = "|".join(
        [finding.detector, finding.subject, finding.hand or "", iso(finding.from_at), row["rows"], row["evidence"]]
    )
    return {"finding_id": hashlib.sha256(spelt.encode()).hexdigest()[:16], **row}


def _suspects(investigated: Investigated) -> list[Row]:
    rows = []
    for each in investigated.examination.suspects:
        spell = each.spell
        ours = [p for p in investigated.positions if (p.key, p.unit, p.spell_from) == (spell.key, spell.unit, spell.from_at)]
        lat, lon, radius_m = middle(ours) or (None, None, None)
        rows.append(
            {
                **key_columns(spell.key),
                "from_at": aware(spell.from_at),
                "to_at": aware(spell.to_at),
                "alert_at": aware(each.alert_at) if each.alert_at else None,
                "grade": each.grade,
                "score": each.score,
                "unit": spell.unit,
                "detectors": each.detectors,
                "explained_by": each.explained_by,
                "missing_sources": each.missing_sources,
                "lat": lat,
                "lon": lon,
                "radius_m": radius_m,
            }
        )
    return sorted(rows, key=lambda row: (row["from_at"], *_place(row), row["unit"]))
