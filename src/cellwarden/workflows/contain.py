"""Containing, as a response desk does it: dry run over lake and result, ask, put into force, send, and look whether it worked."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from cellwarden.foundation.clock import aware, iso
from cellwarden.foundation.digest import sha256_of
from cellwarden.foundation.errors import MalformedInputError, RefusedError, UsageError
from cellwarden.incident.case import schema
from cellwarden.incident.containment.acts import CONTAINMENT, AskContainment, Contain
from cellwarden.incident.containment.catalogue import act_of, checked_target
from cellwarden.incident.containment.deliveries import due_deliveries, send_due
from cellwarden.incident.containment.dry_run import (
    dormant_units,
    payments_dry_run,
    people_dry_run,
    presence_dry_run,
    put_blocked,
)
from cellwarden.incident.containment.effects import RecordEffect
from cellwarden.incident.containment.proof import (
    payments_proof,
    presence_proof,
    reauthentication_proof,
    recovery_proof,
    swap_proof,
)
from cellwarden.lake.pseudonyms import in_hex
from cellwarden.lake.reading import open_records
from cellwarden.linkage.link import LINKED
from cellwarden.workflows.bootstrap import opened_engine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from cellwarden.engines.port import Engine
    from cellwarden.incident.case.command import Event
    from cellwarden.incident.containment.targets import Target
    from cellwarden.lake.reading import Holdings
    from cellwarden.lake.store import Lake
    from cellwarden.workflows.respond import Desk


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """What an act would have done."""

    shown: dict[str, Any]
    """Counts with their window and sources: what the approver reads."""
    people: tuple[str, ...]
    """Pseudonyms of whom an act on people is about; empty for the others."""
    list: list[dict[str, Any]]
    """Units of a work list; empty for the others."""


def dry_run(lake: Lake, result: Path, act_name: str, target: dict[str, Any], *, engine: str = "duckdb") -> DryRun:
    """Ask the records what an act would have stopped and whom it would have hurt.

    Raises:
        RefusedError: The result shows real identifiers, which do not go into a request.
        MalformedInputError: The target cannot be read, or `result` is no result.
    """
    act = act_of(act_name)
    target = checked_target(act, target)
    manifest = _manifest(result)
    if manifest["revealed"]:
        raise RefusedError(
            "this result shows real identifiers", where=result.name, fix="Investigate again without --reveal, and give that"
        )
    exposures = pq.read_table(result / "exposures.parquet").to_pylist()
    with _records(lake, engine) as (opened, holdings):
        from_at, to_at = _window(opened)
        about: dict[str, Any] = {
            "window": {"from": iso(from_at), "to": iso(to_at)},
            "result_manifest_sha256": sha256_of(result / "manifest.json"),
            "missing_sources": [
                need for need in ("access", "usage", "links", "equipment", "payments") if not holdings.has(need)
            ],
        }
        if act.question == "presence":
            meant = put_blocked(opened, act, target)
            counts = presence_dry_run(opened, exposures, from_at=from_at, to_at=to_at)
            return DryRun(shown={**about, "presences": meant, **counts}, people=(), list=[])
        if act.question == "payments":
            links = pq.read_table(result / "payment_links.parquet").to_pylist()
            linked = [row["payment_id"] for row in links if row["probability"] is not None and row["probability"] >= LINKED]
            counts_paid = payments_dry_run(opened, target, linked, from_at=from_at, to_at=to_at)
            return DryRun(shown={**about, **counts_paid}, people=(), list=[])
        if act.question == "people":
            known = opened.fetch(
                "SELECT s.imsi AS imsi, s.controller AS controller, s.device_class AS device_class FROM subscribers s"
            ).to_pylist()
            reached = people_dry_run(exposures, {in_hex(row["imsi"]): row for row in known}, target["grades"])
            return DryRun(
                shown={**about, **{k: v for k, v in reached.items() if k != "list"}}, people=tuple(reached["list"]), list=[]
            )
        units = dormant_units(opened, silent_days=target["silent_days"], until=to_at)
        never = sum(row["last_seen_at"] is None for row in units)
        return DryRun(shown={**about, "units": len(units), "never_seen": never}, people=(), list=units)


def ask(
    at: Desk,
    tried: DryRun,
    *,
    case_id: str,
    act: str,
    target: dict[str, Any],
    until_at: datetime,
    purpose: str,
    deliver_to: tuple[str, ...],
) -> Event:
    """Ask for an act with its dry run."""
    return at.do(
        AskContainment(
            case_id=case_id,
            act=act,
            target=target,
            until_at=until_at,
            purpose=purpose,
            dry_run=tried.shown | ({"list": tried.list} if tried.list else {}),
            deliver_to=deliver_to,
            people=tried.people,
        )
    )


def contain(at: Desk, request_id: str, targets: Mapping[str, Target]) -> list[Event]:
    """Put an agreed act into force and send what is due."""
    return [at.do(Contain(request_id=request_id)), *deliver(at, targets)]


def deliver(at: Desk, targets: Mapping[str, Target], *, even_failed: bool = False) -> list[Event]:
    """Send what is due; what fails stays due and is tried again at the next call after its pause."""
    with at.store.reading(at.me, permission=None) as connection:
        due = due_deliveries(connection, at=at.now(), even_failed=even_failed)
    return send_due(due, targets, at.do)


def has_expired(at: Desk) -> bool:
    """Say whether an act in force has come to its end."""
    with at.store.reading(at.me, permission=None) as connection:
        over = CONTAINMENT.select().where(CONTAINMENT.c.state == "in_force", CONTAINMENT.c.until_at <= at.now())
        return connection.execute(over).first() is not None


def measure_effect(at: Desk, lake: Lake, request_id: str, *, engine: str = "duckdb") -> dict[str, Any]:
    """Search the records made while an act was in force for what it should have stopped or brought about, and write the answer down.

    Raises:
        UsageError: No such act came into force.
    """
    with at.store.reading(at.me, permission=None) as connection:
        row = connection.execute(CONTAINMENT.select().where(CONTAINMENT.c.request_id == request_id)).mappings().first()
        if row is None or not at.may_read(row):
            raise UsageError("no such act came into force", where=request_id, fix="See cellwarden contain list")
        request = connection.execute(schema.REQUEST.select().where(schema.REQUEST.c.request_id == request_id)).mappings().one()
    act, target, asked = act_of(row["act"]), json.loads(row["target"]), json.loads(request["content"])
    window = {"since": row["applied_at"], "until": row["ended_at"] or row["until_at"]}
    with _records(lake, engine) as (opened, holdings):
        found: dict[str, Any]
        if act.question == "presence":
            meant = put_blocked(opened, act, target)
            found = presence_proof(opened, **window) | {"presences": meant}
        elif act.question == "payments":
            found = payments_proof(opened, target, **window)
        elif act.name == "force_reauthentication":
            has_security = holdings.has("access.ciphering") or holdings.has("access.integrity")
            found = reauthentication_proof(opened, asked["people"], has_security=has_security, **window)
        elif act.name == "list_usim_swap":
            found = swap_proof(opened, asked["people"], **window)
        else:
            found = recovery_proof(opened, asked["dry_run"].get("list", []), **window)
    found |= {"act": act.name, "applied_at": iso(window["since"]), "asked_until": iso(window["until"])}
    at.do(RecordEffect(request_id=request_id, effect=found))
    return found


@contextlib.contextmanager
def _records(lake: Lake, engine: str) -> Iterator[tuple[Engine, Holdings]]:
    with lake.locked(), opened_engine(engine, lake.scratch) as opened:
        yield opened, open_records(opened, lake)


def _window(engine: Engine) -> tuple[datetime, datetime]:
    (row,) = engine.fetch("SELECT min(c.first_at) AS first_at, max(c.last_at) AS last_at FROM cell_day c").to_pylist()
    if row["first_at"] is None:
        (row,) = engine.fetch("SELECT min(p.at) AS first_at, max(p.at) AS last_at FROM payments p").to_pylist()
    if row["first_at"] is None:
        raise UsageError("there are no records to try the act on", where="--lake", fix="Give the lake of the investigation")
    return aware(row["first_at"]).astimezone(UTC), aware(row["last_at"]).astimezone(UTC)


def _manifest(result: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads((result / "manifest.json").read_text(encoding="utf-8"))
        content["revealed"]
    except (OSError, ValueError, KeyError) as error:
        raise MalformedInputError("this is no result folder", where=result.name, fix="Give the --out of investigate") from error
    return content
