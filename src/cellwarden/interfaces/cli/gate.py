"""`cellwarden gate`: no equipment joins unless registry, certificate, line and place agree."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from cellwarden.admission.rulebook import RULES
from cellwarden.interfaces.gate.commands import run, sweep
from cellwarden.workflows import gate_replay
from cellwarden.workflows.investigate import utc_now
from cellwarden.workflows.registry_folder import read_rows, registry_versions
from cellwarden.workflows.registry_view import sealed_by

if TYPE_CHECKING:
    from typing import Any

Json = Annotated[bool, typer.Option("--json", help="Print JSON to standard output, and nothing else.")]
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", help="TOML file with a [policy] table; default: the strict rules.")
]
_SHOWN = 20

gate = typer.Typer(no_args_is_help=True, help="Decide which equipment may join: rules, replay of history, the live gate.")
gate.command()(run)
gate.command()(sweep)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(gate, name="gate")


@gate.command()
def rules(*, as_json: Json = False) -> None:
    """List the rules with their clauses, reason codes and what the robbed network lacked."""
    if as_json:
        listed = [
            {
                "number": r.number,
                "name": r.name,
                "codes": r.codes,
                "findings": r.findings,
                "clause": r.clause,
                "lacked": r.lacked,
            }
            for r in RULES
        ]
        _said(listed)
        return
    console = Console(highlight=False)
    for rule in RULES:
        console.print(f"{rule.number:2}  [bold]{rule.name}[/bold]")
        for said in (", ".join(rule.codes), rule.clause, f"the robbed network: {rule.lacked}"):
            console.print(Padding(said, (0, 0, 0, 4)))


@gate.command()
def replay(
    links: Annotated[Path, typer.Argument(help="Record folder with links and equipment.")],
    *,
    policy: PolicyFile = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="Mapping file; default: mapping.toml of the folder.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="CSV file for the hurt list.")] = None,
    as_json: Json = False,
) -> None:
    """Play history through today's rules: who would have been refused, honest units included."""
    told = gate_replay.replay_folder(links, policy=policy, mapping=mapping)
    if out is not None:
        gate_replay.write_hurt(told, out)
    if as_json:
        _said(told)
    else:
        _print_replay(Console(highlight=False), told)


@gate.command()
def firewall(
    *,
    table: Annotated[str, typer.Option("--table", help="Name of the table.")] = "cellwarden",
    match: Annotated[
        str, typer.Option("--match", help="What tells packets out of a tunnel; `meta secpath exists` for ESP in the kernel.")
    ] = 'iifname "ipsec*"',
) -> None:
    """Print the nftables rules to load at boot: nothing passes out of a tunnel that was not let in."""
    from cellwarden.interfaces.gate.nftables import rules as firewall_rules  # noqa: PLC0415

    sys.stdout.write(firewall_rules(table, match))


@gate.command()
def seal(
    records: Annotated[Path, typer.Argument(help="Record folder with equipment.")],
    *,
    key: Annotated[Path, typer.Option("--key", help="Ed25519 private key, PEM.")],
    out: Annotated[Path, typer.Option("--out", help="File to write.")],
) -> None:
    """Seal the registry, so that gates run for themselves and believe nobody else."""
    equipment, rejected = read_rows(records, "equipment")
    versions, unreadable = registry_versions(equipment)
    content = sealed_by(key, versions, as_of=utc_now())
    fresh = out.with_name(f"{out.name}.new")
    fresh.write_bytes(content)
    fresh.replace(out)
    Console(highlight=False).print(f"{len(versions):,} versions sealed, {rejected + unreadable:,} rows rejected: {out}")


def _print_replay(console: Console, told: dict[str, Any]) -> None:
    console.print(
        f"{told['attempts']:,} attempts to join; {told['refused_then']:,} were refused then, "
        f"{told['refused']:,} more would be refused now, {told['let_in']:,} would be let in now."
    )
    reasons = Table("reason", "rule", "attempts", "units", "clause")
    for each in told["reasons"]:
        reasons.add_row(each["code"], str(each["rule"]), f"{each['attempts']:,}", f"{each['units']:,}", each["clause"])
    hurt = Table("unit", "class", "refused", "of", "reasons")
    for unit in told["hurt"][:_SHOWN]:
        hurt.add_row(
            unit["equipment_id"], unit["class"], f"{unit['refused']:,}", f"{unit['attempts']:,}", " ".join(unit["reasons"])
        )
    for table in (reasons, hurt):
        if table.row_count:
            console.print(table)
    if len(told["hurt"]) > _SHOWN:
        console.print(f"{len(told['hurt']) - _SHOWN:,} more units; say --out FILE for all.")
    for each in told["silent"]:
        console.print(
            f"Rule {each['rule']} was silent on {each['attempts']:,} attempts: {', '.join(each['needs'])} not recorded."
        )
    if not told["needs_tunnel"]:
        console.print("No tunnel is recorded: S1 Setup was judged by what it says alone.")


def _said(content: Any) -> None:
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n")
