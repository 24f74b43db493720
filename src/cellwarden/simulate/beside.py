"""What comes beside the chain of requests: spells elsewhere, ways, power cycles, registrations, identity requests."""

# ruff: noqa: PLR0917, C901 -- inner loops: numba wants plain arguments, and a split would cost speed

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cellwarden.simulate.compiled import compiled
from cellwarden.simulate.counter import exponential, uniform, word
from cellwarden.simulate.diary import Ground, Habits, area_of, nearest_sector, place_of, stage_of
from cellwarden.simulate.packed import (
    ATTACH,
    DETACH,
    GUTI,
    HANDOVER_IN,
    HANDOVER_OUT,
    IDENTITY_PROCEDURE,
    IMEI,
    IMS_REGISTER,
    IMSI,
    NO_CAUSE,
    NONE,
    OK,
    PAGING_RESPONSE,
    REJECT,
    RELEASE,
    SERVICE_REQUEST,
    TAU,
    UNKNOWN,
)
from cellwarden.simulate.row_codes import DAY, Out, dress, put

if TYPE_CHECKING:
    import numpy as np

    from cellwarden.simulate.randomness import Reals, Whole


class Level(NamedTuple):
    """How lively the network is, and what its core does."""

    seed: np.uint64
    until_hour: Reals
    """Share of the day's bursts before each full hour: 25 numbers from 0 to 1."""
    density: float
    """Share of the bursts, updates and the like that the records keep: 1 is everything."""
    ways: float
    """Share of the ways whose updates and handovers the records keep."""
    t3412_s: float
    power_cycles: float
    """A day."""
    imsi_share: float
    """Of ordinary attaches."""
    first_weekday: int
    first_small: int
    """Stations from here on are small cells."""
    small_from: Reals
    """When each small cell goes on the air, and off; seconds since the first local midnight."""
    small_to: Reals


class Spells(NamedTuple):
    """Times that subscribers spend at a station that their ordinary day does not lead to; by subscriber and time."""

    first: Whole
    """Where each subscriber's begin; one more than subscribers."""
    from_at: Reals
    to_at: Reals
    station: Whole
    entry: Whole
    """How they come in: a code of ENTRIES."""
    clear: Whole
    """1: null ciphering throughout."""
    ims: Whole
    """Protection of an IMS registration: -1 none is made, 0 to 3 code of the packed rows."""
    uses: Whole
    """Procedures beside those of the ordinary chain."""


ENTRY_TAU, ENTRY_ATTACH, ENTRY_IMSI, ENTRY_REJECTED, ENTRY_UNKNOWN, ENTRY_IMEI, ENTRY_HANDOVER, ENTRY_NONE = range(8)
ENTRIES = ("tau", "attach", "attach_imsi", "rejected_then_imsi", "attach_unknown", "tau_imei_asked", "handover", "none")


@compiled
def inside(spells: Spells, first: int, last: int, at: float) -> int:
    """Return the spell that holds at that time, of those from `first` to `last` - 1; -1: none."""
    for index in range(first, last):
        if spells.from_at[index] <= at <= spells.to_at[index]:
            return index
    return -1


@compiled
def small_now(level: Level, small: int, at: float) -> bool:
    """Return whether there is such a small cell and it is on the air."""
    if small < 0:
        return False
    index = small - level.first_small
    return bool(level.small_from[index] <= at < level.small_to[index])


