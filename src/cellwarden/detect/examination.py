"""One examination: every detector and explanation over the records, fused into suspects."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

import pyarrow as pa

from cellwarden.detect import unit_membership
from cellwarden.detect.catalogue import CARDS, DETECTORS, EXPLANATIONS
from cellwarden.detect.detector import CellKey, Finding, Row, Surroundings
from cellwarden.detect.directions import without_victims
from cellwarden.detect.fusion import Spell, Suspect, fused, worth_a_look, worth_spells
from cellwarden.detect.place.sighting import BORDER, SURROUNDING
from cellwarden.detect.preparation import prepare
from cellwarden.engines.port import Script
from cellwarden.foundation.clock import naive

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from cellwarden.detect.detector import Detector
    from cellwarden.detect.explanations.explanation import Excuse, Explanation
    from cellwarden.detect.seized import Seizure
    from cellwarden.engines.port import Engine

BASE = Script.beside(__file__, "base.sql")
HANDS = Script.beside(__file__, "hands.sql")
SPELL = Script.beside(__file__, "spell.sql")
PLACED = ("access", "equipment.lat")
"""Without these nothing can be placed."""

_KEY = [("plmn", pa.string()), ("rat", pa.string()), ("cell_type", pa.string()), ("cell", pa.int64())]
_CANDIDATE = pa.schema(_KEY)
_MEMBER = pa.schema([*_KEY, ("hand", pa.string()), ("unit", pa.string())])


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What the detectors found, and what could not be asked."""

    findings: list[Finding]
    suspects: list[Suspect]
    silent: dict[str, list[str]]
    """Detectors and explanations that could not run, with the sources they lacked."""
    hands: list[Row]
    """Which hand stood behind which flagged cell."""
    by_cells: list[Suspect] = field(default_factory=list)
    """What the records of cells accuse, list and explain without any victim: the other direction of the search."""


def examine(
    engine: Engine,
    surroundings: Surroundings,
    *,
    missing: Callable[[tuple[str, ...]], list[str]],
    days: Sequence[str],
    read_day: Callable[[str], None],
    until: datetime,
    progress: Callable[[str], None] = lambda _: None,
) -> Examination:
    """Ask every detector and explanation, and fuse.

    Args:
        engine: With every table of the contract and every roll-up readable under its name.
        surroundings: What judgements may know beside their rows.
        missing: Names the sources, of those asked for, that the records do not have.
        days: UTC days of `access`.
        read_day: Makes one of them readable as `access_day`.
        until: Rows of `access` after it do not exist (yet).
        progress: Told what is being asked.
    """
    operator = surroundings.operator
    engine.put("own_plmn", pa.table({"plmn": pa.array(operator.own_plmns, pa.string())}))
    progress("base")
    engine.run(BASE, own_plmn=operator.own_plmns[0] if operator.own_plmns else "")
    silent = {card.name: lacking for card in CARDS if (lacking := missing(card.needs))}
    detectors = [each for each in DETECTORS if each.name not in silent]
    explanations = [each for each in EXPLANATIONS if each.name not in silent]
    wanted = [*(each.prepares for each in detectors), *(each.prepares for each in explanations)]
    if not missing(PLACED):
        wanted.append((SURROUNDING, BORDER))
    prepare(engine, chain.from_iterable(wanted), days=days, read_day=read_day, progress=progress)
    findings: list[Finding] = []
    for detector in detectors:
        progress(detector.name)
        judged = detector.judge(detector, _asked(engine, detector), surroundings)
        findings += sorted(judged, key=lambda each: (each.subject, each.hand or "", each.from_at))
    excuses: list[Excuse] = []
    for explanation in explanations:
        progress(explanation.name)
        excuses += explanation.judge(explanation, _asked(engine, explanation), surroundings)
    progress("fusion")
    hands, spells = _spells(engine, findings, until, surroundings.seized)
    unchecked = {name for each in EXPLANATIONS if each.name in silent for name in each.accounts_for}
    cut = [each.unit for each in spells]
    suspects = fused(spells, findings, excuses, unchecked=unchecked)
    _relabel(engine, {before: each.unit for before, each in zip(cut, spells, strict=True) if before != each.unit})
    # On copies: fusing may join units anew, and what needs no victim must not relabel what was found with them.
    apart = fused([replace(each) for each in spells], without_victims(findings), excuses, unchecked=unchecked)
    weaker = {name: missing(each.helps) for name, each in ((detector.name, detector) for detector in DETECTORS)}
    findings += [_vouched(each) for each in suspects if each.lifted_by]
    lacking_sources = sorted({source for sources in (*silent.values(), *weaker.values()) for source in sources})
    for suspect in suspects:
        suspect.missing_sources = lacking_sources
    return Examination(findings=findings, suspects=suspects, silent=silent, hands=hands, by_cells=apart)


