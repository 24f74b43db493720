"""`cellwarden case …`: timeline, tasks and decisions; people, requests and evidence register theirs beside them."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import Annotated

import typer

from cellwarden.foundation.errors import UsageError
from cellwarden.incident.case import overview as reading
from cellwarden.incident.case.cases import CloseCase, OpenCase, ReopenCase
from cellwarden.incident.case.decisions import EndTask, SetTask, TakeDecision
from cellwarden.incident.case.timeline import RecordEntry, timeline
from cellwarden.incident.privacy.masking import Mask
from cellwarden.interfaces.cli import custody, exporting, people, requests
from cellwarden.interfaces.cli.acting import (
    DEFAULT_STORE,
    Case,
    Json,
    Me,
    Store,
    Version,
    at_desk,
    carry_out,
    instant,
    print_json,
    print_rows,
    say,
)
from cellwarden.workflows.regroup import places
from cellwarden.workflows.respond import open_from_result

app = typer.Typer(no_args_is_help=True, help="Cases: who knew what when, who decided what, and who agreed.")


for _part in (people, requests, custody, exporting):
    _part.register(app)


@app.command("open")
def open_(
    result: Annotated[Path | None, typer.Argument(help="Result folder to start from.")] = None,
    *,
    title: Annotated[str, typer.Option("--title", help="Title; default: the result's.")] = "",
    records: Annotated[
        Path | None, typer.Option("--records", help="Record folder of the result; remembered, to restate the census by itself.")
    ] = None,
    lake: Annotated[Path | None, typer.Option("--lake", help="Its lake; default: RESULT.lake.")] = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Open a case; the result enters as evidence, each accused episode as an entry of the timeline. Its lake then reveals under approvals alone."""
    if result is None:
        carry_out(store, me, OpenCase(title=title), as_json=as_json)
        return
    with at_desk(store, me) as at:
        known = places(records, result, lake) if records else None
        say(open_from_result(at, result, title=title, places=known, lake=lake), as_json=as_json)


@app.command("list")
def list_(*, store: Store = DEFAULT_STORE, me: Me, as_json: Json = False) -> None:
    """List the cases that you may read."""
    with at_desk(store, me) as at, at.store.reading(at.me, permission=None) as connection:
        rows = [row for row in reading.cases(connection) if at.may_read(row)]
        columns = {
            "case_id": "case",
            "state": "state",
            "version": "version",
            "opened_at": "opened",
            "opened_by": "by",
            "title": "title",
        }
        print_rows(rows, columns, zone=at.zone, as_json=as_json)


@app.command()
def show(case: Case, *, store: Store = DEFAULT_STORE, me: Me, as_json: Json = False) -> None:
    """Show everything of a case, masked; people go by names of this answer alone."""
    with at_desk(store, me) as at, at.store.reading(at.me, case_id=case) as connection:
        held = Mask()(reading.overview(connection, case))
        if as_json:
            print_json(held)
            return
        typer.echo(f"{held['case_id']}, {held['state']}, version {held['version']}: {held['title']}")
        for name in ("timeline", "tasks", "decisions", "evidence", "restatements", "clocks", "requests"):
            typer.echo(f"\n{name}: {len(held[name])}")
            if held[name]:
                print_rows(held[name], _SHOWN[name], zone=at.zone, as_json=False)


