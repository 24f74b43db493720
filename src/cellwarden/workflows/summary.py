"""summary.json: every headline number with its unit, window, query and the sources it could not use."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cellwarden import __version__
from cellwarden.detect.examination import SPELL
from cellwarden.detect.place.tracks import BIN
from cellwarden.exposure.people import PEOPLE
from cellwarden.foundation.clock import aware, iso
from cellwarden.linkage.link import LINKED
from cellwarden.linkage.payments import CHANCE, PAYMENTS
from cellwarden.records.tables import TABLES
from cellwarden.records.vocabulary import ACCUSING, GRADES
from cellwarden.workflows.audit_registry import shown
from cellwarden.workflows.directions import directions
from cellwarden.workflows.linking import further_summary

if TYPE_CHECKING:
    from datetime import datetime

    from cellwarden.lake.manifest import InputFile
    from cellwarden.workflows.investigated import Investigated
    from cellwarden.workflows.load import Loaded

Row = dict[str, Any]


def make_summary(
    investigated: Investigated, loaded: Loaded, inputs: list[InputFile], *, until: datetime | None, engine: str, revealed: bool
) -> Row:
    """Return the content of summary.json; it holds no wall-clock time."""
    window = _window(investigated)
    payments = _payments(investigated)
    silent = sorted({source for sources in investigated.examination.silent.values() for source in sources})
    graded = Counter(each.grade for each in investigated.examination.suspects)
    accused_units = {each.spell.unit for each in investigated.examination.suspects if each.grade in ACCUSING}
    rogue, suspect = (
        {each.spell.key for each in investigated.examination.suspects if each.grade == grade} for grade in ACCUSING
    )
    people = investigated.people["people_signal_exposed"]
    # Every number counts from access records: without them it is unknown, never 0.
    has_access = window["from"] is not None
    payments_missing = [] if payments is not None else ["payments"]
    numbers: list[tuple[str, int | float | None, str, str, list[str]]] = [
        ("rogue_cells", len(rogue), "cells", SPELL.name, silent),
        ("suspect_cells", len(suspect - rogue), "cells", SPELL.name, silent),
        ("units", len(accused_units), "units", SPELL.name, silent),
        ("people_signal_exposed", people["total"], "people", PEOPLE.name, []),
        ("people_imsi", people["imsi"], "people", PEOPLE.name, []),
        ("people_possible", people["possible"], "people", PEOPLE.name, []),
        ("people_guti", people["guti"], "people", PEOPLE.name, []),
        ("payments_linked", payments["rows"] if payments else None, "payments", PAYMENTS.name, payments_missing),
        (
            "money_linked",
            payments["approved_money"] if payments else None,
            payments["currency"] if payments else "",
            PAYMENTS.name,
            payments_missing,
        ),
        ("payments_linked_by_chance", investigated.linkage.by_chance, "payments", CHANCE.name, payments_missing),
    ]
    return {
        "version": __version__,
        "operator": {
            "name": investigated.operator.name,
            "time_zone": investigated.operator.time_zone or "UTC",
            "notes": list(investigated.operator.notes),
        },
        "window": window,
        "until": iso(until) if until else None,
        "engine": engine,
        "revealed": revealed,
        "headlines": [
            {
                "name": name,
                "value": value if has_access else None,
                "unit": unit,
                "window": window,
                "query": query,
                "missing_sources": missing if has_access else sorted({"access", *missing}),
            }
            for name, value, unit, query, missing in numbers
        ],
        "files": _files(inputs, loaded),
        "inputs": [
            {
                "file": each.file,
                "sha256": each.sha256,
                "read": each.read,
                "accepted": each.accepted,
                "rejected": each.rejected,
                "first_at": each.first_at,
                "last_at": each.last_at,
            }
            for each in inputs
        ],
        "ignored_files": sorted([*loaded.ignored, *loaded.unread]),
        "data_faults": _faults(inputs),
        **{name: counted for name, counted in investigated.people.items() if name != "census"},
        "payments_linked": payments,
        "chance_links_expected": investigated.linkage.by_chance,
        "links": further_summary(investigated.further),
        "suspects": {grade: graded.get(grade, 0) for grade in GRADES},
        "units": len(accused_units),
        "directions": directions(investigated),
        "registry_audit": shown(investigated.registry),
        "placed": _placed(investigated),
        "unregistered_equipment": _unregistered(investigated),
        "silent": investigated.examination.silent,
        "missing_sources": sorted(name for name in TABLES if not investigated.holdings.columns[name]),
        "blind": _blind(investigated),
    }


def _window(investigated: Investigated) -> Row:
    first, last = investigated.spans.get("access") or (None, None)
    return {"from": iso(first) if first else None, "to": iso(last) if last else None}


def _files(inputs: list[InputFile], loaded: Loaded) -> dict[str, Row]:
    """Return the counts of every file: read = accepted + rejected. A file repeated under another name counts once."""
    files: dict[str, Row] = {}
    for each in inputs:
        counted = files.setdefault(each.file, {"read": 0, "accepted": 0, "rejected": 0})
        for name in counted:
            counted[name] += getattr(each, name)
    for file, held in loaded.repeated.items():
        files.setdefault(file, {"read": 0, "accepted": 0, "rejected": 0})["same_content_as"] = held
    return dict(sorted(files.items()))


def _faults(inputs: list[InputFile]) -> dict[str, dict[str, int]]:
    faults: dict[str, dict[str, int]] = {}
    for each in inputs:
        for kind, count in each.faults.items():
            by_file = faults.setdefault(kind, {})
            by_file[each.file] = by_file.get(each.file, 0) + count
    return faults


def _payments(investigated: Investigated) -> Row | None:
    if not investigated.holdings.has("payments"):
        return None
    linked = [each for each in investigated.linkage.links if each.probability >= LINKED]
    approved = [each for each in linked if each.row["status"] == "approved"]
    disputed = [each for each in linked if each.row["disputed_at"] is not None]
    currencies = sorted({each.row["currency"] for each in approved})
    return {
        "rows": len(linked),
        "people": len({each.imsi for each in linked}),
        "approved": len(approved),
        "declined": sum(each.row["status"] == "declined" for each in linked),
        "approved_money": sum(each.row["amount"] for each in approved) if len(currencies) < 2 else None,
        "currency": " ".join(currencies) or investigated.operator.currency,
        "disputed": len(disputed),
        "not_disputed_approved": sum(each.row["disputed_at"] is None for each in approved),
    }


def _placed(investigated: Investigated) -> Row:
    """Say for how much of the accused units' time on the air their place can be told, in spans of ten minutes."""
    on_air = set()
    for each in investigated.examination.suspects:
        if each.grade in ACCUSING:
            at = each.spell.from_at - each.spell.from_at.replace(hour=0, minute=0, second=0, microsecond=0)
            first = each.spell.from_at - at % BIN
            spans = (each.spell.to_at - first) // BIN + 1
            on_air |= {(each.spell.unit, first + number * BIN) for number in range(spans)}
    told = {(each.unit, each.at) for each in investigated.positions}
    return {"ten_minutes_on_air": len(on_air), "ten_minutes_told": len(told & on_air)}


