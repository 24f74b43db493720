"""How the command line shows things to people."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from cellwarden.foundation.clock import iso

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from cellwarden.ingest.check import FileCheck

Row = dict[str, Any]
_SHOWN_GAPS = 3
_SHOWN_REASONS = 5
_COUNTS = ("rows", "accepted", "rejected", "duplicates", "missing_hours")
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
    """Show a check: one line a file or partitioned folder, and below what is odd about each file."""
    # First above last: side by side they would squeeze the file's name out of a terminal of 80 columns.
    table = Table(title="Record folder", box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("file", overflow="fold")
    for name in ("rows", "accepted", "rejected", "repeated", "gap h"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("first, last (UTC)", no_wrap=True)
    for name, files in _by_folder([each for each in found if each.table]):
        sums = (sum(getattr(each, count) for each in files) for count in _COUNTS)
        spans = [(each.first_at, each.last_at) for each in files if each.first_at and each.last_at]
        first, last = (min(first for first, _ in spans), max(last for _, last in spans)) if spans else (None, None)
        span = f"{first:%Y-%m-%d %H:%M}\n{last:%Y-%m-%d %H:%M}" if first else ""
        table.add_row(name, *(f"{count:,}" for count in sums), span)
    console.print(table, width=console.width if console.is_terminal else _WIDE, crop=False)
    for each in found:
        if each.problem:
            console.print(each.problem, soft_wrap=True)
        remarks = [] if each.table else ["of no table of the contract, not read"]
        remarks += [f"{count:,} rejected, {reason}" for reason, count in list(each.reasons.items())[:_SHOWN_REASONS]]
        remarks += [f"{len(each.reasons) - _SHOWN_REASONS:,} further reasons"] if len(each.reasons) > _SHOWN_REASONS else []
        remarks += [f"{each.short_imsi:,} short imsi"] if each.short_imsi else []
        remarks += [f"columns that the contract does not know: {', '.join(each.extra_columns)}"] if each.extra_columns else []
        if each.missing_hours:
            remarks.append(f"{each.missing_hours:,} {_plural('hour', each.missing_hours)} without rows: {_spans(each)}")
        for remark in remarks:
            console.print(f"{each.file}: {remark}", soft_wrap=True)


def _by_folder(found: list[FileCheck]) -> list[tuple[str, list[FileCheck]]]:
    """Group the files of one top folder that are of one table: partitions by the thousand say nothing one by one."""
    grouped: dict[tuple[str, str], list[FileCheck]] = {}
    for each in found:
        top, is_inside, _ = each.file.partition("/")
        grouped.setdefault((each.table, f"{top}/" if is_inside else each.file), []).append(each)
    return [
        (f"{name} ({len(files):,} files)" if len(files) > 1 else files[0].file, files) for (_, name), files in grouped.items()
    ]


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
    "speaks_for": "for",
    "speaks_against": "against",
    "was_missing": "missing",
    "would_change_our_mind": "would change our mind",
}


def print_explanation(console: Console, told: Row) -> None:
    """Show what speaks for and against each episode of a cell, or what little was seen of a cell without one."""
    if not told["findings"]:
        console.print(f"Cell {told['cell']}: no detector found anything.")
    elif not told["episodes"]:
        console.print(f"Cell {told['cell']}: accused of nothing; what the detectors saw, with its weight:")
        for finding in told["findings"]:
            _print_sentence(
                console,
                f"{finding['weight']:+5.1f}  {finding['detector']}: {finding['evidence']}",
                **json.loads(finding["rows"]),
            )
    for episode in told["episodes"]:
        _print_episode(console, told["cell"], episode, told["time_zone"])
    for unit, counted in told["exposed"].items():
        console.print(f"exposures through {unit}: " + ", ".join(f"{count} {grade}" for grade, count in sorted(counted.items())))


def _print_episode(console: Console, cell: int, episode: Row, zone: str) -> None:
    """Show when it was, how it was graded, and why; below each sentence the query that bears it out."""
    console.print(
        Text(f"{episode['grade']} {episode['score']:.3f}", style="bold"),
        f"{episode['rat']} {episode['cell_type'] or ''} {cell} ({cell:#x}), {episode['unit']}",
    )
    console.print(f"  {_local(iso(episode['from_at']), zone)} to {_local(iso(episode['to_at']), zone)} {zone}")
    if episode["explained_by"]:
        console.print(f"  explained by {episode['explained_by']}")
    for part, heading in _PARTS.items():
        if episode[part]:
            console.print(f"  {heading}", style="bold")
        for each in episode[part]:
            _print_sentence(console, each["sentence"], each["query"], each["parameters"])


def _print_sentence(console: Console, sentence: str, query: str | None, parameters: Row | None) -> None:
    console.print(f"    {sentence}", soft_wrap=True)
    if query:
        where = ", ".join(f"{name} {value}" for name, value in (parameters or {}).items())
        console.print(f"          {query}, {where}", style="dim", soft_wrap=True)