def _asked(engine: Engine, card: Detector | Explanation) -> list[Row]:
    """Return the rows of a card's query in an order of their own: engines hand rows out as their threads finish."""
    found = engine.run(card.script, **card.values())
    rows: list[Row] = found.sort_by([(name, "ascending") for name in found.column_names]).to_pylist()
    return rows


def _vouched(suspect: Suspect) -> Finding:
    """Write down what the company of a rogue added."""
    spell, other = suspect.spell, suspect.lifted_by
    slots = {"cell": spell.key.cell, "other": other.spell.key.cell if other else ""}
    return Finding(
        detector=unit_membership.NAME,
        version=unit_membership.VERSION,
        subject_kind="cell",
        subject=str(spell.key),
        key=spell.key,
        hand=None,
        from_at=spell.from_at,
        to_at=spell.to_at,
        known_at=suspect.alert_at or spell.to_at,
        weight=unit_membership.LIFT.value,
        evidence={language: text.format(**slots) for language, text in unit_membership.EVIDENCE.items()},
        query=HANDS.name,
        parameters=_columns(spell.key),
    )


def _relabel(engine: Engine, labels: dict[str, str]) -> None:
    """Let the rows behind the spells follow units that fusion has joined."""
    if not labels:
        return
    members = engine.fetch(
        "SELECT m.plmn AS plmn, m.rat AS rat, m.cell_type AS cell_type, m.cell AS cell, m.hand AS hand, m.unit AS unit FROM member m"
    )
    rows = [{**row, "unit": labels.get(row["unit"], row["unit"])} for row in members.to_pylist()]
    engine.put("member", pa.Table.from_pylist(rows, _MEMBER))
    (sql,) = (sql for name, sql in SPELL.steps() if name == "unit_access")
    engine.step("unit_access", sql)


def _spells(
    engine: Engine, findings: list[Finding], until: datetime, seized: Sequence[Seizure]
) -> tuple[list[Row], list[Spell]]:
    """Cut the flagged cells into spells by unit."""
    weights = worth_a_look(findings)
    rank = {key: place for place, key in enumerate(weights)}
    engine.put("candidate", pa.Table.from_pylist([_columns(key) for key in rank], _CANDIDATE))
    # Units are numbered in this order: a reader meets the accused ones as unit-1, unit-2, …
    hands = sorted(engine.run(HANDS).to_pylist(), key=lambda hand: rank[CellKey.of(hand)])
    fleet = [finding.subject for finding in findings if finding.subject_kind == "certificate"]
    units = unit_membership.grouped(hands, fleet_certificates=fleet, seized=seized)
    engine.put("candidate", pa.Table.from_pylist([_columns(key) for key in worth_spells(weights, units)], _CANDIDATE))
    members = [{**_columns(key), "hand": hand, "unit": unit} for (key, hand), unit in units.items()]
    engine.put("member", pa.Table.from_pylist(members, _MEMBER))
    behind: dict[tuple[CellKey, str], list[Row]] = {}
    for hand in hands:
        behind.setdefault((CellKey.of(hand), units[CellKey.of(hand), hand["hand"]]), []).append(hand)
    spells = []
    for row in engine.run(SPELL, until=naive(until)).to_pylist():
        key = CellKey.of(row)
        ours = behind.get((key, row["unit"]), [])
        spells.append(
            Spell(
                key=key,
                unit=row["unit"],
                hands=frozenset(each["hand"] for each in ours),
                addresses=frozenset(each["source_ip"] for each in ours if each["source_ip"]),
                from_at=row["from_at"],
                to_at=row["to_at"],
                events=row["events"],
            )
        )
    return hands, spells


def _columns(key: CellKey) -> Row:
    return {"plmn": key.plmn, "rat": key.rat, "cell_type": key.cell_type, "cell": key.cell}
