from datetime import timedelta

import pytest
from made_up_units import NOW, codes, gate, inform, later, registry, setup, tunnel, unit

from cellwarden.admission.decisions import decide
from cellwarden.admission.policy import Policy
from cellwarden.admission.sessions import Sessions
from cellwarden.records.vocabulary import EQUIPMENT_STATUSES


def decided(facts, *versions, policy=None, as_of=NOW):
    return decide(registry(*versions, as_of=as_of), Sessions(), facts, policy or Policy())


def test_who_is_not_registered_is_refused():
    assert decided(tunnel(3)).codes == ("NOT_REGISTERED",)


@pytest.mark.parametrize("status", [each for each in EQUIPMENT_STATUSES if each != "active"])
def test_only_an_active_unit_joins(status):
    assert decided(tunnel(1), unit(1, status=status)).codes == (f"STATUS_{status.upper()}",)


def test_a_deletion_counts_from_when_it_was_recorded():
    deleted = unit(1, status="deleted", valid_from=later(days=-2), recorded_at=later(hours=1))
    assert decided(tunnel(1), unit(1), deleted).allow
    assert decided(tunnel(1, at=later(hours=1)), unit(1), deleted, as_of=later(hours=1)).codes == ("STATUS_DELETED",)


def test_a_stale_registry_lets_in_who_shows_the_same_and_nobody_else():
    held = gate(unit(1), unit(2))
    held.ask(tunnel(1))
    held.ask(setup(1))
    held.leave("segw", "sa1")
    stale = later(seconds=901)
    assert codes(held.ask(tunnel(2, at=stale))) == ("REGISTRY_STALE",)
    assert codes(held.ask(tunnel(1, at=stale, source_ip="192.0.2.200"))) == (
        "REGISTRY_STALE",
        "SOURCE_IP_NOT_INSTALLED_LINE",
    )
    assert held.ask(tunnel(1, at=stale))[0].decision.allow
    assert codes(held.ask(setup(1, at=stale, cell=1002))) == ("REGISTRY_STALE", "ENB_ID_NOT_OF_THIS_DEVICE")


def test_a_registry_is_fresh_to_the_second():
    assert decided(tunnel(1, at=later(seconds=900))).allow
    assert decided(tunnel(1, at=later(seconds=900) + timedelta(microseconds=1))).codes == ("REGISTRY_STALE",)


def test_an_empty_registry_lets_nobody_in():
    assert not decide(registry(as_of=later(days=-9999)), Sessions(), tunnel(9)).allow


def test_serial_number_and_software_are_compared():
    held = gate()
    held.ask(tunnel(1))
    assert held.ask(inform(1))[0].decision.allow
    upgraded = held.ask(inform(1, software="3.0"))[0].decision
    assert upgraded.allow
    assert [finding.code for finding in upgraded.findings] == ["SOFTWARE_DIFFERS"]
    held.policy = Policy(software_must_match=True)
    assert codes(held.ask(inform(1, software="3.0"))) == ("CONFIG_MISMATCH",)
    held.ask(tunnel(1))
    assert codes(held.ask(inform(1, serial="SN-2"))) == ("CONFIG_MISMATCH",)


@pytest.mark.parametrize("name", ["source_ip", "inner_ip", "equipment_id"])
def test_what_must_be_known_and_is_not_refuses(name):
    assert "FACTS_MISSING" in decided(tunnel(1, **{name: None})).codes


def test_configuration_is_for_who_has_a_tunnel_or_a_certificate():
    outside = inform(1, source_ip="192.0.2.1")
    assert decided(outside).codes == ("CONFIGURATION_TOO_EARLY",)
    assert decided(inform(1, source_ip="192.0.2.1", is_chain_valid=True)).allow
    held = gate()
    held.ask(tunnel(1))
    assert held.ask(inform(1))[0].decision.allow


def test_what_cannot_be_recorded_is_not_let_in():
    assert decided(tunnel(1, is_recorded=False)).codes == ("EVIDENCE_UNAVAILABLE",)
