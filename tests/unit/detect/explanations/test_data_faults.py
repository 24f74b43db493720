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


@pytest.mark.parametrize(
    ("broken", "faults"),
    [
        pytest.param(
            {"b": range(2, 11)},
            [("night_activity", "impossible_travel", "short_bursts")],
            id="explains:a-core-nine-hours-ahead",
        ),
        pytest.param(
            {"b": range(2, 6)}, [("night_activity", "impossible_travel", "short_bursts")], id="explains:four-silent-hours"
        ),
        pytest.param({"b": range(2, 5)}, [], id="just-below:three-silent-hours"),
        pytest.param({"a": (14,), "b": (14,)}, [("short_bursts",)], id="explains:an-hour-that-all-cores-lack"),
        pytest.param({"a": (14,)}, [], id="just-below:one-core-lacks-an-hour"),
        pytest.param({}, [], id="rogue:nothing-is-wrong-with-the-records"),
    ],
)
def test_excuses_what_wrong_hours_can_feign(room, broken, faults):
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
