import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_truth import CAFE, FIRST, HONEST, NAMED, TUNNELS, lines, suspect, truth

from cellwarden.evaluate.calibration import brier, calibration, reliability

FORECASTS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def test_the_brier_score_is_plain_arithmetic():
    assert brier([(0.9, True), (0.2, False), (0.5, True)]) == pytest.approx((0.01 + 0.04 + 0.25) / 3)
    assert brier([]) is None


@given(FORECASTS)
def test_the_brier_score_splits_as_murphy_says(forecasts):
    """Over forecasts of equal probability: reliability - resolution + uncertainty (Murphy 1973), an independent sum."""
    chance = sum(happened for _, happened in forecasts) / len(forecasts)
    total = chance * (1 - chance)
    for said in {said for said, _ in forecasts}:
        group = [happened for other, happened in forecasts if other == said]
        share = sum(group) / len(group)
        total += len(group) / len(forecasts) * ((said - share) ** 2 - (share - chance) ** 2)
    assert brier(forecasts) == pytest.approx(total, abs=1e-9)


@given(FORECASTS)
def test_every_forecast_is_in_one_bin(forecasts):
    rows = reliability(forecasts)
    assert sum(row["forecasts"] for row in rows) == len(forecasts)
    assert all(row["said"] is None or row["from"] - 1e-9 <= row["said"] <= row["to"] + 1e-9 for row in rows)


def test_bins_are_closed_below_and_the_last_one_above():
    rows = reliability([(0.1, True), (0.95, True), (1.0, False)])
    assert [row["forecasts"] for row in rows] == [0, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    assert rows[-1]["happened"] == 0.5
    assert (rows[0]["said"], rows[0]["happened"]) == (None, None)


def test_lines_are_forecasts_and_a_missed_cell_was_said_to_be_impossible():
    named = [
        suspect(FIRST, "05 16:05", "05 17:00", score=0.8),
        suspect(CAFE, "05 10:00", "05 11:00", score=0.3, grade="review"),
    ]
    told = calibration(truth(), lines(named))
    assert told["forecasts"] == 4
    assert told["brier"] == pytest.approx((0.2**2 + 0.3**2 + 1 + 1) / 4)


def test_the_calibration_error_is_the_mean_distance_of_the_bins():
    one = truth(cells=TUNNELS[:1])
    named = [suspect(FIRST, "05 16:05", "05 17:00", score=0.8), suspect(HONEST, "05 10:00", "05 11:00", score=0.8)]
    assert calibration(one, lines(named, one))["expected_calibration_error"] == pytest.approx(0.3)


def test_the_genuine_owner_of_a_cloned_id_is_left_out():
    owner = suspect(FIRST, "05 10:00", "05 23:00", score=0.01, grade="explained")
    assert calibration(truth(), lines([*NAMED, owner]))["forecasts"] == 3
    alone = calibration(truth(), lines([*NAMED[1:], owner]))
    assert alone["forecasts"] == 3
    assert alone["brier"] > 0.3
