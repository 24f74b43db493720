from datetime import timedelta

import pytest
from exposed_rows import END, START, exposure, hand_in, stolen
from made_up_records import HOME, OTHER_HOME, minutes

from cellwarden.linkage.link import LINKED
from cellwarden.linkage.tips import link_tips


def tip(name="T", *, from_at=START, to_at=END, district="north"):
    return {"tip_id": name, "at": END + timedelta(days=2), "from_at": from_at, "to_at": to_at, "district": district}


def linked(room, tips, payments=(), exposures=None, district="north"):
    room.fill(tips=tips, subscribers=[{"imsi": imsi, "district": district} for imsi in (1, 2, 3)])
    hand_in(room, [exposure()] if exposures is None else exposures, payments)
    return link_tips(room.engine)


def test_linked_victims_of_the_district_settle_it(room):
    (link,) = linked(room, [tip()], [stolen("P")])
    assert (link.subject, link.cell, link.unit, link.imsi) == ({"tip_id": "T"}, HOME, "unit-1", None)
    assert link.probability >= LINKED
    assert link.reason["en"].startswith("1 people")


def test_exposed_people_alone_do_not(room):
    (link,) = linked(room, [tip()])
    assert link.probability < LINKED


def test_an_unsure_payment_is_no_victim(room):
    (link,) = linked(room, [tip()], [stolen("P", probability=0.4)])
    assert link.probability < LINKED


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(tip(district="south"), id="another district"),
        pytest.param(tip(from_at=START - timedelta(days=2), to_at=START - minutes(1)), id="before"),
        pytest.param(tip(from_at=END + timedelta(hours=24) + minutes(1), to_at=None), id="more than a day later"),
        pytest.param(tip(from_at=None, to_at=None), id="no time told"),
    ],
)
def test_what_meets_nobody_stays_a_lead(room, told):
    assert linked(room, [told], [stolen("P")]) == []


def test_the_cell_with_most_victims_is_given(room):
    exposures = [exposure(), exposure(2), exposure(3, cell=OTHER_HOME, unit="unit-2")]
    (link,) = linked(room, [tip()], [stolen("P", 3, cell=OTHER_HOME, unit="unit-2")], exposures)
    assert link.cell == OTHER_HOME


def test_a_tip_without_a_district_is_held_against_all(room):
    assert len(linked(room, [tip(district=None)], [stolen("P")])) == 1
