import pytest
from made_up_truth import CAFE, FIRST, NAMED, at, decoy, lines, suspect, truth

from cellwarden.evaluate.innocent import explanation_scores


def seen(grade, explained_by=None):
    return suspect(CAFE, "05 10:00", "05 11:00", grade=grade, score=0.05, explained_by=explained_by)


@pytest.mark.parametrize(
    ("named", "treated"),
    [
        pytest.param([], "unlisted", id="nobody suspected it"),
        pytest.param([seen("explained", "public_venue")], "right", id="the right name"),
        pytest.param([seen("explained", "phone_shop")], "wrong", id="another name"),
        pytest.param([seen("explained")], "wrong", id="no name"),
        pytest.param([seen("review")], "review", id="left to a person"),
        pytest.param([seen("explained", "public_venue"), seen("suspect")], "accused", id="accused once is accused"),
    ],
)
def test_a_decoy_is_treated_as_its_heaviest_line_says(named, treated):
    told = explanation_scores(truth(), lines([*NAMED, *named]))
    assert {name: count for name, count in told["reasons"]["public_venue"].items() if count} == {"cells": 1, treated: 1}


@pytest.mark.parametrize(("name", "treated"), [("public_venue", "right"), ("other_line", "right"), ("phone_shop", "wrong")])
def test_a_cell_that_is_odd_in_two_ways_has_two_right_names(name, treated):
    told = explanation_scores(truth(cells=[decoy(), decoy(CAFE, "other_line")]), lines([seen("explained", name)]))
    assert [told["reasons"][reason][treated] for reason in ("public_venue", "other_line")] == [1, 1]


@pytest.mark.parametrize(("ended", "treated"), [("05 10:30", "right"), (None, "right"), ("05 09:30", "wrong")])
def test_what_happened_to_every_cell_then_is_a_right_name(ended, treated):
    restart = {
        "reason": "core_restart",
        "subject_kind": "core",
        "cell": None,
        "from_at": at("05 09:00"),
        "to_at": ended and at(ended),
    }
    told = explanation_scores(truth(confounders=[restart]), lines([seen("explained", "core_restart")]))
    assert told["reasons"]["public_venue"][treated] == 1


def test_accuracy_is_over_the_explained_ones():
    other = decoy(202, "house_move")
    named = [seen("explained", "public_venue"), seen("explained", "phone_shop") | {"cell": 202}]
    told = explanation_scores(truth(cells=[decoy(), other, decoy(203, "festival")]), lines(named))
    assert (told["decoys"], told["explained"], told["right"], told["accuracy"]) == (3, 2, 1, 0.5)


def test_a_line_outside_the_time_of_the_decoy_is_not_about_it():
    late = seen("suspect") | {"from_at": decoy()["to_at"].replace(day=31), "to_at": decoy()["to_at"].replace(day=31)}
    assert explanation_scores(truth(), lines([late]))["reasons"]["public_venue"]["unlisted"] == 1


def test_a_rogue_that_was_explained_away_is_counted():
    away = suspect(FIRST, "05 16:05", "05 17:00", grade="explained", explained_by="inventory_lag")
    assert explanation_scores(truth(), lines([away]))["explained_rogue"] == 1


def test_without_decoys_there_is_no_accuracy():
    told = explanation_scores(truth(cells=[]), [])
    assert (told["accuracy"], told["reasons"]) == (None, {})
