"""Play the links of a record folder through the gate before anybody enforces it."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cellwarden.admission.addresses import networks
from cellwarden.admission.policy import Policy, parse_policy
from cellwarden.admission.registry import Registry
from cellwarden.admission.replay import CLASSES, replay
from cellwarden.admission.rulebook import RULES
from cellwarden.foundation.clock import iso
from cellwarden.ingest.folder import find_inputs
from cellwarden.records.operator import Operator
from cellwarden.workflows.load import read_mapping
from cellwarden.workflows.registry_folder import read_rows, registry_versions, rows

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from cellwarden.admission.replay import Hurt, Replay

HURT_COLUMNS = ("equipment_id", "class", "attempts", "refused", "first_at", "last_at", "reasons", "source_ips")
_MOST_SOURCES = 5


def replay_folder(records: Path, *, policy: Path | None = None, mapping: Path | None = None) -> dict[str, Any]:
    """Play the links of a record folder against its equipment; return what enforcement would have done.

    Args:
        records: A record folder with `links` and `equipment`.
        policy: TOML file with a `[policy]` table; None: the defaults, with networks and country of operator.toml.
        mapping: Mapping file; None: the folder's own.

    Returns:
        `read` and `rejected` rows of both tables, `attempts`, `refused`, `reasons` and `hurt`, as JSON would hold them.
    """
    links, equipment = read_rows(records, "links", mapping), read_rows(records, "equipment", mapping)
    versions, unreadable = registry_versions(equipment[0])
    rules = _policy(records, policy, mapping, links[0])
    told = replay(Registry(versions), rows(links[0].sort_by("at")), rules)
    return {
        "rows": {
            "links": {"accepted": links[0].num_rows, "rejected": links[1]},
            "equipment": {"accepted": len(versions), "rejected": equipment[1] + unreadable},
        },
        "needs_tunnel": rules.needs_tunnel,
        "attempts": told.attempts,
        "refused_then": told.refused_then,
        "refused": told.refused,
        "let_in": told.let_in,
        "reasons": _reasons(told),
        "silent": _silent(told),
        "hurt": [_hurt(unit) for unit in told.hurt],
    }


def write_hurt(told: dict[str, Any], path: Path) -> None:
    """Write the hurt list as CSV: one row a unit."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HURT_COLUMNS, extrasaction="ignore")
        writer.writeheader()
        for unit in told["hurt"]:
            joined = {"reasons": " ".join(unit["reasons"]), "source_ips": " ".join(unit["source_ips"])}
            writer.writerow({**unit, **joined})


def _policy(records: Path, given: Path | None, mapping: Path | None, links: pa.Table) -> Policy:
    """Complete a policy by operator.toml; where no tunnels are recorded, S1 is judged by itself."""
    policy = parse_policy(given.read_text(encoding="utf-8"), where=given.name) if given else Policy()
    stated = find_inputs(records, read_mapping(records, mapping)).operator
    operator = Operator.read(stated) if stated else Operator()
    return replace(
        policy,
        own_networks=policy.own_networks or networks(" ".join(operator.own_networks)),
        own_asns=policy.own_asns or frozenset(operator.own_asns),
        country=policy.country or operator.country,
        needs_tunnel=policy.needs_tunnel and "ike_up" in links["event"].unique().to_pylist(),
    )


def _reasons(told: Replay) -> list[dict[str, Any]]:
    names = {code: rule for rule in RULES for code in rule.codes}
    return [
        {
            "code": code,
            "rule": names[code].number if code in names else 0,
            "attempts": attempts,
            "units": len(told.units_by_code[code]),
            "clause": names[code].clause if code in names else "block list",
        }
        for code, attempts in told.codes.most_common()
    ]


def _silent(told: Replay) -> list[dict[str, Any]]:
    return [
        {"rule": rule.number, "name": rule.name, "attempts": told.unjudged[rule.number], "needs": list(rule.needs)}
        for rule in RULES
        if told.unjudged[rule.number]
    ]


def _hurt(unit: Hurt) -> dict[str, Any]:
    return {
        "equipment_id": unit.equipment_id,
        "class": unit.kind,
        "what_to_do": CLASSES[unit.kind],
        "attempts": unit.attempts,
        "refused": unit.refused,
        "first_at": iso(unit.first_at) if unit.first_at else None,
        "last_at": iso(unit.last_at) if unit.last_at else None,
        "reasons": [code for code, _ in unit.codes.most_common()],
        "source_ips": sorted(unit.sources)[:_MOST_SOURCES],
    }
