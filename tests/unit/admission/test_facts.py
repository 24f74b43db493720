from made_up_units import inform, later, setup, tunnel

from cellwarden.admission.facts import FIXED_BY_THE_TUNNEL, Facts, Stage, union
from cellwarden.records.vocabulary import LINK_EVENTS


def test_facts_of_the_tunnel_are_not_replaced_by_what_is_said_inside():
    joined = union(tunnel(1), setup(1, equipment_id="henb2", source_ip="203.0.113.1"))
    assert (joined.equipment_id, joined.source_ip) == ("henb1", "192.0.2.1")


def test_of_what_is_said_the_later_word_counts():
    assert union(inform(1, software="2.1"), inform(1, software="2.2")).software == "2.2"
    assert union(inform(1, software="2.1"), inform(1, software=None)).software == "2.1"


def test_stage_time_and_place_are_of_the_later():
    joined = union(tunnel(1), setup(1, at=later(minutes=5)))
    assert (joined.stage, joined.at, joined.gateway, joined.key) == (Stage.S1_SETUP, later(minutes=5), "mme", "assoc1")


def test_every_stage_names_its_needs_and_its_events():
    names = Facts.__dataclass_fields__
    for stage in Stage:
        assert set(stage.must_know) <= set(names)
        assert set(stage.link_events) <= set(LINK_EVENTS)
    assert set(names) >= FIXED_BY_THE_TUNNEL


def test_what_is_known_leaves_out_what_is_not():
    assert "certificate" not in tunnel(1).known()
    assert tunnel(1).known()["inner_ip"] == "10.9.0.1"
