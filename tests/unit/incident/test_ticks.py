from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cellwarden.incident.ticks import bar_minutes, nice_step, time_axis

AT = datetime(2025, 3, 29, 23, 5, tzinfo=UTC)


@pytest.mark.parametrize("hours", [0, 0.2, 1, 5, 12, 30, 24 * 9, 24 * 100, 24 * 305, 24 * 4000])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Seoul", "Europe/Berlin"])
def test_an_axis_has_few_ticks_inside_it(hours, zone):
    axis = time_axis(AT, AT + timedelta(hours=hours), ZoneInfo(zone))
    assert 1 <= len(axis.ticks) <= 10
    assert all(axis.first <= at <= axis.last for at, _, _ in axis.ticks)


def test_midnight_stays_midnight_where_clocks_change():
    axis = time_axis(AT - timedelta(hours=1), AT + timedelta(days=2), ZoneInfo("Europe/Berlin"))
    days = [at for at, _, is_day in axis.ticks if is_day]
    assert [at.hour for at in days] == [23, 22, 22]  # after the change to summer time midnight is 22:00 UTC


def test_what_lies_outside_is_clipped():
    axis = time_axis(AT, AT + timedelta(hours=1), UTC)
    assert axis.share(AT - timedelta(days=1)) == 0
    assert axis.share(AT + timedelta(minutes=30)) == 0.5
    assert axis.share(AT + timedelta(days=1)) == 1


def test_bars_are_ten_minutes_while_they_fit():
    assert bar_minutes(AT, AT + timedelta(hours=9)) == 10
    assert bar_minutes(AT, AT + timedelta(days=305)) == 7 * 1440


@pytest.mark.parametrize(("most", "step"), [(1999, 1000), (2000, 2000), (730, 500), (5.5, 5)])
def test_steps_are_round(most, step):
    assert nice_step(most) == step
