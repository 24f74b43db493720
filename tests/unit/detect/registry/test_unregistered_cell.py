import pytest
from made_up_records import HOME, MACRO, OTHER_HOME, accused, at, card, link, touch, touches, version

from cellwarden.detect.detector import Surroundings, rarity
from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of
from cellwarden.records.operator import Operator

DETECTOR = card("unregistered_cell")
ON_AIR = touches(HOME, 2, at("05 10:00"))
FLEET = [version(OTHER_HOME)]


@pytest.mark.parametrize("status", ["planned", "lost", "recovered", "deleted", "scrapped"])
def test_reports_a_cell_whose_status_does_not_let_it_serve(room, status):
    found = room.findings(
        DETECTOR, access=ON_AIR, equipment=[*FLEET, version(HOME), version(HOME, status=status, recorded_at=at("01 00:00"))]
    )
    assert accused(found) == [HOME]
    assert status in found[0].evidence["en"]
    assert status in found[0].evidence["ko"]


@pytest.mark.parametrize("status", ["active", "dormant", "suspended"])
def test_says_nothing_of_a_customer_who_may_serve_or_is_only_barred_from_paying(room, status):
    assert room.findings(DETECTOR, access=ON_AIR, equipment=[version(HOME, status=status)]) == []


@pytest.mark.parametrize(
    ("equipment", "standing"),
    [
        pytest.param(FLEET, "never issued", id="rogue:never-issued"),
        pytest.param([version(HOME, cell_type="macro", kind="macro"), *FLEET], "never issued", id="rogue:issued-as-another-kind"),
        pytest.param([version(HOME, plmn="00102"), *FLEET], "never issued", id="rogue:issued-to-another-network"),
        pytest.param([version(HOME, recorded_at=at("06 00:00")), *FLEET], "never issued", id="rogue:recorded-only-later"),
        pytest.param([version(HOME, valid_from=at("06 00:00")), *FLEET], "never issued", id="rogue:not-yet-valid"),
        pytest.param([version(HOME, valid_to=at("05 09:00")), *FLEET], "never issued", id="rogue:no-longer-valid"),
        pytest.param([version(HOME), version(HOME, status="deleted", recorded_at=at("2025-02-01"))], "deleted", id="rogue:deleted-later"),
    ],
)  # fmt: skip
def test_takes_the_version_that_held_and_was_recorded_last(room, equipment, standing):
    (finding,) = room.findings(DETECTOR, access=ON_AIR, equipment=equipment)
    assert (finding.key.cell, standing in finding.evidence["en"]) == (HOME, True)
    assert (finding.from_at, finding.to_at) == (at("05 10:00"), at("05 10:01"))


@pytest.mark.parametrize(
    "equipment",
    [
        pytest.param([version(HOME, recorded_at=at("05 10:01"))], id="innocent:recorded-by-the-last-row-of-the-day"),
        pytest.param([version(HOME), version(HOME)], id="innocent:the-same-row-twice"),
        pytest.param([version(HOME, status="deleted"), version(HOME, recorded_at=at("2025-02-01"))], id="innocent:issued-again"),
        pytest.param([version(HOME, plmn=None)], id="innocent:plmn-not-recorded-is-the-own-one"),
    ],
)  # fmt: skip
def test_says_nothing_of_a_cell_that_is_issued(room, equipment):
    assert room.findings(DETECTOR, access=ON_AIR, equipment=equipment) == []


def test_a_null_kind_is_resolved_by_the_registry(room):
    access = touches(HOME, 2, at("05 10:00"), cell_type=None)
    assert room.findings(DETECTOR, access=access, equipment=[version(HOME)]) == []
    (finding,) = room.findings(DETECTOR, access=access, equipment=[version(HOME, status="deleted")])
    assert finding.key.cell_type == "home"


def test_the_roamer_abroad_is_not_ours_to_register(room):
    assert room.findings(DETECTOR, access=touches(HOME, 2, at("05 10:00"), plmn="00199"), equipment=FLEET) == []


