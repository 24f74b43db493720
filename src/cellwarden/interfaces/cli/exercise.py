"""`simulate`, `evaluate`, `baseline` and `ablate`: a city whose truth is known, and how well a result knew it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cellwarden.evaluate.report import to_json
from cellwarden.foundation.errors import UsageError
from cellwarden.interfaces.cli import drilling
from cellwarden.interfaces.cli.progress import shown_progress
from cellwarden.workflows import evaluate as examine
from cellwarden.workflows.ablation import without as leave_out

if TYPE_CHECKING:
    from typing import Any

Json = Annotated[bool, typer.Option("--json", help="Print JSON to standard output, and nothing else.")]


def register(app: typer.Typer) -> None:
    """Add the commands, the drill among them."""
    app.command()(simulate)
    app.command()(evaluate)
    app.command()(baseline)
    app.command()(ablate)
    drilling.register(app)


def simulate(
    scenario: Annotated[str, typer.Argument(help="S01 to S20.")],
    *,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for records/ and truth/.")] = None,
    seed: Annotated[int, typer.Option("--seed")] = 1,
    size: Annotated[
        str, typer.Option("--size", help="xs, s, m or l: about 300 thousand, 6, 80 or 1,000 million access rows.")
    ] = "xs",
    municipality: Annotated[
        str, typer.Option("--map", help="Real municipality to stand on, as Gwangmyeong-si or its code; needs the extra map.")
    ] = "",
    history: Annotated[
        bool,
        typer.Option("--history", help="S02: with the 300 days before, of which access and usage hold two days a quarter."),
    ] = False,
    show_card: Annotated[bool, typer.Option("--card", help="Print the realism card instead of keeping the records.")] = False,
    as_json: Json = False,
) -> None:
    """Make a city with or without a hidden rogue; its truth lies apart from its records."""
    # The compiler behind the generator takes seconds to import, which no other command should wait for.
    from cellwarden.simulate.card import as_markdown, card  # noqa: PLC0415
    from cellwarden.simulate.generator import simulate as simulate_scenario  # noqa: PLC0415
    from cellwarden.simulate.real_ground import read_ground  # noqa: PLC0415

    console = Console(stderr=True, highlight=False)
    if show_card:
        lines = card(scenario, seed, size)
        _said([asdict(line) for line in lines] if as_json else as_markdown(lines))
        return
    if out is None:
        raise UsageError("no folder named", where="simulate", fix="Say --out DIR, or --card")
    ground = read_ground(municipality) if municipality else None
    with shown_progress(console, is_quiet=as_json) as progress:
        report = simulate_scenario(
            scenario,
            out,
            seed=seed,
            size=size,
            history=history,
            progress=lambda stage, share: progress("city", share, 1, stage),
            ground=ground,
        )
    if ground is not None:
        console.print(f"{ground.name}. {ground.attribution}.")
    _said(
        asdict(report)
        if as_json
        else f"{sum(report.rows.values()):,} rows, {report.exposed:,} people exposed, {report.thefts:,} thefts: {out}"
    )


def evaluate(
    truth: Annotated[Path, typer.Argument(help="truth/ of a scenario.")],
    result: Annotated[Path, typer.Argument(help="Result folder, of Cellwarden or of anything that keeps the record contract.")],
    *,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for evaluation.json and evaluation.html.")] = None,
    ablation: Annotated[
        list[Path] | None, typer.Option("--ablation", help="Result on the same records less something; may repeat.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", help="Key of the result's lake; default: RESULT.lake.key.")] = None,
) -> None:
    """Score a result against the truth; prints JSON."""
    scores = examine.evaluate(truth, result, ablations=ablation or [], key=key, out=out)
    sys.stdout.write(to_json(scores))


def baseline(
    name: Annotated[
        str,
        typer.Argument(
            help="not_in_registry, imsi_share_z_score, new_visitor_share, complaint_clustering or common_cell_of_victims."
        ),
    ],
    records: Annotated[Path, typer.Argument(help="Record folder.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="Result folder.")],
    lake: Annotated[Path | None, typer.Option("--lake", help="Lake of the records; default: OUT.lake.")] = None,
    as_json: Json = False,
) -> None:
    """Let a naive rule investigate, to see what it misses and whom it accuses."""
    console = Console(stderr=True, highlight=False)
    with shown_progress(console, is_quiet=as_json) as progress:
        rows = examine.baseline(name, records, out, lake=lake, progress=progress)
    _said(rows if as_json else f"{rows['suspects']:,} suspects: {out}")


def ablate(
    records: Annotated[Path, typer.Argument(help="Record folder.")],
    *,
    without: Annotated[str, typer.Option("--without", help="links, equipment, payments, identity or complaints.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the copy.")],
    as_json: Json = False,
) -> None:
    """Copy a record folder less one source, to see what would be lost without it."""
    changed = leave_out(records, without, out)
    _said({"without": without, "files": changed} if as_json else f"{len(changed)} files left out or changed: {out}")


def _said(content: Any) -> None:
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write(text.rstrip("\n") + "\n")