@compiled
def spell_rows(out: Out, count: int, spells: Spells, index: int, who: int, start: float, key: np.uint64) -> int:
    """Put the rows of one spell: the way in, a registration, the uses that were asked for, the way out."""
    at, to_at, station, clear = (
        spells.from_at[index] - start,
        spells.to_at[index] - start,
        spells.station[index],
        spells.clear[index],
    )
    entry, base = spells.entry[index], 1_000_000 + 1000 * (index % 1000)
    if entry == ENTRY_REJECTED:
        cause = 9 + int(uniform(key, base) * 2)
        code = dress(word(key, base + 1), TAU, GUTI, REJECT, cause, clear, -1)
        count = put(out, count, at, who, station, code)
        at += 1.5 + 7.5 * uniform(key, base + 2)
    if entry in (ENTRY_IMSI, ENTRY_REJECTED):
        count = put(out, count, at, who, station, dress(word(key, base + 3), ATTACH, IMSI, OK, NO_CAUSE, clear, -1))
    elif entry == ENTRY_ATTACH:
        count = put(out, count, at, who, station, dress(word(key, base + 3), ATTACH, GUTI, -1, NO_CAUSE, clear, -1))
    elif entry == ENTRY_UNKNOWN:
        count = put(out, count, at, who, station, dress(word(key, base + 3), ATTACH, UNKNOWN, -1, NO_CAUSE, clear, -1))
    elif entry == ENTRY_HANDOVER:
        count = put(out, count, at, who, station, dress(word(key, base + 3), HANDOVER_IN, NONE, -1, NO_CAUSE, clear, -1))
    elif entry != ENTRY_NONE:
        count = put(out, count, at, who, station, dress(word(key, base + 3), TAU, GUTI, -1, NO_CAUSE, clear, -1))
    if entry == ENTRY_IMEI:
        asked = at + 0.4 + uniform(key, base + 4)
        count = put(
            out, count, asked, who, station, dress(word(key, base + 5), IDENTITY_PROCEDURE, IMEI, -1, NO_CAUSE, clear, -1)
        )
    if spells.ims[index] >= 0 and to_at - at > 25:
        code = dress(
            word(key, base + 7), IMS_REGISTER, NONE, -1, NO_CAUSE, clear, spells.ims[index] if spells.ims[index] < 4 else -1
        )
        count = put(out, count, at + 10 + 10 * uniform(key, base + 6), who, station, code)
    for use in range(spells.uses[index]):
        u = uniform(key, base + 10 + 3 * use)
        procedure = SERVICE_REQUEST if u < 0.6 else PAGING_RESPONSE if u < 0.8 else RELEASE
        code = dress(word(key, base + 11 + 3 * use), procedure, NONE if procedure == RELEASE else GUTI, -1, NO_CAUSE, clear, -1)
        when = at + 11 + max(to_at - at - 11, 1.0) * uniform(key, base + 12 + 3 * use)
        count = put(out, count, when, who, station, code)
    return count


@compiled
def way_rows(
    ground: Ground,
    habits: Habits,
    level: Level,
    spells: Spells,
    out: Out,
    count: int,
    who: int,
    day: int,
    key: np.uint64,
    planned: int,
    turns: Reals,
    x: Reals,
    y: Reals,
) -> int:
    """Put the updates and handovers of the ways, and those of going in and out of one's own small cells."""
    stops, works, start = planned // 4, planned % 2, day * DAY
    first, last = spells.first[who], spells.first[who + 1]
    for way in range(stops + 1):
        base = 2_000_000 + 4000 * way
        leaves, reaches = turns[2 * way], turns[2 * way + 1]
        if uniform(key, base) >= level.ways or reaches <= leaves:
            continue
        metres = abs(x[way + 1] - x[way]) + abs(y[way + 1] - y[way])
        steps = min(max(int(metres / 330.0), 2), 60)
        serving = nearest_sector(ground, x[way], y[way])
        area = area_of(ground, serving)
        for step in range(1, steps + 1):
            at = leaves + (reaches - leaves) * step / steps - 3.0
            if last > first and inside(spells, first, last, start + at) >= 0:
                continue
            place_x, place_y = place_of(ground, turns, x, y, 2 * way + 1, at)
            station = nearest_sector(ground, place_x + 120 * (uniform(key, base + 8 * step) - 0.5), place_y)
            if station == serving:
                continue
            there, u = area_of(ground, station), uniform(key, base + 8 * step + 1)
            if u < 0.3:
                procedure, side = (HANDOVER_OUT, serving) if u < 0.15 else (HANDOVER_IN, station)
                code = dress(word(key, base + 8 * step + 2), procedure, NONE, -1, NO_CAUSE, 0, -1)
                count = put(out, count, at, who, side, code)
            if there != area:
                count = _update(out, count, at + 1.0, who, station, key, base + 8 * step + 3)
            serving, area = station, there
        for arrives in range(2):
            place = way + arrives
            small = habits.home_cell[who] if place in (0, stops + 1) else habits.work_cell[who] if place == 1 and works else -1
            at = reaches + 5 if arrives else leaves - 5
            if not small_now(level, small, start + at) or (last > first and inside(spells, first, last, start + at) >= 0):
                continue
            item = base + 600 + 20 * arrives
            if arrives:
                count = _update(out, count, at + 55 * uniform(key, item), who, small, key, item + 1)
            else:
                outside = nearest_sector(ground, x[place] + 200 * (uniform(key, item) - 0.5), y[place])
                u = uniform(key, item + 8)
                procedure = HANDOVER_OUT if u < 0.4 else RELEASE if u < 0.75 else SERVICE_REQUEST
                identity = GUTI if procedure == SERVICE_REQUEST else NONE
                code = dress(word(key, item + 9), procedure, identity, -1, NO_CAUSE, 0, -1)
                count = put(out, count, at - 60 * uniform(key, item + 10), who, small, code)
                count = _update(out, count, at + 10 + 60 * uniform(key, item + 11), who, outside, key, item + 1)
    return count


