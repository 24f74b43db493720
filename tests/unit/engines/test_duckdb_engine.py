"""DuckDB: what its adapter alone does; the verbs are tried on every engine in tests/contract."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cellwarden.engines.duckdb_engine import DuckDBEngine
from cellwarden.engines.port import EngineError


@pytest.fixture
def engine(tmp_path):
    engine = DuckDBEngine(tmp_path / "scratch", memory="200MB", threads=1)
    yield engine
    engine.close()


def test_its_zone_is_utc_whatever_the_machine_says(engine):
    assert engine.fetch("SELECT current_setting('TimeZone') AS zone").to_pylist() == [{"zone": "UTC"}]


def test_it_draws_no_bar_on_standard_output(engine):
    """A query of some seconds would draw one amid the JSON."""
    asked = "SELECT CAST(current_setting('enable_progress_bar') AS STRING) AS bar"
    assert engine.fetch(asked).to_pylist() == [{"bar": "false"}]


def test_it_loads_no_extension_by_itself(engine):
    names = ("autoinstall_known_extensions", "autoload_known_extensions")
    asked = ", ".join(f"CAST(current_setting('{name}') AS STRING) AS {name}" for name in names)
    assert set(engine.fetch(f"SELECT {asked}").to_pylist()[0].values()) == {"false"}


def test_the_spill_has_a_bound(tmp_path):
    engine = DuckDBEngine(tmp_path / "s", spill_max="7MB")
    bound = engine.fetch("SELECT current_setting('max_temp_directory_size') AS bound").to_pylist()[0]["bound"]
    engine.close()
    assert bound.startswith("6.6 MiB")


def test_a_folder_called_like_a_partition_adds_no_column(engine, tmp_path):
    path = tmp_path / "date=2025-08-05" / "part.parquet"
    path.parent.mkdir()
    pq.write_table(pa.table({"n": [1]}), path)
    engine.read("t", [path], pa.schema([("n", pa.int64())]))
    assert engine.fetch("SELECT t.* FROM t").column_names == ["n"]


def test_a_path_with_a_quote_is_read(engine, tmp_path):
    path = tmp_path / "o'clock.parquet"
    pq.write_table(pa.table({"n": [1]}), path)
    engine.read("t", [path], pa.schema([("n", pa.int64())]))
    assert engine.fetch("SELECT t.n AS n FROM t").to_pylist() == [{"n": 1}]


def test_too_little_memory_is_an_error_of_ours(tmp_path):
    engine = DuckDBEngine(tmp_path / "s", memory="20MB", spill_max="0KB")
    with pytest.raises(EngineError, match="DuckDB: Out of Memory"):
        engine.step("t", "SELECT r.range AS n, CAST(r.range AS VARCHAR) AS t FROM range(5000000) r ORDER BY t")
    engine.close()
