"""`cellwarden clock …`: what is due when and why, and alarms that were set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cellwarden.foundation.errors import UsageError
from cellwarden.incident.case import overview, schema
from cellwarden.incident.clocks.acts import MeetClock, StartClocks, StopClock
from cellwarden.incident.clocks.alarms import SetAlarmAside, causes, checks, unjudged
from cellwarden.incident.clocks.rules import rules, triggers
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
)
from cellwarden.workflows.investigate import utc_now

if TYPE_CHECKING:
    from datetime import datetime, timedelta

app = typer.Typer(no_args_is_help=True, help="Legal clocks: what is due when, to whom, and under which article.")
Clock = Annotated[str, typer.Argument(help="Clock, as K-1.")]


@app.command("rules")
def rules_(*, as_json: Json = False) -> None:
    """List the rules with trigger, period, recipient and source."""
    rows: list[dict[str, Any]] = [
        {
            "name": each.name,
            "article": each.article,
            "trigger": each.trigger,
            "period": each.period,
            "to": each.to,
            "source": each.source,
        }
        for each in rules().values()
    ]
    print_rows(rows, {name: name for name in rows[0]}, zone="UTC", as_json=as_json)


@app.command()
def start(
    case: Case,
    trigger: Annotated[str, typer.Argument(help="What came to be known; see clock rules.")],
    *,
    known: Annotated[str, typer.Option("--known", help="When somebody knew.")],
    about: Annotated[str, typer.Option("--about", help="What it is about.")],
    why: Annotated[str, typer.Option("--why", help="Why this is the instant.")],
    version: Version = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Record what came to be known; every deadline that follows from it starts then."""
    known_at = instant(known, option="--known")
    assert known_at is not None  # noqa: S101 (the option is required)
    command = StartClocks(case_id=case, expected_version=version, trigger=trigger, known_at=known_at, about=about, why=why)
    carry_out(store, me, command, as_json=as_json)


@app.command()
def met(
    case: Case,
    clock: Clock,
    *,
    at: Annotated[str, typer.Option("--at", help="When the notice or report went out.")],
    receipt: Annotated[str, typer.Option("--receipt", help="Number or file that shows it.")],
    late_because: Annotated[str, typer.Option("--late-because", help="Why it was late, if it was.")] = "",
    slipped_for: Annotated[
        str | None, typer.Option("--slipped-for", help="Reason of the law under which it may be later.")
    ] = None,
    version: Version = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Record that a duty was met; a late one is explained, or refused."""
    met_at = instant(at, option="--at")
    assert met_at is not None  # noqa: S101 (the option is required)
    command = MeetClock(
        case_id=case,
        expected_version=version,
        clock_id=clock,
        met_at=met_at,
        receipt=receipt,
        lateness=late_because,
        slipped_for=slipped_for,
    )
    carry_out(store, me, command, as_json=as_json)


@app.command()
def stop(
    case: Case,
    clock: Clock,
    *,
    why: Annotated[str, typer.Option("--why", help="Why the duty fell away.")],
    version: Version = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Record that a duty fell away before it was due."""
    carry_out(store, me, StopClock(case_id=case, expected_version=version, clock_id=clock, why=why), as_json=as_json)


@app.command("list")
def list_(case: Case, *, store: Store = DEFAULT_STORE, me: Me, as_json: Json = False) -> None:
    """List the clocks of a case with the hours left, and alarms that nobody judged."""
    with at_desk(store, me) as at, at.store.reading(at.me, case_id=case) as connection:
        now = utc_now()
        clocks = [
            {**row, "left_h": _hours_left(row, now), "article": rules()[row["rule"]].article}
            for row in overview.of_case(connection, schema.CLOCK, case)
        ]
        waiting = [dict(row) for row in unjudged(connection, case)]
        if as_json:
            print_json({"clocks": clocks, "unjudged_alarms": waiting})
            return
        columns = {
            "clock_id": "clock",
            "rule": "rule",
            "article": "article",
            "about": "about",
            "state": "state",
            "due_at": "due",
            "left_h": "hours left",
            "met_at": "met",
            "lateness": "late because",
        }
        print_rows(clocks, columns, zone=at.zone, as_json=False)
        for row in waiting:
            typer.echo(f"nobody judged alarm {row['entry_id']}: {row['what']}")


@app.command()
def aside(
    case: Case,
    entry: Annotated[str, typer.Argument(help="Alarm, an entry of the timeline, as N-1.")],
    cause: Annotated[str, typer.Argument(help="What it is taken for; see clock causes.")],
    *,
    answer: Annotated[list[str] | None, typer.Option("--answer", help="CHECK=yes, no or unknown; may repeat.")] = None,
    why: Annotated[str, typer.Option("--why", help="Why.")],
    version: Version = None,
    store: Store = DEFAULT_STORE,
    me: Me,
    as_json: Json = False,
) -> None:
    """Set an alarm aside as something else than an intrusion; the checks of that cause are answered first."""
    answers = {}
    for each in answer or []:
        check, is_said, said = each.partition("=")
        if not is_said:
            raise UsageError(f"{each!r} is no answer", where="--answer", fix="Write CHECK=yes")
        answers[check] = said
    command = SetAlarmAside(case_id=case, expected_version=version, entry_id=entry, cause=cause, answers=answers, why=why)
    carry_out(store, me, command, as_json=as_json)


@app.command("causes")
def causes_(*, as_json: Json = False) -> None:
    """List what else an alarm may be, and what is to be looked at before it may be called that."""
    rows = [
        {"cause": name, "check": check, "question": checks()[check]["en"], "against": each["speaks_against"].get(check, "")}
        for name, each in causes().items()
        for check in each["checks"]
    ]
    print_rows(
        rows,
        {"cause": "cause", "check": "check", "question": "question", "against": "speaks against"},
        zone="UTC",
        as_json=as_json,
    )


@app.command("triggers")
def triggers_(*, as_json: Json = False) -> None:
    """List what starts clocks, in Korean and English."""
    rows = [{"trigger": name, **said} for name, said in triggers().items()]
    print_rows(rows, {"trigger": "trigger", "en": "English", "ko": "Korean"}, zone="UTC", as_json=as_json)


def _hours_left(row: dict[str, Any], now: datetime) -> float | None:
    if row["state"] != "running" or row["due_at"] is None:
        return None
    left: timedelta = row["due_at"] - now
    return round(left.total_seconds() / 3600, 1)