@app.command()
def record(
    case: Case,
    *,
    happened: Annotated[str, typer.Option("--happened", help="When it happened.")],
    what: Annotated[str, typer.Option("--what", help="What happened.")],
    known: Annotated[str | None, typer.Option("--known", help="When somebody knew; default: now.")] = None,
    kind: Annotated[str, typer.Option("--kind", help="incident, finding, alarm, contact, act, notice or note.")] = "note",
    evidence: Annotated[str | None, typer.Option("--evidence", help="Item that shows it.")] = None,
    corrects: Annotated[str | None, typer.Option("--corrects", help="Entry that this one replaces.")] = None,
    version: Version = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Add an entry to the timeline."""
    happened_at = instant(happened, option="--happened")
    assert happened_at is not None  # noqa: S101 (the option is required)
    command = RecordEntry(
        case_id=case,
        expected_version=version,
        happened_at=happened_at,
        known_at=instant(known, option="--known"),
        kind=kind,
        what=what,
        evidence_id=evidence,
        corrects=corrects,
    )
    carry_out(store, me, command, as_json=as_json)


@app.command("timeline")
def timeline_(
    case: Case,
    *,
    order: Annotated[str, typer.Option("--order", help="happened, known or recorded.")] = "happened",
    known_by: Annotated[str | None, typer.Option("--known-by", help="Only what somebody knew by then.")] = None,
    recorded_by: Annotated[str | None, typer.Option("--recorded-by", help="The timeline as it stood then.")] = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Print the timeline by the time things happened, were known or were recorded."""
    if order not in ("happened", "known", "recorded"):
        raise UsageError(f"{order!r} is no order", where="--order", fix="Say happened, known or recorded")
    with at_desk(store, me) as at, at.store.reading(at.me, case_id=case) as connection:
        rows = timeline(
            connection,
            case,
            order=f"{order}_at",  # type: ignore[arg-type] # checked above
            as_known_at=instant(known_by, option="--known-by"),
            recorded_by=instant(recorded_by, option="--recorded-by"),
        )
        print_rows([dict(row) for row in rows], _SHOWN["timeline"], zone=at.zone, as_json=as_json)


@app.command()
def task(
    case: Case,
    *,
    what: Annotated[str, typer.Option("--what", help="What is to do.")],
    to: Annotated[str | None, typer.Option("--to", help="Who does it.")] = None,
    due: Annotated[str | None, typer.Option("--due", help="By when.")] = None,
    version: Version = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Set a task."""
    command = SetTask(case_id=case, expected_version=version, what=what, assigned_to=to, due_at=instant(due, option="--due"))
    carry_out(store, me, command, as_json=as_json)


@app.command("end-task")
def end_task(
    case: Case,
    task_id: Annotated[str, typer.Argument(help="Task, as T-1.")],
    *,
    outcome: Annotated[str, typer.Option("--outcome", help="How it ended.")],
    dropped: Annotated[bool, typer.Option("--dropped", help="It was not done.")] = False,
    version: Version = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """End a task."""
    state = "dropped" if dropped else "done"
    command = EndTask(case_id=case, expected_version=version, task_id=task_id, state=state, outcome=outcome)
    carry_out(store, me, command, as_json=as_json)


@app.command()
def decide(
    case: Case,
    *,
    what: Annotated[str, typer.Option("--what", help="What is decided.")],
    why: Annotated[str, typer.Option("--why", help="Why.")],
    instead_of: Annotated[list[str] | None, typer.Option("--instead-of", help="What else was possible; may repeat.")] = None,
    version: Version = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Record a decision."""
    command = TakeDecision(case_id=case, expected_version=version, what=what, why=why, alternatives=tuple(instead_of or ()))
    carry_out(store, me, command, as_json=as_json)


@app.command()
def close(
    case: Case,
    *,
    why: Annotated[str, typer.Option("--why", help="Why nothing is left to do.")],
    version: Version = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Close a case."""
    carry_out(store, me, CloseCase(case_id=case, expected_version=version, why=why), as_json=as_json)


@app.command()
def reopen(
    case: Case,
    *,
    why: Annotated[str, typer.Option("--why", help="What came up.")],
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Open a closed case again."""
    carry_out(store, me, ReopenCase(case_id=case, why=why), as_json=as_json)


_SHOWN: dict[str, dict[str, str]] = {
    "timeline": {
        "entry_id": "entry",
        "happened_at": "happened",
        "known_at": "known",
        "recorded_at": "recorded",
        "recorded_by": "by",
        "kind": "kind",
        "what": "what",
        "evidence_id": "evidence",
    },
    "tasks": {"task_id": "task", "state": "state", "assigned_to": "who", "due_at": "due", "what": "what", "outcome": "outcome"},
    "decisions": {"decision_id": "decision", "decided_at": "at", "decided_by": "by", "what": "what", "why": "why"},
    "restatements": {
        "restatement_id": "restatement",
        "evidence_id": "because of",
        "state": "state",
        "due_since": "due since",
        "version": "version",
        "written_by": "by",
    },
    "evidence": {
        "evidence_id": "item",
        "kind": "kind",
        "name": "name",
        "source": "source",
        "first_at": "first record",
        "last_at": "last record",
        "sha256": "SHA-256",
    },
    "clocks": {
        "clock_id": "clock",
        "rule": "rule",
        "state": "state",
        "started_at": "started",
        "due_at": "due",
        "met_at": "met",
    },
    "requests": {
        "request_id": "request",
        "kind": "kind",
        "state": "state",
        "asked_by": "asked by",
        "decided_by": "decided by",
        "purpose": "purpose",
    },
}
