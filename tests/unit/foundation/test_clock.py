"""Times: UTC inside, the operator's zone where a person reads."""

import itertools
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.foundation.clock import aware, iso, local_days, naive

SEOUL, BERLIN, CAIRO = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin"), ZoneInfo("Africa/Cairo")
KST = timezone(timedelta(hours=9))


def test_a_naive_time_is_utc_already():
    assert aware(datetime(2025, 8, 5, 10)) == datetime(2025, 8, 5, 10, tzinfo=UTC)
    assert naive(datetime(2025, 8, 5, 10)) == datetime(2025, 8, 5, 10)


def test_an_aware_time_is_moved_to_utc_and_loses_no_microsecond():
    at = datetime(2025, 8, 5, 19, 0, 0, 1, tzinfo=KST)
    assert naive(at) == datetime(2025, 8, 5, 10, 0, 0, 1)
    assert aware(at).utcoffset() == timedelta(0)


def test_iso_ends_with_z_and_shows_microseconds_only_where_there_are_any():
    assert iso(datetime(2025, 8, 5, 19, tzinfo=KST)) == "2025-08-05T10:00:00Z"
    assert iso(datetime(2025, 8, 5, 10, 0, 0, 120)) == "2025-08-05T10:00:00.000120Z"


@given(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2200, 1, 1)))
def test_a_time_survives_the_way_to_aware_and_to_text_and_back(at):
    assert naive(aware(at)) == at
    assert naive(datetime.fromisoformat(iso(at))) == at


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        pytest.param(SEOUL, date(2025, 8, 5), 24, id="no-daylight-saving"),
        pytest.param(BERLIN, date(2025, 3, 30), 23, id="spring"),
        pytest.param(BERLIN, date(2025, 10, 26), 25, id="autumn"),
        pytest.param(CAIRO, date(2025, 4, 25), 23, id="midnight-does-not-exist"),
        pytest.param(CAIRO, date(2025, 10, 31), 24, id="day-after-midnight-came-twice"),
        pytest.param(ZoneInfo("Pacific/Chatham"), date(2025, 4, 6), 25, id="offset-of-quarter-hours"),
    ],
)
def test_a_local_day_has_the_hours_that_it_has(zone, day, hours):
    noon = naive(datetime(day.year, day.month, day.day, 12, tzinfo=zone))
    ((found, start, end),) = local_days(noon, noon, zone)
    assert (found, end - start) == (day, timedelta(hours=hours))
    assert start.tzinfo is None


def test_an_instant_at_local_midnight_opens_the_new_day():
    midnight = datetime(2025, 8, 5, 15)  # of 6 August in Seoul
    assert [day for day, *_ in local_days(midnight, midnight, SEOUL)] == [date(2025, 8, 6)]
    before = midnight - timedelta(microseconds=1)
    assert [day for day, *_ in local_days(before, midnight, SEOUL)] == [date(2025, 8, 5), date(2025, 8, 6)]


@given(
    st.datetimes(min_value=datetime(2000, 1, 2), max_value=datetime(2030, 1, 1)),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)),
    st.sampled_from([SEOUL, BERLIN, CAIRO, ZoneInfo("America/Havana"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")]),
)
def test_local_days_follow_each_other_without_gap_and_cover_the_span(first, length, zone):
    days = list(local_days(first, first + length, zone))
    assert days[0][1] <= first
    assert days[-1][1] <= first + length < days[-1][2]
    assert all(before[2] == after[1] for before, after in itertools.pairwise(days))
    assert all(aware(start).astimezone(zone).date() == day for day, start, _ in days)
