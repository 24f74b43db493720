import csv
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from made_up_units import NOW, gate, later, unit
from radius_by_hand import SECRET, accounting, tells

from cellwarden.admission.addresses import networks
from cellwarden.admission.blocks import Block
from cellwarden.admission.registry import Registry
from cellwarden.interfaces.gate.radius_accounting import Accounting
from cellwarden.interfaces.gate.radius_clients import Client
from cellwarden.interfaces.gate.radius_packets import Dropped, read_request
from cellwarden.workflows.gate_evidence import GateEvidence
from cellwarden.workflows.gatehouse import Gatehouse

START, STOP, INTERIM, ON, OFF = 1, 2, 3, 7, 8
CLIENT = Client(name="segw", address="127.0.0.9", secret=SECRET)


class Cuts:
    def __init__(self):
        self.asked, self.proofs, self.names = [], [], {}

    def name(self, _, key, user_name):
        self.names[key] = user_name

    def end(self, facts, **_):
        self.asked.append(facts.key)

    def ended(self, _, key):
        self.proofs.append(key)


@pytest.fixture
def accounts(house):
    made = Accounting(house, Cuts(), clock=lambda: NOW, suffix=".femto.example")
    made.asked = made._cuts.asked
    return made


def take(accounts, data):
    accounts.take(read_request(data, SECRET, is_accounting=True), CLIENT)


def sessions(house):
    return {each.key: (each.equipment_id, each.facts.source_ip, each.facts.inner_ip) for each in house.gate.sessions}


def rows(house, tmp_path):
    house.tend()
    with (tmp_path / "gate/links" / f"{NOW:%Y-%m-%d}-test.csv").open(newline="") as file:
        return [(row["event"], row["equipment_id"], row["inner_ip"], row["result"]) for row in csv.DictReader(file)]


def test_a_session_begins_lives_and_ends_and_each_is_a_row_of_links(accounts, house, tmp_path):
    take(accounts, tells(START))
    assert sessions(house) == {"segw-1\ts1": ("henb1", "192.0.2.1", "10.9.0.1")}
    take(accounts, tells(INTERIM))
    take(accounts, tells(STOP))
    assert sessions(house) == {}
    assert accounts.asked == []
    assert accounts._cuts.names == {"segw-1\ts1": b"henb1.femto.example"}
    assert rows(house, tmp_path) == [("ike_up", "henb1", "10.9.0.1", "ok"), ("ike_down", "henb1", "10.9.0.1", "left")]


def test_a_second_session_of_a_unit_is_known_as_such_and_disconnected(accounts, house):
    house.renew(Registry([unit(1, networks=unit(1).networks + unit(2).networks), unit(2)], as_of=NOW))
    take(accounts, tells(START))
    take(accounts, tells(START, session="s2", place="192.0.2.2", inner="10.9.0.2"))
    assert list(sessions(house)) == ["segw-1\ts1"]
    assert accounts.asked == ["segw-1\ts2"]
    assert house.counts["alert",] == 1


def test_a_session_that_was_never_authorised_and_may_not_live_is_disconnected_whenever_it_shows(accounts, house):
    take(accounts, tells(START, 9))
    take(accounts, tells(INTERIM, 9))
    assert accounts.asked == ["segw-1\ts1"] * 2
    assert sessions(house) == {}


def test_a_session_without_an_address_inside_is_disconnected(accounts):
    take(accounts, accounting([(40, START), (44, "s1"), (1, "henb1"), (31, "192.0.2.1")]))
    assert accounts.asked == ["\ts1"]


def test_an_interim_that_does_not_repeat_the_address_inside_changes_nothing(accounts, house):
    take(accounts, tells(START))
    take(accounts, accounting([(40, INTERIM), (44, "s1"), (1, "henb1.femto.example"), (31, "192.0.2.1[4500]"), (32, "segw-1")]))
    assert sessions(house)["segw-1\ts1"][2] == "10.9.0.1"
    assert accounts.asked == []


def test_a_session_that_moves_to_another_line_is_asked_about_again(accounts, house):
    take(accounts, tells(START))
    take(accounts, tells(INTERIM, place="192.0.2.2[4500]"))
    assert sessions(house) == {}
    assert accounts.asked == ["segw-1\ts1"]


def test_who_was_in_before_the_gate_began_stays_in_even_if_its_registry_is_stale(house):
    house.gate.registry.as_of = NOW - timedelta(hours=2)
    accounts = Accounting(house, Cuts(), clock=lambda: NOW, suffix=".femto.example")
    take(accounts, tells(INTERIM, more=[(46, 600)]))
    assert list(sessions(house)) == ["segw-1\ts1"]
    take(accounts, tells(INTERIM, 2, session="s2", more=[(46, 0)]))
    assert list(sessions(house)) == ["segw-1\ts1"], "this one came meanwhile"


def test_a_start_is_news_however_old_it_says_that_it_is(accounts, house):
    house.gate.registry.as_of = NOW - timedelta(hours=2)
    take(accounts, tells(START, more=[(46, 600)]))
    assert sessions(house) == {}
    assert accounts.asked == ["segw-1\ts1"]


def test_who_was_in_before_and_was_blocked_meanwhile_is_disconnected(accounts, house):
    house.block(Block("equipment_id", "henb1", "case 7"), by="duty officer")
    take(accounts, tells(INTERIM, more=[(46, 600)]))
    assert sessions(house) == {}
    assert accounts.asked == ["segw-1\ts1"]


