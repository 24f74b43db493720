"""Measure a result against the truth of a scenario; make the results of the naive baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellwarden import __version__
from cellwarden.evaluate.baselines import BASELINES, baseline_tables
from cellwarden.evaluate.found import read_result
from cellwarden.evaluate.report import render_html, to_json
from cellwarden.evaluate.scores import score
from cellwarden.evaluate.truth import read_truth
from cellwarden.foundation.errors import UsageError
from cellwarden.lake.reading import open_records
from cellwarden.lake.store import Lake
from cellwarden.workflows.bootstrap import opened_engine
from cellwarden.workflows.load import Progress, load, quiet, refuse_lake_inside
from cellwarden.workflows.result import result_folder, write_manifest, write_table, write_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


JSON, HTML = "evaluation.json", "evaluation.html"


def evaluate(
    truth: Path,
    result: Path,
    *,
    ablations: Sequence[Path] = (),
    records: Path | None = None,
    key: Path | None = None,
    out: Path | None = None,
) -> dict[str, Any]:
    """Score a result folder against a truth folder.

    Args:
        truth: `OUT/truth` of a scenario.
        result: A result folder, ours or another system's.
        ablations: Results on the same records less something.
        records: `OUT/records`, for what the truth does not say; None: beside the truth.
        key: Key of the lake of the result, where it speaks by pseudonyms; None: `RESULT.lake.key`. It turns the truth's identifiers into
            pseudonyms, never the other way round: nobody is revealed.
        out: Folder for `evaluation.json` and `evaluation.html`; None: nothing is written.

    Raises:
        UsageError: A folder is not what it should be.
        MalformedInputError: A table breaks the contract.
        RefusedError: The given key cannot be used.
    """
    scores = score(
        read_truth(truth, records=records),
        read_result(result, key=key),
        ablations=tuple(read_result(each) for each in ablations),
    )
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        write_text(out, JSON, to_json(scores))
        write_text(out, HTML, render_html(scores))
    return scores


def baseline(
    name: str,
    records: Path,
    out: Path,
    *,
    lake: Path | None = None,
    engine: str = "duckdb",
    progress: Progress = quiet,
) -> dict[str, int]:
    """Let a naive baseline investigate a record folder; return the rows of each table that it wrote.

    Args:
        name: `not_in_registry`, `imsi_share_z_score`, `new_visitor_share`, `complaint_clustering` or `common_cell_of_victims`.
        records: A record folder.
        out: The result folder: `suspects`, `exposures`, `payment_links` and a manifest; people under pseudonyms.
        lake: Where the records rest; None: OUT + `.lake`. All five may share one.
        engine: As `--engine` says it.
        progress: Told how far it is.
    """
    if name not in BASELINES:
        raise UsageError(f"{name!r} is no baseline", where="baseline", fix=f"Say one of {', '.join(BASELINES)}")
    store = Lake(lake or out.with_name(out.name + ".lake"))
    for folder in (store.folder, out):
        refuse_lake_inside(records, folder)
    with store.locked(), result_folder(out) as draft:
        with opened_engine("duckdb", store.scratch) as sorter:
            load(records, store, sorter, mirror=lake is None, progress=progress)
        with opened_engine(engine, store.scratch) as opened:
            open_records(opened, store)
            tables = baseline_tables(name, opened)
        for table, rows in tables.items():
            write_table(draft, table, rows)
        rule = BASELINES[name]
        write_manifest(
            draft,
            {
                "version": __version__,
                "engine": engine,
                "baseline": name,
                "revealed": False,
                "until": None,
                "rules": {f"{name}.least": rule.least, **{f"{name}.{limit}": value for limit, value in rule.limits.items()}},
            },
        )
    return {table: len(rows) for table, rows in tables.items()}
