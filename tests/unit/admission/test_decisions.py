import dataclasses
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_units import NOW, gate, later, ocsp, registry, setup, tunnel, unit

from cellwarden.admission.decisions import decide, review, unavailable
from cellwarden.admission.facts import Facts, Stage
from cellwarden.admission.registry import Registry
from cellwarden.admission.sessions import Sessions

ANYTHING = {
    "stage": st.sampled_from(Stage),
    "at": st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    "is_recorded": st.booleans(),
    "gateway": st.text(max_size=3),
    "key": st.text(max_size=3),
    "source_port": st.none() | st.integers(),
    "asn": st.none() | st.integers(),
    "cell": st.none() | st.integers(-5, 1 << 40) | st.just(1001),
    "is_chain_valid": st.none() | st.booleans(),
    "lat": st.none() | st.floats(),
    "lon": st.none() | st.floats(),
    "tacs": st.none() | st.lists(st.integers()).map(tuple),
    "neighbours": st.none() | st.lists(st.integers()).map(tuple),
    "certificate_names": st.none() | st.lists(st.text()).map(tuple),
    "certificate_not_before": st.none() | st.datetimes(timezones=st.just(UTC)),
    "certificate_not_after": st.none() | st.datetimes(datetime(1, 2, 1), timezones=st.just(UTC)),
    "equipment_id": st.none() | st.text() | st.just("henb1"),
    "source_ip": st.none() | st.text() | st.just("192.0.2.1"),
}
FACTS = st.fixed_dictionaries({each.name: ANYTHING.get(each.name, st.none() | st.text()) for each in dataclasses.fields(Facts)})


@settings(max_examples=300, deadline=None)
@given(FACTS)
def test_whatever_the_facts_there_is_a_decision_with_its_reasons(values):
    held = gate()
    held.ask(tunnel(1))
    facts = Facts(**values)
    decision = decide(held.registry, held.sessions, facts)
    assert decision == decide(held.registry, held.sessions, facts)
    assert decision.allow is not bool(decision.reasons)
    assert not decide(Registry(), Sessions(), facts).allow, "an empty registry lets nobody in"


def test_a_genuine_unit_is_let_in_and_the_rules_that_lacked_facts_are_named():
    decision = decide(registry(), Sessions(), tunnel(1))
    assert (decision.allow, decision.equipment_id, decision.unjudged) == (True, "henb1", (3, 4, 13))


def test_deciding_changes_nothing():
    held = gate()
    decide(held.registry, held.sessions, tunnel(1))
    assert len(held.sessions) == 0


def test_a_certificate_alone_tells_the_unit():
    assert decide(registry(), Sessions(), ocsp(2)).equipment_id == "henb2"
    assert decide(registry(), Sessions(), ocsp(9)).codes == ("NOT_REGISTERED",)
    named = decide(registry(), Sessions(), ocsp(9, certificate_names=("henb2",)))
    assert (named.equipment_id, named.codes) == ("henb2", ("CERT_FINGERPRINT_MISMATCH",))


def test_looking_again_asks_for_nothing_new():
    held = gate()
    session = held.ask(tunnel(1))[0].session
    stale = dataclasses.replace(session.facts, at=later(days=3), is_recorded=False)
    assert review(held.registry, held.sessions, session, stale).allow
    gone = Registry([unit(1, status="deleted")], as_of=NOW)
    assert review(gone, held.sessions, session, stale).codes == ("STATUS_DELETED",)


def test_no_answer_is_no():
    decision = unavailable(setup(1), "timed out")
    assert (decision.allow, decision.codes) == (False, ("DECISION_UNAVAILABLE",))
