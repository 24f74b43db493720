"""A made-up investigation before it is written: findings, suspects, people and payments from short literals; PLMN 001-01."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from cellwarden.detect.detector import CellKey, Finding
from cellwarden.detect.examination import Examination
from cellwarden.detect.explanations.explanation import Excuse
from cellwarden.detect.fusion import Spell, Suspect
from cellwarden.detect.registry_audit import Audit
from cellwarden.exposure.census import Exposure
from cellwarden.lake.manifest import InputFile
from cellwarden.lake.pseudonyms import in_hex
from cellwarden.lake.reading import Holdings
from cellwarden.linkage.payments import Linkage, PaymentLink
from cellwarden.records.operator import Operator
from cellwarden.records.tables import TABLES
from cellwarden.workflows.investigated import Investigated
from cellwarden.workflows.linking import Further
from cellwarden.workflows.load import Loaded
from cellwarden.workflows.summary import make_summary

START = datetime(2025, 8, 5, 10)
"""Naive UTC, as the lake keeps times."""
END = START + timedelta(hours=2)
LOG_ODDS = {"rogue": 5.0, "suspect": 1.0, "review": -1.0, "explained": -5.0}
NOBODY = {
    "people_signal_exposed": {"total": 0, "imsi": 0, "possible": 0, "guti": 0},
    "people_by_technology": {},
    "people_by_day_local": {},
    "people_by_controller": {},
    "census": [],
}


def key(cell: int = 7, cell_type: str = "home", rat: str = "lte") -> CellKey:
    return CellKey("00101", rat, cell_type, cell)


def finding(detector: str = "moving_cell", *, of: CellKey | None = None, kind: str = "cell", **more: Any) -> Finding:
    of = of or key()
    given: dict[str, Any] = {
        "detector": detector,
        "version": 1,
        "subject_kind": kind,
        "subject": str(of),
        "key": of if kind == "cell" else None,
        "hand": None,
        "from_at": START,
        "to_at": END,
        "known_at": START,
        "weight": 3.0,
        "evidence": {"en": "it moves", "ko": "움직임"},
        "query": "detect/place/moving_cell.sql",
        "parameters": {"plmn": of.plmn, "rat": of.rat, "cell_type": of.cell_type, "cell": of.cell},
    }
    return Finding(**{**given, **more})


def suspect(
    grade: str = "rogue", *, of: CellKey | None = None, unit: str = "unit-1", from_at: datetime = START, **more: Any
) -> Suspect:
    spell = Spell(
        key=of or key(), unit=unit, hands=frozenset(), addresses=frozenset(), from_at=from_at, to_at=from_at + (END - START), events=9
    )  # fmt: skip
    excuse = Excuse(
        explanation="inventory_lag",
        key=None,
        hand=None,
        from_at=START,
        to_at=END,
        detectors=(),
        share=1.0,
        evidence={"en": "", "ko": ""},
    )
    given: dict[str, Any] = {
        "spell": spell,
        "findings": [],
        "excuses": [excuse] if grade == "explained" else [],
        "log_odds": LOG_ODDS[grade],
        "unexplained_log_odds": 3.0 if grade == "explained" else LOG_ODDS[grade],
    }
    made = Suspect(**{**given, **more})
    assert made.grade == grade
    return made


def exposure(
    imsi: int = 1, *, of: CellKey | None = None, unit: str = "unit-1", identity: str = "guti", **more: Any
) -> Exposure:
    of = of or key()
    given: dict[str, Any] = {
        "imsi": imsi,
        "plmn": of.plmn,
        "rat": of.rat,
        "cell_type": of.cell_type,
        "cell": of.cell,
        "unit": unit,
        "episode_from": START,
        "from_at": START + timedelta(minutes=5),
        "to_at": START + timedelta(minutes=25),
        "events": 2,
        "identity": identity,
        "imei_exposed": "none",
        "msisdn_exposed": "none",
        "content_exposed": "none",
        "evidence": "2 rows: temporary identity only",
    }
    return Exposure(**{**given, **more})


def payment(name: str = "p1", *, imsi: int = 1, probability: float = 0.9, **row: Any) -> PaymentLink:
    given = {
        "amount": 500,
        "currency": "KRW",
        "status": "approved",
        "disputed_at": None,
        "paid_at": START,
        "channel": "ars",
        "cell": 7,
        "payment_id": name,
        "imsi": imsi,
        "from_at": START,
        "to_at": END,
        "through_at": None,
    }
    return PaymentLink(
        payment_id=name, imsi=imsi, cell=7, unit="unit-1", probability=probability, kind="through",
        reason={"en": "through it", "ko": "거침"}, row={**given, **row},
    )  # fmt: skip


def investigated(
    *,
    findings: list[Finding] | tuple[Finding, ...] = (),
    suspects: list[Suspect] | tuple[Suspect, ...] = (),
    silent: dict[str, list[str]] | None = None,
    payments: list[PaymentLink] | None = None,
    by_chance: float | None = None,
    lacking: tuple[str, ...] = (),
    **more: Any,
) -> Investigated:
    """Return an investigation; `payments=None` is a folder without that table, `lacking` names further tables and columns."""
    columns = {name: frozenset(TABLES[name].schema.names) for name in TABLES}
    for need in (*lacking, *(["payments"] if payments is None else [])):
        table, _, column = need.partition(".")
        columns[table] = columns[table] - {column} if column else frozenset()
    given: dict[str, Any] = {
        "operator": Operator(name="Example", time_zone="Asia/Seoul", currency="KRW"),
        "holdings": Holdings(columns),
        "examination": Examination(findings=list(findings), suspects=list(suspects), silent=silent or {}, hands=[]),
        "registry": Audit(),
        "people": NOBODY,
        "linkage": Linkage(links=payments or [], by_chance=by_chance),
        "further": Further(),
        "spans": {"access": (START, END)},
        "days": ["2025-08-05"],
    }
    return Investigated(**{**{each.name: [] for each in fields(Investigated)}, **given, **more})


def input_file(file: str, read: int, rejected: int = 0, **more: Any) -> InputFile:
    given: dict[str, Any] = {
        "sha256": f"{file}{read}",
        "mapping": "",
        "tables": {},
        "faults": {},
        "first_at": None,
        "last_at": None,
    }
    return InputFile(file=file, read=read, accepted=read - rejected, rejected=rejected, **{**given, **more})


def summary(of: Investigated, inputs: tuple[InputFile, ...] = (), **loaded: Any) -> dict[str, Any]:
    held = {"settings": {}, "operator": of.operator, "repeated": {}, "ignored": (), "unread": (), **loaded}
    return make_summary(of, Loaded(**held), list(inputs), until=None, engine="duckdb", revealed=False)


def name_of(imsi: int) -> str:
    return in_hex(imsi)
