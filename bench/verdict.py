"""The verdict (detectors, explanations, units, tracks, census, links) over a loaded city, beside the place query of one hand.

The peer asks one question: where was each cell in each hour, by the median of its visitors' neighbours. It is written for DuckDB and
reads the same days of the same lake, one at a time. Both run in a process of their own; ours with start-up.

    python -m bench.verdict [SIZE]
"""

from __future__ import annotations

import sys
import tempfile

from bench.measured import measured, table

MOST = 3.0
"""Times the CPU of the place query."""
MOST_MIB = 6144.0

_PEER = """
import glob, sys
import duckdb

db = duckdb.connect(config={"memory_limit": "1536MB", "preserve_insertion_order": False})
db.sql("SET enable_progress_bar = false")
lake = sys.argv[1]
db.sql(f"CREATE TABLE cells AS SELECT cell, max(lat) AS lat, max(lon) AS lon FROM read_parquet('{lake}/equipment/*.parquet') GROUP BY cell")
rows = 0
for day in sorted(glob.glob(f"{lake}/access/*/*.parquet")):
    rows += db.sql(f"SELECT count(*) FROM '{day}'").fetchall()[0][0]
    db.sql(f'''
      CREATE OR REPLACE TABLE pairs AS
      SELECT cell, "at", other, other_at FROM (
        SELECT cell, "at", lag(cell) OVER walk AS other, lag("at") OVER walk AS other_at
        FROM '{day}' WINDOW walk AS (PARTITION BY imsi ORDER BY "at", cell))
      WHERE other_at >= "at" - INTERVAL 5 MINUTE AND other <> cell''')
    db.sql('''
      CREATE OR REPLACE TABLE located AS
      SELECT n.cell, n.hour, median(c.lat) AS lat, median(c.lon) AS lon, max(c.lat) - min(c.lat) AS spread, count(*) AS n
      FROM (SELECT cell, date_trunc('hour', "at") AS hour, other FROM pairs
            UNION ALL SELECT other AS cell, date_trunc('hour', other_at) AS hour, cell AS other FROM pairs) n
      JOIN cells c ON c.cell = n.other GROUP BY n.cell, n.hour''')
    db.sql('''
      SELECT cell, hour, lat, lon, spread, n, abs(lat - lag(lat) OVER walk) + abs(lon - lag(lon) OVER walk) AS jump
      FROM located WINDOW walk AS (PARTITION BY cell ORDER BY hour)''').to_arrow_table()
print(rows)
"""

_OURS = """
import sys
from datetime import UTC, datetime
from pathlib import Path

from cellwarden.lake.store import Lake
from cellwarden.records.operator import Operator
from cellwarden.workflows import investigate as workflow
from cellwarden.workflows.bootstrap import opened_engine
from cellwarden.workflows.load import Loaded, quiet

records, lake = Path(sys.argv[1]), Lake(Path(sys.argv[2]))
loaded = Loaded(settings={}, operator=Operator.read(records / "operator.toml"), repeated={}, ignored=(), unread=())
with lake.locked(), opened_engine("duckdb", lake.scratch) as engine:
    workflow._examined(workflow.Request(records=records, out=lake.folder), lake, engine, loaded, quiet)
"""


def main(size: str = "m") -> str:
    """Measure and return the table.

    Raises:
        SystemExit: The verdict costs more than its bounds.
    """
    with tempfile.TemporaryDirectory() as folder:
        program = ("-m", "cellwarden.interfaces.cli.main")
        measured(*program, "simulate", "S02", "--size", size, "--out", f"{folder}/city", "--json")
        load = measured(*program, "ingest", f"{folder}/city/records", "--lake", f"{folder}/lake", "--json")
        peer = measured("-c", _PEER, f"{folder}/lake")
        ours = measured("-c", _OURS, f"{folder}/city/records", f"{folder}/lake")
    rows = int(peer.output)
    named = {"the place query": peer, "the verdict": ours, "loading, before either": load}
    shown = table(
        f"verdict, {rows:,} access rows",
        ["", "CPU-s", "M rows per CPU-s", "peak MiB", "CPU, ratio to the place query"],
        [
            [name, f"{run.cpu_s:.1f}", f"{rows / run.cpu_s / 1e6:.2f}", f"{run.peak_mib:.0f}", f"{run.cpu_s / peer.cpu_s:.2f}"]
            for name, run in named.items()
        ],
    )
    if ours.cpu_s > MOST * peer.cpu_s or ours.peak_mib > MOST_MIB:
        raise SystemExit(f"{shown}\nover {MOST:g} times the place query, or over {MOST_MIB:.0f} MiB")
    return shown


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
