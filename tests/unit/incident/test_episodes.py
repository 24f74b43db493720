from dataclasses import replace
from datetime import timedelta

from example_dossier import CLONE, START, VAN, VAN_TOO, example, key, nothing, suspect

from cellwarden.incident.episodes import Episodes


def test_the_unit_with_most_people_comes_first_and_stays_together():
    case = Episodes(example())
    assert [row["cell"] for row in case.accused] == [VAN, VAN_TOO, CLONE]
    assert [row["grade"] for row in case.cleared] == ["review", "explained"]


def test_findings_belong_to_the_episode_they_touch():
    later = suspect(VAN, "rogue", hours=200)
    case = Episodes(replace(example(), suspects=[*example().suspects, later]))
    assert [row["weight"] for row in case.findings(case.accused[0])] == [6.9, 3.4, -1.2]
    assert case.findings(later) == []


def test_findings_about_the_unit_are_told_once_for_the_unit():
    assert [row["detector"] for row in Episodes(example()).findings_of_unit("unit-1")] == ["shared_certificate"]


def test_events_add_up_in_wider_bars_and_people_do_not():
    row = suspect(VAN, "rogue", lasts=24 * 30)
    activity = [
        {**key(VAN), "unit": "unit-1", "from_at": START, "at": START + timedelta(minutes=10 * i), "events": 2, "people": 3}
        for i in range(6)
    ]
    bins, minutes = Episodes(replace(example(), activity=activity)).bins(row)
    assert minutes == 360
    assert [(b.events, b.people) for b in bins] == [(12, 3)]


def test_a_track_is_thinned_and_keeps_its_ends():
    row = suspect(VAN, "rogue", lasts=100)
    tracks = [
        {"cell": VAN, "at": START + timedelta(minutes=10 * i), "lat": i / 1000, "lon": 0.0, "radius_m": 1.0} for i in range(600)
    ]
    positions, total = Episodes(replace(example(), tracks=tracks)).positions(row)
    assert total == 600
    assert len(positions) == 150
    assert (positions[0].lat, positions[-1].lat) == (0.0, 0.599)


def test_without_a_track_the_place_of_the_suspect_is_used_and_without_that_none():
    case = Episodes(example())
    assert [p.radius_m for p in case.positions(case.accused[2])[0]] == [420.0]
    assert case.positions(case.accused[1]) == ([], 0)


def test_a_zone_that_is_not_known_is_utc():
    dossier = example()
    dossier.summary["operator"]["time_zone"] = ""
    assert Episodes(dossier).zone_name == "UTC"


def test_a_clone_and_the_cell_it_copies_keep_their_people_activity_and_places_apart():
    ours, theirs = suspect(VAN, "rogue"), suspect(VAN, "rogue", unit="unit-9")
    dossier = example()
    counted = [{**dossier.census[0], "unit": row["unit"], "people": people} for row, people in ((ours, 3), (theirs, 8))]
    case = Episodes(replace(dossier, suspects=[ours, theirs], census=counted))
    assert {row["unit"]: case.census(row)["people"] for row in case.accused} == {"unit-1": 3, "unit-9": 8}
    assert case.bins(ours)[0]
    assert case.bins(theirs) == ([], 10)
    assert case.positions(theirs) == ([], 0)
    assert case.payment_times(ours)
    assert case.payment_times(theirs) == []


def test_whether_there_are_access_records_follows_from_the_window():
    assert Episodes(example()).has_access
    assert not Episodes(nothing()).has_access
