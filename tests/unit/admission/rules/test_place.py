import pytest
from made_up_units import registry, tunnel, unit

from cellwarden.admission.addresses import networks
from cellwarden.admission.decisions import decide
from cellwarden.admission.policy import Policy
from cellwarden.admission.rules.place import distance_m
from cellwarden.admission.sessions import Sessions

OWN = Policy(own_networks=networks("192.0.2.0/24"), own_asns=frozenset({64500}), country="KR")
MACRO = unit(70, kind="macro", cell_type="macro", cell=25600, lat=37.5, lon=127.01)
FAR_MACRO = unit(71, kind="macro", cell_type="macro", cell=25856, lat=35.1, lon=129.0)


def decided(facts, *versions, policy=None):
    return decide(registry(*versions), Sessions(), facts, policy or Policy())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, (), id="innocent"),
        pytest.param({"asn": 64500, "country": "kr"}, (), id="innocent:own network and country"),
        pytest.param({"source_ip": "::ffff:192.0.2.1"}, (), id="innocent:mapped address"),
        pytest.param({"source_ip": "192.0.2.2"}, ("SOURCE_IP_NOT_INSTALLED_LINE",), id="rogue:next line"),
        pytest.param(
            {"source_ip": "203.0.113.9"}, ("SOURCE_IP_FOREIGN", "SOURCE_IP_NOT_INSTALLED_LINE"), id="rogue:other network"
        ),
        pytest.param({"asn": 64501}, ("ASN_FOREIGN",), id="rogue:other operator"),
        pytest.param({"country": "US"}, ("COUNTRY_FOREIGN",), id="rogue:abroad"),
        pytest.param({"source_ip": "nonsense"}, ("SOURCE_IP_UNREADABLE",), id="rogue:no address"),
        pytest.param({"access_line": "L2"}, ("LINE_MISMATCH",), id="rogue:another customer's line"),
    ],
)
def test_it_comes_from_its_own_line(changes, expected):
    assert decided(tunnel(1, **changes), unit(1, access_line="L1"), policy=OWN).codes == expected


def test_a_femtocell_without_a_stated_line_is_refused_unless_the_operator_says_otherwise():
    assert decided(tunnel(1), unit(1, networks=())).codes == ("LINE_NOT_STATED",)
    assert decided(tunnel(1), unit(1, networks=()), policy=Policy(needs_line=False)).allow
    assert decided(tunnel(1), unit(1, networks=(), kind="small")).allow


def test_a_mobile_unit_may_move():
    assert decided(tunnel(1, source_ip="198.51.100.1", lat=35.0, lon=129.0), unit(1, kind="mobile")).allow


def test_distance_is_along_the_globe():
    assert distance_m((37.5, 127.0), (37.5, 127.0)) == 0
    assert distance_m((0, 0), (0, 180)) == pytest.approx(20_015_087, rel=1e-6), "half the circumference"


@pytest.mark.parametrize(("lat", "allowed"), [(37.5089, True), (37.5091, False)])
def test_its_own_fix_agrees_with_the_installed_place_within_a_kilometre(lat, allowed):
    decision = decided(tunnel(1, lat=lat, lon=127.0))
    assert decision.allow is allowed
    assert allowed or decision.codes == ("LOCATION_MISMATCH",)


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        pytest.param((25600,), (), id="innocent:the macro cell next door"),
        pytest.param((25600, 25856), (), id="innocent:one is near"),
        pytest.param((999,), (), id="innocent:cells of unknown place tell nothing"),
        pytest.param((), (), id="innocent:hears nothing"),
        pytest.param((25856,), ("LOCATION_MISMATCH",), id="rogue:hears another city"),
    ],
)
def test_the_macro_cells_that_it_hears_stand_near(heard, expected):
    assert decided(tunnel(1, neighbours=heard), unit(1), MACRO, FAR_MACRO).codes == expected
