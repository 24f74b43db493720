"""A gateway that is a socket of the test; strongSwan and FreeRADIUS take their part in tests/scenario/gate."""

import json
import socket
import struct
import threading

import pytest
from made_up_units import NOW, tunnel
from radius_by_hand import COA, DISCONNECT, SECRET, attributes_of, encoded, md5

from cellwarden.admission.blocks import Block
from cellwarden.interfaces.gate.radius_clients import Client
from cellwarden.interfaces.gate.radius_disconnect import Disconnector

FACTS = tunnel(1, key="segw-1\ts1")


class Gateway:
    """Answers each request by a function of (code, number of requests so far): a code with attributes, or None for silence."""

    def __init__(self, answer, *, secret=SECRET):
        self.channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.channel.bind(("127.0.0.1", 0))
        self.channel.settimeout(20)
        self.answer, self.secret, self.heard = answer, secret, []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                data, sender = self.channel.recvfrom(4096)
            except OSError:
                return
            self.heard.append(data)
            said = self.answer(data[0], len(self.heard))
            if said is not None:
                code, attributes = said
                body = encoded(attributes)
                head = struct.pack("!BBH", code, data[1], 20 + len(body))
                self.channel.sendto(head + md5(head + data[4:20] + body + self.secret) + body, sender)

    def client(self, **changes):
        return Client(name="segw", address="127.0.0.1", secret=SECRET, disconnect_port=self.channel.getsockname()[1], **changes)


@pytest.fixture
def gateway():
    made = []

    def make(answer, **options):
        made.append(Gateway(answer, **options))
        return made[-1]

    yield make
    for each in made:
        each.channel.close()


def outcome(house, tmp_path):
    house.tend()
    lines = (tmp_path / "gate/audit" / f"{NOW:%Y-%m-%d}-test.jsonl").read_text().splitlines()
    return [each["outcome"] for each in map(json.loads, lines) if each["act"] == "disconnect"]


def ended(house, client, *, proof=True, **options):
    disconnector = Disconnector(house, {"segw": client}, tries=2, **{"wait_s": 5, "proof_s": 20, **options})
    disconnector.name("segw", FACTS.key, b"henb1.femto.example")
    house.ask(FACTS)
    assert house.block(Block("equipment_id", "henb1", "case 7"), by="duty officer") == 1
    if proof:
        disconnector.ended("segw", FACTS.key)
    disconnector.close()
    return disconnector


def test_a_session_that_is_cut_is_named_to_its_gateway_and_its_stop_is_the_proof(house, gateway, tmp_path):
    made = gateway(lambda *_: (41, []))
    ended(house, made.client())
    assert outcome(house, tmp_path) == ["proven"]
    data = made.heard[0]
    assert data[0] == DISCONNECT
    assert data[4:20] == md5(data[:4] + bytes(16) + data[20:] + SECRET)
    named = dict(attributes_of(data))
    assert {number: named[number] for number in (1, 8, 32, 44)} == {
        1: b"henb1.femto.example", 8: bytes([10, 9, 0, 1]), 32: b"segw-1", 44: b"s1",
    }  # fmt: skip


def test_a_lost_request_is_sent_again_as_it_was(house, gateway, tmp_path):
    made = gateway(lambda _, number: (41, []) if number == 2 else None)
    ended(house, made.client(), wait_s=0.05)
    assert made.heard[0] == made.heard[1]
    assert outcome(house, tmp_path) == ["proven"]


def test_a_gateway_that_is_silent_is_a_failure_that_shows(house, gateway, tmp_path, caplog):
    made = gateway(lambda *_: None)
    ended(house, made.client(), wait_s=0.02)
    assert len(made.heard) == 2
    assert outcome(house, tmp_path) == ["unanswered"]
    assert house.counts["adapter", "radius", "disconnect_unanswered"] == 1
    assert "disconnect_failed" in caplog.text


def test_a_gateway_that_is_gone_is_a_failure_that_shows(house, gateway, tmp_path):
    made = gateway(lambda *_: None)
    client = made.client()
    made.channel.close()
    ended(house, client, wait_s=0.02)
    assert outcome(house, tmp_path) == ["unanswered"]


def test_an_answer_under_another_secret_is_none(house, gateway, tmp_path):
    made = gateway(lambda *_: (41, []), secret=b"another secret of 16")
    ended(house, made.client(), wait_s=0.05)
    assert outcome(house, tmp_path) == ["unanswered"]


def test_an_acknowledgement_without_a_stop_is_not_believed(house, gateway, tmp_path):
    made = gateway(lambda *_: (41, []))
    ended(house, made.client(), proof=False, proof_s=0.02)
    assert outcome(house, tmp_path) == ["unproven"]


def test_a_session_that_its_gateway_does_not_have_is_gone(house, gateway, tmp_path):
    made = gateway(lambda *_: (42, [(101, (503).to_bytes(4, "big"))]))
    ended(house, made.client())
    assert outcome(house, tmp_path) == ["gone"]


def test_a_gateway_that_refuses_is_a_failure_that_shows(house, gateway, tmp_path):
    made = gateway(lambda *_: (42, [(101, (501).to_bytes(4, "big"))]))
    ended(house, made.client())
    assert outcome(house, tmp_path) == ["refused"]


def test_a_gateway_that_will_not_disconnect_shuts_its_filter(house, gateway, tmp_path):
    made = gateway(lambda code, _: (44, []) if code == COA else (42, []))
    ended(house, made.client(quarantine="shut"))
    assert [data[0] for data in made.heard] == [DISCONNECT, COA]
    assert dict(attributes_of(made.heard[1]))[11] == b"shut"
    assert outcome(house, tmp_path) == ["quarantined"]


def test_sessions_of_others_are_left_alone(house, gateway):
    made = gateway(lambda *_: (41, []))
    disconnector = Disconnector(house, {"other": made.client()}, wait_s=5)
    house.ask(FACTS)
    house.block(Block("equipment_id", "henb1", "case 7"), by="duty officer")
    disconnector.close()
    assert made.heard == []


def test_a_gateway_that_named_itself_by_address_is_named_so(house, gateway):
    made = gateway(lambda *_: (42, [(101, (503).to_bytes(4, "big"))]))
    disconnector = Disconnector(house, {"segw": made.client()}, wait_s=5)
    disconnector.end(tunnel(1, key="192.0.2.9\ts1"))
    disconnector.close()
    assert dict(attributes_of(made.heard[0]))[4] == bytes([192, 0, 2, 9])


def test_a_gateway_that_matches_by_name_is_not_asked_to_end_a_clone_beside_the_genuine_session(house, gateway, tmp_path):
    made = gateway(lambda *_: (41, []))
    disconnector = Disconnector(house, {"segw": made.client(matches_by_name=True)}, wait_s=5, proof_s=0)
    house.ask(FACTS)
    disconnector.end(tunnel(1, key="segw-1\ts2"), is_fresh=True)
    disconnector.close()
    assert made.heard == []
    assert outcome(house, tmp_path) == ["not_told_apart"]


def test_a_session_that_its_gateway_tells_of_and_does_not_find_yet_is_asked_for_again(house, gateway, tmp_path):
    made = gateway(lambda _, number: (41, []) if number == 2 else (42, [(101, (503).to_bytes(4, "big"))]))
    disconnector = Disconnector(house, {"segw": made.client()}, wait_s=0.05, proof_s=0)
    disconnector.end(FACTS, is_fresh=True)
    disconnector.close()
    assert made.heard[0][1] != made.heard[1][1], "a new question, not the old one again"
    assert outcome(house, tmp_path) == ["unproven"]
