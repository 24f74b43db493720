"""A gateway that is a socket of the test; strongSwan and FreeRADIUS take their part in tests/scenario/gate."""

import json
import time

import pytest
from made_up_units import NOW, tunnel
from radius_by_hand import COA, DISCONNECT, attributes_of

from cellwarden.admission.blocks import Block
from cellwarden.interfaces.gate.radius_cuts import Cuts

FACTS = tunnel(1, key="segw-1\ts1")
GONE = 42, [(101, (503).to_bytes(4, "big"))]


def outcome(house, tmp_path):
    house.tend()
    lines = (tmp_path / "gate/audit" / f"{NOW:%Y-%m-%d}-test.jsonl").read_text().splitlines()
    return [each["outcome"] for each in map(json.loads, lines) if each["act"] == "disconnect"]


def wait_for(holds):
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


def ended(house, client, *, proof=False, **options):
    cuts = Cuts(house, {"segw": client}, tries=2, **{"wait_s": 5, "proof_s": 20, **options})
    cuts.name("segw", FACTS.key, b"henb1.femto.example")
    house.ask(FACTS)
    assert house.block(Block("equipment_id", "henb1", "case 7"), by="duty officer") == 1
    if proof:
        wait_for(lambda: cuts._overdue)
        cuts.ended("segw", FACTS.key)
    cuts.close()


def test_a_session_that_is_cut_is_named_to_its_gateway_and_its_stop_is_the_proof(house, gateway, tmp_path):
    made = gateway(lambda *_: (41, []))
    ended(house, made.client(), proof=True)
    assert outcome(house, tmp_path) == ["proven"]
    assert made.heard[0][0] == DISCONNECT
    named = dict(attributes_of(made.heard[0]))
    assert {number: named[number] for number in (1, 8, 32, 44)} == {
        1: b"henb1.femto.example", 8: bytes([10, 9, 0, 1]), 32: b"segw-1", 44: b"s1",
    }  # fmt: skip


def test_a_session_that_stops_before_its_gateway_is_told_is_gone(house, gateway, tmp_path):
    made = gateway(lambda *_: GONE)
    cuts = Cuts(house, {"segw": made.client()}, wait_s=20)
    cuts.end(FACTS, is_fresh=True)
    wait_for(lambda: made.heard)
    cuts.ended("segw", FACTS.key)
    cuts.close()
    assert outcome(house, tmp_path) == ["gone"]
    assert len(made.heard) == 1, "and is not asked for again"


def test_an_acknowledgement_without_a_stop_is_not_believed(house, gateway, tmp_path):
    ended(house, gateway(lambda *_: (41, [])).client(), proof_s=0.02)
    assert outcome(house, tmp_path) == ["unproven"]


@pytest.mark.parametrize("expected", ["unanswered", "refused"])
def test_a_failure_is_in_the_evidence_in_the_metrics_and_in_the_log(house, gateway, tmp_path, caplog, expected):
    answer = None if expected == "unanswered" else (42, [(101, (501).to_bytes(4, "big"))])
    ended(house, gateway(lambda *_: answer).client(), wait_s=0.02)
    assert outcome(house, tmp_path) == [expected]
    assert house.counts["adapter", "radius", f"disconnect_{expected}"] == 1
    assert "disconnect_failed" in caplog.messages


def test_a_session_that_its_gateway_does_not_have_is_gone(house, gateway, tmp_path, caplog):
    ended(house, gateway(lambda *_: GONE).client())
    assert outcome(house, tmp_path) == ["gone"]
    assert "disconnect_failed" not in caplog.text


def test_a_gateway_that_will_not_disconnect_shuts_its_filter(house, gateway, tmp_path):
    made = gateway(lambda code, _: (44, []) if code == COA else (42, []))
    ended(house, made.client(quarantine="shut"))
    assert [data[0] for data in made.heard] == [DISCONNECT, COA]
    assert dict(attributes_of(made.heard[1]))[11] == b"shut"
    assert outcome(house, tmp_path) == ["quarantined"]


def test_sessions_of_others_are_left_alone(house, gateway):
    made = gateway(lambda *_: (41, []))
    cuts = Cuts(house, {"other": made.client()}, wait_s=5)
    house.ask(FACTS)
    house.block(Block("equipment_id", "henb1", "case 7"), by="duty officer")
    cuts.close()
    assert made.heard == []


def test_a_gateway_that_is_silent_holds_up_no_other(house, gateway):
    silent, other = gateway(lambda *_: None), gateway(lambda *_: GONE)
    cuts = Cuts(house, {"silent": silent.client(name="silent"), "segw": other.client()}, tries=1, wait_s=20)
    for number in range(20):
        cuts.end(tunnel(1, gateway="silent", key=f"a\ts{number}"))
    cuts.end(FACTS)
    wait_for(lambda: house.counts["adapter", "radius", "disconnect_gone"])
    assert len(cuts._underway) == 20


def test_the_same_session_is_told_of_once_at_a_time(house, gateway):
    made = gateway(lambda *_: GONE)
    cuts = Cuts(house, {"segw": made.client()}, wait_s=5, proof_s=20)
    with cuts._lock:
        cuts._underway["segw", FACTS.key] = None
    cuts.end(FACTS)
    assert made.heard == []


def test_a_gateway_that_matches_by_name_is_not_asked_to_end_a_clone_beside_the_genuine_session(house, gateway, tmp_path):
    made = gateway(lambda *_: (41, []))
    cuts = Cuts(house, {"segw": made.client(matches_by_name=True)}, wait_s=5, proof_s=0)
    house.ask(FACTS)
    cuts.end(tunnel(1, key="segw-1\ts2"), is_fresh=True)
    cuts.close()
    assert made.heard == []
    assert outcome(house, tmp_path) == ["not_told_apart"]


def test_a_session_that_its_gateway_tells_of_and_does_not_find_yet_is_asked_for_again(house, gateway, tmp_path):
    made = gateway(lambda _, number: (41, []) if number == 2 else GONE)
    cuts = Cuts(house, {"segw": made.client()}, wait_s=0.05, proof_s=0)
    cuts.end(FACTS, is_fresh=True)
    cuts.close()
    assert made.heard[0][1] != made.heard[1][1], "a new question, not the old one again"
    assert outcome(house, tmp_path) == ["unproven"]


def test_what_goes_wrong_here_is_told_and_the_next_is_served(house, gateway, tmp_path, monkeypatch, caplog):
    made = gateway(lambda *_: GONE)
    cuts = Cuts(house, {"segw": made.client()}, wait_s=5)
    with monkeypatch.context() as patch:
        patch.setattr("cellwarden.interfaces.gate.radius_cuts.ask", lambda *_, **__: 1 // 0)
        cuts.end(FACTS)
        cuts.close()
    cuts.end(FACTS)
    cuts.close()
    assert outcome(house, tmp_path) == ["ZeroDivisionError", "gone"]
    assert "disconnect_failed" in caplog.text
