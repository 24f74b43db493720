from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from exposed_people import START, Accused, census, seen
from made_up_records import OTHER_HOME, minutes, touch

from cellwarden.exposure.people import MEASURES, count_people

SEOUL = ZoneInfo("Asia/Seoul")


def counted(room, access, *accused, zone=SEOUL, **tables):
    exposures = census(room, access, *accused, **tables)
    span = (min(row["at"] for row in access), max(row["at"] for row in access)) if access else None
    return count_people(room.engine, exposures, span=span, zone=zone)


def grades(imsi, possible, guti):
    return {"total": imsi + possible + guti, "imsi": imsi, "possible": possible, "guti": guti}


NR = Accused(cell=OTHER_HOME, rat="nr", cell_type="gnb", unit="unit-2")


def at_nr(imsi, after=0, **more):
    return touch(OTHER_HOME, imsi, START + minutes(after), rat="nr", cell_type="gnb", ciphering=2, **more)


def test_a_person_counts_once_under_the_strongest_grade_and_once_a_technology(room):
    access = [
        seen(1, identity="imsi"),
        at_nr(1, 5, identity="suci"),
        seen(2, ciphering=0),
        at_nr(2, 5),
        seen(3),
        at_nr(4, identity="suci_null"),
    ]
    people = counted(room, access, Accused(), NR)
    assert people["people_signal_exposed"] == grades(2, 1, 1)
    assert people["people_by_technology"]["lte"] == grades(1, 1, 1)
    assert people["people_by_technology"]["nr"] == grades(1, 0, 2)
    assert people["exposure_rows"] == 6
    assert people["events_in_exposures"] == 6


def test_the_strongest_of_several_episodes_counts(room):
    people = counted(
        room, [seen(1), seen(1, 500, identity="imsi")], Accused(to_at=START + minutes(9)), Accused(from_at=START + minutes(500))
    )
    assert people["people_signal_exposed"] == grades(1, 0, 0)
    assert people["exposure_rows"] == 2


def test_a_technology_that_no_record_covers_is_not_recorded_and_one_without_exposure_is_zero(room):
    people = counted(room, [seen(1), at_nr(2)], Accused())
    assert people["people_by_technology"]["nr"] == grades(0, 0, 0)
    assert people["people_by_technology"]["utra"] == "not recorded"
    assert people["people_by_technology"]["geran"] == "not recorded"


def test_rows_without_imsi_are_told_apart(room):
    people = counted(room, [seen(1), seen(None, 1), seen(None, 2)], Accused())
    assert people["people_signal_exposed"] == grades(0, 0, 1)
    assert people["access_rows_in_accused_episodes_without_imsi"] == 2


def test_a_controller_that_is_not_known_is_said(room):
    subscribers = [{"imsi": 1, "controller": "own"}, {"imsi": 2, "controller": "Example MVNO"}, {"imsi": 3}]
    people = counted(room, [seen(number) for number in (1, 2, 3, 4)], Accused(), subscribers=subscribers)
    assert people["people_by_controller"] == {"Example MVNO": 1, "not recorded": 2, "own": 1}


@pytest.mark.parametrize(
    ("zone", "times", "days"),
    [
        pytest.param("Asia/Seoul", ["2025-08-05 14:59:59", "2025-08-05 15:00:00"], {"2025-08-05": 1, "2025-08-06": 1}, id="local midnight"),
        pytest.param("UTC", ["2025-08-05 14:59:59", "2025-08-05 15:00:00"], {"2025-08-05": 1}, id="another zone, another day"),
        pytest.param("Europe/Berlin", ["2025-10-25 21:59:59", "2025-10-25 22:00:00", "2025-10-26 22:59:59", "2025-10-26 23:00:00"], {"2025-10-25": 1, "2025-10-26": 1, "2025-10-27": 1}, id="a day of 25 hours"),
        pytest.param("Europe/Berlin", ["2025-03-29 22:59:59", "2025-03-29 23:00:00", "2025-03-30 21:59:59", "2025-03-30 22:00:00"], {"2025-03-29": 1, "2025-03-30": 1, "2025-03-31": 1}, id="a day of 23 hours"),
    ],
)  # fmt: skip
def test_a_day_is_the_operators_day(room, zone, times, days):
    access = [{**seen(1), "at": datetime.fromisoformat(time)} for time in times]
    accused = Accused(from_at=access[0]["at"], to_at=access[-1]["at"])
    assert counted(room, access, accused, zone=ZoneInfo(zone))["people_by_day_local"] == days


def test_a_person_counts_on_each_day_and_once_a_day(room):
    access = [seen(1), seen(1, 1), seen(2), seen(1, 60 * 24)]
    assert counted(room, access)["people_by_day_local"] == {"2025-08-05": 2, "2025-08-06": 1}


def test_nobody_is_zero_and_not_unknown(room):
    people = counted(room, [])
    assert people["people_signal_exposed"] == grades(0, 0, 0)
    assert people["people_by_technology"] == dict.fromkeys(("lte", "nr", "utra", "geran"), "not recorded")
    assert (people["people_by_day_local"], people["people_by_controller"]) == ({}, {})


def test_the_tables_reconcile_by_every_measure(room):
    """Districts and controllers add up; cells, days and technologies overlap, and none is larger than the total."""
    access = [seen(1, identity="imsi"), at_nr(1, 5), seen(2, ciphering=0), seen(3), at_nr(4)]
    subscribers = [{"imsi": 1, "controller": "own", "district": "Example-gu 1"}, {"imsi": 2, "district": "Example-gu 2"}]
    people = counted(room, access, Accused(), NR, subscribers=subscribers)
    rows = people["census"]
    for row in rows:
        assert row["people"] is None or row["people"] == row["people_imsi"] + row["people_possible"] + row["people_guti"]
    sums = {measure: sum(row["people"] or 0 for row in rows if row["measure"] == measure) for measure in MEASURES}
    assert sums == {"total": 4, "technology": 5, "cell": 5, "day": 4, "district": 4, "controller": 4}
    grades_of = {
        (row["measure"], row["part"]): (row["people_imsi"], row["people_possible"], row["people_guti"]) for row in rows
    }
    assert grades_of["total", "all"] == (1, 1, 2)
    assert grades_of["district", "Example-gu 1"] == (1, 0, 0)
    assert grades_of["district", "not recorded"] == (0, 0, 2)
    assert grades_of["cell", f"00101 nr gnb {OTHER_HOME}"] == (0, 0, 2)
    assert grades_of["technology", "utra"] == (None, None, None)
    assert people["people_by_district"] == {"Example-gu 1": 1, "Example-gu 2": 1, "not recorded": 2}
