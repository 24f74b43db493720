from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.ingest import times
from cellwarden.ingest.times import local_to_utc, parse_dates, parse_times

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(*texts: str | None, zone: str = "", time_format: str = "") -> list[object]:
    micros, verdict = parse_times(pa.array(texts, pa.string()), zone=ZoneInfo(zone) if zone else None, time_format=time_format)
    found: list[object] = []
    for text, value, code in zip(texts, micros.tolist(), verdict.codes.tolist(), strict=True):
        found.append(verdict.reasons[code - 1] if code else None if text is None else EPOCH + timedelta(microseconds=value))
    return found


@pytest.mark.parametrize(
    "text",
    [
        "2025-08-05T10:00:00Z",
        "2025-08-05t10:00:00z",
        "2025-08-05 10:00:00Z",
        "2025-08-05T19:00:00+09:00",
        "2025-08-05T19:00:00+0900",
        "2025-08-05T19:00:00+09",
        "2025-08-05T06:30:00-03:30",
        "2025-08-05T10:00Z",
        "2025-08-05T10:00:00.0Z",
        "2025-08-05T10:00:00,000000999Z",
        "20250805T100000Z",
        "20250805T190000+0900",
        "2025-08-05T10Z",
    ],
)
def test_one_instant_in_many_spellings(text: str):
    assert read(text) == [datetime(2025, 8, 5, 10, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2025-08-05T10:00:00", times.NO_ZONE),
        ("2025-08-05 10:00", times.NO_ZONE),
        ("2025-08-05T10:00:00.5", times.NO_ZONE),
        ("2025-08-05", times.NO_TIME_OF_DAY),
        ("2025-02-30T11:00:00Z", times.IMPOSSIBLE_DATE),
        ("2025-13-01T11:00:00", times.IMPOSSIBLE_DATE),
        ("0000-01-01T11:00:00Z", times.IMPOSSIBLE_DATE),
        ("2025-02-29T00:00:00Z", times.IMPOSSIBLE_DATE),
        ("2025-08-05T24:00:00Z", times.IMPOSSIBLE_TIME),
        ("2025-08-05T23:59:60Z", times.IMPOSSIBLE_TIME),
        ("2025-08-05T10:61:00Z", times.IMPOSSIBLE_TIME),
        ("2025-08-05T10:00:00+24:00", times.IMPOSSIBLE_ZONE),
        ("2025-08-05T10:00:00+09:75", times.IMPOSSIBLE_ZONE),
        ("0001-01-01T00:00:00+09:00", times.OUT_OF_RANGE),
        ("2025-08-05T10:00:00.0123456789Z", times.NOT_A_TIME),
        ("2025-08-05T10:00:00.Z", times.NOT_A_TIME),
        ("2025-08-05T10:00:00 Z", times.NOT_A_TIME),
        ("2025/08/05T10:00:00Z", times.NOT_A_TIME),
        ("2025-8-5T10:00:00Z", times.NOT_A_TIME),
        ("\u0662025-08-05T10:00:00Z", times.NOT_A_TIME),
        (" 2025-08-05T10:00:00Z", times.NOT_A_TIME),
        ("now", times.NOT_A_TIME),
        ("1754388000", times.NOT_A_TIME),
    ],
)
def test_says_why_a_time_is_none_wherever_it_stands(text: str, why: str):
    good = "2025-08-05T10:00:00Z"
    at = datetime(2025, 8, 5, 10, tzinfo=UTC)
    assert read(text) == [why]
    assert read(good, text, None, good) == [at, why, None, at]


def test_leap_days_and_centuries():
    assert read("2024-02-29T00:00:00Z") == [datetime(2024, 2, 29, tzinfo=UTC)]
    assert read("1900-02-29T00:00:00Z") == [times.IMPOSSIBLE_DATE]
    assert read("9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z") == [
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
    ]


def test_a_stated_zone_holds_for_times_without_one_only():
    assert read("2025-08-05T19:00:00", "2025-08-05T10:00:00Z", zone="Asia/Seoul") == [datetime(2025, 8, 5, 10, tzinfo=UTC)] * 2