def _unregistered(investigated: Investigated) -> list[str]:
    """Name the equipment that joined and that the registry lacked; what an explanation accounts for is left out."""
    graded: dict[tuple[Any, ...], set[str]] = {}
    for suspect in investigated.examination.suspects:
        key = suspect.spell.key
        graded.setdefault((key.plmn, key.cell_type, key.cell), set()).add(suspect.grade)
    explained = {key for key, grades in graded.items() if grades == {"explained"}}
    return sorted(
        {
            each.subject
            for each in investigated.examination.findings
            if each.subject_kind == "equipment"
            and tuple(each.parameters.get(name) for name in ("plmn", "cell_type", "cell")) not in explained
        }
    )


def _blind(investigated: Investigated) -> list[Row]:
    """Say what the records cannot show."""
    blind: list[Row] = [{"kind": "missing_table", "table": name} for name in TABLES if not investigated.holdings.columns[name]]
    blind += [
        {"kind": "missing_column", "table": table, "column": column}
        for table, _, column in sorted(
            {source.partition(".") for each in investigated.examination.suspects for source in each.missing_sources}
        )
        if column and investigated.holdings.columns[table]
    ]
    blind += [
        {"kind": "before_first_record", "table": table, "until": iso(aware(first))}
        for table, (first, _) in sorted(investigated.spans.items())
    ]
    days = [date.fromisoformat(day) for day in investigated.days]
    for before, after in pairwise(days):
        if after - before > timedelta(days=1):
            blind.append(
                {
                    "kind": "gap",
                    "table": "access",
                    "from": f"{before + timedelta(days=1)}T00:00:00Z",
                    "to": f"{after}T00:00:00Z",
                }
            )
    return blind
