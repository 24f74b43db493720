"""The inner loop: every procedure of every subscriber on one day, from a semi-Markov chain with bursts.

Numbers and their sources (simulation.md 2.2): bursts of requests, burst length geometric with mean 1.5, gap 12 s plus
lognormal(3.2, 0.9), else exponential by the hour profile; a connection lasts 10 s plus lognormal(median 25 s, 1.1); periodic updates
when idle for T3412 (TS 24.301, 5.3.5); 0.12 power cycles a day. Shares of paging, releases and handovers are assumptions.
"""

# ruff: noqa: PLR0917, PLR0912, PLR0915, C901 -- inner loops: numba wants plain arguments, and a split would cost speed

from __future__ import annotations

import numpy as np

from cellwarden.simulate.beside import Level, Spells, inside, odd_rows, small_now, spell_rows, way_rows
from cellwarden.simulate.compiled import compiled
from cellwarden.simulate.counter import SIGNALLING, exponential, normal, stream_key, uniform, word
from cellwarden.simulate.diary import Ground, Habits, nearest_sector, place_of, plan, stage_of
from cellwarden.simulate.packed import (
    GUTI,
    NO_CAUSE,
    NONE,
    PAGING_RESPONSE,
    PERIODIC_TAU,
    RELEASE,
    SERVICE_REQUEST,
)
from cellwarden.simulate.row_codes import DAY, Out, dress, put

ROOM = 6000
"""Rows that one subscriber may leave on one day; the chain stops short of it."""


@compiled
def day_rows(
    ground: Ground, habits: Habits, level: Level, spells: Spells, day: int, who_from: int, who_to: int, out: Out
) -> tuple[int, int]:
    """Fill in the rows of subscribers `who_from` to `who_to` - 1, by subscriber; return how many, and who was the first left out.

    Whoever might not find room is left out with all that follow, so that the caller can go on from there.
    """
    turns, x, y = np.zeros(8), np.zeros(5), np.zeros(5)
    serving = np.zeros(3, dtype=np.int64)
    weekday, start = (level.first_weekday + day) % 7, day * DAY
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
                at = DAY
            else:
                while level.until_hour[hour + 1] < share:
                    hour += 1
                low, high = level.until_hour[hour], level.until_hour[hour + 1]
                at = (hour + (share - low) / (high - low)) * 3600.0
            due = idle_from + level.t3412_s
            item += 1
            bits = word(key, item)
            kept = bool(np.float64(bits >> np.uint64(40)) < level.density * 16777216.0)
            more = not ends
            while due < at or more:
                periodic = due < at
                when = due if periodic else at
                if periodic:
                    due += level.t3412_s
                    item += 1
                    keeps = bool(uniform(key, item) < level.density)
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
                    spell = inside(spells, first, last, start + when) if last > first else -1
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
                            if u * 1000.0 % 1.0 < 0.93 and small_now(level, small, start + when):
                                station = small
                        v = np.float64((bits >> np.uint64(8)) & np.uint64(0xFFFFFFFF)) / 4294967296.0
                        procedure = PERIODIC_TAU if periodic else SERVICE_REQUEST if v < 0.8 else PAGING_RESPONSE
                        dressing = word(key, item - 1)
                        count = put(out, count, when, who, station, dress(dressing, procedure, GUTI, -1, NO_CAUSE, clear, -1))
                        if periodic:
                            break
                        item += 1
                        connected = 10.0 + 25.0 * np.exp(1.1 * normal(key, item))
                        idle_from = when + connected
                        w = v * 64.0 % 1.0
                        if w < 0.15:
                            item += 1
                            code = dress(word(key, item), RELEASE, NONE, -1, NO_CAUSE, clear, -1)
                            # whoever leaves a station that their day does not lead to is released there when they leave
                            released = min(idle_from, spells.to_at[spell] - start) if spell >= 0 else idle_from
                            count = put(out, count, released, who, station, code)
                        length += 1
                        if w > 0.3333 or length > 40:
                            break
                        item += 1
                        when += 12.0 + np.exp(3.2 + 0.9 * normal(key, item))
                        if when >= DAY:
                            break
                        spell = inside(spells, first, last, start + when) if last > first else -1
                        if spell < 0:
                            stage = stage_of(stops, turns, when)
                            if stage != known_stage:
                                break
                if not periodic and not keeps:
                    idle_from = at + 35.0
            if ends:
                break
        if stops:
            count = way_rows(ground, habits, level, spells, out, count, who, day, key, planned, turns, x, y)
        count = odd_rows(ground, habits, level, spells, out, count, who, day, key, planned, turns, x, y)
        for index in range(first, last):
            count = spell_rows(out, count, spells, index, who, start, key)
    return count, who_to
