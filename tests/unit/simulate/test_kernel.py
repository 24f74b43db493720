import numpy as np
import pytest

from cellwarden.simulate.beside import ENTRY_REJECTED, ENTRY_TAU, Level, Spells
from cellwarden.simulate.card import full_day
from cellwarden.simulate.generator import level_of
from cellwarden.simulate.kernel import ROOM, day_rows
from cellwarden.simulate.packed import ATTACH, IMSI, PERIODIC_TAU, REJECT, TAU, Packed
from cellwarden.simulate.row_codes import Out


def spells_of(people, *rows):
    """Rows: who, from, to, station, entry."""
    whole = (
        [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)] if rows else [np.zeros(0, dtype=np.int64)] * 5
    )
    first = np.searchsorted(whole[0], np.arange(people.count + 1))
    none = np.zeros(len(whole[0]), dtype=np.int64)
    return Spells(first, whole[1].astype(float), whole[2].astype(float), whole[3], whole[4], none, none - 1, none + 2)


def simulated(town, spells, *spans, day=1, density=1.0):
    wanted, world, people = town
    level: Level = level_of(wanted, 7, world)._replace(density=density, ways=1.0)
    parts = []
    for first, last in spans:
        rows = Packed.room((last - first) * 400 + ROOM)
        reached = first
        while reached < last:
            count, reached = day_rows(
                people.ground, people.habits, level, spells, day, reached, last, Out(rows.at, rows.who, rows.station, rows.code)
            )
            parts.append(Packed(*(getattr(rows, name)[:count].copy() for name in Packed.__slots__)))
    return Packed.joined(parts)


def test_rows_do_not_depend_on_batches(town):
    spells = spells_of(town[2])
    whole, pieces = simulated(town, spells, (0, 300)), simulated(town, spells, (0, 7), (7, 120), (120, 300))
    for name in Packed.__slots__:
        assert (getattr(whole, name) == getattr(pieces, name)).all()


def test_a_batch_that_finds_no_room_goes_on_where_it_stopped(town):
    wanted, world, people = town
    rows = Packed.room(ROOM + 10)
    count, reached = day_rows(
        people.ground,
        people.habits,
        level_of(wanted, 7, world),
        spells_of(people),
        1,
        0,
        900,
        Out(rows.at, rows.who, rows.station, rows.code),
    )
    assert 0 < reached < 900
    assert 0 < count <= len(rows)


def test_a_full_day_has_the_rows_of_the_published_model(town):
    rows, people = full_day(town[0], 7)
    assert 87 < len(rows) / people < 130
    hours = np.bincount(rows.at // 3_600_000, minlength=24) / len(rows)
    assert hours.argmin() in (2, 3, 4)
    assert hours.argmax() in (17, 18)


def test_density_keeps_a_share_of_the_rows_and_no_others(town):
    spells = spells_of(town[2])
    whole, thin = (simulated(town, spells, (0, 400), density=density) for density in (1.0, 0.1))
    assert 0.05 < len(thin) / len(whole) < 0.25
    periodic = [(rows.field("procedure") == PERIODIC_TAU).sum() for rows in (whole, thin)]
    assert periodic[1] == pytest.approx(0.1 * periodic[0], rel=0.2)


def test_periodic_updates_come_when_nothing_else_does(town):
    rows = simulated(town, spells_of(town[2]), (0, 50))
    updates = rows.field("procedure") == PERIODIC_TAU
    for who in range(50):
        at = np.sort(rows.at[updates & (rows.who == who)])
        assert (np.diff(at.astype(np.int64)) >= 54 * 60_000 - 1).all()


def test_in_a_spell_every_row_is_at_its_station(town):
    day = 86_400
    spells = spells_of(
        town[2], (3, day + 3_600, day + 7_200, 77_777, ENTRY_REJECTED), (5, day + 40_000, day + 60_000, 77_778, ENTRY_TAU)
    )
    rows = simulated(town, spells, (0, 10))
    there = rows.station >= 77_777
    assert set(rows.who[there]) == {3, 5}
    mine = (rows.who == 5) & (rows.at > 40_000_000) & (rows.at < 60_000_000)
    assert set(rows.station[mine]) == {77_778}
    refused = np.flatnonzero(there & (rows.who == 3) & (rows.field("result") == REJECT))
    shown = np.flatnonzero(there & (rows.who == 3) & (rows.field("procedure") == ATTACH))
    assert rows.field("procedure")[refused].tolist() == [TAU]
    assert rows.field("identity")[shown].tolist() == [IMSI]
    assert rows.at[refused[0]] < rows.at[shown[0]] < rows.at[refused[0]] + 10_000
