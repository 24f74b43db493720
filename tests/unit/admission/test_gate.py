from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from made_up_units import NOW, certificate, codes, gate, inform, later, setup, tunnel, unit

from cellwarden.admission.blocks import Block
from cellwarden.admission.facts import Stage
from cellwarden.admission.gate import Alerted, Answered, Cut
from cellwarden.admission.policy import Policy, Region
from cellwarden.admission.registry import Registry

UNITS = st.integers(1, 4)
LINES = st.integers(1, 5)


class AnySequence(RuleBasedStateMachine):
    """Whatever happens in whatever order: what a gate must never come to."""

    def __init__(self):
        super().__init__()
        self.gate = gate(*[unit(n) for n in (1, 2, 3)])
        self.minutes = 0
        self.keys = 0

    @property
    def now(self):
        self.minutes += 1
        return later(seconds=self.minutes)

    @rule(number=UNITS, line=LINES, with_certificate=st.sampled_from([None, 1, 2, 3]))
    def arrives(self, number, line, with_certificate):
        self.keys += 1
        shown = None if with_certificate is None else certificate(with_certificate)
        self.gate.ask(
            tunnel(number, at=self.now, key=f"k{self.keys}", source_ip=f"192.0.2.{line}", inner_ip=f"10.9.{line}.{self.keys}", certificate=shown)
        )  # fmt: skip

    @rule(number=UNITS, line=LINES)
    def is_authorised(self, number, line):
        self.gate.ask(tunnel(number, stage=Stage.AUTHORISE, at=self.now, key=f"k{self.keys + 1}", source_ip=f"192.0.2.{line}"))

    @rule(pick=st.integers(0, 9))
    def leaves(self, pick):
        live = list(self.gate.sessions)
        if live:
            self.gate.leave(*live[pick % len(live)].place)

    @rule(pick=st.integers(0, 9), number=UNITS, association=st.integers(1, 3))
    def sets_up(self, pick, number, association):
        live = list(self.gate.sessions)
        if live:
            inner = live[pick % len(live)].facts.inner_ip
            self.gate.ask(setup(number, at=self.now, inner_ip=inner, key=f"a{association}"))

    @rule(pick=st.integers(0, 9), number=UNITS, line=LINES)
    def informs(self, pick, number, line):
        live = list(self.gate.sessions)
        inner = live[pick % len(live)].facts.inner_ip if live and pick else f"192.0.2.{line}"
        self.gate.ask(inform(number, at=self.now, source_ip=inner))

    @rule(number=UNITS, status=st.sampled_from(["active", "deleted", "lost"]), shared=st.booleans())
    def registry_changes(self, number, status, shared):
        at = self.now
        changed = unit(number, status=status, recorded_at=at, certificate=certificate(1 if shared else number))
        self.gate.change([changed], as_of=at)

    @rule(number=UNITS, kind=st.sampled_from(["equipment_id", "serial", "cell", "certificate", "network"]))
    def is_blocked(self, number, kind):
        value = {"equipment_id": f"henb{number}", "serial": f"SN-{number}", "cell": f"home:{1000 + number}"}
        value |= {"certificate": certificate(number), "network": f"192.0.2.{number}/32"}
        self.gate.block(Block(kind, value[kind], "test"), self.now)

    @rule(number=UNITS)
    def is_unblocked(self, number):
        self.gate.unblock("equipment_id", f"henb{number}")

    @rule(pick=st.integers(0, 9))
    def is_rekeyed(self, pick):
        live = list(self.gate.sessions)
        if live:
            self.keys += 1
            self.gate.rekey("segw", live[pick % len(live)].key, f"k{self.keys}")

    @invariant()
    def no_unit_is_in_twice(self):
        units = [session.equipment_id for session in self.gate.sessions]
        assert len(units) == len(set(units))

    @invariant()
    def no_cell_is_set_up_twice(self):
        cells = [(each.association[0], each.facts.cell) for each in self.gate.sessions if each.association]
        assert len(cells) == len(set(cells))

    @invariant()
    def nobody_who_is_blocked_is_in(self):
        at = later(seconds=self.minutes)
        for session in self.gate.sessions:
            version = self.gate.registry.in_force(session.equipment_id, at)
            assert self.gate.registry.blocks.on(replace(session.facts, at=at), version) is None

    @invariant()
    def everybody_who_is_in_is_active_alone_with_its_certificate_and_on_its_line(self):
        at = later(seconds=self.minutes)
        for session in self.gate.sessions:
            version = self.gate.registry.in_force(session.equipment_id, at)
            assert version.status == "active"
            assert self.gate.registry.sharers(version.certificate, at) == [session.equipment_id]
            assert session.facts.source_ip == f"192.0.2.{session.equipment_id.removeprefix('henb')}"

    @invariant()
    def every_index_knows_the_same_sessions(self):
        for session in self.gate.sessions:
            assert self.gate.sessions.of_inner(session.facts.inner_ip) == session
            assert session in self.gate.sessions.of_unit(session.equipment_id)


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def story(number):
    """Return what happens to one unit and its clone, in order."""
    return [
        tunnel(number),
        setup(number),
        tunnel(number, key=f"clone{number}", source_ip="203.0.113.5", inner_ip=f"10.8.0.{number}"),
        inform(number),
        setup(number, inner_ip=f"10.8.0.{number}", key=f"clone{number}"),
        tunnel(number, key=f"again{number}", inner_ip=f"10.7.0.{number}"),
        setup(number, inner_ip=f"10.7.0.{number}", cell=999),
    ]


