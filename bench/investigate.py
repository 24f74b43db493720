"""`investigate` on many access rows, beside one hand-written DuckDB query that reads the same columns once.

The peer answers one question (what each cell saw, per day); `investigate` validates, pseudonymises, sorts, rolls up and asks
every detector. The ratio says what all of that costs in units of one scan.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.measured import measured, table

DAYS, SUBSCRIBERS, MACROS, HOMES = 7, 300_000, 6_000, 2_000
START = datetime(2025, 8, 4, tzinfo=UTC)
_PEER = """
import duckdb, sys
duckdb.sql("SET memory_limit = '1536MB'")
duckdb.sql(f'''
  SELECT plmn, rat, cell_type, cell, source, tac, date_trunc('day', a."at") AS day, min(a."at"), max(a."at"), count(*),
    count(DISTINCT imsi), sum(CASE WHEN identity = 'imsi' THEN 1 ELSE 0 END), sum(CASE WHEN procedure = 'attach' THEN 1 ELSE 0 END),
    sum(CASE WHEN result = 'reject' THEN 1 ELSE 0 END), sum(CASE WHEN ciphering = 0 THEN 1 ELSE 0 END),
    sum(integrity), max(core)
  FROM read_parquet('{sys.argv[1]}/access/*.parquet') a GROUP BY ALL
''').fetchall()
"""


def make_records(folder: Path, rows: int) -> None:
    """Write a record folder of random but plausible rows: this measures work, not detection."""
    (folder / "access").mkdir(parents=True)
    random = np.random.default_rng(5)
    imsis = pa.array([f"45008{n:010d}" for n in range(SUBSCRIBERS)])
    cells = np.concatenate([(np.arange(MACROS) + 77_000) << 8 | 1, 30_000_000 + np.arange(HOMES)])
    kinds = pa.array(["macro", "home"])
    for day in range(DAYS):
        count = rows // DAYS
        who = random.integers(0, SUBSCRIBERS, count)
        # A subscriber stays around one place, as people do: a few cells a day, not all of them.
        where = (who * 7919 + random.integers(0, 12, count) ** 2 + day) % len(cells)
        at = np.sort(random.integers(0, 86_400_000_000, count)) + int((START + timedelta(days=day)).timestamp() * 1e6)
        is_attach = random.random(count) < 0.02
        columns = {
            "at": pa.array(at).cast(pa.timestamp("us", tz="UTC")),
            "imsi": pa.DictionaryArray.from_arrays(pa.array(who, pa.int32()), imsis).cast(pa.string()),
            "procedure": _chosen(is_attach.astype(int), ["service_request", "attach"]),
            "identity": _chosen((is_attach & (random.random(count) < 0.03)).astype(int), ["guti", "imsi"]),
            "result": _chosen(np.zeros(count, int), ["ok"]),
            "rat": _chosen(np.zeros(count, int), ["lte"]),
            "plmn": _chosen(np.zeros(count, int), ["45008"]),
            "tac": pa.array(5000 + where % 60),
            "cell": pa.array(cells[where]),
            "cell_type": pa.DictionaryArray.from_arrays(pa.array((where >= MACROS).astype("int32")), kinds).cast(pa.string()),
            "core": _chosen(who % 4, ["mme-1", "mme-2", "mme-3", "mme-4"]),
            "ciphering": pa.array(np.full(count, 2)),
            "integrity": pa.array(np.full(count, 2)),
            "source": pa.DictionaryArray.from_arrays(
                pa.array(where, pa.int32()),
                pa.array([f"10.{20 + n // 65536}.{n // 256 % 256}.{n % 256}" for n in range(len(cells))]),
            ).cast(pa.string()),
        }
        pq.write_table(pa.table(columns), folder / f"access/day-{day}.parquet")
    known = datetime(2020, 1, 1, tzinfo=UTC)
    kind = ["macro"] * MACROS + ["home"] * HOMES
    pq.write_table(
        pa.table(
            {
                "equipment_id": [f"E{n}" for n in range(len(cells))],
                "cell": cells,
                "cell_type": kind,
                "kind": ["macro"] * MACROS + ["femto"] * HOMES,
                "status": ["active"] * len(cells),
                "valid_from": [known] * len(cells),
                "recorded_at": [known] * len(cells),
                "plmn": ["45008"] * len(cells),
                "lat": 37.4 + np.arange(len(cells)) % 90 * 0.004,
                "lon": 126.8 + np.arange(len(cells)) // 90 * 0.004,
            }
        ),
        folder / "equipment.parquet",
    )


def _chosen(indices: np.ndarray, values: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(indices, pa.int32()), pa.array(values)).cast(pa.string())


def main(rows: int = 20_000_000) -> str:
    """Measure and return the table."""
    with tempfile.TemporaryDirectory() as folder:
        records = Path(folder) / "records"
        make_records(records, rows)
        peer = measured("-c", _PEER, str(records))
        ours = measured(
            "-m", "cellwarden.interfaces.cli.main", "investigate", str(records), "--out", f"{folder}/result", "--json"
        )
    again = [
        ["one hand-written DuckDB query", f"{peer.cpu_s:.1f}", f"{rows / peer.cpu_s / 1e6:.2f}", f"{peer.peak_mib:.0f}", "1.0"],
        [
            "cellwarden investigate",
            f"{ours.cpu_s:.1f}",
            f"{rows / ours.cpu_s / 1e6:.2f}",
            f"{ours.peak_mib:.0f}",
            f"{ours.cpu_s / peer.cpu_s:.1f}",
        ],
    ]
    return table(
        f"investigate, {rows:,} access rows", ["", "CPU-s", "M rows per CPU-s", "peak MiB", "CPU, ratio to the query"], again
    )


if __name__ == "__main__":
    print(main(*(int(each) for each in sys.argv[1:])))