def test_local_times_around_a_change_of_the_clock():
    assert read(
        "2025-03-30T01:59:59", "2025-03-30T02:30:00", "2025-03-30T03:00:00", "2025-10-26T01:59:59", "2025-10-26T02:30:00", "2025-10-26T03:00:00",
        zone="Europe/Berlin",
    ) == [
        datetime(2025, 3, 30, 0, 59, 59, tzinfo=UTC),
        times.NONEXISTENT,
        datetime(2025, 3, 30, 1, tzinfo=UTC),
        datetime(2025, 10, 25, 23, 59, 59, tzinfo=UTC),
        times.AMBIGUOUS,
        datetime(2025, 10, 26, 2, tzinfo=UTC),
    ]  # fmt: skip


def test_half_hour_changes_of_the_clock():
    assert read("2025-10-05T02:15:00", "2025-10-05T02:45:00", zone="Australia/Lord_Howe") == [
        times.NONEXISTENT,
        datetime(2025, 10, 4, 15, 45, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("time_format", "text"),
    [
        ("%Y%m%d%H%M%S", "20250805190000"),
        ("%d/%m/%Y %H:%M:%S", "05/08/2025 19:00:00"),
        ("%d/%m/%Y %H:%M:%S", "5/8/2025 19:0:0"),
        ("%d-%b-%y %I.%M.%S.%f %p", "05-AUG-25 07.00.00.000000 PM"),
        ("%Y-%m-%dT%H:%M:%S.%f", "2025-08-05T19:00:00.0"),
    ],
)
def test_a_stated_format(time_format: str, text: str):
    assert read(text, zone="Asia/Seoul", time_format=time_format) == [datetime(2025, 8, 5, 10, tzinfo=UTC)]
    assert read(text, time_format=time_format) == [times.NO_ZONE]
    assert read("x", None, time_format=time_format)[0] == "not a time of the mapping's time_format"


def test_a_stated_format_with_a_zone():
    assert read("05/08/2025 19:00 +0900", time_format="%d/%m/%Y %H:%M %z") == [datetime(2025, 8, 5, 10, tzinfo=UTC)]


offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=offsets)


@given(st.lists(st.tuples(moments, st.sampled_from("T "), st.sampled_from(["auto", "seconds", "milliseconds", "minutes"]))))
def test_reads_what_datetime_writes(written: list[tuple[datetime, str, str]]):
    texts = [at.isoformat(separator, spec) for at, separator, spec in written]
    assert read(*texts) == [datetime.fromisoformat(text).astimezone(UTC) for text in texts]


@given(
    st.lists(
        st.from_regex(
            r"[0-9]{4}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9](:[0-6][0-9]([.,][0-9]{1,9})?)?(Z|[+-][0-2][0-9](:?[0-6][0-9])?)?",
            fullmatch=True,
        )
    )
)
def test_the_quick_way_agrees_with_the_slow_one(texts: list[str]):
    for text, found in zip(texts, read(*texts), strict=True):
        micros, is_zoned, why = times._iso_time(text)
        if not why and not is_zoned:
            why = times.NO_ZONE
        elif not why and not times.in_range(np.array([micros])).all():
            why = times.OUT_OF_RANGE
        assert found == (why or EPOCH + timedelta(microseconds=micros))


@given(st.lists(st.text(max_size=40)))
def test_no_text_raises(texts: list[str]):
    assert len(read(*texts)) == len(texts)


@given(
    st.lists(st.datetimes(datetime(1900, 1, 1), datetime(2037, 12, 31)), min_size=1),
    st.sampled_from(["Asia/Seoul", "Europe/Dublin", "America/St_Johns", "UTC"]),
)
def test_local_times_agree_with_zoneinfo(moments: list[datetime], name: str):
    zone = ZoneInfo(name)
    local = np.array([(at - datetime(1970, 1, 1)) // timedelta(microseconds=1) for at in moments])
    utc, twice, never = local_to_utc(local, zone)
    for at, value, is_twice, is_never in zip(moments, utc.tolist(), twice, never, strict=True):
        both = {at.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
        assert (len(both) > 1) == bool(is_twice or is_never)
        if len(both) == 1:
            assert both == {EPOCH + timedelta(microseconds=value)}


def test_dates():
    days, verdict = parse_dates(pa.array(["2025-08-05", None, "2025-02-30", "5 August", "20250805", "2025-08-05"]))
    assert (days[0], days[5]) == (20305, 20305)
    assert [verdict.reasons[code - 1] if code else "" for code in verdict.codes] == [
        "", "", times.IMPOSSIBLE_DATE, "not an ISO 8601 date", "not an ISO 8601 date", "",
    ]  # fmt: skip
    assert parse_dates(pa.array([], pa.string()))[0].tolist() == []
