from datetime import timedelta

import pytest
from made_up_records import HOME, MACRO, at, card, touch, touches

EXPLANATION = card("data_faults")


def hours(day, *, core="core-a", skip=(), each=10):
    return [
        touch(MACRO, 1 + number, at(f"{day:02d} {hour:02d}:00") + timedelta(minutes=number), core=core, cell_type="macro")
        for hour in range(24)
        if hour not in skip
        for number in range(each)
    ]


def both(day, **skip):
    return [*hours(day, core="core-a", skip=skip.get("a", ())), *hours(day, core="core-b", skip=skip.get("b", ()))]


def moved(rows, *, by, core="core-b"):
    """Let the clock of a core be some hours off."""
    return [{**row, "at": row["at"] + timedelta(hours=by)} if row["core"] == core else row for row in rows]


@pytest.mark.parametrize(
    ("by", "struck", "span"),
    [
        pytest.param(9, range(15), ("05 00:00", "06 00:00"), id="explains:nine-hours-ahead"),
        pytest.param(-9, range(9, 24), ("05 00:00", "06 00:00"), id="explains:nine-hours-behind"),
        pytest.param(2, range(3, 20), ("05 03:00", "06 03:00"), id="explains:two-hours-ahead"),
        pytest.param(1, range(3, 20), None, id="just-below:one-hour"),
    ],
)
def test_excuses_what_a_clock_that_slipped_can_feign(room, by, struck, span):
    day = [*hours(5), *hours(5, core="core-b", skip=struck)]
    wrong = moved([row for row in hours(5, core="core-b") if row["at"].hour in struck], by=by)
    found = room.excuses(EXPLANATION, access=[*both(4), *day, *wrong, *both(6)])
    assert [(excuse.key, excuse.from_at, excuse.to_at) for excuse in found] == ([(None, *map(at, span))] if span else [])
    assert all(excuse.detectors == ("night_activity", "impossible_travel", "short_bursts", "fleeting_cell") for excuse in found)
    assert all(f"{by:+d}" in text and "core-b" in text for excuse in found for text in excuse.evidence.values())


def visits(day, hour, *, cores):
    """Let twelve people come to the home cell within an hour, each through the core that is theirs."""
    start = at(f"{day:02d} {hour:02d}:00")
    return [
        touch(HOME, 500 + number, start + timedelta(minutes=number), core=cores[number % len(cores)]) for number in range(12)
    ]


@pytest.mark.parametrize(
    ("real_hour", "also_at", "copies"),
    [
        pytest.param(3, (), 1, id="explains:the-same-night-a-second-time"),
        pytest.param(3, (13,), 0, id="rogue:another-core-shows-it-in-that-spell-too"),
        pytest.param(3, (20,), 1, id="explains:it-is-on-the-air-again-in-the-next-spell"),
    ],
)
def test_a_cell_that_only_the_slipped_core_shows_was_not_on_the_air(room, real_hour, also_at, copies):
    rows = [*hours(5), *hours(5, core="core-b"), *visits(5, real_hour, cores=("core-a", "core-b"))]
    struck = [row for row in rows if row["core"] == "core-b" and row["at"].hour < 15]
    rest = [row for row in rows if row not in struck]
    later = [row for hour in also_at for row in visits(5, hour, cores=("core-a",))]
    found = room.excuses(EXPLANATION, access=[*both(4), *rest, *later, *moved(struck, by=9), *both(6)])
    copied = [excuse for excuse in found if excuse.key is not None]
    assert [(excuse.key.cell, excuse.from_at.hour, excuse.share) for excuse in copied] == [(HOME, real_hour + 9, 1.0)] * copies
    assert all("unregistered_cell" in excuse.detectors and "night_activity" in excuse.detectors for excuse in copied)


@pytest.mark.parametrize(
    ("broken", "faults"),
    [
        pytest.param({"b": range(2, 11)}, [], id="rogue:a-core-out-of-service-gives-nothing-back"),
        pytest.param({"a": (14,), "b": (14,)}, [("short_bursts",)], id="explains:an-hour-that-all-cores-lack"),
        pytest.param({"a": (14,)}, [], id="just-below:one-core-lacks-an-hour"),
        pytest.param({}, [], id="rogue:nothing-is-wrong-with-the-records"),
    ],
)
def test_excuses_what_lost_hours_can_feign(room, broken, faults):
    found = room.excuses(EXPLANATION, access=[*both(4), *both(5, **broken), *both(6)])
    assert [excuse.detectors for excuse in found] == faults
    assert all((excuse.key, excuse.from_at, excuse.to_at) == (None, at("05 00:00"), at("06 00:00")) for excuse in found)
    assert all("2025-08-05" in text for excuse in found for text in excuse.evidence.values())


def test_before_the_records_begin_nothing_was_lost(room):
    assert room.excuses(EXPLANATION, access=[*both(4, a=range(9), b=range(9)), *both(5), *both(6)]) == []


def test_quiet_hours_prove_nothing(room):
    few = [
        *hours(4, each=9),
        *hours(4, core="core-b", each=9),
        *hours(5, each=9),
        *hours(5, core="core-b", each=9, skip=range(2, 11)),
        *hours(6, each=9),
        *hours(6, core="core-b", each=9),
    ]
    assert room.excuses(EXPLANATION, access=few) == []


@pytest.mark.parametrize(
    ("broken", "known", "share"),
    [
        pytest.param(3, 15, 0.2, id="explains:a-fifth-of-the-ids-is-nobodys"),
        pytest.param(2, 15, None, id="just-below:two-ids"),
        pytest.param(3, 11, None, id="just-below:a-customer-base-with-holes"),
    ],
)
def test_excuses_the_part_of_strangers_that_are_broken_ids(room, broken, known, share):
    people = touches(HOME, 12, at("05 10:00"))
    cut = touches(HOME, broken, at("05 11:00"), first=900)
    access = [*people, *cut, *touches(MACRO, 3, at("05 09:00"), first=100, cell_type="macro")]
    subscribers = [{"imsi": number} for number in [*range(1, 13), 100, 101, 102][:known]]
    found = room.excuses(EXPLANATION, access=access, subscribers=subscribers)
    assert [(excuse.detectors, excuse.share) for excuse in found] == ([] if share is None else [(("stranger_surge",), share)])
    assert all(excuse.key.cell == HOME and "3" in excuse.evidence["ko"] for excuse in found)


def test_a_rogues_visitors_are_customers_and_stay_strangers(room):
    visitors = touches(HOME, 20, at("05 10:00"))
    assert room.excuses(EXPLANATION, access=visitors, subscribers=[{"imsi": number} for number in range(1, 21)]) == []


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
