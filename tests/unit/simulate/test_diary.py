import numpy as np
import pytest

from cellwarden.simulate.diary import along, area_of, nearest_sector, place_of, plan, stage_of


def days(people, count=300, weekday=1, day=1):
    for who in range(count):
        turns, x, y = np.zeros(8), np.zeros(5), np.zeros(5)
        planned = plan(people.ground, people.habits, np.uint64(7), weekday, who, day, turns, x, y)
        yield who, planned // 4, planned % 2, turns, x, y


def test_turns_ascend_and_end_before_midnight(town):
    for _, stops, _, turns, _, _ in days(town[2]):
        if stops:
            used = turns[: 2 * stops + 2]
            assert (np.diff(used) >= 0).all()
            assert used[-1] <= 23.81 * 3600


def test_everybody_starts_and_ends_the_day_at_home(town):
    people = town[2]
    for who, stops, _, turns, x, y in days(people):
        for clock in (60.0, 86_000.0):
            stage = stage_of(stops, turns, clock)
            assert place_of(people.ground, turns, x, y, stage, clock) == (people.home_x[who], people.home_y[who])


def test_nine_in_ten_of_those_with_work_go_there_on_weekdays(town):
    people = town[2]
    works = [works for who, _, works, *_ in days(people, 900) if people.has_work[who] and not people.rooted[who]]
    assert np.mean(works) == pytest.approx(0.93, abs=0.04)


def test_other_places_follow_the_published_shares(town):
    others = [stops - works for who, stops, works, *_ in days(town[2], 900) if not town[2].rooted[who]]
    assert np.bincount(others, minlength=3) / len(others) == pytest.approx([0.45, 0.35, 0.20], abs=0.06)


def test_the_same_day_is_always_the_same(town):
    first, again = (list(days(town[2], 20)) for _ in range(2))
    for one, other in zip(first, again, strict=True):
        for left, right in zip(one, other, strict=True):
            assert np.array_equal(left, right)


def test_a_way_begins_and_ends_where_it_should():
    assert along(5000.0, 100.0, 200.0, 3000.0, 2500.0, 0.0) == (100.0, 200.0)
    assert along(5000.0, 100.0, 200.0, 3000.0, 2500.0, 1.0) == pytest.approx((3000.0, 2500.0))


def test_the_serving_sector_is_at_the_nearest_site(town):
    _, world, people = town
    rng = np.random.default_rng(1)
    for x, y in rng.uniform(0, world.city.side_m, (200, 2)):
        sector = nearest_sector(people.ground, x, y)
        away = np.hypot(world.city.site_x - x, world.city.site_y - y)
        assert away[sector // 3] == pytest.approx(away.min())


def test_tracking_areas_agree_with_the_map(town):
    _, world, people = town
    areas = world.city.area(world.city.site_x, world.city.site_y)
    assert [area_of(people.ground, 3 * site) for site in range(len(areas))] == areas.tolist()
