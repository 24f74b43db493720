"""Loading: the bytes of a lake depend on its rows alone."""

import json
from datetime import datetime

import pyarrow.parquet as pq
import pytest

from cellwarden.lake.store import SPOOL
from cellwarden.records.rejected import Rejected
from cellwarden.records.tables import TABLES


def test_read_is_accepted_and_rejected(loaded, tools):
    broken = [Rejected("a.csv", 7, "imsi: not all digits", "450080000000001x")]
    lake = loaded("l", [("a.csv", tools.batches_of(tools.access_rows(30), size=7, rejected=broken))])
    (file,) = lake.manifest().inputs
    assert (file.read, file.accepted, file.rejected, file.tables) == (31, 30, 1, {"access": 30})
    assert sum(part.rows for part in lake.manifest().parts["access"]) == 30
    (path,) = lake.files("rejected")
    assert pq.read_table(path).to_pylist() == [
        {"file": "a.csv", "row": 7, "reason": "imsi: not all digits", "raw": "###############x"}
    ]


def test_the_bytes_do_not_depend_on_order_batches_or_number_of_loads(loaded, tools):
    rows, more = tools.access_rows(60, seed=1), tools.access_rows(25, seed=2)
    once = loaded("once", [("a", tools.batches_of(rows, size=60)), ("b", tools.batches_of(more, size=25))])
    other = loaded("other", [("b", tools.batches_of(more[::-1], size=3)), ("a", tools.batches_of(rows[::-1], size=7))])
    twice = loaded("twice", [("b", tools.batches_of(more, size=9))], [("a", tools.batches_of(rows, size=1))])
    assert tools.content(once) == tools.content(other) == tools.content(twice)


def test_a_later_file_merges_into_a_day_that_is_there(loaded, tools):
    rows = tools.access_rows(40, days=1)
    lake = loaded("l", [("a", tools.batches_of(rows[:20], size=20))], [("b", tools.batches_of(rows[20:], size=20))])
    assert [(part.day, part.rows) for part in lake.manifest().parts["access"]] == [("2025-08-05", 40)]
    assert len(list((lake.folder / "access").rglob("*.parquet"))) == 1
    assert sum(row["events"] for path in lake.files("touch") for row in pq.read_table(path).to_pylist()) == 40


def test_a_day_is_a_day_of_utc(loaded, tools):
    rows = tools.access_rows(2)
    rows[0]["at"], rows[1]["at"] = datetime(2025, 8, 5, 23, 59, 59, 999_999), datetime(2025, 8, 6)
    lake = loaded("l", [("a", tools.batches_of(rows, size=2))])
    assert lake.days("access") == lake.days("touch") == ["2025-08-05", "2025-08-06"]
    (file,) = lake.manifest().inputs
    assert (file.first_at, file.last_at) == ("2025-08-05T23:59:59.999999Z", "2025-08-06T00:00:00Z")


def test_rows_that_are_equal_in_everything_are_all_kept(loaded, tools):
    lake = loaded("l", [("a", tools.batches_of(tools.access_rows(1) * 5, size=2))])
    assert [part.rows for part in lake.manifest().parts["access"]] == [5]


def test_a_file_without_rows_is_held_too(loaded, tools):
    lake = loaded("l", [("a", tools.batches_of([], size=1))])
    (file,) = lake.manifest().inputs
    assert (file.read, file.first_at, file.tables) == (0, None, {})
    assert lake.manifest().parts == {}


def test_a_table_without_days_is_one_file(loaded, tools):
    people = [{"imsi": f"45008000000000{number}"} for number in range(3)]
    subscribers = TABLES["subscribers"]
    lake = loaded(
        "l",
        [("a", tools.batches_of(people[:2], size=1, table=subscribers))],
        [("b", tools.batches_of(people[2:], size=1, table=subscribers))],
    )
    assert [(part.day, part.rows) for part in lake.manifest().parts["subscribers"]] == [(None, 3)]


def test_the_manifest_knows_neither_clock_nor_place_and_every_part_by_its_content(loaded, tools, tmp_path):
    lake = loaded("l", [("a", tools.batches_of(tools.access_rows(9), size=9))])
    text = lake.manifest_path.read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    assert set(json.loads(text)) == {"format", "key", "inputs", "parts"}
    assert lake.manifest().files() == {name for name in tools.content(lake) if name.endswith(".parquet")}
    assert all(
        part.sha256.startswith(part.path.split("part-")[1].removesuffix(".parquet")) for part in lake.manifest().parts["access"]
    )
    assert not (lake.folder / SPOOL).exists()


def test_no_identifier_is_readable_in_any_file_of_the_lake(loaded, tools):
    lake = loaded("l", [("a", tools.batches_of(tools.access_rows(50), size=50))])
    for path in lake.folder.rglob("*.parquet"):
        assert not any("45008000000" in str(row) or "490154203237518" in str(row) for row in pq.read_table(path).to_pylist())


@pytest.mark.parametrize("found", [0, 3])
def test_short_numbers_are_a_fault_only_where_there_are_any(loaded, tools, found):
    batches = list(tools.batches_of(tools.access_rows(4), size=4))
    batches[0].faults.update({"14": found} if found else {})
    lake = loaded("l", [("a", batches)])
    assert lake.manifest().inputs[0].faults == ({"short_imsi": 3} if found else {})
