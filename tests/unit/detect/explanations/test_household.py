from made_up_habits import household
from made_up_records import HOME, at, card, link, version

from cellwarden.detect.explanations.household import moved

EXPLANATION = card("house_move")


def stays(room, access, **tables):
    room.fill(access=access, equipment=[version(HOME)], **tables)
    room.base()
    room.prepare(EXPLANATION)
    return moved(EXPLANATION, room.engine.run(EXPLANATION.script, **EXPLANATION.values()).to_pylist())


def test_a_home_that_stays_has_no_stays(room):
    assert stays(room, household(range(6))) == []


def test_a_new_tracking_area_makes_a_new_stay_and_the_old_one_a_return(room):
    (there,) = stays(room, [*household(range(3)), *household(range(3, 6), tac=2)])
    assert (there.row["core"], there.row["familiar"], there.returns) == (2, 2, False)
    away, back = stays(room, [*household(range(3)), *household(range(3, 5), tac=2), *household(range(5, 8))])
    assert (away.returns, back.returns) == (True, True)


def test_a_new_line_makes_a_new_stay(room):
    links = [
        link(HOME, at("2025-07-25"), access_line="021"),
        link(HOME, at("04 00:30"), access_line="022"),
    ]
    (there,) = stays(room, household(range(8)), links=links)
    assert there.row["familiar"] == 2


def test_another_device_has_stays_of_its_own(room):
    links = [link(HOME, at("2025-07-25")), link(HOME, at("2025-07-26"), serial="X1", inner_ip="10.0.0.9")]
    access = [*household(range(6)), *household(range(3, 6), tac=2, source="10.0.0.9", people=(7, 8))]
    assert stays(room, access, links=links) == []
