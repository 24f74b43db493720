"""The inner loop: every procedure of every subscriber on one day, from a semi-Markov chain with bursts.

Numbers and their sources (simulation.md 2.2): bursts of requests, burst length geometric with mean 1.5, gap 12 s plus
lognormal(3.2, 0.9), else exponential by the hour profile; a connection lasts 10 s plus lognormal(median 25 s, 1.1); periodic updates
when idle for T3412 (TS 24.301, 5.3.5); 0.12 power cycles a day. Shares of paging, releases and handovers are assumptions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cellwarden.simulate.compiled import compiled
from cellwarden.simulate.counter import SIGNALLING, exponential, normal, stream_key, uniform, word
from cellwarden.simulate.diary import (
    Ground,
    Habits,
    area_of,
    nearest_sector,
    place_of,
    plan,
    stage_of,
)
from cellwarden.simulate.packed import (
    ABORT,
    ATTACH,
    DETACH,
    GUTI,
    HANDOVER_IN,
    HANDOVER_OUT,
    IDENTITY_PROCEDURE,
    IMEI,
    IMS_REGISTER,
    IMSI,
    NONE,
    NULL_RESULT,
    OK,
    PAGING_RESPONSE,
    PERIODIC_TAU,
    REJECT,
    RELEASE,
    SERVICE_REQUEST,
    TAU,
    UNKNOWN,
)

if TYPE_CHECKING:
    from cellwarden.simulate.randomness import Reals, Whole

ROOM = 6000
"""Rows that one subscriber may leave on one day; the chain stops short of it."""
_DAY = 86_400.0
_SHIFT_IDENTITY, _SHIFT_RESULT, _SHIFT_CAUSE, _SHIFT_CIPHERING, _SHIFT_INTEGRITY, _SHIFT_IMS = 4, 7, 9, 17, 19, 21
_SHIFT_IMEI, _SHIFT_NAMELESS = 23, 24
_NO_CAUSE, _NO_ALGORITHM = 255, 3


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


class Out(NamedTuple):
    """Where rows go; `who` is one number for all of a subscriber's rows."""

    at: Whole
    """Milliseconds of the local day."""
    who: Whole
    station: Whole
    code: Whole


@compiled
def dress(bits: np.uint64, procedure: int, identity: int, result: int, cause: int, clear: int, ims: int) -> int:
    """Pack one row; what is not given is drawn from `bits`, the same way for honest rows and others.

    Result 98.4 % ok, 0.7 % abort; algorithms not logged in 16 %; null ciphering in 4 of 10,000; 0.4 % of attaches and releases
    without subscriber; device known in 45 %: assumptions.
    """
    first, second = int(bits & np.uint64(0x3FFF)), int((bits >> np.uint64(14)) & np.uint64(0x3FFF))
    third, fourth = int((bits >> np.uint64(28)) & np.uint64(0x3FFF)), int((bits >> np.uint64(42)) & np.uint64(0x3FFF))
    if result < 0:
        result = OK if first < 16122 else ABORT if first < 16237 else NULL_RESULT
    if identity == GUTI and second < 33:
        identity = UNKNOWN
    ciphering = integrity = _NO_ALGORITHM
    if third >= 2621:
        ciphering = 0 if clear else 2 if third < 15828 else 1 if third < 16378 else 0
        integrity = 1 if fourth < 655 else 2
    nameless = (procedure in (ATTACH, RELEASE)) and second > 16318 and identity != IMSI
    device = fourth % 100 < 45 and not nameless
    if procedure != IMS_REGISTER:
        ims = 3
    elif ims < 0:
        spread = int(bits >> np.uint64(56))
        ims = 0 if spread < 238 else 1 if spread < 240 else 2 if spread < 241 else 3
    return (
        procedure
        | identity << _SHIFT_IDENTITY
        | result << _SHIFT_RESULT
        | cause << _SHIFT_CAUSE
        | ciphering << _SHIFT_CIPHERING
        | integrity << _SHIFT_INTEGRITY
        | ims << _SHIFT_IMS
        | int(device) << _SHIFT_IMEI
        | int(nameless) << _SHIFT_NAMELESS
    )


@compiled
def _put(out: Out, count: int, at: float, who: int, station: int, code: int) -> int:
    if at < 0.0 or at >= _DAY:
        return count
    out.at[count], out.who[count], out.station[count], out.code[count] = int(at * 1000.0), who, station, code
    return count + 1


