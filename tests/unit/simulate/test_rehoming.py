import numpy as np
import pytest

from cellwarden.simulate.equipment import equipment_rows
from cellwarden.simulate.randomness import DAY_S
from cellwarden.simulate.sessions import honest_sessions, inner_addresses
from cellwarden.simulate.writing import instant


@pytest.fixture(scope="module")
def rehomed(town):
    """Cells that works moved, each with its station."""
    _, world, _ = town
    return [(world.first_small + turn, cell) for turn, cell in enumerate(world.fleet) if cell.story == "rehomed_cell"]


def test_works_fall_where_there_is_a_time_before_and_after(town, rehomed):
    assert len(rehomed) >= 1
    for _, cell in rehomed:
        assert 2 * DAY_S < cell.rehoming.at < (town[2].days - 2) * DAY_S


def test_the_cell_joins_elsewhere_from_the_works_on_and_never_in_between(town, rehomed):
    sessions = honest_sessions(town[1], inner_addresses(7), -1e12)
    for station, cell in rehomed:
        mine = sorted((one for one in sessions if one.station == station), key=lambda one: one.from_at)
        before, after = ([one for one in mine if (one.from_at >= cell.rehoming.at) is late] for late in (False, True))
        assert before
        assert after
        assert {one.gateway for one in before} == {cell.gateway}
        assert {one.gateway for one in after} == {cell.rehoming.gateway} != {cell.gateway}
        assert not {one.tac for one in before} & {one.tac for one in after}
        assert not {one.inner for one in before} & {one.inner for one in after}
        assert max(one.to_at for one in before) < min(one.from_at for one in after)
        assert {(one.number, one.x, one.y, one.access_line) for one in mine} == {
            (cell.number, cell.x, cell.y, cell.access_line)
        }


def test_the_registry_has_the_same_by_an_order(town, rehomed):
    rows = equipment_rows(town[1])
    sessions = honest_sessions(town[1], inner_addresses(7), -1e12)
    for station, cell in rehomed:
        first, last = sorted((row for row in rows if row["cell"] == cell.number), key=lambda row: row["valid_from"])
        joined = max((one for one in sessions if one.station == station), key=lambda one: one.from_at)
        assert last["valid_from"] == instant(cell.rehoming.at)
        assert last["work_order"]
        assert (last["tac"], last["serial"], last["software"]) == (joined.tac, joined.serial, joined.software)
        assert first["tac"] != last["tac"]
        assert (first["serial"] == last["serial"]) == (first["vendor"] == last["vendor"])
        assert (first["lat"], first["lon"], first["access_line"]) == (last["lat"], last["lon"], last["access_line"])


def test_the_household_is_the_same_before_and_after(generated):
    made = generated("S04")
    (cell,) = [row for row in made.truth("cells") if row["reason"] == "rehomed_cell"]
    assert cell["codes"] == ["B5"]
    assert [row["code"] for row in made.truth("confounders") if row["cell"] == cell["cell"]] == ["B5"]
    seen = [row for row in made.rows("access") if row["cell"] == cell["cell"] and row["cell_type"] == "home"]
    old, new = (
        {row["imsi"] for row in seen if row["tac"] == tac} for tac in dict.fromkeys(row["tac"] for row in sorted(seen, key=lambda row: row["at"]))
    )  # fmt: skip
    assert len(old & new) >= 2
    assert np.ptp([row["tac"] for row in seen]) > 0
