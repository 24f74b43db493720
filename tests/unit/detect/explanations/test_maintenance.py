from datetime import timedelta

import pytest
from made_up_records import OTHER_HOME, at, card, link, touch, version

EXPLANATION = card("maintenance")
NIGHT = at("05 17:00")


def seen(cell, when, software, **more):
    return link(
        OTHER_HOME + cell, when, **{"software": software, "inner_ip": f"10.0.1.{cell}", "source_ip": f"192.0.2.{cell}", **more}
    )


def campaign(count, *, every=timedelta(minutes=10)):
    return [
        row
        for cell in range(count)
        for row in (seen(cell, at("01 10:00"), "1.4"), seen(cell, NIGHT + cell * every, "1.5", event="s1_setup"))
    ]


FLEET = [version(OTHER_HOME + cell) for cell in range(8)]
USED = [
    touch(OTHER_HOME + cell, 100 + cell, when, source=f"10.0.1.{cell}")
    for cell in range(8)
    for when in (at("05 10:00"), NIGHT + timedelta(minutes=30))
]
WORK = {
    "kind": "maintenance",
    "cell": OTHER_HOME,
    "from_at": NIGHT - timedelta(minutes=30),
    "to_at": NIGHT + timedelta(hours=1),
}


@pytest.mark.parametrize(
    ("links", "events", "cells"),
    [
        pytest.param(campaign(5), [], 5, id="explains:a-batch-with-new-software"),
        pytest.param(campaign(4), [], 0, id="just-below:four-of-a-batch"),
        pytest.param(campaign(5, every=timedelta(hours=4)), [], 0, id="just-below:spread-over-a-day"),
        pytest.param([], [WORK], 1, id="explains:announced"),
        pytest.param([], [{**WORK, "kind": "outage"}], 1, id="explains:an-announced-outage"),
        pytest.param([], [{**WORK, "kind": "festival"}], 0, id="just-below:the-calendar-has-something-else"),
        pytest.param([], [{**WORK, "cell": None, "district": "Example-gu 1"}], 0, id="just-below:a-districts-work-names-no-cell"),
        pytest.param([seen(0, at("01 10:00"), "1.4"), seen(0, NIGHT, "9.9", event="s1_setup")], [], 0, id="rogue:one-box-with-software-of-its-own"),
    ],
)  # fmt: skip
def test_excuses_the_work_and_no_more_of_the_day(room, links, events, cells):
    found = room.excuses(EXPLANATION, access=USED, equipment=FLEET, links=links, events=events)
    assert sorted(excuse.key.cell for excuse in found) == [OTHER_HOME + cell for cell in range(cells)]
    assert {excuse.share for excuse in found} <= {0.5}


def test_work_on_a_retired_id_excuses_nobody_who_uses_it(room):
    equipment = [version(OTHER_HOME, status="deleted")]
    assert room.excuses(EXPLANATION, access=USED, equipment=equipment, events=[WORK]) == []


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
