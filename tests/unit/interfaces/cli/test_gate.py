import json

from typer.testing import CliRunner

from cellwarden.interfaces.cli.main import app

EQUIPMENT = "equipment_id,cell,cell_type,kind,status,valid_from,recorded_at,certificate,source_networks\n" + "".join(
    f"henb{n},{1000 + n},home,femto,active,2025-01-01T00:00:00Z,2025-01-01T00:00:00Z,aa,192.0.2.0/24\n" for n in range(30)
)
LINKS = "at,event,equipment_id,source_ip,inner_ip\n" + "".join(
    f"2025-09-05T12:00:00Z,ike_up,henb{n},192.0.2.{n},10.9.0.{n}\n" for n in range(30)
)


def said(*arguments):
    result = CliRunner().invoke(app, ["gate", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_rules_are_listed_for_people_and_programs():
    assert "DUPLICATE_SESSION" in said("rules")
    assert [rule["number"] for rule in json.loads(said("rules", "--json"))][:3] == [1, 2, 3]


def test_a_replay_is_printed_and_its_hurt_list_written(tmp_path):
    (tmp_path / "records").mkdir()
    (tmp_path / "records/equipment.csv").write_text(EQUIPMENT)
    (tmp_path / "records/links.csv").write_text(LINKS)
    printed = said("replay", tmp_path / "records", "--out", tmp_path / "hurt.csv")
    assert "30 attempts to join" in printed
    assert "CERT_SHARED" in printed
    assert "10 more units" in printed
    assert len((tmp_path / "hurt.csv").read_text().splitlines()) == 31
    told = json.loads(said("replay", tmp_path / "records", "--json"))
    assert told["refused"] == 30