@compiled
def _inside(spells: Spells, first: int, last: int, at: float) -> int:
    for index in range(first, last):
        if spells.from_at[index] <= at <= spells.to_at[index]:
            return index
    return -1


@compiled
def _attach_identity(u: float, imsi_share: float) -> int:
    return IMSI if u < imsi_share else UNKNOWN if u < imsi_share + 0.012 else IMEI if u < imsi_share + 0.017 else GUTI


@compiled
def _small_now(level: Level, small: int, at: float) -> bool:
    if small < 0:
        return False
    index = small - level.first_small
    return level.small_from[index] <= at < level.small_to[index]


@compiled
def _spell_rows(out: Out, count: int, level: Level, spells: Spells, index: int, who: int, start: float, key: np.uint64) -> int:
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
        count = _put(out, count, at, who, station, code)
        at += 1.5 + 7.5 * uniform(key, base + 2)
    if entry in (ENTRY_IMSI, ENTRY_REJECTED):
        count = _put(out, count, at, who, station, dress(word(key, base + 3), ATTACH, IMSI, OK, _NO_CAUSE, clear, -1))
    elif entry == ENTRY_ATTACH:
        count = _put(out, count, at, who, station, dress(word(key, base + 3), ATTACH, GUTI, -1, _NO_CAUSE, clear, -1))
    elif entry == ENTRY_UNKNOWN:
        count = _put(out, count, at, who, station, dress(word(key, base + 3), ATTACH, UNKNOWN, -1, _NO_CAUSE, clear, -1))
    elif entry == ENTRY_HANDOVER:
        count = _put(out, count, at, who, station, dress(word(key, base + 3), HANDOVER_IN, NONE, -1, _NO_CAUSE, clear, -1))
    elif entry != ENTRY_NONE:
        count = _put(out, count, at, who, station, dress(word(key, base + 3), TAU, GUTI, -1, _NO_CAUSE, clear, -1))
    if entry == ENTRY_IMEI:
        asked = at + 0.4 + uniform(key, base + 4)
        count = _put(
            out, count, asked, who, station, dress(word(key, base + 5), IDENTITY_PROCEDURE, IMEI, -1, _NO_CAUSE, clear, -1)
        )
    if spells.ims[index] >= 0 and to_at - at > 25:
        code = dress(
            word(key, base + 7), IMS_REGISTER, NONE, -1, _NO_CAUSE, clear, spells.ims[index] if spells.ims[index] < 4 else -1
        )
        count = _put(out, count, at + 10 + 10 * uniform(key, base + 6), who, station, code)
    for use in range(spells.uses[index]):
        u = uniform(key, base + 10 + 3 * use)
        procedure = SERVICE_REQUEST if u < 0.6 else PAGING_RESPONSE if u < 0.8 else RELEASE
        code = dress(
            word(key, base + 11 + 3 * use), procedure, NONE if procedure == RELEASE else GUTI, -1, _NO_CAUSE, clear, -1
        )
        when = at + 11 + max(to_at - at - 11, 1.0) * uniform(key, base + 12 + 3 * use)
        count = _put(out, count, when, who, station, code)
    return count


