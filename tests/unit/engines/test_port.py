"""What every engine has in common: scripts, literals, names, plain types, groups of rows."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.engines.port import ROW_GROUP, Engine, EngineError, Script, filled, literal, told
from cellwarden.foundation.errors import UsageError


class Canned(Engine):
    """An engine that always answers with the same batches."""

    name = "canned"

    def __init__(self, scratch, batches=()):
        super().__init__(scratch)
        self.batches = batches
        self.named = {}

    def _name_files(self, name, files):
        self.named[name] = list(files)

    def _materialise(self, name, sql):
        self.named[name] = sql

    def _batches(self, sql):  # noqa: ARG002 (the port's own signature)
        yield from self.batches

    def close(self):
        pass


def numbers(*values, kind=None):
    return pa.record_batch({"n": pa.array(values, kind or pa.int64())})


def test_a_script_is_cut_into_its_steps_in_order():
    script = Script(
        "x.sql", "-- what for\n-- @table a\nSELECT 1 AS n\n\n-- @table b\nSELECT 2 AS n\n-- @result\nSELECT 3 AS n\n"
    )
    assert script.steps() == [("a", "SELECT 1 AS n"), ("b", "SELECT 2 AS n"), (None, "SELECT 3 AS n")]


def test_a_script_without_steps_is_one_result():
    assert Script("x.sql", "SELECT 1 AS n\n").steps() == [(None, "SELECT 1 AS n")]


def test_a_comment_that_only_resembles_a_step_is_no_step():
    text = "-- @result\nSELECT 1 AS n -- @table a\n-- @tables b\n"
    assert [name for name, _ in Script("x.sql", text).steps()] == [None]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "NULL"),
        (-7, "-7"),
        (0.1, "0.1e0"),
        (1e-9, "1e-09"),
        (1e300, "1e+300"),
        ("plain", "'plain'"),
        ("", "''"),
        ("o'clock", "('o' || chr(39) || 'clock')"),
        ("\\", "('' || chr(92) || '')"),
        (datetime(2025, 8, 5, 10), "TIMESTAMP '2025-08-05 10:00:00.000000'"),
        (datetime(2025, 8, 5, 19, tzinfo=timezone(timedelta(hours=9))), "TIMESTAMP '2025-08-05 10:00:00.000000'"),
        (datetime(2025, 8, 5, 10, 0, 0, 1, tzinfo=UTC), "TIMESTAMP '2025-08-05 10:00:00.000001'"),
    ],
)
def test_a_value_has_one_portable_spelling(value, written):
    assert literal(value) == written


@pytest.mark.parametrize("value", [True, float("inf"), float("nan"), -float("inf")])
def test_a_value_without_portable_spelling_is_refused(value):
    with pytest.raises(UsageError):
        literal(value)


@given(st.text())
def test_no_text_breaks_out_of_its_literal(text):
    pieces = re.findall(r"'([^'\\]*)'|chr\((\d+)\)", literal(text))
    assert "".join(plain or (chr(int(code)) if code else "") for plain, code in pieces) == text
    assert literal(text).count("'") % 2 == 0


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_literal_is_never_a_decimal_and_loses_nothing(value):
    assert "e" in literal(value)
    assert float(literal(value)) == value


def test_every_name_in_a_query_gets_its_value_and_a_value_is_not_read_again():
    assert filled("x = :a AND y = :ab", {"a": ":ab", "ab": 1}) == "x = ':ab' AND y = 1"


def test_casts_times_and_labels_are_no_names():
    sql = "SELECT a::BIGINT, TIMESTAMP '2025-08-05 10:00:00', 'ars:%' LIKE x"
    assert filled(sql, {}) == sql


def test_a_name_without_value_is_refused_and_says_which_are_known():
    with pytest.raises(UsageError, match="no value for :until") as caught:
        filled("a < :until", {"since": 1})
    assert "since" in caught.value.fix


@pytest.mark.parametrize("name", ["a b", "A", "1a", "a;DROP TABLE b", "", 'a"', "ä"])
def test_a_table_name_that_is_none_is_refused_by_every_verb(tmp_path, name):
    engine = Canned(tmp_path)
    for verb in (
        lambda: engine.read(name, [], pa.schema([])),
        lambda: engine.put(name, pa.table({"n": [1]})),
        lambda: engine.step(name, "SELECT 1 AS n"),
    ):
        with pytest.raises(UsageError, match="no table name"):
            verb()


def test_no_files_make_an_empty_table_of_the_schema(tmp_path):
    engine = Canned(tmp_path)
    schema = pa.schema([("n", pa.int64()), ("at", pa.timestamp("us"))])
    engine.read("nothing", [], schema)
    (path,) = engine.named["nothing"]
    assert pq.read_table(path).equals(schema.empty_table())


def test_what_is_put_again_leaves_the_rows_put_before_alone(tmp_path):
    engine = Canned(tmp_path)
    engine.put("t", pa.table({"n": [1]}))
    first = engine.named["t"]
    engine.put("t", pa.table({"n": [2]}))
    assert pq.read_table(first[0]).to_pylist() == [{"n": 1}]
    assert engine.named["t"] != first


def test_rows_come_out_in_plain_types(tmp_path):
    batch = pa.record_batch(
        {
            "small": pa.array([1], pa.int32()),
            "real": pa.array([0.5], pa.float32()),
            "text": pa.array(["x"], pa.large_string()),
            "view": pa.array(["y"], pa.string_view()),
            "at": pa.array([datetime(2025, 8, 5, 10)], pa.timestamp("ns", tz="UTC")),
        }
    )
    table = Canned(tmp_path, [batch]).fetch("…")
    assert table.schema.types == [pa.int64(), pa.float64(), pa.string(), pa.string(), pa.timestamp("us")]
    assert table.to_pylist() == [{"small": 1, "real": 0.5, "text": "x", "view": "y", "at": datetime(2025, 8, 5, 10)}]


def test_a_decimal_never_reaches_a_result(tmp_path):
    batch = pa.record_batch({"n": pa.array([1], pa.decimal128(38, 0))})
    with pytest.raises(EngineError, match="decimal128") as caught:
        Canned(tmp_path, [batch]).fetch("…")
    assert "CAST" in caught.value.fix


@pytest.mark.parametrize("sizes", [[0], [1], [ROW_GROUP], [ROW_GROUP, 1], [ROW_GROUP - 1, 2, ROW_GROUP], [3 * ROW_GROUP + 5]])
def test_the_groups_of_a_written_file_do_not_depend_on_the_batches(tmp_path, sizes):
    rows = sum(sizes)
    cut, start = [], 0
    for size in sizes:
        cut.append(numbers(*range(start, start + size)))
        start += size
    schema = pa.schema([("n", pa.int64())])
    whole, pieces = tmp_path / "whole", tmp_path / "pieces"
    assert Canned(tmp_path / "a", [numbers(*range(rows))]).write("…", whole, schema) == rows
    assert Canned(tmp_path / "b", cut).write("…", pieces, schema) == rows
    assert whole.read_bytes() == pieces.read_bytes()
    assert pq.read_table(pieces)["n"].to_pylist() == list(range(rows))
    groups = pq.read_metadata(pieces)
    found = [groups.row_group(group).num_rows for group in range(groups.num_row_groups)]
    assert all(size == ROW_GROUP for size in found[:-1])


def test_an_error_is_one_line_without_literals():
    error = ValueError("Could not convert '450080000000001' to INT64 near 450080000000001\nSELECT 'secret'")
    assert told("DuckDB", error) == "DuckDB: Could not convert '…' to INT64 near ###############"
    assert told("Spark", ValueError()) == "Spark: ValueError"
    assert "secret" not in told("Spark", ValueError("unterminated 'secret"))
