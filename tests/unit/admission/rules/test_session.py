import pytest
from made_up_units import codes, gate, inform, later, ocsp, registry, setup, tunnel, unit

from cellwarden.admission.decisions import decide
from cellwarden.admission.gate import Alerted, Cut
from cellwarden.admission.policy import Policy
from cellwarden.admission.rule import Question
from cellwarden.admission.rules.session import is_restart
from cellwarden.admission.sessions import Sessions


@pytest.fixture
def held():
    held = gate()
    held.ask(tunnel(1))
    return held


def test_a_clone_from_another_address_is_refused_and_both_are_reported(held):
    outcomes = held.ask(tunnel(1, key="clone", source_ip="192.0.2.77", inner_ip="10.9.0.77"))
    assert codes(outcomes) == ("SOURCE_IP_NOT_INSTALLED_LINE", "DUPLICATE_SESSION")
    (alert,) = [each for each in outcomes if isinstance(each, Alerted)]
    assert [rival.key for rival in alert.rivals] == ["sa1"]
    assert [session.key for session in held.sessions] == ["sa1"], "the genuine tunnel is untouched"


def test_the_certificate_of_a_live_unit_is_good(held):
    assert held.ask(ocsp(1))[0].decision.allow, "it may be the unit itself that was restarted"


def test_a_unit_that_comes_again_from_its_address_takes_its_own_place(held):
    outcomes = held.ask(tunnel(1, key="sa9", source_port=4501, inner_ip="10.9.0.9"))
    assert outcomes[0].decision.allow
    assert [each.session.key for each in outcomes if isinstance(each, Cut)] == ["sa1"]
    assert [session.key for session in held.sessions] == ["sa9"]


def test_without_taking_over_it_waits_until_its_old_tunnel_is_gone(held):
    held.policy = Policy(takes_over=False)
    assert codes(held.ask(tunnel(1, key="sa9"))) == ("DUPLICATE_SESSION",)
    held.leave("segw", "sa1")
    assert held.ask(tunnel(1, key="sa9"))[0].decision.allow


def test_s1_setup_of_who_was_let_in_is_let_through(held):
    assert held.ask(setup(1))[0].decision.allow


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"cell": 1002}, ("ENB_ID_NOT_OF_THIS_DEVICE",)),
        ({"cell_type": "macro"}, ("ENB_ID_NOT_OF_THIS_DEVICE",)),
        ({"tacs": (8,)}, ("TAC_MISMATCH",)),
        ({"tacs": (7, 8)}, ("TAC_MISMATCH",)),
        ({"tacs": ()}, ("TAC_MISMATCH",)),
        ({"plmn": "45008"}, ("PLMN_MISMATCH",)),
    ],
)
def test_inside_it_is_who_it_was_at_the_gateway(held, changes, expected):
    assert codes(held.ask(setup(1, **changes))) == expected


def test_s1_setup_from_an_address_that_nobody_was_given_is_refused(held):
    assert codes(held.ask(setup(2))) == ("NO_TUNNEL",)


def test_without_tunnels_in_sight_s1_is_judged_by_what_it_says():
    decision = decide(registry(), Sessions(), setup(1), Policy(needs_tunnel=False))
    assert (decision.allow, decision.equipment_id) == (True, "henb1")


def test_a_macro_cell_is_compared_by_the_id_of_its_enb():
    macro = unit(5, kind="macro", cell_type="macro", cell=(77 << 8) + 3, networks=())
    assert decide(registry(macro), Sessions(), setup(5, equipment_id="henb5", cell=77 << 8, cell_type="macro")).allow
    other = decide(registry(macro), Sessions(), setup(5, equipment_id="henb5", cell=78 << 8, cell_type="macro"))
    assert other.codes == ("ENB_ID_NOT_OF_THIS_DEVICE",)


def test_a_second_setup_of_a_live_id_is_refused(held):
    held.ask(setup(1))
    assert codes(held.ask(setup(1, key="second"))) == ("DUPLICATE_S1",)
    held.ask(tunnel(2))
    outcomes = held.ask(setup(2, cell=1001))
    assert codes(outcomes) == ("DUPLICATE_S1", "ENB_ID_NOT_OF_THIS_DEVICE")
    assert held.sessions.of_cell("mme", "home", 1001).equipment_id == "henb1"


def test_setup_again_by_the_same_association_or_after_it_is_gone_is_fine(held):
    held.ask(setup(1))
    assert held.ask(setup(1))[0].decision.allow
    assert held.part("mme", "other", "10.9.0.1") is None
    assert held.part("mme", "assoc1", "10.9.0.1").equipment_id == "henb1"
    assert held.ask(setup(1, key="second"))[0].decision.allow


def test_an_inform_that_names_a_live_unit_from_elsewhere_is_an_imitation(held):
    outcomes = held.ask(inform(1, source_ip="192.0.2.200", is_chain_valid=True))
    assert codes(outcomes) == ("SOURCE_IP_NOT_INSTALLED_LINE", "DUPLICATE_SESSION")
    assert held.sessions.at("segw", "sa1").facts.serial is None, "what it says is not believed of the genuine one"


def test_a_restart_is_told_by_the_outer_address(held):
    genuine = held.sessions.at("segw", "sa1")
    question = Question(held.registry, held.sessions, Policy(), tunnel(1, key="new", at=later(minutes=1)), None, None)
    assert is_restart(question, genuine)
