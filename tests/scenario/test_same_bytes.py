"""The same records give the same bytes: run again, on one thread or on several, and with rows handed out in the smallest pieces."""

from datetime import UTC, datetime

import pytest

from cellwarden.engines.duckdb_engine import DuckDBEngine
from cellwarden.simulate.generator import simulate
from cellwarden.workflows import bootstrap
from cellwarden.workflows import investigate as workflow


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Make the small city of the case, and the lake of its records."""
    folder = tmp_path_factory.mktemp("city")
    simulate("S02", folder, size="xs", seed=1)
    return folder


@pytest.fixture
def investigated(city, tmp_path, monkeypatch):
    """Investigate with so many threads and return every file of the result; all runs share a lake, so that it is sorted once."""

    def run(name, *, threads, in_pieces=False):
        def opened(scratch, *, memory):
            engine = DuckDBEngine(scratch, memory=memory, threads=threads)
            if in_pieces:  # a table of a small city is one piece of work otherwise, and threads have nothing to race for
                engine._db.sql("PRAGMA verify_parallelism")
            return engine

        monkeypatch.setattr(bootstrap, "DuckDBEngine", opened)
        request = workflow.Request(records=city / "records", out=tmp_path / name, lake=city / "lake")
        workflow.investigate(request, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
        return {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}

    return run


def test_neither_threads_nor_another_run_change_a_byte(investigated):
    first = investigated("one", threads=1)
    assert len(first) > 10
    for name, threads, in_pieces in (("two", 2, False), ("four", 4, True)):
        other = investigated(name, threads=threads, in_pieces=in_pieces)
        assert other.keys() == first.keys()
        assert [file for file in first if other[file] != first[file]] == [], name
