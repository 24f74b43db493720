from datetime import timedelta

import pytest
from made_up_units import NOW, gate, setup, tunnel, unit

from cellwarden.admission.addresses import AddressBook, Origin
from cellwarden.admission.blocks import Block
from cellwarden.admission.decisions import unavailable
from cellwarden.admission.policy import Policy
from cellwarden.admission.registry import Registry
from cellwarden.workflows.gate_evidence import GateEvidence
from cellwarden.workflows.gatehouse import Gatehouse


class Hall:
    def __init__(self, folder, **options):
        self.now, self.cut = NOW, []
        self.evidence = GateEvidence(folder, "test")
        self.house = Gatehouse(gate(**options), self.evidence, lambda: self.now, ORIGINS)
        self.house.on_cut(lambda session: self.cut.append(session.key))


ORIGINS = AddressBook([("192.0.2.0/24", Origin(64500, "KR", "L1")), ("203.0.113.0/24", Origin(64502, "US"))])


@pytest.fixture
def hall(tmp_path):
    made = Hall(tmp_path / "gate")
    yield made
    made.evidence.close()


def test_whose_the_outer_address_is_becomes_a_fact(hall):
    decision = hall.house.ask(tunnel(1))
    assert (decision.facts.asn, decision.facts.country, decision.facts.access_line) == (64500, "KR", "L1")
    assert hall.house.ask(tunnel(2, source_ip="198.51.100.1")).facts.country is None


def test_whoever_must_end_is_handed_to_every_adapter(hall):
    hall.house.ask(tunnel(1))
    hall.house.ask(tunnel(2))
    assert hall.house.block(Block("equipment_id", "henb1", "case 7"), by="duty officer") == 1
    assert hall.house.change([unit(2, status="lost")], as_of=NOW) == 1
    assert hall.cut == ["sa1", "sa2"]
    assert hall.house.counts["cut",] == 2
    assert hall.house.unblock("equipment_id", "henb1", by="duty officer")
    assert not hall.house.unblock("equipment_id", "henb1", by="duty officer")


def test_what_cannot_be_written_down_is_not_let_in(hall, tmp_path):
    (tmp_path / "gate").write_text("in the way")
    assert hall.house.ask(tunnel(1)).codes == ("EVIDENCE_UNAVAILABLE",)
    assert len(hall.house.gate.sessions) == 0
    (tmp_path / "gate").unlink()
    assert hall.house.ask(tunnel(1)).codes == ("EVIDENCE_UNAVAILABLE",), "until it was tried again"
    hall.house.tend()
    assert hall.house.ask(tunnel(1)).allow


def test_time_alone_can_cut(hall):
    hall.house.ask(tunnel(1))
    hall.house.change([unit(1, valid_to=NOW + timedelta(hours=1))], as_of=NOW)
    hall.now = NOW + timedelta(hours=1)
    hall.house.tend()
    assert hall.cut == ["sa1"]


def test_who_was_in_before_is_taken_up_even_on_a_stale_registry(hall):
    hall.now = NOW + timedelta(days=1)
    assert hall.house.adopt(tunnel(1, at=hall.now)).allow
    assert not hall.house.adopt(tunnel(9, at=hall.now)).allow
    assert hall.house.ask(tunnel(2, at=hall.now)).codes == ("REGISTRY_STALE",)


def test_before_the_first_registry_nobody_is_put_out(tmp_path):
    hall = Hall(tmp_path / "gate")
    hall.house.renew(Registry())
    assert hall.house.adopt(tunnel(9)).allow
    assert not hall.house.ask(tunnel(8)).allow
    assert hall.house.renew(Registry([unit(1)], as_of=NOW)) == 1
    hall.evidence.close()


def test_sessions_end_and_go_on(hall):
    hall.house.ask(tunnel(1))
    hall.house.ask(setup(1))
    hall.house.part("mme", "assoc1", "10.9.0.1")
    assert hall.house.rekey("segw", "sa1", "sa9").key == "sa9"
    assert hall.house.leave("segw", "sa9").equipment_id == "henb1"
    assert hall.house.leave("segw", "sa9") is None


def test_what_a_peer_refused_by_itself_is_counted(hall):
    hall.house.note(tunnel(1), unavailable(tunnel(1), "test"))
    assert hall.house.counts["reason", "DECISION_UNAVAILABLE"] == 1


def test_a_new_policy_is_enforced_on_who_is_in(hall):
    hall.house.ask(tunnel(1))
    assert hall.house.enforce(Policy(own_asns=frozenset({1}))) == 1


def test_the_block_list_is_kept_before_whoever_changed_it_is_told(hall):
    kept = []
    hall.house.on_block(kept.append)
    block = Block("serial", "SN-7", "case 7")
    hall.house.block(block, by="duty officer")
    assert kept == [[block]]
    assert hall.house.unblock("serial", "SN-7", by="duty officer")
    assert kept == [[block], []]
