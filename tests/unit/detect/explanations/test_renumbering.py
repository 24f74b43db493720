from datetime import timedelta

import pytest
from made_up_records import HOME, MACRO, OTHER_MACRO, at, card, mast, touches

EXPLANATION = card("renumbering")
NIGHT = at("06 17:30")
PLACES = range(3)


def serving(cell, place, since, count=8, **more):
    return touches(cell, count, since, **{"first": 100 * place + 1, "cell_type": "macro", "source": f"10.20.0.{place}", **more})


def switched(places=PLACES, *, gap=timedelta(hours=3), count=8):
    """Old numbers by day until the night, new ones from then on."""
    return [
        row
        for place in places
        for row in (
            *serving(MACRO + place, place, NIGHT - timedelta(days=1, hours=2)),
            *serving(MACRO + place, place, NIGHT - timedelta(minutes=7)),
            *serving(OTHER_MACRO + place, place, NIGHT + gap, count),
            *serving(OTHER_MACRO + place, place, NIGHT + gap + timedelta(days=1), count),
        )
    ]


LISTED = [mast(MACRO + place, 37.5, 127.0) for place in range(6)]
NEW = [OTHER_MACRO + place for place in PLACES]
ANNOUNCED = [{"kind": "renumbering", "cell": MACRO, "new_cell": OTHER_MACRO, "from_at": NIGHT - timedelta(hours=1), "to_at": NIGHT + timedelta(hours=2)}]  # fmt: skip


@pytest.mark.parametrize(
    ("access", "more", "cells"),
    [
        pytest.param(switched(), {}, NEW, id="explains:three-places-at-once"),
        pytest.param(switched(range(2)), {}, [], id="just-below:two-places"),
        pytest.param(switched(range(1)), {"events": ANNOUNCED}, [OTHER_MACRO], id="explains:one-that-the-calendar-names"),
        pytest.param(switched(gap=timedelta(hours=6)), {}, NEW, id="explains:six-hours-of-silence"),
        pytest.param(switched(gap=timedelta(hours=6, minutes=1)), {}, [], id="just-below:too-long-a-silence"),
        pytest.param(switched(count=20), {}, NEW, id="explains:two-and-a-half-times-the-people"),
        pytest.param(switched(count=21), {}, [], id="rogue:draws-more-people-than-the-old-ones-had"),
        pytest.param([*switched(), *(row for place in PLACES for row in serving(MACRO + place, place, NIGHT + timedelta(days=1)))], {}, [], id="rogue:the-old-numbers-are-still-there"),
        pytest.param([{**row, "source": None} for row in switched()], {}, [], id="no-address-no-excuse"),
    ],
)  # fmt: skip
def test_excuses_places_that_switched_together(room, access, more, cells):
    found = room.excuses(EXPLANATION, access=access, equipment=LISTED, **more)
    assert sorted(excuse.key.cell for excuse in found) == cells
    assert all(excuse.share == 1.0 and "unregistered_cell" in excuse.detectors for excuse in found)


def test_an_announced_number_whose_old_one_goes_on_is_not_excused(room):
    still = serving(MACRO, 0, NIGHT + timedelta(days=1))
    assert room.excuses(EXPLANATION, access=[*switched(range(1)), *still], equipment=LISTED, events=ANNOUNCED) == []


def test_a_home_cell_that_appears_in_that_night_is_not_excused(room):
    rogue = touches(HOME, 8, NIGHT + timedelta(hours=3), source="10.20.0.1")
    found = room.excuses(EXPLANATION, access=[*switched(), *rogue], equipment=LISTED)
    assert sorted(excuse.key.cell for excuse in found) == NEW


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
