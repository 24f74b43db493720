from datetime import timedelta

import pytest
from exposed_rows import END, START, exposure, hand_in
from made_up_records import HOME, OTHER_HOME, minutes

from cellwarden.linkage.logins import link_logins


def event(when, imsi=1, kind="logged_out"):
    return {"at": when, "imsi": imsi, "service": "messenger.example", "event": kind}


def linked(room, logins, exposures=None):
    room.fill(logins=logins)
    hand_in(room, [exposure()] if exposures is None else exposures)
    return link_logins(room.engine)


@pytest.mark.parametrize(
    ("when", "meets"),
    [
        pytest.param(START, True, id="at the first touch"),
        pytest.param(START - minutes(1), False, id="before"),
        pytest.param(END + timedelta(hours=24), True, id="a day later"),
        pytest.param(END + timedelta(hours=24) + minutes(1), False, id="more than a day later"),
    ],
)
def test_an_event_must_follow_the_touch_within_a_day(room, when, meets):
    links = linked(room, [event(when)])
    assert bool(links) is meets
    for link in links:
        assert link.subject == {"at": when, "service": "messenger.example", "event": "logged_out"}
        assert (link.imsi, link.cell, link.unit) == (1, HOME, "unit-1")
        assert link.reason.keys() == {"en", "ko"}


def test_an_event_is_linked_once_though_two_cells_were_touched(room):
    assert len(linked(room, [event(START)], [exposure(), exposure(cell=OTHER_HOME)])) == 1


def test_somebody_elses_event_is_not_linked(room):
    assert linked(room, [event(START, imsi=2)]) == []


def test_who_is_logged_out_every_day_is_believed_less(room):
    (once,) = linked(room, [event(START + minutes(5))])
    daily = linked(room, [event(START + minutes(5) + timedelta(days=day)) for day in range(-8, 9)])
    assert max(link.probability for link in daily) < once.probability
