import itertools
from dataclasses import replace

from cellwarden.simulate.randomness import DAY_S
from cellwarden.simulate.sessions import honest_sessions, inner_addresses, link_rows


def sessions(world):
    return honest_sessions(world, inner_addresses(world.seed), 3 * 86_400.0)


def test_tunnels_of_one_cell_follow_one_another(world):
    by_station = {}
    for session in sessions(world):
        by_station.setdefault(session.station, []).append(session)
    for mine in by_station.values():
        assert all(earlier.to_at < later.from_at for earlier, later in itertools.pairwise(mine))


def test_no_two_cells_share_an_outer_address_at_a_time(world):
    up = [session for session in sessions(world) if session.from_at < 0 < session.to_at]
    assert len({session.outer for session in up}) == len(up)


def test_a_changing_line_changes_within_the_operators_network(world):
    index = next(index for index, cell in enumerate(world.fleet) if cell.story == "dynamic_address")
    mine = [session for session in sessions(world) if session.station == world.first_small + index]
    assert len({session.outer for session in mine}) >= world.people.days // 2
    assert all(session.outer.startswith("192.0.2.") for session in mine)


def test_inner_addresses_are_never_given_twice(world):
    inner = inner_addresses(world.seed)
    given = [next(inner) for _ in range(3_000)]
    assert len(set(given)) == 3_000


def test_honest_link_rows_lack_fields_too(world):
    rows = [row for row in link_rows(world, sessions(world)) if row["event"] == "s1_setup"]
    for column in ("name", "lat", "neighbours", "access_line", "equipment_id"):
        missing = sum(row.get(column) is None for row in rows)
        assert 0 < missing < len(rows), column


def test_link_rows_are_in_time_order(world):
    times = [row["at"] for row in link_rows(world, sessions(world))]
    assert times == sorted(times)


def test_a_cell_that_wakes_left_months_ago_and_comes_back_as_itself(town):
    world = town[1]
    for index, cell in enumerate(world.fleet):
        if cell.story == "woken_cell":
            before, after, *_ = (one for one in sessions(world) if one.station == world.first_small + index)
            assert before.to_at < cell.asleep[0] < after.from_at - 100 * DAY_S
            assert (before.serial, before.access_line) == (after.serial, after.access_line)


def test_an_address_of_another_provider_goes_back_to_that_provider(town):
    """So many lines are renumbered that the operator's own addresses have all been given once."""
    _, world, _ = town
    few = replace(world, fleet=world.fleet[:30], people=replace(world.people, days=2000))
    provided = [replace(cell, provider="other" if number % 2 else "") for number, cell in enumerate(few.fleet)]
    for session in honest_sessions(replace(few, fleet=provided), inner_addresses(world.seed), 3 * DAY_S):
        cell = provided[session.station - world.first_small]
        assert cell.story == "other_line" or session.outer.startswith("198.51.100.") == bool(cell.provider), cell.story
