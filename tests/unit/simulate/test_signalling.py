from collections import Counter

import numpy as np

from cellwarden.simulate.randomness import stream
from cellwarden.simulate.rows import PROCEDURE, RESULT, Rows
from cellwarden.simulate.signalling import everyday, journeys, moments, rejected_first


def test_moments_follow_the_hours(world):
    hours = Counter((moments(stream(1, "test"), world.people.days, 20_000) % 86_400 // 3_600).astype(int).tolist())
    assert min(hours, key=hours.get) in (2, 3, 4)
    assert max(hours, key=hours.get) in (17, 18, 19)


def test_service_requests_and_releases_dominate_everyday_rows(world):
    rows = everyday(world)
    share = np.isin(rows.procedure, (PROCEDURE["service_request"], PROCEDURE["release"], PROCEDURE["paging_response"])).mean()
    assert share > 0.6


def test_households_use_their_own_cell_at_night(world):
    rows = everyday(world)
    night = (rows.at % 86_400 < 5 * 3_600) & (world.people.home_cell[rows.who] >= 0) & (rows.at > 5 * 86_400)
    assert (rows.station[night] >= world.first_small).mean() > 0.8


def test_people_on_the_way_pass_several_sectors(world):
    assert len(set(journeys(world).station.tolist())) > world.city.sectors // 2


def test_an_honest_reject_is_followed_by_an_attach_within_seconds():
    count = 5_000
    rows = Rows.of(np.arange(count) * 60.0, np.arange(count), 1, PROCEDURE["tau"])
    again = rejected_first(rows, stream(1, "test"))
    refused = rows.result == RESULT["reject"]
    assert 0 < refused.sum() == len(again) < 100
    assert ((again.at - rows.at[refused] > 1) & (again.at - rows.at[refused] < 10)).all()
