from dataclasses import replace

import numpy as np
import pytest

from cellwarden.simulate.generator import build_world
from cellwarden.simulate.happenings import ROAMER_PREFIX, TEST_PREFIX, happen
from cellwarden.simulate.scenario import Confounder


@pytest.fixture(scope="module")
def what(town):
    codes = ("B1", "B2", "B8", "B9", "B10", "B11", "B12", "B13", "B14", "B18")
    wanted = replace(town[0], confounders=tuple(Confounder(code, 0.5 if code == "B8" else 2) for code in codes))
    world, people = build_world(wanted, 7)
    return world, happen(world, people, wanted)


def test_each_leaves_its_truth(what):
    assert {row["code"] for row in what[1].confounders} == {"B1", "B2", "B8", "B9", "B10", "B11", "B12", "B13", "B18"}


def test_visitors_from_abroad_and_test_phones_have_other_networks(what):
    assert set(what[1].strangers.values()) == {ROAMER_PREFIX, TEST_PREFIX}


def test_new_numbers_are_new(what):
    world, happenings = what
    new = list(happenings.renumbered.values())
    assert len(new) == len(set(new)) > 5
    assert not set(new) & set(world.city.cell_numbers().tolist())


def test_a_restart_brings_one_core_back_within_twenty_minutes(what):
    world, happenings = what
    rows = happenings.rows[0]
    assert set(world.people.core[rows.who]) == {0}
    assert np.ptp(rows.at) <= 1200


@pytest.mark.parametrize("in_calendar", [True, False])
def test_the_calendar_may_be_silent(town, in_calendar):
    wanted = replace(town[0], confounders=(Confounder("B1", in_calendar=in_calendar),))
    happenings = happen(town[1], town[2], wanted)
    assert len(happenings.events) == in_calendar
    assert len(happenings.decoys) == 1


def test_a_disaster_van_serves_in_the_place_of_two_sites_that_are_down(generated):
    made = generated("S12")
    (van,) = [row for row in made.truth("cells") if row["codes"] == ["B2"]]
    seen = [row["at"] for row in made.rows("access") if row["cell"] == van["cell"] and row["cell_type"] == "macro"]
    works = [row for row in made.rows("events") if row["kind"] == "temporary_cell"]
    assert {row["cell"] for row in works} == {van["cell"]}
    assert len({row["district"] for row in works}) == 2
    for work in works:
        assert any(work["from_at"] <= at < work["to_at"] for at in seen)
    assert all(any(work["from_at"] <= at < work["to_at"] for work in works) for at in seen)
    everywhere = {row["cell"] >> 8 for row in made.rows("access") if row["cell_type"] == "macro"}
    first = works[0]["from_at"], works[0]["to_at"]
    meanwhile = {
        row["cell"] >> 8 for row in made.rows("access") if row["cell_type"] == "macro" and first[0] <= row["at"] < first[1]
    }
    assert len(everywhere - meanwhile) >= 1
