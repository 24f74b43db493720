from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from exposed_rows import exposure
from made_up_records import HOME, MACRO, at, complaint, minutes, touch, touches

from cellwarden.linkage.alarms import EXAMPLES, alarms
from cellwarden.linkage.themes import complaint_rows

UTC = ZoneInfo("UTC")
TEXT = "저는 결제한 적이 없습니다 010012345678"
FLARE = at("20 12:00")


def quiet(days=10):
    return [complaint(f"Q{day:02}", at("10 09:00") + timedelta(days=day), imsi=500 + day, text="결제한 적 없음", district="A-gu") for day in range(days)]  # fmt: skip


def flare(count, **more):
    return [complaint(f"F{number}", FLARE + minutes(number), imsi=number, text=TEXT, district="A-gu", **more) for number in range(1, count + 1)]  # fmt: skip


def raised(room, complaints, exposures=(), access=(), zone=UTC):
    room.fill(complaints=complaints, access=list(access))
    return alarms(room.engine, complaint_rows(room.engine), list(exposures), zone)


def test_a_flare_of_one_theme_in_one_district_is_an_alarm(room):
    (alarm,) = raised(room, [*quiet(), *flare(8)])
    assert (alarm.day, alarm.theme, alarm.district, alarm.count) == (date(2025, 8, 20), "unauthorised_payment", "A-gu", 8)
    assert alarm.count > alarm.limit > alarm.expected == pytest.approx(1.0)
    assert alarm.p < 0.001
    assert {"C1", "C2"} <= set(alarm.methods)


def test_the_ordinary_day_is_none(room):
    assert raised(room, quiet(20)) == []


def test_two_complaints_are_read_by_a_person_and_raise_nothing(room):
    silent = [
        complaint(f"Q{day:02}", at("10 09:00") + timedelta(days=day), text="요금제를 바꾸고 싶습니다") for day in range(10)
    ]
    assert raised(room, [*silent, *flare(2)]) == []
    assert len(raised(room, [*silent, *flare(3)])) == 1


def test_examples_are_five_and_masked(room):
    (alarm,) = raised(room, [*quiet(), *flare(8)])
    assert len(alarm.examples) == EXAMPLES
    assert all("############" in text for text in alarm.examples)


def test_callers_are_scored_against_exposure_not_counted(room):
    complaints = [*quiet(), *flare(8)]
    (robbed,) = raised(room, complaints, [exposure(number, from_at=at("19 20:00")) for number in range(1, 8)])
    (panic,) = raised(room, complaints)
    assert (robbed.callers, robbed.exposed, robbed.others, robbed.others_exposed) == (8, 7, 10, 0)
    assert robbed.exposure_p < 0.001 < panic.exposure_p == 1.0


def test_an_exposure_after_the_call_is_no_reason_for_it(room):
    (alarm,) = raised(
        room, [*quiet(), *flare(8)], [exposure(number, from_at=FLARE + timedelta(hours=9)) for number in range(1, 8)]
    )
    assert alarm.exposed == 0


def test_the_cell_that_callers_share_and_others_do_not_is_named(room):
    everybody = touches(MACRO, 60, at("19 08:00"), cell_type="macro")
    few = [touch(HOME, number, at("19 20:00") + minutes(number)) for number in (1, 2, 3, 4, 5, 50)]
    (alarm,) = raised(room, [*quiet(), *flare(8)], access=[*everybody, *few])
    assert (alarm.shared.cell, alarm.shared.callers, alarm.shared.crowd, alarm.shared.everyone) == (HOME, 5, 6, 60)
    assert alarm.shared.p < 0.01


def test_the_told_time_says_where_to_look(room):
    early, late = touch(HOME, 1, at("12 10:00")), touch(MACRO, 1, at("19 10:00"))
    access = [row | {"imsi": number} for row in (early, late) for number in (1, 2, 3)]
    (told,) = raised(room, [*quiet(), *flare(3, about_from=at("12 09:00"), about_to=at("12 11:00"))], access=access)
    assert told.shared.cell == HOME
    (untold,) = raised(room, [*quiet(), *flare(3)], access=access)
    assert untold.shared.cell == MACRO


def test_days_are_local(room):
    late = [row | {"at": at("20 15:30")} for row in flare(8)]
    (alarm,) = raised(room, [*quiet(), *late], zone=ZoneInfo("Asia/Seoul"))
    assert alarm.day == date(2025, 8, 21)


def test_nothing_in_nothing_out(room):
    assert raised(room, []) == []


def test_what_is_spread_over_districts_shows_in_the_sum(room):
    spread = [row | {"district": f"{number}-gu"} for number, row in enumerate(flare(8))]
    (alarm,) = raised(room, [*quiet(), *spread])
    assert (alarm.district, alarm.count) == ("*", 8)
