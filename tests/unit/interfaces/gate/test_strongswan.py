"""What it makes of VICI's words; a real charon is watched in tests/scenario/gate."""

import socket
import threading

import pytest
from made_up_units import NOW
from vici.protocol import Message

from cellwarden.admission.blocks import Block
from cellwarden.foundation.errors import CellwardenError
from cellwarden.interfaces.gate import strongswan
from cellwarden.interfaces.gate.relay import Relay
from cellwarden.interfaces.gate.strongswan import StrongSwan, _eap_connections

SA = {
    "uniqueid": b"7", "remote-host": b"192.0.2.1", "remote-port": b"4500", "remote-id": b"henb1.femto.example",
    "remote-vips": [b"10.9.0.1"], "state": b"ESTABLISHED",
}  # fmt: skip


class Door:
    def __init__(self, is_stuck=False):
        self.inside, self.opened, self.is_stuck = set(), set(), is_stuck

    def open(self, *inner_ips):
        if self.is_stuck:
            raise CellwardenError("stuck")
        self.inside.update(inner_ips)
        self.opened.update(inner_ips)

    def close(self, inner_ip):
        self.inside.discard(inner_ip)

    def admitted(self):
        return set(self.inside)


def watcher(house, tmp_path, door=None, **options):
    made = StrongSwan(
        house, door or Door(), tmp_path / "none", gateway="segw", clock=lambda: NOW, suffix=".femto.example", **options
    )
    made.ended = []
    made._terminate = made.ended.append
    return made


def up(sa=SA):
    return "ike-updown", {"up": b"yes", "segw": sa}


def test_facts_are_what_vici_says_and_no_certificate(house, tmp_path):
    facts = watcher(house, tmp_path).facts_of("segw", SA)
    assert (facts.equipment_id, facts.source_ip, facts.source_port, facts.inner_ip) == ("henb1", "192.0.2.1", 4500, "10.9.0.1")
    assert facts.certificate is None
    assert facts.certificate_names is None


def test_a_pinned_connection_tells_whose_certificate_was_shown(house, tmp_path):
    assert watcher(house, tmp_path, pinned=True).facts_of("henb1", SA).certificate_names == ("henb1",)


def test_an_sa_of_a_connection_with_eap_shows_the_eap_identity(house, tmp_path):
    made = watcher(house, tmp_path)
    listed = [
        {"plain": {"remote-1": {"class": b"public key"}}},
        {"eap": {"remote-1": {"class": b"public key"}, "remote-2": {"class": b"EAP"}}},
    ]
    made._eap = frozenset(_eap_connections(listed))
    assert made.facts_of("plain", SA).eap_identity is None
    assert made.facts_of("eap", SA).eap_identity == "henb1"


def test_who_is_let_in_gets_through_and_who_leaves_does_not(house, tmp_path):
    made = watcher(house, tmp_path)
    made._take([up()])
    assert made._door.admitted() == {"10.9.0.1"}
    made._take([("ike-updown", {"segw": SA})])
    assert made._door.admitted() == set()
    assert made.ended == []


def test_who_is_refused_is_ended_and_never_gets_through(house, tmp_path):
    made = watcher(house, tmp_path)
    for sa in ({**SA, "remote-id": b"henb9.femto.example"}, {**SA, "remote-vips": []}, {"uniqueid": b"8"}):
        made._take([up(sa)])
    assert made._door.admitted() == set()
    assert len(made.ended) == 3


def test_a_door_that_does_not_open_ends_the_tunnel(house, tmp_path):
    made = watcher(house, tmp_path, Door(is_stuck=True))
    made._take([up()])
    assert made.ended == ["7"]
    assert len(house.gate.sessions) == 0


def test_a_rekeyed_tunnel_goes_on_under_its_new_number(house, tmp_path):
    made = watcher(house, tmp_path)
    made._take([up()])
    made._take([("ike-rekey", {"segw": {"old": {"uniqueid": b"7"}, "new": {"uniqueid": b"9"}}})])
    assert [session.key for session in house.gate.sessions] == ["9"]
    assert made._door.admitted() == {"10.9.0.1"}


def test_connections_of_others_are_left_alone(house, tmp_path):
    made = watcher(house, tmp_path, connections=frozenset({"femto"}))
    made._take([up({**SA, "remote-id": b"laptop"})])
    assert made.ended == []


def test_a_cut_shuts_the_door_before_the_tunnel_ends(house, tmp_path):
    made = watcher(house, tmp_path)
    made._take([up()])
    assert house.block(Block("equipment_id", "henb1", "case 7"), by="duty officer") == 1
    assert made._door.admitted() == set()
    assert made.ended == ["7"]


