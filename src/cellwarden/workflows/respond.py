"""What a response desk says: open the store as somebody, carry a command out, open a case from a result."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from cellwarden.foundation.clock import aware
from cellwarden.foundation.digest import sha256_of
from cellwarden.foundation.errors import MalformedInputError
from cellwarden.incident.case.cases import CaseOpened, OpenCaseFromResult
from cellwarden.incident.case.roles import Permission
from cellwarden.incident.case.store import opened_store
from cellwarden.incident.case.token import Token
from cellwarden.lake.store import Lake
from cellwarden.records.results import CELL_KEY
from cellwarden.records.vocabulary import ACCUSING
from cellwarden.workflows.privacy import bind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cellwarden.foundation.clock import Clock
    from cellwarden.incident.case.command import Command, Event
    from cellwarden.incident.case.places import Places
    from cellwarden.incident.case.store import CaseStore


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A person at a store."""

    store: CaseStore
    me: Token
    now: Clock

    def do(self, command: Command) -> Event:
        """Carry a command out."""
        return self.store.handle(command, self.me)

    @property
    def zone(self) -> str:
        """The zone in which people of this store read times."""
        return self.store.facts().get("time_zone", "UTC")

    def may_read(self, row: Mapping[Any, Any]) -> bool:
        """Say whether a row with a `case_id` belongs to a case that this person may read; one without belongs to all."""
        case_id = row["case_id"]
        return case_id is None or Permission.READ in self.store.permissions(self.me, case_id)


@contextlib.contextmanager
def desk(url: str, me: Path, *, clock: Clock) -> Iterator[Desk]:
    """Open a store as the person of a token file."""
    store = opened_store(url, clock=clock)
    try:
        yield Desk(store=store, me=Token.read(me), now=clock)
    finally:
        store.close()


def open_from_result(
    at: Desk, result: Path, *, title: str = "", places: Places | None = None, lake: Path | None = None
) -> CaseOpened:
    """Open a case with what an investigation found; from then on identifiers of its lake are revealed under approvals of this store alone.

    Args:
        at: Who opens it.
        result: A result folder.
        title: Of the case; empty: the result's.
        places: Where records, lake and result lie: with them the census is restated by itself when equipment is seized.
        lake: The lake of the result; None: the one of `places`, or beside the result. One that is bound to a store already stays so.

    Raises:
        MalformedInputError: The folder is no result.
    """
    try:
        manifest = json.loads((result / "manifest.json").read_text(encoding="utf-8"))
        summary: dict[str, Any] = json.loads((result / "summary.json").read_text(encoding="utf-8"))
        suspects = pq.read_table(result / "suspects.parquet").to_pylist()
    except (OSError, ValueError) as error:
        raise MalformedInputError("this is no result folder", where=result.name, fix="Give the --out of investigate") from error
    accused = [row for row in suspects if row["grade"] in ACCUSING]
    window = summary.get("window") or {}
    opened = at.do(
        OpenCaseFromResult(
            title=title or f"{result.name}: {len(accused)} accused episodes",
            name=result.name,
            sha256=sha256_of(result / "manifest.json"),
            queries=tuple(sorted({str(each["query"]) for each in summary["headlines"]})),
            rows=sum(int(each.get("rows", 0)) for each in manifest["outputs"].values()),
            first_at=_instant(window.get("from")),
            last_at=_instant(window.get("to")),
            places=places,
            findings=tuple((aware(row["from_at"]), _said(row)) for row in accused),
        )
    )
    assert isinstance(opened, CaseOpened)  # noqa: S101 (what the command promises)
    beside = result.with_name(f"{result.name}.lake") if places is None else Path(places.lake)
    held = Lake(lake or beside)
    if held.folder.is_dir() and not held.approvals_path.exists():
        bind(held, at.store)
    return opened


def _said(row: dict[str, Any]) -> str:
    """Say what is known of an accused episode; cells in hex, which nobody takes for a telephone number."""
    plmn, rat, kind, cell = (row[name] for name in CELL_KEY)
    alert = f", alert possible from {row['alert_at']:%Y-%m-%d %H:%M} UTC" if row["alert_at"] else ""
    return (
        f"cell {cell:#x} ({plmn} {rat} {kind}), {row['unit']}, graded {row['grade']} with score {row['score']:.2f} "
        f"by {', '.join(row['detectors'])}; until {row['to_at']:%Y-%m-%d %H:%M} UTC{alert}"
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