def order_of_stories():
    return st.permutations([number for number in (1, 2, 3) for _ in story(number)])


@settings(max_examples=80, deadline=None)
@given(order_of_stories())
def test_what_happens_to_others_does_not_change_a_decision(order):
    def played(numbers):
        held, told = gate(*[unit(n) for n in (1, 2, 3)]), {1: [], 2: [], 3: []}
        remaining = {n: iter(story(n)) for n in (1, 2, 3)}
        for number in numbers:
            told[number].append(codes(held.ask(next(remaining[number]))))
        return told, {session.place: session for session in held.sessions}

    assert played(order) == played(sorted(order))


def test_a_change_of_the_registry_cuts_who_is_in_and_should_not_be():
    held = gate()
    held.ask(tunnel(1))
    held.ask(tunnel(2))
    outcomes = held.change([unit(1, status="deleted", recorded_at=later(minutes=1))], as_of=later(minutes=1))
    assert [(type(each), each.session.key, each.decision.codes) for each in outcomes] == [(Cut, "sa1", ("STATUS_DELETED",))]
    assert [session.key for session in held.sessions] == ["sa2"]


def test_a_whole_new_registry_keeps_the_block_list():
    held = gate()
    held.block(Block("equipment_id", "henb2", "case 7"), NOW)
    held.ask(tunnel(1))
    outcomes = held.renew(Registry([unit(2)], as_of=later(minutes=1)), later(minutes=1))
    assert [each.decision.codes for each in outcomes] == [("NOT_REGISTERED",)]
    assert codes(held.ask(tunnel(2, at=later(minutes=1)))) == ("BLOCKED",)


def test_what_radius_saw_counts_when_the_tunnel_comes_up():
    held = gate()
    held.ask(tunnel(1, stage=Stage.AUTHORISE, inner_ip=None, certificate=certificate(1), certificate_names=("henb1",)))
    assert len(held.sessions) == 0, "authorised is not in yet"
    session = held.ask(tunnel(1, eap_identity="henb1"))[0].session
    assert session.facts.certificate == certificate(1)


def test_an_authorisation_that_came_to_nothing_is_forgotten():
    held = gate()
    held.ask(tunnel(1, stage=Stage.AUTHORISE, certificate_names=("henb1",)))
    held.leave("segw", "sa1")
    assert codes(held.ask(tunnel(1, eap_identity="henb1"))) == ("EAP_ID_SPLICE",)


