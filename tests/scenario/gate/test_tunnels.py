"""Real charons, real tunnels, one gate: who is let in, who is refused, and that nobody who is refused gets a packet through."""

import pytest
from network import wait_for
from world import ROUND


def refused(world, storm, name, wanted, **facts):
    """Call, and assert that nothing got through for the wanted reasons; return the reasons that were written down."""
    with storm:
        said = world.units.call(name)
    codes = world.refused_for(**facts)
    assert set(wanted) <= codes, (codes, said, world.segw.log[-3000:])
    assert storm.through == 0
    return codes


def test_a_registered_unit_passes_traffic(world, seen):
    name = world.genuine(1)
    world.settle()
    assert world.units.call(name) == ""
    came = world.echoes(name, 20)
    seen("registered unit", "let in", "let in", came)
    assert came == 20


def test_a_clone_from_another_address_is_refused_and_the_genuine_tunnel_untouched(world, seen):
    name = world.genuine(2)
    own = world.issue(name)
    world.register(name, certificate=own.sha256)
    world.units.prepare(name, name, own, source="192.0.2.2")
    world.units.prepare("clone2", name, own, source="192.0.2.102")
    world.settle()
    assert world.units.call(name) == ""
    before = [sa["uniqueid"] for sa in world.segw.tunnels() if sa["remote-host"] == b"192.0.2.2"]
    kept_out = world.dropped()
    storm = world.storm("clone2")
    codes = refused(world, storm, "clone2", {"DUPLICATE_SESSION"}, source_ip="192.0.2.102")
    assert [sa["uniqueid"] for sa in world.segw.tunnels() if sa["remote-host"] == b"192.0.2.2"] == before
    assert world.echoes(name) == 5
    # One round of the storm may have been sent just as the tunnel ended.
    assert storm.sent <= ROUND or world.dropped() > kept_out, "what the clone sent came to the door"
    seen("clone from another address", "DUPLICATE_SESSION", " ".join(sorted(codes)), storm.through)


def case_shared_certificate(world):
    shared = world.issue("henb11", "henb12")
    for number in (11, 12):
        world.register(f"henb{number}", cell=1000 + number, certificate=shared.sha256, source_networks=f"192.0.2.{number}/32")
    world.units.prepare("henb11", "henb11", shared, source="192.0.2.11")
    return "henb11", "CERT_SHARED", {"certificate": shared.sha256}


def case_deleted_id(world):
    name = world.genuine(13)
    world.register(name, status="deleted")
    return name, "STATUS_DELETED", {"equipment_id": name}


def case_unregistered_id(world):
    own = world.issue("henb14")
    world.units.prepare("henb14", "henb14", own, source="192.0.2.14")
    return "henb14", "NOT_REGISTERED", {"certificate": own.sha256}


def case_wrong_line(world):
    name = world.genuine(15)
    world.register(name, source_networks="192.0.2.200/32")
    return name, "SOURCE_IP_NOT_INSTALLED_LINE", {"equipment_id": name}


def case_wrong_country(world):
    own = world.issue("henb16")
    world.register("henb16", cell=1016, certificate=own.sha256, source_networks="203.0.113.16/32")
    world.units.prepare("henb16", "henb16", own, source="203.0.113.16")
    return "henb16", "COUNTRY_FOREIGN", {"equipment_id": "henb16"}


def case_other_operators_network(world):
    own = world.issue("henb17")
    world.register("henb17", cell=1017, certificate=own.sha256, source_networks="198.51.100.17/32")
    world.units.prepare("henb17", "henb17", own, source="198.51.100.17")
    return "henb17", "ASN_FOREIGN", {"equipment_id": "henb17"}


def case_expired_certificate(world):
    name = world.genuine(18, days=(-40, -1))
    return name, "CERT_EXPIRED", {"equipment_id": name}


def case_ten_year_certificate(world):
    name = world.genuine(19, days=(-10, 3640))
    return name, "CERT_VALIDITY_TOO_LONG", {"certificate": world.registered[name]["certificate"]}


def case_old_certificate(world):
    name = world.genuine(20)
    own = world.registered[name]["certificate"]
    world.register(name, certificate="ab" * 32)
    return name, "CERT_FINGERPRINT_MISMATCH", {"certificate": own}


CASES = [
    case_shared_certificate,
    case_deleted_id,
    case_unregistered_id,
    case_wrong_line,
    case_wrong_country,
    case_other_operators_network,
    case_expired_certificate,
    case_ten_year_certificate,
    case_old_certificate,
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__.removeprefix("case_"))
def test_who_should_not_be_in_gets_no_packet_through(world, seen, case):
    name, code, facts = case(world)
    world.settle()
    storm = world.storm(name)
    codes = refused(world, storm, name, {code}, **facts)
    wait_for(lambda: not world.units.inner_of(name), "the tunnel ends on its side too")
    seen(case.__name__.removeprefix("case_").replace("_", " "), code, " ".join(sorted(codes)), storm.through)


def test_the_identity_of_another_in_the_second_round_is_refused(world, seen):
    victim, name = world.genuine(31), world.genuine(32)
    own = world.issue(name)
    world.register(name, certificate=own.sha256)
    world.segw.session.load_shared({"type": "EAP", "data": "secret", "owners": [f"{victim}.femto.example"]})
    world.units.prepare("splice", name, own, source="192.0.2.32", eap=(victim, "secret"), gateway="segw-eap.femto.example")
    world.settle()
    storm = world.storm("splice")
    codes = refused(world, storm, "splice", {"EAP_ID_SPLICE"}, source_ip="192.0.2.32")
    seen("id-splice: EAP identity of another", "EAP_ID_SPLICE", " ".join(sorted(codes)), storm.through)
