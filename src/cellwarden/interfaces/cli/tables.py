"""How the command line shows things to people."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from cellwarden.ingest.check import FileCheck

Row = dict[str, Any]
_SHOWN_GAPS = 3
_SHOWN_REASONS = 5
_WIDE = 200
"""Columns that a table may take in a file or pipe, where nothing folds it."""


def plain(found: FileCheck) -> Row:
    """Return a check as plain data."""
    return asdict(found)


def detectors(entries: list[Row]) -> Table:
    """Show the catalogue."""
    table = Table(
        "name",
        "looks for",
        "innocent causes, or what it accounts for",
        "references",
        title="Detectors and explanations",
        show_lines=True,
    )
    for each in entries:
        table.add_row(
            f"{each['name']} v{each['version']}",
            each["looks_for"],
            "\n".join(each["innocent_causes"] or each["accounts_for"]),
            "\n".join(each["references"]),
        )
    return table


def inputs(rows: list[Row]) -> Table:
    """Show what a lake holds."""
    table = Table("file", title="Lake")
    for name in ("read", "accepted", "rejected"):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(row["file"], *(f"{row[name]:,}" for name in ("read", "accepted", "rejected")))
    return table


def print_checks(console: Console, found: list[FileCheck]) -> None:
    """Show a check: one line a file, and below what is odd about each."""
    # First above last: side by side they would squeeze the file's name out of a terminal of 80 columns.
    table = Table(title="Record folder", box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("file", overflow="fold")
    for name in ("rows", "accepted", "rejected", "repeated", "gap hours"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("first, last (UTC)", no_wrap=True)
    for each in found:
        counts = (each.rows, each.accepted, each.rejected, each.duplicates, each.missing_hours)
        span = f"{each.first_at:%Y-%m-%d %H:%M}\n{each.last_at:%Y-%m-%d %H:%M}" if each.first_at and each.last_at else ""
        table.add_row(each.file, *(f"{count:,}" for count in counts), span)
    console.print(table, width=console.width if console.is_terminal else _WIDE, crop=False)
    for each in found:
        remarks = [each.problem] if each.problem else []
        remarks += [f"{count:,} rejected, {reason}" for reason, count in list(each.reasons.items())[:_SHOWN_REASONS]]
        remarks += [f"{len(each.reasons) - _SHOWN_REASONS:,} further reasons"] if len(each.reasons) > _SHOWN_REASONS else []
        remarks += [f"{each.short_imsi:,} short imsi"] if each.short_imsi else []
        remarks += [f"columns that the contract does not know: {', '.join(each.extra_columns)}"] if each.extra_columns else []
        if each.missing_hours:
            remarks.append(f"{each.missing_hours:,} {_plural('hour', each.missing_hours)} without rows: {_spans(each)}")
        for remark in remarks:
            console.print(f"{each.file}: {remark}", soft_wrap=True)


def _spans(each: FileCheck) -> str:
    return ", ".join(f"{start:%Y-%m-%d %H}h to {end:%Y-%m-%d %H}h" for start, end in each.gaps[:_SHOWN_GAPS]) + (
        "…" if len(each.gaps) > _SHOWN_GAPS else ""
    )


def print_verdict(console: Console, out: Path, summary: Row) -> None:
    """Show the verdict: accused, people, money, and where the report lies."""
    people, payments = summary["people_signal_exposed"], summary["payments_linked"]
    suspects = summary["suspects"]
    zone = summary["operator"]["time_zone"]
    console.print(_verdict(summary))
    if summary["window"]["from"] is None:
        console.print(f"report: {out / 'report.html'}", soft_wrap=True)
        return
    table = Table("", "", show_header=False)
    table.add_row("window", f"{_local(summary['window']['from'], zone)} to {_local(summary['window']['to'], zone)} {zone}")
    table.add_row("episodes", ", ".join(f"{count} {grade}" for grade, count in suspects.items()))
    table.add_row(
        "people exposed",
        f"{people['total']:,} = {people['imsi']:,} imsi + {people['possible']:,} possible + {people['guti']:,} guti",
    )
    if payments is None:
        table.add_row("payments linked", "not recorded")
    else:
        money = (
            f", {payments['approved_money']:,} {payments['currency']} approved"
            if payments["approved_money"] is not None
            else ""
        )
        chance = summary["chance_links_expected"]
        by_chance = f"; {chance:.2f} expected by chance" if chance is not None else ""
        table.add_row("payments linked", f"{payments['rows']:,} of {payments['people']:,} people{money}{by_chance}")
    counts = summary["files"].values()
    table.add_row(
        "rows", " ".join(f"{sum(each[name] for each in counts):,} {name}" for name in ("read", "accepted", "rejected"))
    )
    if summary["missing_sources"]:
        table.add_row("not used", ", ".join(summary["missing_sources"]) + " (not in the records)")
    console.print(table)
    console.print(f"report: {out / 'report.html'}", soft_wrap=True)


def _verdict(summary: Row) -> Text:
    accused = summary["suspects"]["rogue"] + summary["suspects"]["suspect"]
    if summary["window"]["from"] is None:
        return Text("No access records: whether there was a rogue cell cannot be told", style="bold yellow")
    if not accused:
        return Text("No cell is accused", style="bold green")
    cells = sum(each["value"] for each in summary["headlines"] if each["name"] in ("rogue_cells", "suspect_cells"))
    counted = [(cells, "accused cell"), (accused, "episode"), (summary["units"], "unit of hardware")]
    return Text(", ".join(f"{count:,} {_plural(name, count)}" for count, name in counted), style="bold red")


def _plural(name: str, count: int) -> str:
    first, *rest = name.split(" of ")
    return " of ".join([first if count == 1 else f"{first}s", *rest])


def _local(text: str | None, zone: str) -> str:
    return datetime.fromisoformat(text).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") if text else "-"


_PARTS = {
    "speaks_for": "for:    ",
    "speaks_against": "against:",
    "was_missing": "missing:",
    "would_change_our_mind": "would change our mind:",
}


def _print_sentences(console: Console, episode: Row) -> None:
    """Show what speaks for and against one episode, what was missing and what would change our mind."""
    console.print(f"  {episode['grade']}, {episode['from_at']:%Y-%m-%d %H:%M} UTC, {episode['unit']}", style="bold")
    for part, heading in _PARTS.items():
        for number, each in enumerate(episode[part]):
            console.print(f"    {heading if number == 0 else ' ' * len(heading)} {each['sentence']}", soft_wrap=True)
            if part == "speaks_against" and each["query"]:
                console.print(f"         {each['query']} {each['parameters']}", style="dim", soft_wrap=True)


def print_explanation(console: Console, told: Row) -> None:
    """Show what speaks for and against a cell."""
    if not told["findings"]:
        console.print(f"Cell {told['cell']}: no detector found anything.")
    elif not told["episodes"]:
        console.print(f"Cell {told['cell']}: accused of nothing; what the detectors saw, with its weight:")
    for episode in told["episodes"]:
        console.print(
            Text(f"{episode['grade']} {episode['score']:.3f}", style="bold"),
            f"{episode['rat']} {episode['cell_type'] or ''} {told['cell']} ({told['cell']:#x}), {episode['unit']}",
        )
        console.print(f"  {episode['from_at']:%Y-%m-%d %H:%M:%S} to {episode['to_at']:%Y-%m-%d %H:%M:%S} UTC")
        if episode["explained_by"]:
            console.print(f"  explained by {episode['explained_by']}")
        if episode["missing_sources"]:
            console.print(f"  not available: {', '.join(episode['missing_sources'])}")
    for finding in told["findings"]:
        console.print(f"  {finding['weight']:+5.1f}  {finding['detector']}: {finding['evidence']}", soft_wrap=True)
        console.print(f"         {finding['rows']}", style="dim", soft_wrap=True)
    for episode in told["episodes"]:
        _print_sentences(console, episode)
    for unit, counted in told["exposed"].items():
        console.print(
            f"  exposures through {unit}: " + ", ".join(f"{count} {grade}" for grade, count in sorted(counted.items()))
        )
