import csv
import json
from datetime import timedelta

import pytest
from made_up_units import NOW, gate, tunnel

from cellwarden.admission.facts import FACT_NAMES
from cellwarden.evidence.log import broken_at
from cellwarden.workflows.gate_evidence import COLUMNS, GateEvidence


@pytest.fixture
def evidence(tmp_path):
    made = GateEvidence(tmp_path, "test")
    yield made
    made.close()


def entries(tmp_path, kind="audit"):
    return [json.loads(line) for path in sorted((tmp_path / kind).glob("*")) for line in path.read_text().splitlines()]


def test_each_decision_is_a_row_and_an_entry_with_what_it_saw(evidence, tmp_path):
    held = gate()
    assert evidence.keep(held.ask(tunnel(1, access_line="L-secret")), registry_as_of=NOW)
    (row,) = csv.DictReader((tmp_path / "links/2025-09-05-test.csv").read_text().splitlines())
    assert (row["event"], row["equipment_id"], row["inner_ip"], row["result"]) == ("ike_up", "henb1", "10.9.0.1", "ok")
    assert tuple(row) == COLUMNS
    (entry,) = entries(tmp_path)
    assert entry["allow"] is True
    assert entry["facts"]["source_ip"] == "192.0.2.1"
    assert entry["registry_as_of"] == "2025-09-05T12:00:00Z"
    assert set(entry["facts"]) <= set(FACT_NAMES)


def test_no_customer_line_stands_in_the_log(evidence, tmp_path):
    evidence.keep(gate().ask(tunnel(1, access_line="L-secret")), registry_as_of=NOW)
    assert "L-secret" not in (tmp_path / "audit/2025-09-05-test.jsonl").read_text()


def test_an_imitation_is_an_alert_that_names_both(evidence, tmp_path):
    held = gate()
    evidence.keep(held.ask(tunnel(1)), registry_as_of=NOW)
    evidence.keep(held.ask(tunnel(1, key="clone", source_ip="203.0.113.1")), registry_as_of=NOW)
    (alert,) = entries(tmp_path, "alerts")
    assert alert["facts"]["source_ip"] == "203.0.113.1"
    assert [rival["source_ip"] for rival in alert["rivals"]] == ["192.0.2.1"]


def test_a_cut_and_a_departure_are_ends_of_the_tunnel(evidence, tmp_path):
    held = gate()
    session = held.ask(tunnel(1))[0].session
    evidence.left(session, NOW)
    held.ask(tunnel(1))
    evidence.keep(held.ask(tunnel(1, key="again"))[1:], registry_as_of=NOW)
    rows = list(csv.DictReader((tmp_path / "links/2025-09-05-test.csv").read_text().splitlines()))
    assert [(row["event"], row["result"]) for row in rows] == [("ike_down", "left"), ("ike_down", "replaced")]


def test_each_day_has_its_files_and_the_chain_goes_on(evidence, tmp_path):
    evidence.act("gate_blocked", NOW, kind="serial")
    evidence.act("gate_blocked", NOW + timedelta(days=1), kind="serial")
    first, second = sorted((tmp_path / "audit").glob("*"))
    assert broken_at(first) is None
    assert broken_at(second) is None
    assert entries(tmp_path)[1]["follows"] == entries(tmp_path)[0]["digest"]
    assert first.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_takes_nothing_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    evidence = GateEvidence(tmp_path / "file", "test")
    assert evidence.keep(gate().ask(tunnel(1)), registry_as_of=NOW) is False
    assert evidence.is_kept is False
    assert evidence.act("x", NOW) is False
    evidence.sync()
