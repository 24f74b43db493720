from datetime import timedelta

import pytest
from made_up_units import NOW, certificate, codes, gate, inform, later, ocsp, registry, setup, tunnel, unit

from cellwarden.admission.decisions import decide
from cellwarden.admission.policy import Policy
from cellwarden.admission.sessions import Sessions

FLEET = certificate(99)


def decided(facts, *versions, policy=None):
    return decide(registry(*versions), Sessions(), facts, policy or Policy())


def test_a_certificate_of_its_own_is_good():
    assert decided(ocsp(1)).allow
    assert decided(tunnel(1)).allow


@pytest.mark.parametrize("facts", [tunnel(1), tunnel(1, certificate=FLEET), ocsp(1, certificate=FLEET)])
def test_a_certificate_that_two_units_have_is_good_for_none(facts):
    fleet = [unit(number, certificate=FLEET) for number in (1, 2)]
    assert decided(facts, *fleet).codes == ("CERT_SHARED",)


@pytest.mark.parametrize("status", ["deleted", "scrapped"])
def test_a_unit_that_is_gone_shares_with_nobody(status):
    assert decided(tunnel(1), unit(1), unit(2, certificate=certificate(1), status=status)).allow


def test_a_fleet_that_is_bound_otherwise_is_let_in_and_reported():
    policy = Policy(bound_fleets=frozenset({FLEET}))
    held = gate(*[unit(number, certificate=FLEET) for number in (1, 2)], policy=policy)
    arrived = held.ask(tunnel(1))[0].decision
    assert arrived.allow
    assert [finding.code for finding in arrived.findings] == ["CERT_SHARED"]
    assert codes(held.ask(setup(1))) == ("FLEET_UNIT_UNBOUND",), "no Inform has told the serial number yet"
    held.ask(inform(1))
    assert held.ask(setup(1))[0].decision.allow
    assert codes(held.ask(tunnel(2, source_ip="192.0.2.9"))) == ("SOURCE_IP_NOT_INSTALLED_LINE",)


def test_a_fleet_without_lines_is_not_bound():
    policy = Policy(bound_fleets=frozenset({FLEET}), needs_line=False)
    fleet = [unit(number, certificate=FLEET, networks=()) for number in (1, 2)]
    assert decided(tunnel(1), *fleet, policy=policy).codes == ("FLEET_UNIT_UNBOUND",)


def test_a_chain_to_nowhere_is_refused():
    assert decided(tunnel(1, is_chain_valid=False)).codes == ("CERT_CHAIN",)


def test_the_certificate_must_name_who_is_claimed():
    assert decided(tunnel(1, certificate_names=("henb1",))).allow
    assert decided(tunnel(1, certificate_names=("henb2",))).codes == ("ID_CERT_MISMATCH",)


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        pytest.param(-10, 20, (), id="innocent:a month"),
        pytest.param(-398, 0, (), id="innocent:longest and last day"),
        pytest.param(-10, 389, ("CERT_VALIDITY_TOO_LONG",), id="rogue:a day too long"),
        pytest.param(-3000, 650, ("CERT_VALIDITY_TOO_LONG",), id="rogue:ten years"),
        pytest.param(-40, -1, ("CERT_EXPIRED",), id="rogue:expired"),
        pytest.param(1, 30, ("CERT_NOT_YET_VALID",), id="rogue:not yet"),
    ],
)
def test_validity_is_short_and_now(begin, end, expected):
    facts = ocsp(1, certificate_not_before=later(days=begin), certificate_not_after=later(days=end))
    assert decided(facts).codes == expected


def test_a_certificate_that_ends_soon_is_told_and_refuses_nobody():
    decision = decided(ocsp(1, certificate_not_after=NOW + timedelta(days=6)))
    assert decision.allow
    assert [finding.code for finding in decision.findings] == ["CERT_NEAR_END"]


def test_silence_of_a_responder_is_no_yes():
    assert decided(tunnel(1, revocation="good")).allow
    assert decided(tunnel(1, revocation="revoked")).codes == ("CERT_REVOKED",)
    assert decided(tunnel(1, revocation="unavailable")).codes == ("OCSP_UNAVAILABLE",)


def test_another_certificate_than_the_registry_states_is_refused():
    assert decided(tunnel(1, certificate=certificate(1))).allow
    assert decided(tunnel(1, certificate=certificate(77))).codes == ("CERT_FINGERPRINT_MISMATCH",)


def test_the_certificate_before_the_last_renewal_is_refused():
    renewed = unit(1, certificate=certificate(50), valid_from=later(days=-1), recorded_at=later(days=-1))
    assert decided(ocsp(1), unit(1), renewed).codes == ("CERT_FINGERPRINT_MISMATCH",)
    assert decided(ocsp(50), unit(1), renewed).allow


def test_a_unit_without_a_stated_certificate_is_refused_unless_the_operator_says_otherwise():
    assert decided(tunnel(1), unit(1, certificate=None)).codes == ("CERT_NOT_STATED",)
    assert decided(tunnel(1), unit(1, certificate=None), policy=Policy(needs_certificate=False)).allow


@pytest.mark.parametrize(
    ("names", "expected"), [(("henb1",), ()), (("henb2",), ("ID_CERT_MISMATCH", "EAP_ID_SPLICE")), (None, ("EAP_ID_SPLICE",))]
)
def test_an_eap_identity_counts_only_beside_a_certificate_that_names_it(names, expected):
    assert decided(tunnel(1, eap_identity="henb1", certificate_names=names)).codes == expected
