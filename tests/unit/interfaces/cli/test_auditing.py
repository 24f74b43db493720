"""`cellwarden audit registry`."""

import json

from typer.testing import CliRunner

from cellwarden.foundation.errors import UsageError
from cellwarden.interfaces.cli.main import app

ROWS = [f"E{n},{100 + n},home,femto,active,00101,2025-03-{n % 28 + 1:02}T01:00:00Z,2025-03-{n % 28 + 1:02}T01:{n % 60:02}:00Z,{('kim', 'park')[n % 2]},L{n},37.5,{'' if n % 30 == 0 else 'WO-1'}\n" for n in range(90)]  # fmt: skip


def typed(*words):
    return CliRunner().invoke(app, ["audit", "registry", *map(str, words)])


def test_prints_named_rows_and_hands_and_what_was_lacking(tmp_path):
    (tmp_path / "records").mkdir()
    inserted = "E999,999,home,femto,active,00101,2024-05-01T00:00:00Z,2025-08-04T01:00:00Z,lee,,,\n"
    header = "equipment_id,cell,cell_type,kind,status,plmn,valid_from,recorded_at,recorded_by,access_line,lat,work_order\n"
    (tmp_path / "records/equipment.csv").write_text(header + "".join([*ROWS, inserted]))
    assert CliRunner().invoke(app, ["ingest", str(tmp_path / "records"), "--lake", str(tmp_path / "lake")]).exit_code == 0
    said = typed(tmp_path / "lake", "--zone", "Asia/Seoul").stdout
    assert "1 rows named, 4 carry a mark; hours are those of Asia/Seoul" in said
    assert "E999" in said
    assert "lacking" in said
    told = json.loads(typed(tmp_path / "lake", "--json").stdout)
    assert [row["equipment_id"] for row in told["rows_named"]] == ["E999"]
    assert {hand["recorded_by"] for hand in told["hands"]} == {"kim", "lee", "park"}


def test_an_empty_lake_is_an_error_that_says_what_to_do(tmp_path):
    done = typed(tmp_path / "nothing")
    assert isinstance(done.exception, UsageError)
    assert "cellwarden ingest" in str(done.exception)
