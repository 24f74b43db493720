"""Clocks start by a recorded act and end by another; late is explained, never hidden."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from response import START
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from cellwarden.foundation.errors import MalformedInputError, RefusedError, UsageError
from cellwarden.incident.case import overview, schema
from cellwarden.incident.case.cases import CloseCase
from cellwarden.incident.clocks.acts import MeetClock, StartClocks, StopClock

WHY = "the duty officer saw the pattern then"
LATE = "the pattern was taken for smishing until a victim's records were read"


def start(response, trigger="intrusion_known", known=START - timedelta(hours=1), about="payments at night", who="kim"):
    return response.do(who, StartClocks(case_id="C-1", trigger=trigger, known_at=known, about=about, why=WHY))


def meet(response, clock, at, **more):
    return response.do("kim", MeetClock(case_id="C-1", clock_id=clock, met_at=at, receipt="report 1", **more))


def test_a_recorded_act_starts_every_clock_that_follows_from_it(response):
    known = start(response, "leak_known")
    assert known.clocks == ("K-1", "K-2")
    lines = [json.loads(line) for line in response.store.log_lines()[-3:]]
    assert [line["act"] for line in lines] == ["trigger_known", "clock_started", "clock_started"]
    assert {line["due_at"] for line in lines[1:]} == {"2025-09-08T02:00:00Z"}


def test_each_new_fact_has_its_own_day(response):
    """As in the public case: 8, 18 and 17 of the following months, each with 24 hours of its own."""
    first = start(response, "new_fact", START - timedelta(hours=3), "two cells")
    second = start(response, "new_fact", START - timedelta(hours=1), "four cells")
    with response.store.reading(response.tokens["oh"], case_id="C-1") as connection:
        due = [row["due_at"] for row in overview.overview(connection, "C-1")["clocks"]]
    assert first.clocks + second.clocks == ("K-1", "K-2")
    assert due == [datetime(2025, 9, 6, 0, tzinfo=UTC), datetime(2025, 9, 6, 2, tzinfo=UTC)]


def test_the_instant_is_when_somebody_knew_and_a_day_is_a_local_day(response):
    start(response, "correction_asked", datetime(2025, 9, 4, 15, 30, tzinfo=UTC))
    with response.store.reading(response.tokens["oh"], case_id="C-1") as connection:
        (clock,) = overview.overview(connection, "C-1")["clocks"]
    assert clock["due_at"] == datetime(2025, 9, 19, 15, tzinfo=UTC), "00:30 on the 5th in Seoul: to the end of the 19th"


def test_met_in_time_needs_no_explanation(response):
    start(response)
    response.clock.turn(hours=23)
    done = meet(response, "K-1", response.clock.at)
    assert (done.late_s, done.lateness) == (0, "")


def test_the_last_instant_is_in_time_and_the_next_second_is_late(response):
    start(response)
    response.clock.turn(hours=30)
    with pytest.raises(MalformedInputError, match="lateness"):
        meet(response, "K-1", START + timedelta(hours=23, seconds=1))
    assert meet(response, "K-1", START + timedelta(hours=23)).late_s == 0


def test_late_is_explained_and_stays_on_record(response):
    start(response)
    response.clock.turn(days=3, hours=16)
    assert meet(response, "K-1", response.clock.at, lateness=LATE).late_s == 65 * 3600
    assert json.loads(response.store.log_lines()[-1])["lateness"] == LATE
    with response.store.reading(response.tokens["oh"], case_id="C-1") as connection:
        (clock,) = overview.overview(connection, "C-1")["clocks"]
    assert (clock["state"], clock["lateness"]) == ("met", LATE)


def test_the_database_refuses_a_late_one_without_explanation(response):
    start(response)
    engine = create_engine(response.store.url)
    with pytest.raises(IntegrityError, match="late_is_explained"), engine.begin() as connection:
        connection.execute(text("UPDATE clock SET state = 'met', met_at = '2025-09-09T00:00:00.000000Z'"))
    engine.dispose()


def test_a_duty_slips_only_for_the_reasons_of_its_law(response):
    start(response, "leak_known")
    response.clock.turn(days=4)
    with pytest.raises(UsageError, match="slips for force_majeure"):
        meet(response, "K-2", response.clock.at, lateness=LATE, slipped_for="urgent_containment")
    assert meet(response, "K-1", response.clock.at, lateness=LATE, slipped_for="urgent_containment").slipped_for


def test_a_missed_duty_does_not_fall_away(response):
    start(response)
    response.clock.turn(days=2)
    with pytest.raises(RefusedError, match="missed"):
        response.do("kim", StopClock(case_id="C-1", clock_id="K-1", why="nobody asked for it, so we leave it"))


def test_a_duty_falls_away_before_it_is_due_and_a_case_closes_only_then(response):
    start(response)
    with pytest.raises(RefusedError, match="1 open clock"):
        response.do("kim", CloseCase(case_id="C-1", why="everything is done and told"))
    response.do("kim", StopClock(case_id="C-1", clock_id="K-1", why="a planned exercise, ordered in writing"))
    with pytest.raises(RefusedError, match="stopped already"):
        meet(response, "K-1", response.clock.at)
    response.do("kim", CloseCase(case_id="C-1", why="everything is done and told"))


@pytest.mark.parametrize("known", [START + timedelta(seconds=1), datetime(2025, 9, 5)])
def test_knowing_is_in_the_past_and_in_a_zone(response, known):
    with pytest.raises(MalformedInputError, match="known_at"):
        start(response, known=known)


def test_a_law_that_was_not_in_force_starts_nothing(response):
    with pytest.raises(UsageError, match=r"the first came on 2026-09-11\. Start leak_known"):
        start(response, "possible_leak")


def test_the_public_case_of_2025_by_the_clock(response):
    """Blocked as smishing on 5 September 03:00 in Seoul, reported on the 8th at 19:16; 20,030 people on the 18th, 22,227 on 17 October."""
    seoul = timezone(timedelta(hours=9))
    known, reported = datetime(2025, 9, 5, 3, tzinfo=seoul), datetime(2025, 9, 8, 19, 16, tzinfo=seoul)
    response.clock.at = datetime(2025, 10, 18, tzinfo=UTC)
    start(response, "intrusion_known", known=known)
    with pytest.raises(MalformedInputError, match="lateness"):
        meet(response, "K-1", reported)
    late = meet(
        response, "K-1", reported, lateness="the pattern was taken for smishing until the cell was found in the call records"
    )
    assert late.late_s == (64 * 60 + 16) * 60
    for number, (fact, at) in enumerate({"20,030 people": datetime(2025, 9, 18, 9, tzinfo=seoul), "22,227 people": datetime(2025, 10, 17, 9, tzinfo=seoul)}.items(), start=2):  # fmt: skip
        started = start(response, "new_fact", known=at, about=fact)
        assert started.clocks == (f"K-{number}",)
        assert meet(response, f"K-{number}", at + timedelta(hours=24)).late_s == 0, "each further fact has 24 hours of its own"
    with response.store.reading(response.tokens["oh"]) as connection:
        held = {row["clock_id"]: row for row in overview.of_case(connection, schema.CLOCK, "C-1")}
    assert held["K-1"]["due_at"] == known + timedelta(hours=24)
    assert "smishing" in held["K-1"]["lateness"]


def test_an_analyst_starts_no_clock(response):
    with pytest.raises(RefusedError, match="han may not clock"):
        start(response, who="han")