@compiled
def _update(out: Out, count: int, at: float, who: int, station: int, key: np.uint64, item: int) -> int:
    """Put a tracking area update; 4 in 10,000 are rejected, then comes an attach by IMSI (TS 24.301, 5.5.3.2.5; share assumed)."""
    u = uniform(key, item)
    if u >= 0.0004:
        return put(out, count, at, who, station, dress(word(key, item + 1), TAU, GUTI, -1, NO_CAUSE, 0, -1))
    cause = 9 if u < 0.0002 else 10
    count = put(out, count, at, who, station, dress(word(key, item + 1), TAU, GUTI, REJECT, cause, 0, -1))
    again = at + 1.5 + 7.5 * uniform(key, item + 2)
    return put(out, count, again, who, station, dress(word(key, item + 3), ATTACH, IMSI, OK, NO_CAUSE, 0, -1))


@compiled
def _attach_identity(u: float, imsi_share: float) -> int:
    return IMSI if u < imsi_share else UNKNOWN if u < imsi_share + 0.012 else IMEI if u < imsi_share + 0.017 else GUTI


@compiled
def odd_rows(
    ground: Ground,
    habits: Habits,
    level: Level,
    spells: Spells,
    out: Out,
    count: int,
    who: int,
    day: int,
    key: np.uint64,
    planned: int,
    turns: Reals,
    x: Reals,
    y: Reals,
) -> int:
    """Put power cycles, IMS registrations and identity requests: few, and kept whatever the density."""
    stops, works, start = planned // 4, planned % 2, day * DAY
    first, last = spells.first[who], spells.first[who + 1]
    for kind in range(3):
        item = 3_000_000 + 100 * kind
        often = level.power_cycles if kind == 0 else level.density * 1.1 if kind == 1 else 0.02
        if uniform(key, item) >= often:
            continue
        share, hour = uniform(key, item + 1), 0
        while level.until_hour[hour + 1] < share:
            hour += 1
        at = hour * 3600.0 + 3600.0 * uniform(key, item + 2)
        if last > first and inside(spells, first, last, start + at) >= 0:
            continue
        stage = stage_of(stops, turns, at)
        place_x, place_y = place_of(ground, turns, x, y, stage, at)
        station = nearest_sector(ground, place_x + 200 * (uniform(key, item + 3) - 0.5), place_y)
        if stage % 2 == 0:
            small = (
                habits.home_cell[who] if stage // 2 in (0, stops + 1) else habits.work_cell[who] if stage == 2 and works else -1
            )
            if small_now(level, small, start + at):
                station = small
        if kind == 0:
            if uniform(key, item + 4) < 0.7:
                count = put(out, count, at, who, station, dress(word(key, item + 5), DETACH, GUTI, -1, NO_CAUSE, 0, -1))
            at += 30.0 + 240.0 * exponential(key, item + 6)
            identity = _attach_identity(uniform(key, item + 7), level.imsi_share)
            if not (last > first and inside(spells, first, last, start + at) >= 0):
                count = put(out, count, at, who, station, dress(word(key, item + 8), ATTACH, identity, -1, NO_CAUSE, 0, -1))
                at += 8.0 + 30.0 * uniform(key, item + 9)
        if kind <= 1:
            if kind == 1 or uniform(key, item + 10) < 0.6:
                count = put(out, count, at, who, station, dress(word(key, item + 11), IMS_REGISTER, NONE, -1, NO_CAUSE, 0, -1))
        else:
            identity = IMEI if uniform(key, item + 12) < 0.6 else IMSI
            count = put(
                out, count, at, who, station, dress(word(key, item + 13), IDENTITY_PROCEDURE, identity, -1, NO_CAUSE, 0, -1)
            )
    return count
