"""A made-up investigation: PLMN 450-08, documentation addresses, nobody real."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cellwarden.incident.dossier import Dossier

START = datetime(2025, 8, 5, 12, 0, tzinfo=UTC)
VAN, VAN_TOO, CLONE, SHOP, BUILDING = 0x12D6871, 0x12D6872, 77158 << 8 | 113, 0x00A1B2C, 0x00BEEF1
HOSTILE = '</style><script>alert("x")</script> #set text(red) *bold* $x$ \\ `raw` <label> @ref "quoted" & more'

REGISTRY = {
    "rows_named": [
        {
            "equipment_id": "HNB-79176", "plmn": "45008", "cell_type": "home", "cell": VAN_TOO, "kind": "femto", "status": "active",
            "recorded_by": "provisioning", "valid_from": "2024-04-05T18:27:00Z", "recorded_at": "2025-08-04T18:16:00Z",
            "marks": ["no_order", "backdated", "never_seen", "off_hours", "nowhere"], "found": 1, "expected": 0.0001, "p": 0.0001,
        }
    ],
    "rows_marked": 41,
    "hands": [
        {"recorded_by": "provisioning", "rows": 190, "named": 1, "rates": [{"mark": "no_order", "rows": 14, "peers": 9, "expected": 4.4, "q": 0.0004, "differs": True}]},
        {"recorded_by": HOSTILE, "rows": 620, "named": 0, "rates": [{"mark": "no_order", "rows": 9, "peers": 14, "expected": 18.6, "q": 1.0, "differs": False}]},
    ],
    "imports": [{"recorded_by": "batch", "import_at": "2025-07-01T18:00:00Z", "row_count": 200, "excused": ["backdated", "off_hours"]}],
    "common": {"macro": ["no_order"]},
    "few": ["mobile"],
    "lacking": ["links"],
}  # fmt: skip


def key(cell: int, cell_type: str = "home") -> dict[str, Any]:
    return {"plmn": "45008", "rat": "lte", "cell_type": cell_type, "cell": cell}


def suspect(
    cell: int, grade: str, *, hours: float = 0, lasts: float = 9, cell_type: str = "home", **more: Any
) -> dict[str, Any]:
    begin = START + timedelta(hours=hours)
    return {
        **key(cell, cell_type),
        "from_at": begin,
        "to_at": begin + timedelta(hours=lasts),
        "alert_at": begin + timedelta(hours=1, minutes=10),
        "grade": grade,
        "score": {"rogue": 0.99991, "suspect": 0.72, "review": 0.2, "explained": 0.01}[grade],
        "unit": "unit-1" if cell in (VAN, VAN_TOO) else f"cell-{cell:x}",
        "detectors": ["unregistered_cell", "moving_cell"],
        "explained_by": None,
        "missing_sources": ["links"],
        "lat": None,
        "lon": None,
        "radius_m": None,
        **more,
    }


def finding(number: int, row: dict[str, Any], detector: str, weight: float, evidence: str) -> dict[str, Any]:
    return {
        "finding_id": f"f{number:03}",
        "detector": detector,
        "version": 1,
        "subject_kind": "cell",
        "subject": str(row["cell"]),
        **{name: row[name] for name in ("plmn", "rat", "cell_type", "cell", "from_at", "to_at")},
        "weight": weight,
        "evidence": evidence,
        "rows": f'{{"query": "{detector}", "parameters": {{"cell": {row["cell"]}}}}}',
        "references": "3GPP TS 33.320",
    }


def payment(number: int, **more: Any) -> dict[str, Any]:
    return {
        "payment_id": f"p{number}",
        "at": START + timedelta(hours=2, minutes=7 * number),
        "channel": "ars",
        "kind": "small_payment",
        "merchant": "상품권 가게 (made up)",
        "amount": 495_000,
        "currency": "KRW",
        "status": "approved",
        "disputed_at": START + timedelta(days=2) if number % 2 else None,
        "probability": 0.9999,
        "reason": {"en": "verification call served by the cell 3 minutes before", "ko": "결제 3분 전 인증 전화가 이 셀을 거침"},
        "cell": VAN,
        "unit": "unit-1",
        "imsi": f"{number:016x}",
        **more,
    }


def example() -> Dossier:
    """Return an investigation with two cells of one van, a suspect clone, one for review and one explained."""
    van, van_too = suspect(VAN, "rogue"), suspect(VAN_TOO, "rogue", hours=24, lasts=5)
    clone = suspect(
        CLONE, "suspect", hours=30, lasts=30, cell_type="macro", lat=37.47, lon=126.95, radius_m=420.0, alert_at=None
    )
    accused = [(van, 11, 1, 1), (van_too, 4, 0, 2), (clone, 2, 0, 3)]
    window = {"from": "2025-08-01T00:00:00Z", "to": "2025-09-05T00:00:00Z"}
    numbers = [
        ("rogue_cells", 2, "cells"),
        ("suspect_cells", 1, "cells"),
        ("units", 2, "units"),
        ("people_signal_exposed", 20, "people"),
        ("people_imsi", 14, "people"),
        ("people_possible", 1, "people"),
        ("people_guti", 5, "people"),
        ("payments_linked", 6, "payments"),
        ("money_linked", 2_475_000, "KRW"),
        ("payments_linked_by_chance", 0.04, "payments"),
    ]
    return Dossier(
        summary={
            "version": "0.1.0",
            "operator": {
                "name": "예시텔레콤 Example Telecom",
                "time_zone": "Asia/Seoul",
                "notes": ["own PLMN not stated: 45008"],
            },
            "window": window,
            "until": None,
            "engine": "duckdb 1.5",
            "headlines": [
                {
                    "name": n,
                    "value": v,
                    "unit": u,
                    "window": window,
                    "query": "census" if "people" in n else "fusion",
                    "missing_sources": ["links", "tips"],
                }
                for n, v, u in numbers
            ],
            "files": {
                "access/date=2025-08-05/part-0.parquet": {"read": 1_204_332, "accepted": 1_204_330, "rejected": 2},
                "payments.csv": {"read": 9_120, "accepted": 9_119, "rejected": 1},
            },
            "data_faults": {"short_imsi": {"payments.csv": 3}},
            "people_signal_exposed": {"total": 20, "imsi": 14, "possible": 1, "guti": 5},
            "people_by_technology": {
                "lte": {"total": 20, "imsi": 14, "possible": 1, "guti": 5},
                "nr": {"total": 0, "imsi": 0, "possible": 0, "guti": 0},
                "utra": "not recorded",
                "geran": "not recorded",
            },
            "people_by_day_local": {"2025-08-05": 9, "2025-08-06": 13, "2025-08-07": 5},
            "people_by_controller": {"own": 16, "예시알뜰폰": 4},
            "exposure_rows": 24,
            "events_in_exposures": 311,
            "access_rows_in_accused_episodes_without_imsi": 17,
            "payments_linked": {
                "rows": 6,
                "people": 5,
                "approved": 5,
                "declined": 1,
                "approved_money": 2_475_000,
                "currency": "KRW",
                "disputed": 3,
                "not_disputed_approved": 2,
            },
            "chance_links_expected": 0.04,
            "missing_sources": ["links", "tips"],
            "registry_audit": REGISTRY,
            "blind": [
                {"kind": "before_first_record", "table": "access", "until": "2025-08-01T00:00:00Z"},
                {"kind": "gap", "table": "access", "from": "2025-08-09T03:00:00Z", "to": "2025-08-09T05:30:00Z"},
                {"kind": "missing_table", "table": "links"},
                {"kind": "missing_column", "table": "access", "column": "ciphering"},
            ],
            "suspects": {"rogue": 2, "suspect": 1, "review": 1, "explained": 1},
            "units": 2,
        },
        suspects=[
            van,
            van_too,
            clone,
            suspect(SHOP, "review", hours=3),
            suspect(BUILDING, "explained", hours=5, explained_by="inventory_lag", alert_at=None),
        ],
        findings=[
            finding(1, van, "unregistered_cell", 6.9, "cell 19753073 was deleted on 2020-01-14 and served 190 rows since"),
            {
                **finding(2, van, "moving_cell", 3.4, ""),
                "evidence": {
                    "ko": "방문자의 주변 셀이 9시간 동안 11.2 km 이동함",
                    "en": "its visitors' neighbours drift over 11.2 km in 9 hours",
                },
            },
            {
                **finding(7, van, "unregistered_cell", 0.0, "joined under an id that was never issued; nobody touched it"),
                "subject_kind": "equipment",
                "subject": "HENB-00417",
                **dict.fromkeys(("plmn", "rat", "cell_type", "cell")),
            },
            finding(3, van, "core_restart", -1.2, "a core restart explains some of the attaches"),
            finding(4, van_too, "unit_membership", 4.1, f"shares hours and 3 phones with 0x12d6871 {HOSTILE}"),
            finding(5, clone, "two_places_at_once", 3.1, "two setups overlap: 192.0.2.7 and 198.51.100.23"),
            {
                **finding(6, van, "shared_certificate", 5.0, "both cells joined with certificate ab12…"),
                "subject_kind": "unit",
                "subject": "unit-1",
                "cell": None,
            },
        ],
        census=[
            {
                **{n: row[n] for n in ("plmn", "rat", "cell_type", "cell", "unit", "from_at")},
                "people": a + b + c,
                "imsi": a,
                "possible": b,
                "guti": c,
                "events": 100,
            }
            for row, a, b, c in accused
        ],
        activity=[
            {
                **{n: row[n] for n in ("plmn", "rat", "cell_type", "cell", "unit", "from_at")},
                "at": row["from_at"] + timedelta(minutes=10 * step),
                "events": 1 + (step * 7) % 11,
                "people": 1 + step % 4,
            }
            for row, *_ in accused
            for step in range(int((row["to_at"] - row["from_at"]) / timedelta(minutes=10)))
            if step % 13 < 9
        ],
        tracks=[
            {
                **key(VAN),
                "unit": "unit-1",
                "at": START + timedelta(minutes=10 * step),
                "lat": 37.45 + 0.0011 * step + (0.002 if step % 3 else 0),
                "lon": 126.90 + 0.0017 * step,
                "radius_m": 150.0 + 10 * (step % 5),
            }
            for step in range(54)
        ],
        payments=[payment(n) for n in range(5)] + [payment(5, status="declined", probability=0.61, merchant=HOSTILE)],
        places=[
            {"lat": 37.40 + 0.012 * (i % 13), "lon": 126.86 + 0.013 * (i * 7 % 17), "kind": "macro" if i % 4 else "femto"}
            for i in range(160)
        ],
        rejected=[
            {
                "file": "payments.csv",
                "row": 17,
                "reason": "amount: not a whole number",
                "raw": "p17,2025-08-05,############,ars,4.5e3",
            },
            {"file": "access/date=2025-08-05/part-0.parquet", "row": 90, "reason": "rat: unknown value", "raw": HOSTILE},
        ],
        queries={
            "census": "-- one row a subscriber, 노출 등급\nSELECT imsi, max(grade) AS grade\nFROM exposures\nWHERE from_at < :until\nGROUP BY imsi\n",
            "fusion": "SELECT cell, sum(weight) AS score\nFROM findings\nGROUP BY cell\nHAVING sum(weight) > 0\n",
        },
        detectors=[
            {
                "name": name,
                "version": 1,
                "looks_for": f"what {name.replace('_', ' ')} means in a sentence",
                "innocent_causes": ["inventory lag", "a van that is lawfully moved"],
                "references": ["3GPP TS 33.320, 7.2"],
                "thresholds": [
                    {"name": "min_phones", "value": 20, "unit": "phones", "reason": "fewer fit inside one lost capture file"}
                ],
            }
            for name in ("unregistered_cell", "moving_cell", "unit_membership", "two_places_at_once")
        ],
    )


def nothing() -> Dossier:
    """Return an investigation that found nothing in records that held nothing."""
    return Dossier(
        summary={
            "version": "0.1.0",
            "operator": {"name": "", "time_zone": "", "notes": []},
            "window": {"from": None, "to": None},
            "until": None,
            "engine": "duckdb 1.5",
            "headlines": [],
            "files": {},
            "data_faults": {"short_imsi": {}},
            "people_signal_exposed": {"total": 0, "imsi": 0, "possible": 0, "guti": 0},
            "people_by_technology": {},
            "people_by_day_local": {},
            "people_by_controller": {},
            "exposure_rows": 0,
            "events_in_exposures": 0,
            "access_rows_in_accused_episodes_without_imsi": 0,
            "payments_linked": None,
            "chance_links_expected": None,
            "missing_sources": ["payments"],
            "blind": [],
            "suspects": {"rogue": 0, "suspect": 0, "review": 0, "explained": 0},
            "units": 0,
        }
    )
