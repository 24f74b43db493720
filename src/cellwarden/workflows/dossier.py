"""Gather what the report says from what was found; the report looks nothing up."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cellwarden.detect import examination, registry_audit, unit_membership
from cellwarden.detect.catalogue import CARDS
from cellwarden.detect.preparation import in_order
from cellwarden.exposure.census import CENSUS
from cellwarden.exposure.people import PEOPLE
from cellwarden.foundation.clock import aware
from cellwarden.incident.dossier import Dossier
from cellwarden.linkage.alarms import ALARMS
from cellwarden.linkage.billing import BILLING
from cellwarden.linkage.complaints import COMPLAINTS
from cellwarden.linkage.contacts import CONTACTS
from cellwarden.linkage.differences import DIFFERENCES
from cellwarden.linkage.leads import LEADS
from cellwarden.linkage.link import LINKED
from cellwarden.linkage.logins import LOGINS
from cellwarden.linkage.payments import CHANCE, PAYMENTS
from cellwarden.linkage.tips import TIPS
from cellwarden.workflows import catalogue
from cellwarden.workflows.tables import key_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.workflows.investigated import Investigated

Row = dict[str, Any]
SHOWN_REJECTIONS = 200
"""The rest is in rejected.parquet."""


def make_dossier(
    investigated: Investigated, summary: Row, tables: dict[str, list[Row]], rejected: list[Row], name_of: Callable[[int], str]
) -> Dossier:
    """Return the report's input."""
    return Dossier(
        summary=summary,
        suspects=_suspects(investigated, tables),
        findings=[
            {**row, "evidence": finding.evidence}
            for row, finding in zip(tables["findings"], investigated.examination.findings, strict=True)
        ],
        census=_census(investigated),
        activity=[
            {
                **{name: row[name] or None for name in ("plmn", "rat", "cell_type", "cell")},
                "unit": row["unit"],
                "from_at": aware(row["episode_from"]),
                "at": aware(row["hour_at"] + timedelta(minutes=10 * row["tenth"])),
                "events": row["events"],
                "people": row["people"],
            }
            for row in investigated.activity
        ],
        tracks=[
            {
                **key_columns(each.key),
                "unit": each.unit,
                "at": aware(each.at),
                "lat": each.lat,
                "lon": each.lon,
                "radius_m": each.radius_m,
            }
            for each in investigated.positions
        ],
        payments=[
            {
                **each.row,
                "imsi": name_of(each.imsi),
                "at": aware(each.row["paid_at"]),
                "disputed_at": aware(each.row["disputed_at"]) if each.row["disputed_at"] else None,
                "probability": each.probability,
                "reason": each.reason,
                "unit": each.unit,
            }
            for each in investigated.linkage.links
            if each.probability >= LINKED
        ],
        places=investigated.places,
        rejected=rejected[:SHOWN_REJECTIONS],
        queries={each.name: each.text for each in queries()},
        detectors=catalogue.entries(),
    )


def queries() -> list[Any]:
    """Return every script behind a result, in the order in which they run."""
    return [
        examination.BASE,
        *(each.script for each in in_order(preparation for card in CARDS for preparation in card.prepares)),
        *(each.script for each in CARDS),
        examination.HANDS,
        examination.SPELL,
        registry_audit.AUDIT,
        registry_audit.ROWS,
        registry_audit.IMPORTS,
        CENSUS,
        PEOPLE,
        PAYMENTS,
        CHANCE,
        BILLING,
        CONTACTS,
        ALARMS,
        LEADS,
        COMPLAINTS,
        LOGINS,
        TIPS,
        DIFFERENCES,
    ]


def _suspects(investigated: Investigated, tables: dict[str, list[Row]]) -> list[Row]:
    """Add to each suspect the findings that its score adds up: which hand they speak of, no column tells."""
    named = list(zip(investigated.examination.findings, tables["findings"], strict=True))
    id_of = {id(finding): row["finding_id"] for finding, row in named}
    counted: dict[tuple[Any, ...], list[str]] = {}
    for each in investigated.examination.suspects:
        spell = each.spell
        ids = [id_of[id(finding)] for finding in each.findings]
        if each.lifted_by:
            ids += [
                row["finding_id"]
                for finding, row in named
                if (finding.detector, finding.key, finding.from_at) == (unit_membership.NAME, spell.key, spell.from_at)
            ]
        counted[(*key_columns(spell.key).values(), spell.unit, aware(spell.from_at))] = ids
    names = ("plmn", "rat", "cell_type", "cell", "unit", "from_at")
    return [{**row, "finding_ids": counted[tuple(row[name] for name in names)]} for row in tables["suspects"]]


def _census(investigated: Investigated) -> list[Row]:
    """Count the people of each accused episode by grade."""
    counted: dict[tuple[Any, ...], Counter[str]] = {}
    for each in investigated.exposures:
        key = (each.plmn, each.rat, each.cell_type or None, each.cell, each.unit, each.episode_from)
        counted.setdefault(key, Counter()).update({each.identity: 1, "people": 1, "events": each.events})
    return [
        {
            **dict(zip(("plmn", "rat", "cell_type", "cell", "unit"), key[:5], strict=True)),
            "from_at": aware(key[5]),
            **{name: counts.get(name, 0) for name in ("people", "imsi", "possible", "guti", "events")},
        }
        for key, counts in sorted(counted.items(), key=lambda each: (each[0][5], each[0][3]))
    ]
