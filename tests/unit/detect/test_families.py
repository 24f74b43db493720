"""Families: one fact counts once, every detector has its place, and more evidence never weighs less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.detect.catalogue import DETECTORS
from cellwarden.detect.families import FAMILIES, OUTSIDERS, SECOND, SLIPS, SUPPORT, family_of, together
from cellwarden.detect.fusion import PRIOR

NAMES = sorted(member for family in FAMILIES for member in family.members)


def test_every_detector_is_in_one_family():
    assert len(NAMES) == len(set(NAMES))
    strangers = {each.name for each in DETECTORS} - set(NAMES)
    assert strangers == set(), "say in families.py which fact it sees, and who else sees the same"


def test_every_family_says_what_its_members_have_in_common():
    assert all(len(family.reason) > 30 for family in FAMILIES)


@pytest.mark.parametrize(
    ("weights", "total"),
    [
        ({}, 0.0),
        ({"unregistered_cell": 6.0}, 6.0),
        ({"unregistered_cell": 2.0, "revived_cell": 6.0}, 6.0 + 2.0 * SECOND.value),
        ({"unregistered_cell": 6.0, "moving_cell": 2.0}, 8.0),
        ({"nobody_knows_me": 1.0, "nor_me": 2.0}, 3.0),
    ],
)
def test_the_strongest_of_a_family_counts_in_full(weights, total):
    assert together(weights) == pytest.approx(total)


def test_what_outsiders_bring_about_never_accuses_alone():
    """A crowd, identities and bought complaints at an honest cell; with a word of the registry they count."""
    loud = {"stranger_surge": 9.0, "identity_exposure_excess": 4.0, "common_cell_of_victims": 5.0}
    assert PRIOR.value + together(loud) < 0
    assert together({**loud, "unregistered_cell": 5.0}) == pytest.approx(5.0 + SUPPORT.value * 5.0)


def test_a_hole_in_the_papers_and_a_crowd_are_no_accusation():
    """A phone shop whose work order was lost: many strangers who say who they are, by its trade."""
    assert (
        PRIOR.value + together({"inventory_row_without_order": 3.9, "identity_exposure_excess": 4.0, "stranger_surge": 4.0}) < 0
    )


def test_a_careless_clerk_and_a_careless_customer_are_no_accusation():
    """A shop behind another provider's line whose work order was lost; whatever else speaks is added in full."""
    slips = {"inventory_row_without_order": 4.7, "foreign_source": 4.5, "revived_cell": 1.5}
    assert PRIOR.value + together(slips) == PRIOR.value + SLIPS.value < 0
    assert together({**slips, "moving_cell": 2.0}) == pytest.approx(SLIPS.value + 2.0)


def test_careless_hands_and_a_crowd_alone_are_a_matter_for_review():
    """A ward by night, behind another provider's line, whose row lost its order: nothing speaks of the cell itself."""
    ward = {"inventory_row_without_order": 4.7, "foreign_source": 4.5, "night_activity": 3.0, "identity_exposure_excess": 4.0}
    assert PRIOR.value + together(ward) == PRIOR.value + OUTSIDERS.value < 0
    assert together({**ward, "moving_cell": 2.0}) == pytest.approx(OUTSIDERS.value + 2.0 + SUPPORT.value * 2.0)


def test_an_id_that_the_registry_does_not_know_is_no_slip():
    told = {"unregistered_cell": 5.0, "foreign_source": 4.0}
    assert together(told) == pytest.approx(9.0)
    assert together({**told, "revived_cell": 1.5}) == pytest.approx(9.0 + 1.5 * SECOND.value)


def test_a_detector_without_a_family_is_its_own():
    assert family_of("nobody_knows_me") == "nobody_knows_me"


@given(st.dictionaries(st.sampled_from(NAMES), st.floats(0, 7), min_size=1), st.floats(0, 5))
def test_more_evidence_never_weighs_less(weights, more):
    name = min(weights)
    assert together({**weights, name: weights[name] + more}) >= together(weights) - 1e-9
    assert together({each: weight for each, weight in weights.items() if each != name}) <= together(weights) + 1e-9