def test_a_start_after_its_stop_opens_nothing(accounts, house):
    take(accounts, tells(STOP))
    take(accounts, tells(START))
    assert sessions(house) == {}
    assert accounts._cuts.proofs == ["segw-1\ts1"]


@pytest.mark.parametrize("kind", [ON, OFF])
def test_a_gateway_that_restarts_ends_its_sessions_and_no_others(accounts, house, kind):
    take(accounts, tells(START))
    take(
        accounts,
        accounting([(40, START), (44, "s1"), (1, "henb2"), (31, "192.0.2.2"), (8, bytes([10, 9, 0, 2])), (32, "segw-2")]),
    )
    take(accounts, accounting([(40, kind), (32, "segw-1")]))
    assert list(sessions(house)) == ["segw-2\ts1"]


@pytest.mark.parametrize("kind", [START, STOP, INTERIM])
def test_a_session_without_a_number_is_dropped(accounts, kind):
    with pytest.raises(Dropped, match="malformed"):
        take(accounts, accounting([(40, kind), (1, "henb1"), (31, "192.0.2.1")]))


def test_what_happened_long_ago_is_a_replay(accounts, house):
    happened = int(NOW.timestamp())
    with pytest.raises(Dropped, match="replayed"):
        take(accounts, tells(START, more=[(55, happened - 3601)]))
    take(accounts, tells(START, more=[(55, happened - 600)]))
    assert len(sessions(house)) == 1


def test_a_gateway_that_restarted_gives_its_numbers_again(accounts, house):
    take(accounts, tells(START))
    take(accounts, tells(STOP))
    take(accounts, accounting([(40, ON), (32, "segw-1")]))
    take(accounts, tells(START))
    assert list(sessions(house)) == ["segw-1\ts1"]


def test_a_unit_whose_stop_was_lost_is_not_shut_out_for_ever(house):
    minutes = [0]
    accounts = Accounting(house, Cuts(), clock=lambda: later(minutes=minutes[0]), suffix=".femto.example")
    house.renew(Registry([unit(1), unit(2)], as_of=later(days=1)))
    for minutes[0] in (1, 6):
        take(accounts, tells(INTERIM, session="lost"))
        take(accounts, tells(INTERIM, 2, session="s2"))
    for minutes[0] in (11, 16, 21, 26):
        take(accounts, tells(INTERIM, 2, session="s2"))
    assert list(sessions(house)) == ["segw-1\ts2"]
    assert house.counts["adapter", "radius", "silent"] == 1
    take(accounts, tells(INTERIM, session="lost"))
    assert len(sessions(house)) == 2, "it was alive after all, and is asked about as if it came"


def test_other_kinds_change_nothing(accounts, house):
    take(accounts, tells(9))
    take(accounts, accounting([(44, "s1")]))
    assert sessions(house) == {}


UNITS, LINES = st.integers(1, 3), st.integers(1, 4)


class AnySequence(RuleBasedStateMachine):
    """Gateways tell whatever they like, late, twice and out of order: what the table must never come to."""

    def __init__(self):
        super().__init__()
        self.folder = TemporaryDirectory()
        self.seconds = 0
        evidence = GateEvidence(Path(self.folder.name), "test")
        lines = networks("192.0.2.1/32 192.0.2.2/32 192.0.2.3/32")
        self.house = Gatehouse(gate(*[unit(number, networks=lines) for number in (1, 2, 3)]), evidence, self.clock)
        self.cuts = Cuts()
        self.accounts = Accounting(self.house, self.cuts, clock=self.clock, suffix=".femto.example")
        self.stopped, self.blocked, self.cut = set(), set(), []
        self.house.on_cut(lambda session: self.cut.append(session.key))

    def clock(self):
        self.seconds += 1
        return later(seconds=self.seconds)

    def teardown(self):
        self.house._evidence.close()
        self.folder.cleanup()

    @rule(
        number=UNITS,
        session=st.integers(1, 6),
        line=LINES,
        kind=st.sampled_from([START, INTERIM]),
        age_s=st.sampled_from([0, 9999]),
    )
    def lives(self, number, session, line, kind, age_s):
        place, inner = f"192.0.2.{line}", f"10.9.0.{session}"
        take(self.accounts, tells(kind, number, session=f"s{session}", place=place, inner=inner, more=[(46, age_s)]))

    @rule(session=st.integers(1, 6))
    def stops(self, session):
        take(self.accounts, tells(STOP, session=f"s{session}"))
        self.stopped.add(f"segw-1\ts{session}")

    @rule(kind=st.sampled_from([ON, OFF]))
    def restarts(self, kind):
        take(self.accounts, accounting([(40, kind), (32, "segw-1")]))
        assert len(self.house.gate.sessions) == 0
        self.stopped.clear()
        self.cuts.names.clear()

    @rule(number=UNITS)
    def is_blocked(self, number):
        self.house.block(Block("equipment_id", f"henb{number}", "case 7"), by="duty officer")
        self.blocked.add(f"henb{number}")

    @invariant()
    def nobody_is_in_twice_or_blocked_or_stopped(self):
        live = list(self.house.gate.sessions)
        assert len({each.equipment_id for each in live}) == len(live)
        assert not self.blocked.intersection(each.equipment_id for each in live)
        assert not self.stopped.intersection(each.key for each in live)
        assert all(each.facts.source_ip != "192.0.2.4" for each in live), "no line of theirs"

    @invariant()
    def whoever_is_told_of_and_may_not_live_is_disconnected(self):
        live = {each.key for each in self.house.gate.sessions}
        asked = set(self.cuts.asked)
        assert set(self.cuts.names) <= live | asked | self.stopped | set(self.cut)


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
