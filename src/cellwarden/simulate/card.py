"""The realism card: what a scenario's records look like beside the published figures, each with its source and tolerance."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cellwarden.simulate.beside import Spells
from cellwarden.simulate.card_line import Line, as_markdown, share
from cellwarden.simulate.card_records import record_lines
from cellwarden.simulate.generator import build_world, level_of, simulate_scenario
from cellwarden.simulate.kernel import day_rows
from cellwarden.simulate.packed import (
    ATTACH,
    HANDOVER_IN,
    HANDOVER_OUT,
    HOUR_MS,
    IMSI,
    PAGING_RESPONSE,
    PERIODIC_TAU,
    SERVICE_REQUEST,
    TAU,
    Packed,
)
from cellwarden.simulate.row_codes import Out
from cellwarden.simulate.scenario import load_scenario

if TYPE_CHECKING:
    from cellwarden.simulate.scenario import Scenario

__all__ = ["Line", "as_markdown", "card", "full_day"]
_SAMPLE = 8_000
"""Lines of the unthinned day."""
_MESSAGES = {ATTACH: 14, TAU: 6, PERIODIC_TAU: 6, SERVICE_REQUEST: 4, PAGING_RESPONSE: 4, HANDOVER_IN: 8, HANDOVER_OUT: 8}
"""Messages that a core sees of one procedure ([34])."""


def card(scenario: str, seed: int, size: str) -> list[Line]:
    """Generate a scenario in a folder that is thrown away, and return the lines of its card.

    Rates of signalling are those of an unthinned day of the same people, since small sizes keep only a share of the rows.
    """
    wanted = load_scenario(scenario, size)
    with tempfile.TemporaryDirectory(prefix="cellwarden-card-") as folder:
        simulate_scenario(wanted, Path(folder), seed=seed, size=size)
        return [*_signalling(wanted, seed), *record_lines(wanted, Path(folder))]


def full_day(wanted: Scenario, seed: int, *, day: int = 1) -> tuple[Packed, int]:
    """Return all rows of one unthinned weekday of a sample of such people, and how many people."""
    size = replace(wanted.size, density=1.0, ways=1.0, subscribers=_SAMPLE)
    whole = replace(wanted, size=size)
    world, people = build_world(whole, seed)
    none, empty = np.zeros(0, dtype=np.int64), np.empty(0)
    spells = Spells(np.zeros(people.count + 1, dtype=np.int64), empty, empty, none, none, none, none, none)
    rows = Packed.room(people.count * 300)
    out = Out(rows.at, rows.who, rows.station, rows.code)
    count, _ = day_rows(people.ground, people.habits, level_of(whole, seed, world), spells, day, 0, people.count, out)
    return rows.cut(0, count), people.count


def _signalling(wanted: Scenario, seed: int) -> list[Line]:
    rows, people = full_day(wanted, seed)
    counts = np.bincount(rows.field("procedure"), minlength=11)
    procedures = counts / people
    hours = np.bincount(rows.at // np.uint32(HOUR_MS), minlength=24) / len(rows) * 100
    attaches = rows.field("procedure") == ATTACH
    shown = int((rows.field("identity")[attaches] == IMSI).sum())
    cells = len(np.unique(rows.who.astype(np.int64) << 20 | rows.station)) / people
    messages = float(sum(procedures[code] * each for code, each in _MESSAGES.items()))
    requests = float(procedures[SERVICE_REQUEST] + procedures[PAGING_RESPONSE])
    handovers = float(procedures[HANDOVER_IN] + procedures[HANDOVER_OUT])
    updates, periodic = float(procedures[TAU]), float(procedures[PERIODIC_TAU])
    first = "simulation.md 2.2: output of the first kernel"
    by_hour = "by hour from 0: " + " ".join(f"{hour:.1f}" for hour in hours)
    return [
        Line("records a line and day", "rows", len(rows) / people, 87, 130, first, "20 % around 108.5"),
        Line(
            "messages a line and day",
            "messages",
            messages,
            450,
            740,
            "[2], with [34]",
            "attach 14, update 6, request 4, handover 8",
        ),
        Line("service requests and paging answers a line and day", "rows", requests, 70, 250, "[33] [34]; 87 in " + first),
        Line("handovers a line and day", "rows", handovers, 1.8, 40, "[34]; 1.8 in " + first),
        Line("mobility updates a line and day", "rows", updates, 3, 8, "[34]"),
        Line("periodic updates a line and day", "rows", periodic, 4, 13.5, "[37]; 13.3 in " + first),
        Line("distinct cells a line and day", "cells", cells, 8, 15, "11.4 in " + first),
        Line("quietest hour's share", "%", float(hours.min()), 1.3, 2.1, first, f"at {int(hours.argmin())} h"),
        Line("busiest hour's share", "%", float(hours.max()), 5.6, 7.0, first, f"at {int(hours.argmax())} h; {by_hour}"),
        share(
            "attaches that show the IMSI",
            shown,
            int(attaches.sum()),
            target=(1, 5),
            source="simulation.md 2.2 (assumption), [40]",
        ),
    ]
