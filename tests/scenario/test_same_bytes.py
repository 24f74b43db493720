"""The same records give the same bytes: in another process, on one thread or on several, and with rows handed out in the smallest pieces."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cellwarden.engines.duckdb_engine import DuckDBEngine
from cellwarden.simulate.generator import simulate
from cellwarden.workflows import bootstrap
from cellwarden.workflows import investigate as workflow


def investigate(city, out, threads, pieces):
    """Investigate with so many threads; `pieces` races them even over tables that are one piece of work otherwise."""

    def opened(scratch, *, memory):
        engine = DuckDBEngine(scratch, memory=memory, threads=int(threads))
        if pieces == "small":
            engine._db.sql("PRAGMA verify_parallelism")
        return engine

    bootstrap.DuckDBEngine = opened
    request = workflow.Request(records=Path(city, "records"), out=Path(out), lake=Path(city, "lake"))
    workflow.investigate(request, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Make a small city of disputed payments, where shares are summed; its lake is sorted once."""
    folder = tmp_path_factory.mktemp("city")
    simulate("S18", folder, size="xs", seed=1)
    return folder


def test_neither_another_process_nor_threads_change_a_byte(city, tmp_path):
    results = {}
    for seed, (threads, pieces) in enumerate((("1", "large"), ("2", "large"), ("4", "small"))):
        out = tmp_path / threads
        # Each process has its own order of sets.
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        subprocess.run([sys.executable, __file__, city, out, threads, pieces], check=True, env=environment)
        results[threads] = {path.name: path.read_bytes() for path in out.iterdir()}
    assert len(results["1"]) > 10
    for threads in ("2", "4"):
        assert results[threads].keys() == results["1"].keys()
        assert [file for file, content in results[threads].items() if content != results["1"][file]] == [], threads


if __name__ == "__main__":
    investigate(*sys.argv[1:])
