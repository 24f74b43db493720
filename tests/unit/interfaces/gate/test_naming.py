from cellwarden.interfaces.gate.naming import unit_of


def test_the_operators_domain_is_taken_off():
    assert unit_of("henb1.femto.example", ".femto.example") == "henb1"
    assert unit_of("henb1.other.example", ".femto.example") == "henb1.other.example"
    assert unit_of("henb1", "") == "henb1"
    assert unit_of(None, ".femto.example") is None