def test_who_arrives_together_is_decided_on_one_after_the_other(house, tmp_path):
    made = watcher(house, tmp_path)
    again = {**SA, "uniqueid": b"8", "remote-vips": [b"10.9.0.2"]}
    clone = {**SA, "uniqueid": b"9", "remote-host": b"203.0.113.9", "remote-vips": [b"10.9.0.3"]}
    made._take([up(), up(again), up(clone)])
    assert made._door.admitted() == {"10.9.0.2"}, "the unit came again from its own address, and the clone did not"
    assert set(made.ended) == {"7", "9"}


def test_who_is_blocked_between_decision_and_door_is_not_let_in(house, tmp_path):
    made = watcher(house, tmp_path)
    decide = house.ask_all

    def interrupted(attempts):
        decisions = decide(attempts)
        house.block(Block("equipment_id", "henb1", "case 7"), by="duty officer")
        return decisions

    house.ask_all = interrupted
    made._take([up()])
    assert made._door.admitted() == set()
    assert set(made.ended) == {"7"}


def test_what_came_and_went_at_once_leaves_no_door_open(house, tmp_path):
    made = watcher(house, tmp_path)
    made._take([up(), ("ike-updown", {"segw": SA}), up({**SA, "uniqueid": b"8", "remote-id": b"henb2.femto.example"})])
    assert made._door.opened == set(), "the address was given to one who is not let in"


def test_who_comes_under_the_address_of_one_who_just_left_gets_through(house, tmp_path):
    made = watcher(house, tmp_path)
    made._take([up(), ("ike-updown", {"segw": SA}), up({**SA, "uniqueid": b"8"})])
    assert made._door.admitted() == {"10.9.0.1"}
    assert made.ended == []


def test_who_was_rekeyed_before_the_door_opened_gets_through(house, tmp_path):
    made = watcher(house, tmp_path)
    made._take([up(), ("ike-rekey", {"segw": {"old": {"uniqueid": b"7"}, "new": {"uniqueid": b"9"}}})])
    assert made._door.admitted() == {"10.9.0.1"}
    assert made.ended == []


class Charon:
    """What a gate hears of a charon itself: nothing, until it is told to stop."""

    def __init__(self, *path_and_names):
        del path_and_names

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def next(self, timeout_s):
        del timeout_s


@pytest.fixture
def followed(house, tmp_path, monkeypatch):
    """Give a gate beside a sweeper, its relay, and what it listened to, one after the other, until it was told to stop."""
    made, stop, heard = watcher(house, tmp_path, sweeper=tmp_path / "relay"), threading.Event(), []
    made._adopt = lambda: None
    monkeypatch.setattr(strongswan, "Events", Charon)
    listen = made._listen

    def listening(events, *rest):
        heard.append(type(events).__name__)
        listen(events, *rest)

    made._listen = listening
    mine, daemon = socket.socketpair()
    with mine, daemon, Relay(tmp_path / "relay") as relay:
        relay.begin(mine)
        yield made, relay, mine, stop, heard


def test_a_gate_beside_a_sweeper_acts_on_what_that_passes_on(followed):
    made, relay, _, stop, heard = followed

    def told():
        packet = b"\x07\x0aike-updown" + Message.serialize({"up": "yes", "segw": SA})
        relay.tell(len(packet).to_bytes(4) + packet)

    opened = made._door.open
    made._door.open = lambda *inner_ips: (opened(*inner_ips), stop.set())
    made.watch(stop, told)
    assert made._door.admitted() == {"10.9.0.1"}
    assert heard == ["RelayedEvents"]


def test_a_gate_whose_sweeper_is_lost_listens_for_itself_and_follows_again_when_it_is_back(followed, house, monkeypatch):
    made, relay, mine, stop, heard = followed
    monkeypatch.setattr(strongswan, "_ALONE_S", 0)

    def ready():
        if len(heard) == 1:
            relay.end()
        elif heard[-1] == "Charon":
            relay.begin(mine)
        else:
            stop.set()

    made.watch(stop, ready)
    assert heard == ["RelayedEvents", "Charon", "RelayedEvents"]
    assert house.counts["adapter", "strongswan", "sweeper_lost"] >= 1


def test_a_gate_whose_sweeper_is_not_there_looks_for_it_only_now_and_then(followed, house, monkeypatch):
    made, relay, _, stop, heard = followed
    relay.__exit__()
    looks = []
    monkeypatch.setattr(Charon, "next", lambda _, timeout_s: looks.append(timeout_s) or (len(looks) > 3 and stop.set()) or None)
    made.watch(stop)
    assert heard == ["Charon"]
    assert house.counts["adapter", "strongswan", "sweeper_lost"] == 1
