from collections import defaultdict
from datetime import datetime

import pytest

from cellwarden.records.tables import TABLES, Kind


@pytest.mark.parametrize("name", TABLES)
def test_every_table_obeys_the_contract(generated, name):
    made, table = generated("S02"), TABLES[name]
    content = made.table(name)
    assert content.schema.names == [column.name for column in table.columns]
    assert content.num_rows == made.report.rows[name]
    for column in table.columns:
        values = content.column(column.name)
        if column.required:
            assert values.null_count == 0, column.name
        if column.kind is Kind.ENUM:
            assert set(values.unique().to_pylist()) <= {*column.values, None}, column.name


def test_news_bring_complaints_of_people_to_whom_nothing_happened(generated):
    causes = [row["cause"] for row in generated("S17").truth("complaints")]
    assert causes.count("news") > 2
    assert causes.count("smishing") > 0
    assert "theft" not in causes


def test_clerks_leave_holes_in_the_registry(generated):
    rows = [row for row in generated("S02").rows("equipment") if row["cell_type"] == "macro"]
    for column in ("work_order", "lat"):
        assert 0 < sum(row[column] is None for row in rows) < 0.1 * len(rows), column


def test_an_inspection_finds_what_the_registry_had(generated):
    made = generated("S02")
    began = datetime.fromisoformat(made.manifest["from_at"])
    moved = {row["cell"] for row in made.truth("cells") if row["kind"] == "decoy"}
    versions = defaultdict(list)
    for row in made.rows("equipment"):
        if row["cell"] not in moved:
            versions[row["cell"], row["cell_type"]].append(row)
    visits = [rows for rows in versions.values() if rows[-1]["recorded_by"] == "field-team" and rows[-1]["valid_from"] > began]
    told = [rows for rows in visits if len(rows) > 1 and rows[0]["valid_from"] < began]
    assert told
    for *_, before, after in told:
        for column in ("equipment_id", "status", "serial", "access_line", "tac", "certificate"):
            assert after[column] == before[column], column


def test_planted_complaints_name_no_payment(generated):
    made = generated("S18")
    planted = {row["complaint_id"] for row in made.truth("complaints") if row["cause"] == "poison"}
    assert len(planted) == 30
    assert not any(row["payment_id"] for row in made.rows("complaints") if row["complaint_id"] in planted)


def test_a_renumbered_cell_is_deleted_and_its_successor_active(generated):
    made = generated("S16")
    new = {row["cell"] for row in made.truth("confounders") if row["code"] == "B8"}
    active = {row["cell"] for row in made.rows("equipment") if row["status"] == "active"}
    assert new <= active
    seen = {row["cell"] for row in made.rows("access")}
    assert new & seen
