import csv

import pytest

from cellwarden.foundation.errors import MalformedInputError, UsageError
from cellwarden.workflows.gate_replay import HURT_COLUMNS, replay_folder, write_hurt

EQUIPMENT = """equipment_id,cell,cell_type,kind,status,valid_from,recorded_at,tac,certificate,source_networks
henb1,1001,home,femto,active,2025-01-01T00:00:00Z,2025-01-01T00:00:00Z,7,aa,192.0.2.1/32
henb2,1002,home,femto,active,2025-01-01T00:00:00Z,2025-01-01T00:00:00Z,7,bb,192.0.2.2/32
henb3,1003,home,femto,dreaming,2025-01-01T00:00:00Z,2025-01-01T00:00:00Z,7,cc,192.0.2.3/32
"""
LINKS = """at,event,equipment_id,cell,cell_type,tac,source_ip,inner_ip,country
2025-09-05T12:00:00Z,ike_up,henb1,,,,192.0.2.1,10.9.0.1,KR
2025-09-05T12:00:09Z,s1_setup,henb1,1001,home,7,,10.9.0.1,
2025-09-05T11:00:00Z,ike_up,henb2,,,,198.51.100.9,10.9.0.2,US
"""


@pytest.fixture
def records(tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "equipment.csv").write_text(EQUIPMENT)
    (folder / "links.csv").write_text(LINKS)
    (folder / "operator.toml").write_text('own_networks = ["192.0.2.0/24"]\ncountry = "KR"\n')
    return folder


def test_history_is_played_against_the_registry(records):
    told = replay_folder(records)
    assert told["rows"] == {"links": {"accepted": 3, "rejected": 0}, "equipment": {"accepted": 2, "rejected": 1}}
    assert (told["attempts"], told["refused"]) == (3, 1)
    assert [unit["equipment_id"] for unit in told["hurt"]] == ["henb2"]
    assert told["hurt"][0]["reasons"] == ["SOURCE_IP_FOREIGN", "COUNTRY_FOREIGN", "SOURCE_IP_NOT_INSTALLED_LINE"]
    assert {reason["rule"] for reason in told["reasons"]} == {8}
    assert {each["rule"] for each in told["silent"]} == {3, 4, 13}, "the tunnel's address is known at S1 Setup too"


def test_a_policy_file_changes_the_verdict(records, tmp_path):
    policy = tmp_path / "gate.toml"
    policy.write_text("[policy]\nmax_distance_m = 5\nneeds_certificate = false\n")
    assert replay_folder(records, policy=policy)["refused"] == 1
    policy.write_text("[policy]\ncolour = 5\n")
    with pytest.raises(MalformedInputError, match="colour"):
        replay_folder(records, policy=policy)


def test_without_recorded_tunnels_s1_is_judged_by_itself(records):
    (records / "links.csv").write_text(LINKS.splitlines()[0] + "\n" + LINKS.splitlines()[2] + "\n")
    told = replay_folder(records)
    assert (told["needs_tunnel"], told["refused"]) == (False, 0)


def test_a_folder_without_links_is_refused(records):
    (records / "links.csv").unlink()
    with pytest.raises(UsageError, match="no links"):
        replay_folder(records)


def test_the_hurt_list_is_a_file_for_a_spreadsheet(records, tmp_path):
    path = tmp_path / "hurt.csv"
    write_hurt(replay_folder(records), path)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == HURT_COLUMNS
    assert rows[0]["source_ips"] == "198.51.100.9"


def test_the_worked_example_spares_the_honest_and_shows_the_clone(shared):
    told = replay_folder(shared / "design/worked-example/records")
    assert {unit["equipment_id"]: unit["class"] for unit in told["hurt"]} == {
        "HNB-A": "look_at_it",
        "HNB-B": "look_at_it",
        "HNB-C": "put_in_order",
        "HNB-D": "registry_late",
    }
