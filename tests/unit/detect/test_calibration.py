"""Numbers of the operator's own history: learnt where there is enough of it, stated otherwise, kept either way."""

import pytest

from cellwarden.detect.calibration import Calibration

ASKED = {"default": 0.5, "least": 14, "unit": "share"}


@pytest.mark.parametrize(
    ("learnt", "history", "value"),
    [
        pytest.param(0.1, 14, 0.1, id="enough"),
        pytest.param(0.1, 13, 0.5, id="one-day-short"),
        pytest.param(None, 99, 0.5, id="nothing-learnt"),
    ],
)
def test_the_default_holds_until_history_is_long_enough(learnt, history, value):
    calibration = Calibration()
    assert calibration.number("stranger_surge", "lte home", "mean", learnt=learnt, history=history, **ASKED) == value
    (row,) = calibration.rows()
    assert (row["value"], row["is_default"], row["history"]) == (value, value == 0.5, history)


def test_rows_come_in_one_order_whoever_asked_first():
    calibration = Calibration()
    for name in ("b", "a", "b"):
        calibration.number(name, "lte home", "mean", learnt=1.0, history=20, **ASKED)
    assert [row["detector"] for row in calibration.rows()] == ["a", "b"]


def test_two_groups_of_one_class_are_both_kept_in_one_order():
    """Which of them a query gives first must change no byte."""
    kept = []
    for order in (1, -1):
        calibration = Calibration()
        for share in (0.1, 0.2)[::order]:
            calibration.number("protection_downgrade", "lte home", "share", learnt=share, history=20, **ASKED)
        kept.append(calibration.rows())
    assert [row["value"] for row in kept[0]] == [0.1, 0.2]
    assert kept[0] == kept[1]