def test_in_monitor_mode_an_imitation_is_an_alert_all_the_same():
    held = gate(policy=Policy(regions=(Region(name="test", mode="monitor", until=later(days=1)),)))
    held.ask(tunnel(1))
    outcomes = held.ask(tunnel(1, key="clone", source_ip="203.0.113.5", inner_ip="10.9.0.70"))
    assert outcomes[0].decision.allow
    assert any(isinstance(each, Alerted) for each in outcomes)


def test_rekeying_a_tunnel_that_was_not_let_in_lets_nobody_in():
    held = gate()
    assert held.rekey("segw", "sa1", "sa2") is None
    held.ask(tunnel(1))
    assert held.rekey("segw", "sa1", "sa2").key == "sa2"
    assert held.leave("segw", "sa2").equipment_id == "henb1"


def test_a_version_that_begins_later_cuts_when_it_begins():
    held = gate()
    held.ask(tunnel(1))
    planned = unit(1, status="suspended", valid_from=later(hours=1), recorded_at=later(minutes=1))
    assert held.change([unit(1), planned], as_of=later(minutes=2), at=later(minutes=2)) == []
    assert held.pass_time(later(minutes=59)) == []
    assert [each.decision.codes for each in held.pass_time(later(hours=1))] == [("STATUS_SUSPENDED",)]
    assert held.pass_time(later(hours=2)) == []


def test_the_end_of_a_regions_mode_cuts_who_was_merely_watched():
    held = gate(policy=Policy(regions=(Region(name="test", mode="monitor", until=later(days=1)),)))
    held.ask(tunnel(1))
    held.ask(tunnel(3))
    assert held.pass_time(later(hours=23)) == []
    assert [each.session.key for each in held.pass_time(later(days=1))] == ["sa3"]
    assert held.pass_time(later(days=2)) == []


def test_a_unit_that_tells_through_its_tunnel_that_it_is_another_loses_its_tunnel():
    made = gate()
    made.ask(tunnel(1))
    outcomes = made.ask(inform(1, serial="SN-2"))
    assert codes(outcomes) == ("CONFIG_MISMATCH",)
    assert [type(outcome) for outcome in outcomes] == [Answered, Cut]
    assert outcomes[1].session.equipment_id == "henb1"
    assert len(made.sessions) == 0


def test_who_tells_from_elsewhere_cuts_nobody():
    made = gate()
    made.ask(tunnel(1))
    assert [type(outcome) for outcome in made.ask(inform(1, serial="SN-2", source_ip="10.9.0.9"))] == [Answered]
    assert len(made.sessions) == 1


def test_an_inform_that_is_refused_for_what_the_gate_lacks_cuts_nobody():
    made = gate()
    made.ask(tunnel(1))
    assert codes(made.ask(inform(1, is_recorded=False))) == ("EVIDENCE_UNAVAILABLE",)
    assert len(made.sessions) == 1


def test_what_a_unit_tells_is_enforced_as_its_region_is():
    region = Region(name="all", mode="monitor", until=later(days=1))
    made = gate(policy=Policy(regions=(region,)))
    made.ask(tunnel(1))
    assert made.ask(inform(1, serial="SN-2"))[0].decision.allow
    assert len(made.sessions) == 1


@pytest.mark.parametrize("keys", [("sa1", "sa2"), ("sa2", "sa1")])
def test_of_two_tunnels_that_are_taken_up_at_the_same_instant_one_stays(keys):
    made = gate(unit(1, networks=unit(1).networks + unit(2).networks))
    first, second = (tunnel(1, key=key, source_ip=f"192.0.2.{place}") for place, key in enumerate(keys, start=1))
    assert made.adopt(first)[0].decision.allow
    assert codes(made.adopt(second)) == ("DUPLICATE_SESSION",)
    assert [each.key for each in made.sessions] == [keys[0]]
