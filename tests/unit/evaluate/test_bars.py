import pytest
from made_up_truth import CAFE, NAMED, decoy, found, suspect, truth

from cellwarden.evaluate.bars import BARS
from cellwarden.evaluate.scores import score


def met(said=None, of=None, **more):
    return {row["figure"]: row["is_met"] for row in score(said or truth(), of or found(), **more)["bars"]}


def test_a_perfect_result_meets_every_bar_that_could_be_measured():
    bars = met()
    assert {name for name, is_met in bars.items() if is_met is False} == set()
    assert {name for name, is_met in bars.items() if is_met is None} == {
        "place.median_m",
        "place.p95_m",
        "explanations.accuracy",
        "ablations.risers",
    }


@pytest.mark.parametrize(
    ("of", "missed"),
    [
        pytest.param(found(suspects=NAMED[:2]), "cells.levels.suspect.cell.recall", id="a cell missed"),
        pytest.param(
            found(suspects=[*NAMED, suspect(CAFE, "05 10:00", "05 11:00")]), "false_accusations.per_100000", id="a café"
        ),
        pytest.param(found(suspects=[row | {"alert_at": None} for row in NAMED]), "delay.late", id="no alert"),
        pytest.param(found(suspects=[row | {"unit": "unit-1"} for row in NAMED]), "grouping.b_cubed_f1", id="one label"),
        pytest.param(found(exposures=[]), "census.episodes.recall", id="nobody counted"),
        pytest.param(found(payment_links=[]), "links.recall_within_hour", id="nothing linked"),
        pytest.param(found(suspects=[row | {"score": 0.6} for row in NAMED]), "calibration.brier", id="too timid"),
    ],
)
def test_a_fault_misses_its_bar(of, missed):
    assert met(of=of)[missed] is False


def test_a_quiet_month_misses_no_bar():
    quiet = truth(cells=[decoy()], exposures=[], thefts=[])
    bars = met(quiet, found(suspects=[], exposures=[], payment_links=[]))
    assert False not in bars.values()
    assert bars["false_accusations.per_100000"] is True


def test_an_ablation_that_accuses_more_misses_its_bar():
    assert met(ablations=(found(suspects=[*NAMED, suspect(CAFE, "05 10:00", "05 11:00")]),))["ablations.risers"] is False


def test_bars_have_names_and_figures_of_their_own():
    assert len({bar.name for bar in BARS}) == len({bar.figure for bar in BARS}) == len(BARS)
