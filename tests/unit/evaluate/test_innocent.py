import pytest
from made_up_truth import CAFE, FIRST, NAMED, decoy, lines, suspect, truth

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


@pytest.mark.parametrize(
    ("detectors", "answers", "treated"),
    [
        pytest.param(["foreign_source"], {"public_venue": ("stranger_surge",), "other_line": ("foreign_source",)}, "beside", id="a venue brings no foreign address about"),
        pytest.param(["foreign_source", "stranger_surge"], {"public_venue": ("stranger_surge",), "other_line": ("foreign_source",)}, "wrong", id="but it brings strangers"),
        pytest.param(["something_else"], {"public_venue": ("stranger_surge",)}, "wrong", id="what another system saw is not known"),
        pytest.param([], {"public_venue": ("stranger_surge",)}, "wrong", id="a line that does not say what it saw"),
        pytest.param(["foreign_source"], {"other_line": ("foreign_source",)}, "wrong", id="what the reason brings about is not known"),
        pytest.param(["foreign_source"], None, "wrong", id="nothing is known"),
    ],
)  # fmt: skip
def test_a_line_about_what_the_decoys_reason_cannot_bring_about_is_beside_it(detectors, answers, treated):
    told = explanation_scores(truth(), lines([seen("explained", "other_line") | {"detectors": detectors}]), answers)
    assert told["reasons"]["public_venue"][treated] == 1
    assert told["explained"] == (treated == "wrong")


def test_one_line_about_the_decoy_is_enough_to_be_wrong():
    answers = {"public_venue": ("stranger_surge",), "other_line": ("foreign_source",)}
    named = [seen("explained", "other_line") | {"detectors": [name]} for name in ("foreign_source", "stranger_surge")]
    assert explanation_scores(truth(), lines(named), answers)["reasons"]["public_venue"]["wrong"] == 1


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
