import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cellwarden.records import tables
from cellwarden.simulate import access_files
from cellwarden.simulate.access_files import Book, access_table, write_hours
from cellwarden.simulate.packed import CUT, IMSI, NAMELESS, Packed
from cellwarden.simulate.places import Places
from cellwarden.simulate.sessions import honest_sessions, inner_addresses
from cellwarden.simulate.writing import schema_of

BOOK = Book(
    pa.array(["450081", "450082", "4500"]),
    pa.array(["1", "2"]),
    pa.array(["31", "32"]),
    np.array([0, 1], np.int8),
    ("a", "b"),
    np.array([2, 2], np.uint32),
)
NULLS = 3 << 7 | 255 << 9 | 3 << 17 | 3 << 19 | 3 << 21


def rows_of(*codes):
    count = len(codes)
    columns = (np.arange(count) * 3_600_000, np.arange(count) % 2, np.arange(count) % 2, codes)
    return Packed(*(np.array(column, dtype=np.uint32) for column in columns))


def places_of(town):
    return Places.of(town[1], honest_sessions(town[1], inner_addresses(7), -1e12), [])


def test_codes_become_words_and_nulls(town):
    known = 3 | 4 << 4 | 0 << 7 | 9 << 9 | 2 << 17 | 1 << 19 | 1 << 21 | 1 << 23
    rows = access_table(
        rows_of(known, NULLS | IMSI << 4, NULLS | NAMELESS, NULLS | CUT), 0, BOOK, places_of(town), 0
    ).to_pylist()
    first = rows[0]
    assert (first["procedure"], first["identity"], first["result"], first["cause"]) == ("service_request", "guti", "ok", 9)
    assert (first["ciphering"], first["integrity"], first["ims_protection"], first["imei"]) == (2, 1, "integrity_only", "31")
    assert all(rows[1][name] is None for name in ("result", "cause", "ciphering", "integrity", "ims_protection", "imei"))
    assert [row["imsi"] for row in rows] == ["450081", "450082", None, "4500"]
    assert [row["core"] for row in rows] == ["a", "b", "a", "b"]


def test_files_have_the_types_of_the_contract_and_the_rows_of_their_date(town, tmp_path):
    hours = rows_of(*[NULLS] * 24).by_hour()
    paths = write_hours(tmp_path, 0, hours, BOOK, places_of(town))
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == [
        "date=2025-08-03/part-15.parquet",
        "date=2025-08-04/part-00.parquet",
    ]
    wanted = schema_of(tables.ACCESS)
    for path in paths:
        content = pq.read_table(path, partitioning=None)
        assert [(one.name, one.type) for one in content.schema] == [(one.name, one.type) for one in wanted]
        assert {f"date={row['at'].date()}" for row in content.to_pylist()} == {path.parent.name}


def test_hours_share_a_file_up_to_its_most_rows_and_keep_their_order(town, tmp_path, monkeypatch):
    monkeypatch.setattr(access_files, "FILE_ROWS", 5)
    paths = write_hours(tmp_path, 0, rows_of(*[NULLS] * 24).by_hour(), BOOK, places_of(town))
    assert [path.stem.split("-")[1] for path in paths] == ["15", "20", "00", "05", "10"]
    assert [pq.read_metadata(path).num_rows for path in paths] == [5, 4, 5, 5, 5]
    hours = [row["at"].hour for path in paths for row in pq.read_table(path, partitioning=None).to_pylist()]
    assert hours == [*range(15, 24), *range(15)]


def test_how_many_rows_become_columns_at_once_is_not_seen(town, tmp_path, monkeypatch):
    hours = rows_of(*[NULLS | CUT] * 24).by_hour()
    whole = write_hours(tmp_path / "whole", 0, [Packed.joined(hours)], BOOK, places_of(town))
    monkeypatch.setattr(access_files, "_AT_ONCE", 7)
    cut = write_hours(tmp_path / "cut", 0, [Packed.joined(hours)], BOOK, places_of(town))
    assert [path.read_bytes() for path in whole] == [path.read_bytes() for path in cut]