@compiled
def day_rows(
    ground: Ground, habits: Habits, level: Level, spells: Spells, day: int, who_from: int, who_to: int, out: Out
) -> tuple[int, int]:
    """Fill in the rows of subscribers `who_from` to `who_to` - 1, by subscriber; return how many, and who was the first left out.

    Whoever might not find room is left out with all that follow, so that the caller can go on from there.
    """
    turns, x, y = np.zeros(8), np.zeros(5), np.zeros(5)
    serving = np.zeros(3, dtype=np.int64)
    weekday, start = (level.first_weekday + day) % 7, day * _DAY
    count = 0
    for who in range(who_from, who_to):
        if count + ROOM > len(out.at):
            return count, who
        before = count
        planned = plan(ground, habits, level.seed, weekday, who, day, turns, x, y)
        stops, works = planned // 4, planned % 2
        key = stream_key(level.seed, SIGNALLING, who, day)
        first, last = spells.first[who], spells.first[who + 1]
        bursts = habits.rate[who] / 1.5 * (0.85 if weekday >= 5 else 1.0)
        share, hour, item = 0.0, 0, 16
        idle_from = -uniform(key, 0) * level.t3412_s
        known_stage = -1
        base, small = 0, -1
        while True:
            item += 1
            share += exponential(key, item) / bursts
            ends = share >= 1.0
            if ends:
                at = _DAY
            else:
                while level.until_hour[hour + 1] < share:
                    hour += 1
                low, high = level.until_hour[hour], level.until_hour[hour + 1]
                at = (hour + (share - low) / (high - low)) * 3600.0
            due = idle_from + level.t3412_s
            item += 1
            bits = word(key, item)
            kept = np.float64(bits >> np.uint64(40)) < level.density * 16777216.0
            more = not ends
            while due < at or more:
                periodic = due < at
                when = due if periodic else at
                if periodic:
                    due += level.t3412_s
                    item += 1
                    keeps = uniform(key, item) < level.density
                else:
                    keeps = kept
                    more = False
                if keeps and count - before < ROOM - 2000:
                    stage = stage_of(stops, turns, when)
                    if stage % 2:
                        place_x, place_y = place_of(ground, turns, x, y, stage, when)
                        item += 2
                        base = nearest_sector(
                            ground, place_x + 180 * (uniform(key, item) - 0.5), place_y + 180 * (uniform(key, item - 1) - 0.5)
                        )
                        small = -1
                    elif stage != known_stage:
                        place = stage // 2
                        item += 6
                        for candidate in range(3):
                            noise = 260.0 if candidate < 2 else 900.0
                            serving[candidate] = nearest_sector(
                                ground,
                                x[place] + noise * (uniform(key, item - 2 * candidate) - 0.5),
                                y[place] + noise * (uniform(key, item - 2 * candidate - 1) - 0.5),
                            )
                        small = -1
                        if place in (0, stops + 1):
                            small = habits.home_cell[who]
                        elif place == 1 and works:
                            small = habits.work_cell[who]
                    known_stage = stage
                    spell = _inside(spells, first, last, start + when) if last > first else -1
                    length = 0
                    while True:
                        item += 2
                        bits = word(key, item)
                        u = np.float64(bits >> np.uint64(40)) / 16777216.0
                        station, clear = base, 0
                        if spell >= 0:
                            station, clear = spells.station[spell], spells.clear[spell]
                        elif stage % 2 == 0:
                            station = serving[0] if u < 0.62 else serving[1] if u < 0.9 else serving[2]
                            if u * 1000.0 % 1.0 < 0.93 and _small_now(level, small, start + when):
                                station = small
                        v = np.float64((bits >> np.uint64(8)) & np.uint64(0xFFFFFFFF)) / 4294967296.0
                        procedure = PERIODIC_TAU if periodic else SERVICE_REQUEST if v < 0.8 else PAGING_RESPONSE
                        dressing = word(key, item - 1)
                        count = _put(out, count, when, who, station, dress(dressing, procedure, GUTI, -1, _NO_CAUSE, clear, -1))
                        if periodic:
                            break
                        item += 1
                        connected = 10.0 + 25.0 * np.exp(1.1 * normal(key, item))
                        idle_from = when + connected
                        w = v * 64.0 % 1.0
                        if w < 0.15:
                            item += 1
                            code = dress(word(key, item), RELEASE, NONE, -1, _NO_CAUSE, clear, -1)
                            count = _put(out, count, idle_from, who, station, code)
                        length += 1
                        if w > 0.3333 or length > 40:
                            break
                        item += 1
                        when += 12.0 + np.exp(3.2 + 0.9 * normal(key, item))
                        if when >= _DAY:
                            break
                        spell = _inside(spells, first, last, start + when) if last > first else -1
                        if spell < 0:
                            stage = stage_of(stops, turns, when)
                            if stage != known_stage:
                                break
                if not periodic and not keeps:
                    idle_from = at + 35.0
            if ends:
                break
        if stops:
            count = _way_rows(ground, habits, level, spells, out, count, who, day, key, planned, turns, x, y)
        count = _odd_rows(ground, habits, level, spells, out, count, who, day, key, planned, turns, x, y)
        for index in range(first, last):
            count = _spell_rows(out, count, level, spells, index, who, start, key)
    return count, who_to


