"""The registry of a lake, audited without an investigation."""

from datetime import UTC, datetime

import pytest

from cellwarden.detect.registry_audit import Audit, RegistryRow
from cellwarden.foundation.errors import UsageError
from cellwarden.lake.store import Lake
from cellwarden.records.results import REGISTRY_ROWS
from cellwarden.workflows.audit_registry import audit_registry, registry_rows, shown
from cellwarden.workflows.bootstrap import opened_engine
from cellwarden.workflows.load import load

ROW = {"equipment_id": "E7", "plmn": "00101", "cell_type": "home", "cell": 7, "kind": "femto", "status": "active", "valid_from": datetime(2024, 5, 1), "recorded_at": datetime(2025, 8, 4), "recorded_by": "lee"}  # fmt: skip
MARKED = RegistryRow(row=ROW, marks=("no_order",), found=3, expected=2.5, p=0.4, is_named=False)
NAMED = RegistryRow(row=ROW, marks=("no_order", "backdated", "nowhere"), found=1, expected=1e-4, p=1e-4, is_named=True)


def lake_of(folder, rows):
    records = folder / "records"
    records.mkdir()
    (records / "equipment.csv").write_text("equipment_id,cell,cell_type,kind,status,plmn,valid_from,recorded_at,recorded_by,access_line,lat,work_order\n" + "".join(rows))  # fmt: skip
    lake = Lake(folder / "lake")
    with lake.locked(), opened_engine("duckdb", lake.scratch) as engine:
        load(records, lake, engine)
    return lake


HONEST = [f"E{n},{100 + n},home,femto,active,00101,2025-03-{n % 28 + 1:02}T01:00:00Z,2025-03-{n % 28 + 1:02}T01:{n % 60:02}:00Z,kim,L{n},37.5,WO-{n}\n" for n in range(90)]  # fmt: skip
INSERTED = "E999,999,home,femto,active,00101,2024-05-01T00:00:00Z,2025-08-04T01:00:00Z,lee,,,\n"


@pytest.mark.parametrize("engine", ["duckdb", "sail"])
def test_a_lake_that_holds_nothing_but_a_registry_is_audited(tmp_path, engine):
    lake = lake_of(tmp_path, [*HONEST, INSERTED])
    told = audit_registry(lake, engine=engine, zone="Asia/Seoul")
    assert [(row["equipment_id"], row["recorded_by"], row["marks"]) for row in told["rows_named"]] == [("E999", "lee", ["no_order", "backdated", "nowhere"])]  # fmt: skip
    assert told["time_zone"] == "Asia/Seoul"
    assert {"access", "links"} <= set(told["lacking"])
    assert [row["equipment_id"] for row in told["rows"]] == ["E999"]


def test_what_was_not_recorded_by_then_is_not_known(tmp_path):
    lake = lake_of(tmp_path, [*HONEST, INSERTED])
    assert audit_registry(lake, until=datetime(2025, 8, 1, tzinfo=UTC))["rows_named"] == []


def test_refuses_a_lake_without_registry_and_a_zone_that_is_none(tmp_path):
    lake = lake_of(tmp_path, HONEST)
    with pytest.raises(UsageError, match="time zone"):
        audit_registry(lake, zone="Asia/Soul")
    with pytest.raises(UsageError, match="holds no equipment"):
        audit_registry(Lake(tmp_path / "empty"))


def test_the_summary_lists_named_rows_and_the_table_all_of_them():
    found = Audit(rows=[MARKED, NAMED])
    assert [row["marks"] for row in shown(found)["rows_named"]] == [["no_order", "backdated", "nowhere"]]
    assert shown(found)["rows_marked"] == 2
    rows = registry_rows(found)
    assert [set(row) for row in rows] == [set(REGISTRY_ROWS.names)] * 2
    assert [row["is_named"] for row in rows] == [False, True]