def test_nothing_is_known_before_it_was_recorded(room):
    """The registry learnt at noon of a deletion in the morning: an alert before noon would be hindsight."""
    access = [touch(HOME, 1, at("05 09:00")), touch(HOME, 1, at("05 13:00"))]
    late = version(HOME, status="deleted", valid_from=at("05 10:00"), recorded_at=at("05 12:00"))
    (finding,) = room.findings(DETECTOR, access=access, equipment=[version(HOME), late])
    assert finding.from_at == at("05 10:00")
    assert finding.known_at == at("05 12:00")


def test_equipment_that_only_joined_is_told_and_weighs_nothing(room):
    found = room.findings(
        DETECTOR,
        access=touches(OTHER_HOME, 1, at("05 10:00")),
        equipment=FLEET,
        links=[link(HOME, at("05 09:00"), event="s1_setup")],
    )
    assert [(finding.subject_kind, finding.weight, finding.key) for finding in found] == [("equipment", 0.0, None)]
    assert f"{HOME:#x}" in found[0].subject


@pytest.mark.parametrize(
    ("cell_type", "bits"), [("macro", 8), ("short_macro", 10), ("long_macro", 7), ("gnb", 14), ("home", 0)]
)
def test_a_setup_of_a_registered_station_is_known_by_its_enb_id(room, cell_type, bits):
    """A setup names the station, not the cell: any cell of it in the registry makes it known."""
    sibling = (MACRO >> bits << bits) | ((MACRO + 1) % (1 << bits) if bits else 0)
    known, stranger = version(sibling, cell_type=cell_type), version(MACRO + (1 << bits), cell_type=cell_type)
    setup = [link(MACRO, at("05 09:00"), event="s1_setup", cell_type=cell_type)]
    assert room.findings(DETECTOR, links=setup, equipment=[known]) == []
    assert len(room.findings(DETECTOR, links=setup, equipment=[stranger])) == 1


def test_a_renumbered_cell_cannot_be_told_and_is_no_accusation(room):
    """The calendar is incomplete in real life, so the new number is unregistered until its row comes: a matter for review."""
    renumbered = {"kind": "renumbering", "from_at": at("04 10:00"), "cell": OTHER_HOME, "new_cell": HOME}
    ordered = [
        {**row, "work_order": "WO-1"} for row in FLEET
    ]  # without orders lag cannot be looked for, and half the weight counts
    examined = room.examine(access=ON_AIR, equipment=ordered, events=[renumbered])
    assert [suspect.grade for suspect in examined.suspects] == ["review"]


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []


def weighed(*, cells, unregistered, standing="never issued"):
    row = {
        "subject_kind": "cell", "plmn": "00101", "rat": "lte", "cell_type": "home", "cell": HOME, "standing": standing,
        "from_at": at("05 10:00"), "to_at": at("05 11:00"), "known_at": at("05 10:00"), "cells": cells, "unregistered": unregistered,
    }  # fmt: skip
    return [finding.weight for finding in DETECTOR.judge(DETECTOR, [row], Surroundings(operator=Operator()))]


def test_the_weight_falls_as_the_registry_covers_the_kind_worse():
    weights = [weighed(cells=5000, unregistered=count)[0] for count in (1, 10, 100, 1000)]
    assert weights == sorted(weights, reverse=True)
    assert weights[1] == pytest.approx(
        rarity(10, 5000, expected=DETECTOR.threshold("expected_share"), strength=DETECTOR.threshold("expected_share_cells"))
    )


def test_a_registry_that_covers_the_kind_badly_leaves_less_than_review():
    (weight,) = weighed(cells=1000, unregistered=500)
    assert PRIOR.value + weight < log_odds_of(GRADES["review"])


def test_alone_it_is_never_an_accusation_and_planned_weighs_half():
    (most,) = weighed(cells=1_000_000, unregistered=1)
    assert most == DETECTOR.threshold("max_weight")
    assert log_odds_of(GRADES["review"]) <= PRIOR.value + most < log_odds_of(GRADES["suspect"])
    assert weighed(cells=1_000_000, unregistered=1, standing="planned") == [most / 2]