@compiled
def _way_rows(
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
    stops, works, start = planned // 4, planned % 2, day * _DAY
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
            if last > first and _inside(spells, first, last, start + at) >= 0:
                continue
            place_x, place_y = place_of(ground, turns, x, y, 2 * way + 1, at)
            station = nearest_sector(ground, place_x + 120 * (uniform(key, base + 8 * step) - 0.5), place_y)
            if station == serving:
                continue
            there, u = area_of(ground, station), uniform(key, base + 8 * step + 1)
            if u < 0.3:
                procedure, side = (HANDOVER_OUT, serving) if u < 0.15 else (HANDOVER_IN, station)
                code = dress(word(key, base + 8 * step + 2), procedure, NONE, -1, _NO_CAUSE, 0, -1)
                count = _put(out, count, at, who, side, code)
            if there != area:
                count = _update(out, count, at + 1.0, who, station, key, base + 8 * step + 3)
            serving, area = station, there
        for arrives in range(2):
            place = way + arrives
            small = habits.home_cell[who] if place in (0, stops + 1) else habits.work_cell[who] if place == 1 and works else -1
            at = reaches + 5 if arrives else leaves - 5
            if not _small_now(level, small, start + at) or (last > first and _inside(spells, first, last, start + at) >= 0):
                continue
            item = base + 600 + 20 * arrives
            if arrives:
                count = _update(out, count, at + 55 * uniform(key, item), who, small, key, item + 1)
            else:
                outside = nearest_sector(ground, x[place] + 200 * (uniform(key, item) - 0.5), y[place])
                u = uniform(key, item + 8)
                procedure = HANDOVER_OUT if u < 0.4 else RELEASE if u < 0.75 else SERVICE_REQUEST
                identity = GUTI if procedure == SERVICE_REQUEST else NONE
                code = dress(word(key, item + 9), procedure, identity, -1, _NO_CAUSE, 0, -1)
                count = _put(out, count, at - 60 * uniform(key, item + 10), who, small, code)
                count = _update(out, count, at + 10 + 60 * uniform(key, item + 11), who, outside, key, item + 1)
    return count


@compiled
def _update(out: Out, count: int, at: float, who: int, station: int, key: np.uint64, item: int) -> int:
    """Put a tracking area update; 6 in 1,000 are rejected, then comes an attach by IMSI (TS 24.301, 5.5.3.2.5; share assumed)."""
    u = uniform(key, item)
    if u >= 0.006:
        return _put(out, count, at, who, station, dress(word(key, item + 1), TAU, GUTI, -1, _NO_CAUSE, 0, -1))
    cause = 9 if u < 0.003 else 10
    count = _put(out, count, at, who, station, dress(word(key, item + 1), TAU, GUTI, REJECT, cause, 0, -1))
    again = at + 1.5 + 7.5 * uniform(key, item + 2)
    return _put(out, count, again, who, station, dress(word(key, item + 3), ATTACH, IMSI, OK, _NO_CAUSE, 0, -1))


@compiled
def _odd_rows(
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
    stops, works, start = planned // 4, planned % 2, day * _DAY
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
        if last > first and _inside(spells, first, last, start + at) >= 0:
            continue
        stage = stage_of(stops, turns, at)
        place_x, place_y = place_of(ground, turns, x, y, stage, at)
        station = nearest_sector(ground, place_x + 200 * (uniform(key, item + 3) - 0.5), place_y)
        if stage % 2 == 0:
            small = (
                habits.home_cell[who] if stage // 2 in (0, stops + 1) else habits.work_cell[who] if stage == 2 and works else -1
            )
            if _small_now(level, small, start + at):
                station = small
        if kind == 0:
            if uniform(key, item + 4) < 0.7:
                count = _put(out, count, at, who, station, dress(word(key, item + 5), DETACH, GUTI, -1, _NO_CAUSE, 0, -1))
            at += 30.0 + 240.0 * exponential(key, item + 6)
            identity = _attach_identity(uniform(key, item + 7), level.imsi_share)
            if not (last > first and _inside(spells, first, last, start + at) >= 0):
                count = _put(out, count, at, who, station, dress(word(key, item + 8), ATTACH, identity, -1, _NO_CAUSE, 0, -1))
                at += 8.0 + 30.0 * uniform(key, item + 9)
        if kind <= 1:
            if kind == 1 or uniform(key, item + 10) < 0.6:
                count = _put(
                    out, count, at, who, station, dress(word(key, item + 11), IMS_REGISTER, NONE, -1, _NO_CAUSE, 0, -1)
                )
        else:
            identity = IMEI if uniform(key, item + 12) < 0.6 else IMSI
            count = _put(
                out, count, at, who, station, dress(word(key, item + 13), IDENTITY_PROCEDURE, identity, -1, _NO_CAUSE, 0, -1)
            )
    return count
