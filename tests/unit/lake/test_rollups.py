"""Roll-ups of a day of access, against plain Python."""

from collections import defaultdict

import pyarrow.parquet as pq
import pytest

from cellwarden.lake.rollups import CELL_DAY, CORE_HOUR, TOUCH
from cellwarden.lake.store import SCHEMAS

OPENINGS = ("attach", "tau", "service_request", "identity")
CELL = ("plmn", "rat", "cell_type", "cell", "source", "tac")


def counts(rows):
    def many(test):
        return sum(map(test, rows))

    return {
        "first_at": min(row["at"] for row in rows),
        "last_at": max(row["at"] for row in rows),
        "events": len(rows),
        "openings": many(lambda row: row["procedure"] in OPENINGS),
        "identified": many(lambda row: row["identity"] in ("imsi", "suci_null")),
        "unknown_identity": many(lambda row: row["identity"] == "unknown"),
        "attaches": many(lambda row: row["procedure"] == "attach"),
        "rejects": many(lambda row: row["result"] == "reject"),
        "null_ciphering": many(lambda row: row["ciphering"] == 0),
        "unknown_ciphering": many(lambda row: row["ciphering"] is None),
        "unprotected_ims": many(lambda row: row["ims_protection"] in ("none", "integrity_only")),
    }


def grouped(rows, key):
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def in_order(key):
    return tuple((value is not None, value) for value in key)


def stored(lake, table, day):
    return [row for path in lake.files(table, day=day) for row in pq.read_table(path, partitioning=None).to_pylist()]


@pytest.fixture(params=[1, 60, 400])
def lake(request, loaded, tools):
    return loaded("l", [("a", tools.batches_of(tools.access_rows(request.param, seed=request.param), size=100))])


def test_touch_has_a_row_for_each_cell_address_and_subscriber(lake):
    for day in lake.days("access"):
        groups = grouped(stored(lake, "access", day), lambda row: (*(row[name] for name in CELL), row["imsi"]))
        expected = [dict(zip((*CELL, "imsi"), key, strict=True)) | counts(groups[key]) for key in sorted(groups, key=in_order)]
        assert stored(lake, "touch", day) == expected


def test_cell_day_counts_the_cells_that_lived(lake):
    for day in lake.days("access"):
        groups = grouped(stored(lake, "access", day), lambda row: tuple(row[name] for name in CELL))
        expected = []
        for key in sorted(groups, key=in_order):
            people = {row["imsi"] for row in groups[key]} - {None}
            expected.append(dict(zip(CELL, key, strict=True)) | counts(groups[key]) | {"subscribers": len(people)})
        assert stored(lake, "cell_day", day) == expected


def test_core_hour_counts_what_each_core_went_through(lake):
    for day in lake.days("access"):
        rows = [row for row in stored(lake, "access", day) if row["core"] is not None and row["procedure"] in OPENINGS]
        groups = grouped(rows, lambda row: (row["core"], row["at"].replace(minute=0, second=0, microsecond=0)))
        expected = [
            {
                "core": core,
                "hour_at": hour,
                "openings": len(groups[core, hour]),
                "identified": sum(row["identity"] in ("imsi", "suci_null") for row in groups[core, hour]),
                "cells": len({row["cell"] for row in groups[core, hour]}),
            }
            for core, hour in sorted(groups)
        ]
        assert stored(lake, "core_hour", day) == expected


@pytest.mark.parametrize(("rollup", "base"), [(TOUCH, "access"), (CELL_DAY, "touch"), (CORE_HOUR, "access")])
def test_a_day_without_rows_rolls_up_to_no_rows(engine, tmp_path, rollup, base):

    engine.read(f"{base}_day", [], SCHEMAS[base])
    ((_, sql),) = rollup.script().steps()
    assert engine.write(sql, tmp_path / "r.parquet", rollup.schema) == 0
