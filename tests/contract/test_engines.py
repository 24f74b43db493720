"""The verbs of the port on every engine, the portability traps, and the portable subset of SQL that our scripts keep to."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot
from sqlglot import exp

import cellwarden
from cellwarden.engines.port import EngineError, Script
from cellwarden.foundation.errors import UsageError
from cellwarden.workflows.bootstrap import opened_engine

AT = datetime(2025, 8, 5, 14, 59, 59, 999_999)
SCHEMA = pa.schema([("n", pa.int64()), ("text", pa.string()), ("real", pa.float64()), ("at", pa.timestamp("us"))])
ROWS = [
    {"n": 1, "text": "가", "real": 0.1, "at": AT},
    {"n": None, "text": None, "real": None, "at": None},
    {"n": 2**63 - 1, "text": "", "real": -1e300, "at": datetime(1999, 12, 31, 23, 59, 59)},
    {"n": 1, "text": "가", "real": 0.1, "at": AT},
]


@pytest.fixture(scope="module", params=["duckdb", "sail"])
def opened(request, tmp_path_factory):
    if request.param == "sail":
        pytest.importorskip("pysail")
    with opened_engine(request.param, tmp_path_factory.mktemp(request.param) / "scratch") as engine:
        yield engine


@pytest.fixture
def engine(opened, tmp_path):
    pq.write_table(pa.Table.from_pylist(ROWS[:2], SCHEMA), tmp_path / "a.parquet")
    pq.write_table(pa.Table.from_pylist(ROWS[2:], SCHEMA), tmp_path / "b'1.parquet")
    opened.read("t", [tmp_path / "a.parquet", tmp_path / "b'1.parquet"], SCHEMA)
    return opened


ALL = "SELECT t.n AS n, t.text AS text, t.real AS real, t.at AS at FROM t ORDER BY t.n NULLS FIRST, t.at"


def test_every_engine_of_the_contract_opens(engine_url, tmp_path):
    with opened_engine(engine_url, tmp_path / "scratch") as engine:
        assert engine.fetch("SELECT 1 AS n").to_pylist() == [{"n": 1}]


def test_rows_of_several_files_come_out_as_they_went_in_nulls_and_duplicates_and_all(engine):
    table = engine.fetch(ALL)
    assert table.schema == SCHEMA
    assert table.to_pylist() == [ROWS[1], ROWS[0], ROWS[3], ROWS[2]]


def test_a_step_keeps_its_rows_and_may_be_made_again(engine):
    engine.step("s", "SELECT t.n AS n FROM t WHERE t.n = :n", n=1)
    assert engine.fetch("SELECT s.n AS n FROM s").to_pylist() == [{"n": 1}, {"n": 1}]
    engine.step("s", "SELECT t.text AS text FROM t WHERE t.n IS NULL")
    assert engine.fetch("SELECT s.text AS text FROM s").to_pylist() == [{"text": None}]


def test_a_name_may_change_between_file_and_step(engine, tmp_path):
    engine.step("u", "SELECT 1 AS n")
    engine.read("u", [tmp_path / "a.parquet"], SCHEMA)
    assert engine.fetch("SELECT CAST(count(*) AS BIGINT) AS rows FROM u").to_pylist() == [{"rows": 2}]
    engine.step("u", "SELECT 2 AS n")
    assert engine.fetch("SELECT u.n AS n FROM u").to_pylist() == [{"n": 2}]


def test_a_put_table_is_read_by_its_name_and_replaced_by_the_next(engine):
    engine.put("p", pa.table({"n": [1, None]}, pa.schema([("n", pa.int64())])))
    assert engine.fetch("SELECT p.n AS n FROM p ORDER BY p.n NULLS FIRST").to_pylist() == [{"n": None}, {"n": 1}]
    engine.put("p", pa.table({"n": [5]}))
    assert engine.fetch("SELECT p.n AS n FROM p").to_pylist() == [{"n": 5}]


def test_an_empty_table_keeps_its_types_through_every_verb(engine, tmp_path):
    engine.read("empty_read", [], SCHEMA)
    engine.put("empty_put", SCHEMA.empty_table())
    engine.step("empty_step", "SELECT e.n AS n, e.text AS text, e.real AS real, e.at AS at FROM empty_read e")
    for name in ("empty_read", "empty_put", "empty_step"):
        table = engine.fetch(f"SELECT e.n AS n, e.text AS text, e.real AS real, e.at AS at FROM {name} e")
        assert (table.num_rows, table.schema) == (0, SCHEMA), name
    assert engine.write("SELECT e.n AS n FROM empty_step e", tmp_path / "e.parquet", pa.schema([("n", pa.int64())])) == 0
    assert pq.read_table(tmp_path / "e.parquet").schema.names == ["n"]


def test_an_empty_table_joins_and_counts(engine):
    engine.read("nobody", [], SCHEMA)
    sql = "SELECT t.n AS n, o.text AS other FROM t LEFT JOIN nobody o ON o.n = t.n WHERE t.n = 1 AND o.n IS NULL"
    assert engine.fetch(sql).to_pylist() == [{"n": 1, "other": None}] * 2
    sql = "SELECT CAST(count(*) AS BIGINT) AS rows, CAST(sum(o.n) AS BIGINT) AS total, max(o.at) AS last FROM nobody o"
    assert engine.fetch(sql).to_pylist() == [{"rows": 0, "total": None, "last": None}]


def test_nulls_are_counted_by_nobody_and_grouped_together(engine):
    sql = "SELECT CAST(count(*) AS BIGINT) AS rows, CAST(count(t.n) AS BIGINT) AS known, CAST(count(DISTINCT t.text) AS BIGINT) AS texts FROM t"
    assert engine.fetch(sql).to_pylist() == [{"rows": 4, "known": 3, "texts": 2}]
    engine.put("holes", pa.table({"n": pa.array([None, None, 1], pa.int64())}))
    sql = "SELECT h.n AS n, CAST(count(*) AS BIGINT) AS rows FROM holes h GROUP BY h.n ORDER BY h.n NULLS FIRST"
    assert engine.fetch(sql).to_pylist() == [{"n": None, "rows": 2}, {"n": 1, "rows": 1}]


def test_nulls_lie_where_the_query_says(engine):
    first = engine.fetch("SELECT t.n AS n FROM t ORDER BY t.n NULLS FIRST")["n"].to_pylist()
    last = engine.fetch("SELECT t.n AS n FROM t ORDER BY t.n DESC NULLS LAST")["n"].to_pylist()
    assert (first[0], last[-1]) == (None, None)


def test_a_window_over_ties_is_the_same_once_its_order_is_total(engine):
    rows = pa.table({"who": [1] * 6, "at": [AT] * 6, "cell": [3, 1, 2, 6, 5, 4]})
    engine.put("ties", rows)
    sql = (
        "SELECT w.cell AS cell, lag(w.cell) OVER (PARTITION BY w.who ORDER BY w.at, w.cell) AS before, "
        "lead(w.cell) OVER (PARTITION BY w.who ORDER BY w.at, w.cell) AS after, "
        "CAST(row_number() OVER (PARTITION BY w.who ORDER BY w.at, w.cell) AS BIGINT) AS place FROM ties w ORDER BY w.cell"
    )
    cells = [None, 1, 2, 3, 4, 5, 6, None]
    assert engine.fetch(sql).to_pylist() == [
        {"cell": cell, "before": cells[cell - 1], "after": cells[cell + 1], "place": cell} for cell in range(1, 7)
    ]


def test_equal_rows_have_one_rank_and_none_is_left_out(engine):
    engine.put("equals", pa.table({"text": ["b", "a", None, "b", "ab", "a"]}))
    sql = "SELECT e.text AS text, CAST(dense_rank() OVER (ORDER BY coalesce(e.text, '')) AS BIGINT) AS rank FROM equals e"
    ranks = {(row["text"], row["rank"]) for row in engine.fetch(sql).to_pylist()}
    assert ranks == {(None, 1), ("a", 2), ("ab", 3), ("b", 4)}


@pytest.mark.parametrize(
    "at", [AT, AT.replace(tzinfo=UTC), (AT + timedelta(hours=9)).replace(tzinfo=timezone(timedelta(hours=9)))]
)
def test_times_go_in_as_utc_and_come_out_naive(engine, at):
    sql = "SELECT :at AS at, date_trunc('day', t.at) AS day_at FROM t WHERE t.at = :at AND t.at >= :at AND t.n = 1"
    assert engine.fetch(sql, at=at).to_pylist() == [{"at": AT, "day_at": datetime(2025, 8, 5)}] * 2


def test_a_zone_in_a_file_is_turned_into_utc(engine):
    engine.put("z", pa.table({"at": pa.array([AT.replace(tzinfo=UTC)], pa.timestamp("us", tz="Asia/Seoul"))}))
    sql = "SELECT z.at AS at, date_trunc('hour', z.at) AS hour_at, z.at + INTERVAL '10' MINUTE AS later FROM z"
    assert engine.fetch(sql).to_pylist() == [
        {"at": AT, "hour_at": datetime(2025, 8, 5, 14), "later": AT + timedelta(minutes=10)}
    ]


def test_trap_1_a_float_literal_stays_double(engine):
    engine.put("m", pa.table({"n": [1, 2, 2]}))
    table = engine.fetch("SELECT avg(CASE WHEN m.n = 1 THEN :one ELSE 0e0 END) AS share, avg(m.n) AS mean FROM m", one=1.0)
    assert table.schema.types == [pa.float64(), pa.float64()]
    assert table.to_pylist() == [{"share": 1 / 3, "mean": 5 / 3}]


def test_whole_numbers_divide_as_real_ones(engine):
    engine.put("m", pa.table({"n": [1], "d": [3]}))
    assert engine.fetch("SELECT m.n / m.d AS share FROM m").to_pylist() == [{"share": 1 / 3}]


def test_trap_5_a_decimal_is_refused_and_the_error_says_what_to_write(engine):
    with pytest.raises(EngineError, match="decimal") as caught:
        engine.fetch("SELECT 1.5 AS half")
    assert "1e0" in caught.value.fix


HOSTILE = (
    "o'clock", "''", "\\", "\\'", "' OR 1=1 --", '"', "`", ";", "--", "/* */", ":n", "%_", "$$", "a\nb", "\t", "\\n", "가", "😀", "",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_only_a_text(engine, text):
    (row,) = engine.fetch("SELECT :text AS text, CASE WHEN :text = 'x' THEN 1 ELSE 0 END AS same", text=text).to_pylist()
    assert row == {"text": text, "same": 0}


@pytest.mark.parametrize("number", [0, -1, 2**63 - 1, -(2**62)])
def test_a_whole_number_goes_through_whole(engine, number):
    assert engine.fetch("SELECT :n AS n", n=number).to_pylist() == [{"n": number}]


@pytest.mark.parametrize("number", [0.0, -0.5, 0.1, 1e-300, 1.7976931348623157e308, 123456789.123456789])
def test_a_real_number_goes_through_whole(engine, number):
    table = engine.fetch("SELECT :n AS n", n=number)
    assert (table.schema.types, table.to_pylist()) == ([pa.float64()], [{"n": number}])


def test_a_null_goes_through(engine):
    assert engine.fetch("SELECT t.n AS n FROM t WHERE coalesce(:n, 1) = t.n", n=None).num_rows == 2


@pytest.mark.parametrize("name", ["t; DROP TABLE t", "T", "t t", ""])
def test_a_name_that_is_no_name_reaches_no_engine(engine, name):
    with pytest.raises(UsageError, match="no table name"):
        engine.step(name, "SELECT 1 AS n")


SECRET = "450080000000001"  # noqa: S105 (a made-up subscriber)


@pytest.mark.parametrize(
    "broken",
    [
        "SELECT CAST(:who AS BIGINT) AS n",
        "SELECT t.nope AS n FROM t WHERE t.text = :who",
        "SELECT n FROM no_such_table WHERE text = :who",
        "SELECT FROM WHERE :who",
    ],
)
def test_an_error_tells_script_and_step_and_no_literal(engine, broken):
    script = Script(
        "detect/registry/example.sql", f"-- @table fine\nSELECT 1 AS n\n-- @table broken\n{broken}\n-- @result\nSELECT 1 AS n"
    )
    with pytest.raises(EngineError) as caught:
        engine.run(script, who=SECRET + "x")
    assert caught.value.where == "detect/registry/example.sql, step broken"
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_error_in_the_result_says_so(engine):
    with pytest.raises(EngineError) as caught:
        engine.run(Script("x.sql", "SELECT t.nope AS n FROM t"))
    assert caught.value.where == "x.sql, step result"


def test_a_script_gives_its_result_and_later_steps_see_earlier_ones(engine):
    script = Script(
        "x.sql",
        "-- @table one\nSELECT :n AS n\n-- @table two\nSELECT o.n + 1 AS n FROM one o\n-- @result\nSELECT w.n AS n FROM two w",
    )
    assert engine.run(script, n=4).to_pylist() == [{"n": 5}]
    assert engine.run(Script("y.sql", "-- @table first\nSELECT 1 AS n")).num_rows == 0


def test_what_is_written_has_the_same_bytes_every_time_and_whatever_the_files(engine, tmp_path):
    count = 130_000
    rows = pa.table(
        {
            "n": pa.array(range(count), pa.int64()),
            "text": pa.array([f"t{n % 7}" if n % 11 else None for n in range(count)]),
            "real": pa.array([n / 3 for n in range(count)]),
            "at": pa.array([AT + timedelta(seconds=n) for n in range(count)], pa.timestamp("us")),
        }
    )
    written = []
    for number, pieces in enumerate((1, 5)):
        paths = []
        for piece in range(pieces):
            path = tmp_path / f"{number}-{piece}.parquet"
            pq.write_table(rows.take(pa.array(range(pieces - 1 - piece, count, pieces))), path, row_group_size=10_000)
            paths.append(path)
        engine.read("many", paths, SCHEMA)
        for again in range(2):
            path = tmp_path / f"out-{number}-{again}.parquet"
            sql = "SELECT m.n AS n, m.text AS text, m.real AS real, m.at AS at FROM many m ORDER BY m.n"
            assert engine.write(sql, path, SCHEMA) == count
            written.append(path)
    assert len({path.read_bytes() for path in written}) == 1
    assert pq.read_table(written[0]).cast(SCHEMA).equals(rows.cast(SCHEMA))


# --- the portable subset -------------------------------------------------------------------------------------------------

ROOT = Path(cellwarden.__file__).parent
FUNCTIONS = {
    "avg", "cast", "ceil", "coalesce", "count", "date_trunc", "dense_rank", "extract", "floor", "greatest", "lag", "lead", "least", "length", "lower",
    "max", "median", "min", "mod", "replace", "round", "row_number", "sqrt", "stddev_pop", "substr", "substring", "sum", "upper", "abs",
    "exp", "ln", "power", "nullif", "concat", "chr", "trim", "sin", "cos", "asin", "radians", "atan2", "acos",
}  # fmt: skip
"""Functions that mean the same on DuckDB, Spark and Sail. Add one only with a test of it on every engine above."""
KEYWORDS = re.compile(
    r"(?i)\b(qualify|sample|pivot|unnest|anti\s+join|semi\s+join|asof|lateral|ilike|exclude|group\s+by\s+all|order\s+by\s+all|distinct\s+on|using)\b"
)
"""Spelt differently, or unknown, somewhere."""
STEPS = [
    pytest.param(script, name, sql, id=f"{script.name}:{name or 'result'}")
    for path in sorted(ROOT.rglob("*.sql"))
    for script in [Script(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))]
    for name, sql in script.steps()
]


def parsed(sql):
    # `:name` becomes a typed literal as in a real run; comments say anything.
    return sqlglot.parse_one(re.sub(r"(?<![:\w]):([a-z_]\w*)", "1", re.sub(r"--.*", "", sql)), read="duckdb")


def function_name(node):
    return node.name.lower() if isinstance(node, exp.Anonymous) else node.sql_name().lower()


def complaints(sql):  # noqa: C901 (one branch a rule)
    """Say what keeps a step out of the portable subset."""
    tree = parsed(sql)
    said = []
    for select in tree.find_all(exp.Select):
        for column in select.expressions:
            if column.is_star or isinstance(column, exp.Star):
                said.append("SELECT *")
            elif not isinstance(column, exp.Alias):
                said.append(f"no alias: {column.sql()}")
            elif isinstance(column.this, exp.Sum) and "AS DOUBLE" not in column.sql():
                said.append(f"a bare sum: CAST it, {column.sql()}")
    said += [f"unqualified: {node.sql()}" for node in tree.find_all(exp.Column) if not node.table and not in_final_order(node)]
    for cast in tree.find_all(exp.Cast):
        if (
            re.search(r"VARCHAR|CHAR\(|TEXT\(", re.sub(r"\s", "", cast.sql("duckdb")))
            and cast.to.this != exp.DataType.Type.TEXT
        ):
            said.append(f"CAST AS VARCHAR: {cast.sql()}")
    if re.search(r"(?i)\bAS\s+(VARCHAR|TEXT|HUGEINT|DECIMAL|FLOAT)\b", strip(sql)) or "::" in strip(sql):
        said.append("a cast to a type that is not the same everywhere")
    if decimal := re.search(r"(?<![\w.])\d+\.\d*(?!\w|e)", strip(sql)):
        said.append(f"a decimal literal: {decimal[0]}")
    if word := KEYWORDS.search(strip(sql)):
        said.append(f"not portable: {word[0]}")
    for window in tree.find_all(exp.Window):
        if isinstance(window.this, exp.Lag | exp.Lead | exp.RowNumber | exp.FirstValue | exp.LastValue) and not window.args.get(
            "order"
        ):
            said.append(f"no ORDER BY: {window.sql()}")
    said += [f"function {name}" for name in sorted(functions(sql) - FUNCTIONS)]
    return said


def in_final_order(node):
    """Say whether a column stands in the ORDER BY of the step itself, where output names are meant (as in `ORDER BY cell`)."""
    order = node.find_ancestor(exp.Order)
    return order is not None and not isinstance(order.parent, exp.Window) and node.name != "at"


def strip(sql):
    """Return a step without comments, texts and times."""
    return re.sub(r"'[^']*'", "''", re.sub(r"--.*", "", sql))


def functions(sql):
    """Return the names before a parenthesis, as they are written: sqlglot would translate them."""
    words = {word.lower() for word in re.findall(r"\b([A-Za-z_]\w*)\s*\(", strip(sql))}
    return words - {"in", "over", "and", "or", "not", "as", "from", "join", "on", "when", "then", "else", "where", "select", "exists", "by", "case", "having", "values"}  # fmt: skip


def test_there_are_scripts_to_hold_to_the_subset():
    assert len(STEPS) > 30


@pytest.mark.parametrize(("script", "name", "sql"), STEPS)
def test_every_step_keeps_to_the_portable_subset(script, name, sql):
    assert complaints(sql) == [], f"{script.name}, step {name or 'result'}"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT at AS at FROM t",
        "SELECT t.n FROM t",
        "SELECT * FROM t",
        "SELECT t.* FROM t",
        "SELECT CAST(t.n AS VARCHAR) AS n FROM t",
        "SELECT t.n::BIGINT AS n FROM t",
        "SELECT 0.5 AS half",
        "SELECT sum(t.n) AS n FROM t",
        "SELECT lag(t.n) OVER (PARTITION BY t.n) AS n FROM t",
        "SELECT row_number() OVER () AS n FROM t",
        "SELECT list_aggregate(t.n, 'x') AS n FROM t",
        "SELECT epoch_us(t.at) AS n FROM t",
        "SELECT t.n AS n FROM t QUALIFY row_number() OVER (ORDER BY t.n) = 1",
        "SELECT t.n AS n FROM t ORDER BY at",
        "SELECT t.n AS n FROM t JOIN u USING (n)",
    ],
)
def test_the_lint_finds_what_it_is_for(sql):
    assert complaints(sql)


@pytest.mark.parametrize(
    "sql", ["SELECT 1e0 AS n, 1.5e0 AS m, 'a 0.5 b' AS t", "SELECT CAST(sum(t.n) AS BIGINT) AS n FROM t ORDER BY n"]
)
def test_the_lint_lets_pass_what_is_portable(sql):
    assert complaints(sql) == []


def test_step_names_are_unique_within_a_script():
    for path in sorted(ROOT.rglob("*.sql")):
        names = [name for name, _ in Script(path.name, path.read_text(encoding="utf-8")).steps()]
        assert len(names) == len(set(names)), path.name
