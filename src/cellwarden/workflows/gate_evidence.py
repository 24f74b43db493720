"""What a gate leaves behind: a row of `links` and a chained entry for each decision, an alert for each imitation.

The folder is a record folder: `cellwarden investigate` reads its `links/` as any other operator's.
"""

from __future__ import annotations

import csv
import json
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cellwarden.admission.gate import Alerted, Answered, Cut, Outcome
from cellwarden.admission.link_rows import result_of, row_of
from cellwarden.evidence.appended import AppendedFile
from cellwarden.evidence.journal import Journal
from cellwarden.foundation.clock import iso
from cellwarden.records.tables import LINKS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from cellwarden.admission.decisions import Decision
    from cellwarden.admission.facts import Facts
    from cellwarden.admission.rule import Reason
    from cellwarden.admission.sessions import Session

COLUMNS = tuple(column.name for column in LINKS.columns)
_TIMES = ("at", "certificate_not_before", "certificate_not_after")
_UNSAID = ("access_line", "is_recorded")
"""Facts that no log may hold (a customer line), or that say nothing there. The row of `links` keeps the line: it is masked on
its way into the lake."""


_written = lru_cache(maxsize=64)(iso)
"""One instant stands in several places of an entry and its row."""


class GateEvidence:
    """Writes evidence of one process into a folder, by day."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._day: date | None = None
        self._journal: Journal | None = None
        self._links: AppendedFile | None = None
        self._alerts: AppendedFile | None = None
        self._entries: list[tuple[str, datetime, dict[str, Any]]] = []
        self._rows: list[str] = []
        self._alarms: list[str] = []
        self.is_kept = True
        """Whether the last attempt to write succeeded; while it is not, nobody new is let in."""

    def keep(self, outcomes: Iterable[Outcome], *, registry_as_of: datetime) -> bool:
        """Write down what came out; return whether that worked."""
        try:
            as_of = _written(registry_as_of)
            for outcome in outcomes:
                self._keep(outcome, as_of)
            self._write()
        except OSError:
            self.is_kept = False
        else:
            self.is_kept = True
        return self.is_kept

    def left(self, session: Session, at: datetime) -> None:
        """Write down that a tunnel is gone by itself."""
        self._attempt(at, "tunnel_left", _session(session), _down(session, at, "left"))

    def act(self, act: str, at: datetime, **facts: Any) -> bool:
        """Write down an act on the gate itself: a block, a change of the registry or of the policy."""
        return self._attempt(at, act, facts, None)

    def sync(self) -> None:
        """Wait until everything is on disk."""
        if self._journal is not None:
            try:
                self._journal.sync()
            except OSError:
                self.is_kept = False

    def close(self) -> None:
        """Sync and close."""
        for each in (self._journal, self._links, self._alerts):
            if each is not None:
                each.close()
        self._journal = self._links = self._alerts = None
        self._day = None

    def _attempt(self, at: datetime, act: str, facts: dict[str, Any], row: dict[str, Any] | None) -> bool:
        try:
            self._entry(at, act, facts, row)
            self._write()
        except OSError:
            self.is_kept = False
        return self.is_kept

    def _keep(self, outcome: Outcome, as_of: str) -> None:
        if isinstance(outcome, Answered):
            facts, decision = outcome.facts, outcome.decision
            told = {**_decision(decision), "facts": _facts(facts), "registry_as_of": as_of}
            self._entry(facts.at, "gate_decided", told, row_of(facts, decision))
        elif isinstance(outcome, Cut):
            why = result_of(outcome.decision) if outcome.decision is not None else "replaced"
            told = {**_session(outcome.session), "why": why}
            self._entry(outcome.at, "tunnel_cut", told, _down(outcome.session, outcome.at, why))
        else:
            self._alert(outcome)

    def _alert(self, alert: Alerted) -> None:
        told = {
            **_decision(alert.decision),
            "facts": _facts(alert.facts),
            "rivals": [{**_session(rival), "source_ip": rival.facts.source_ip} for rival in alert.rivals],
        }
        self._entry(alert.at, "gate_alerted", told, None)
        self._alarms.append(json.dumps({"at": iso(alert.at), **told}, ensure_ascii=False) + "\n")

    def _entry(self, at: datetime, act: str, facts: dict[str, Any], row: dict[str, Any] | None) -> None:
        if at.date() != self._day:
            self._begin(at)
        self._entries.append((act, at, facts))
        if row is not None:
            row |= {name: _written(row[name]) for name in _TIMES if row.get(name) is not None}
            self._rows.append(_csv(map(row.get, COLUMNS)))

    def _write(self) -> None:
        """Hand everything to the system; what it does not take is dropped, and the OSError says so."""
        entries, self._entries = self._entries, []
        rows, self._rows = self._rows, []
        alarms, self._alarms = self._alarms, []
        if entries and self._journal is not None:
            self._journal.write_all(entries)
        for file, lines in ((self._links, rows), (self._alerts, alarms)):
            if lines and file is not None:
                file.write("".join(lines).encode())

    def _begin(self, at: datetime) -> None:
        """Open the files of a day; the new chain names the end of the old one."""
        self._write()
        before = self._journal.last if self._journal is not None else None
        self.close()
        for name in ("links", "audit", "alerts"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        day = at.date()
        self._journal = Journal(self._folder / "audit" / f"{day}-{self._name}.jsonl")
        self._links = AppendedFile(self._folder / "links" / f"{day}-{self._name}.csv")
        if self._links.is_empty:
            self._links.write(_csv(COLUMNS).encode())
        self._alerts = AppendedFile(self._folder / "alerts" / f"{day}-{self._name}.jsonl")
        self._day = day
        if before is not None:
            self._journal.write("journal_continued", at=at, follows=before)


class _Line:
    """Where a writer of `csv` puts a line: nowhere, it is what `writerow` returns."""

    def write(self, line: str) -> str:
        """Give the line back."""
        return line


_row = csv.writer(_Line(), lineterminator="\n").writerow


def _csv(values: Iterable[Any]) -> str:
    return str(_row(values))


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "allow": decision.allow,
        "equipment_id": decision.equipment_id,
        "reasons": _reasons(decision.reasons),
        "would_have": _reasons(decision.would_have),
        "findings": _reasons(decision.findings),
        "unjudged": list(decision.unjudged),
        "region": decision.region,
    }


def _reasons(reasons: Iterable[Reason]) -> list[list[Any]]:
    return [[reason.code, reason.rule, reason.detail] for reason in reasons]


def _facts(facts: Facts) -> dict[str, Any]:
    told = facts.known()
    for name in _UNSAID:
        told.pop(name, None)
    for name in _TIMES:
        if isinstance(value := told.get(name), datetime):
            told[name] = _written(value)
    told["stage"] = facts.stage.value
    return told


def _session(session: Session) -> dict[str, Any]:
    return {"gateway": session.gateway, "key": session.key, "equipment_id": session.equipment_id}


def _down(session: Session, at: datetime, result: str) -> dict[str, Any]:
    facts = session.facts
    return {
        "at": at,
        "event": "ike_down",
        "equipment_id": session.equipment_id,
        "source_ip": facts.source_ip,
        "source_port": facts.source_port,
        "inner_ip": facts.inner_ip,
        "result": result,
        "gateway": session.gateway or None,
    }
