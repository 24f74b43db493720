"""Real Spark gives what DuckDB gives. In a process of its own: a Connect session and a classic one do not share one."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

RUN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from cellwarden.workflows.investigate import Request, investigate
records, out, engine = sys.argv[1:]
asked = Request(records=Path(records), out=Path(out), engine=engine, reveal="comparison")
investigate(asked, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
"""
TABLES = ("suspects", "exposures", "payment_links", "findings", "tracks")


def java_is_17_or_later():
    if shutil.which("java") is None:
        return False
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    version = said.partition('"')[2].partition(".")[0].strip('"\n ')
    return version.isdigit() and int(version) >= 17


def needed():
    for present, what in ((importlib.util.find_spec("pyspark") is not None, "pyspark"), (java_is_17_or_later(), "Java 17")):
        if not present:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what} is not here: install cellwarden[spark] and Java 17")


@pytest.fixture(scope="module")
def results(shared, tmp_path_factory):
    needed()
    root = tmp_path_factory.mktemp("spark")
    found = {}
    for engine in ("duckdb", "local[2]"):
        out = root / ("duckdb" if engine == "duckdb" else "spark")
        run = subprocess.run(
            [sys.executable, "-c", RUN, shared / "design/worked-example/records", out, engine],
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr[-2000:]
        assert "45008000000" not in run.stderr
        found[engine] = {name: pq.read_table(out / f"{name}.parquet").to_pylist() for name in TABLES}
    return found


@pytest.mark.parametrize("name", TABLES)
def test_spark_gives_the_rows_of_duckdb(results, name):
    ours, theirs = results["duckdb"][name], results["local[2]"][name]
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert one.keys() == other.keys()
        for column, value in one.items():
            expected = pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value
            assert other[column] == expected, (name, column)


def test_there_is_something_to_compare(results):
    assert [bool(results["duckdb"][name]) for name in ("suspects", "exposures", "payment_links", "findings")] == [True] * 4
