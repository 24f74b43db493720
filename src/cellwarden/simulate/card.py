"""The realism card: what a scenario's records look like beside the published figures, each with its source and tolerance."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from cellwarden.simulate.beside import Spells
from cellwarden.simulate.generator import build_world, level_of, simulate_scenario
from cellwarden.simulate.kernel import day_rows
from cellwarden.simulate.packed import HOUR_MS, IMSI, Packed
from cellwarden.simulate.row_codes import Out
from cellwarden.simulate.scenario import load_scenario

if TYPE_CHECKING:
    from cellwarden.simulate.scenario import Scenario

_SAMPLE = 8_000
"""Lines of the unthinned day."""
_SHIFT = 9 * 3_600_000_000
"""Microseconds from UTC to the operator's local time."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure beside its target; outside the tolerance is said, not hidden."""

    name: str
    unit: str
    generated: float
    low: float
    high: float
    source: str
    note: str = ""

    @property
    def is_within(self) -> bool:
        """Whether the figure is inside the tolerance."""
        return bool(self.low <= self.generated <= self.high)


def card(scenario: str, seed: int, size: str) -> list[Line]:
    """Generate a scenario in a folder that is thrown away, and return the lines of its card.

    Rates of signalling are those of an unthinned day of the same people, since small sizes keep only a share of the rows.
    """
    wanted = load_scenario(scenario, size)
    with tempfile.TemporaryDirectory(prefix="cellwarden-card-") as folder:
        simulate_scenario(wanted, Path(folder), seed=seed, size=size)
        return [*_signalling(wanted, seed), *_cells(Path(folder)), *_money(wanted, Path(folder))]


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
    procedures = np.bincount(rows.field("procedure"), minlength=11) / people
    hours = np.bincount(rows.at // np.uint32(HOUR_MS), minlength=24) / len(rows) * 100
    attaches = rows.field("procedure") == 0
    shown = float((rows.field("identity")[attaches] == IMSI).mean()) * 100
    cells = len(np.unique(rows.who.astype(np.int64) << 20 | rows.station)) / people
    first = "simulation.md 2.2: output of the first kernel"
    return [
        Line("records a line and day", "rows", len(rows) / people, 87, 130, first, "20 % around 108.5"),
        Line(
            "the same, all record types of the case",
            "rows",
            len(rows) / people,
            450,
            740,
            "[2], calculated",
            "not reached: one row a procedure here",
        ),
        Line(
            "service requests and paging answers a line and day",
            "rows",
            float(procedures[3] + procedures[9]),
            70,
            250,
            "[33] [34]; 87 in " + first,
        ),
        Line("handovers a line and day", "rows", float(procedures[4] + procedures[5]), 1.8, 40, "[34]; 1.8 in " + first),
        Line("mobility updates a line and day", "rows", float(procedures[1]), 3, 8, "[34]"),
        Line("periodic updates a line and day", "rows", float(procedures[2]), 4, 13.5, "[37]; 13.3 in " + first),
        Line("distinct cells a line and day", "cells", cells, 8, 15, "11.4 in " + first),
        Line("quietest hour's share", "%", float(hours.min()), 1.3, 2.1, first, f"at {int(hours.argmin())} h"),
        Line("busiest hour's share", "%", float(hours.max()), 5.6, 7.0, first, f"at {int(hours.argmax())} h"),
        Line("attaches that show the IMSI", "%", shown, 1, 5, "simulation.md 2.2 (assumption), [40]"),
    ]


def _cells(folder: Path) -> list[Line]:
    access = pq.read_table(folder / "records" / "access", columns=["at", "imsi", "cell", "cell_type"], partitioning=None)
    truth = pq.read_table(folder / "truth" / "cells.parquet")
    rogue = truth.filter(pc.field("kind") == "rogue").column("cell")
    named = pc.and_(pc.equal(access.column("cell_type"), "home"), pc.is_valid(access.column("imsi")))
    home = access.filter(pc.and_(named, pc.invert(pc.is_in(access.column("cell"), rogue))))
    day = ((home.column("at").cast(pa.int64()).to_numpy() + _SHIFT) // 86_400_000_000).astype(np.int64)
    cell = home.column("cell").to_numpy()
    who = home.column("imsi").combine_chunks().dictionary_encode().indices.to_numpy()
    triples = np.unique(np.column_stack((cell, who, day)), axis=0)
    _, visitors = np.unique(triples[:, [0, 2]], axis=0, return_counts=True)
    venues = (
        truth.filter(pc.is_in(truth.column("reason"), pa.array(["public_venue", "always_open_venue"])))
        .column("cell")
        .to_numpy()
    )
    at_venue = np.isin(triples[:, 0], venues)
    keys, counts = np.unique(triples[:, [0, 2]][at_venue], axis=0, return_counts=True)
    pairs, first_day = _first_days(triples)
    late = triples[:, 2] >= day.min() + 3
    is_first = first_day[np.searchsorted(pairs, triples[:, 0] << 32 | triples[:, 1])] == triples[:, 2]
    ordinary = visitors if not len(keys) else np.unique(triples[:, [0, 2]][~at_venue], axis=0, return_counts=True)[1]
    spread = "simulation.md 2.4 (measured on a model)"
    return [
        Line("visitors of an ordinary small cell and day, median", "people", float(np.median(ordinary)), 3, 7, spread),
        Line(
            "visitors of a public venue's cell and day, median",
            "people",
            float(np.median(counts)) if len(counts) else 0.0,
            100,
            400,
            spread,
            "thinned with the city's size",
        ),
        Line(
            "first-time share at venues, after three days",
            "%",
            float(is_first[at_venue & late].mean()) * 100 if (at_venue & late).any() else 0.0,
            50,
            95,
            spread,
            "80 to 95 in a city of millions",
        ),
        Line(
            "first-time share at homes and offices, after three days",
            "%",
            float(is_first[~at_venue & late].mean()) * 100,
            0,
            35,
            "assumption",
            "high where few rows are kept",
        ),
    ]


def _first_days(triples: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> tuple[Any, Any]:
    """Return the first day of each pair of cell and subscriber; the triples are sorted."""
    pairs, first = np.unique(triples[:, 0] << 32 | triples[:, 1], return_index=True)
    return pairs, triples[first, 2]


def _money(wanted: Scenario, folder: Path) -> list[Line]:
    payments = pq.read_table(folder / "records" / "payments.parquet")
    thefts = pq.read_table(folder / "truth" / "fraud_payments.parquet")
    units = pq.read_table(folder / "truth" / "units.parquet")
    line_days = wanted.size.subscribers * wanted.size.days
    honest = payments.num_rows - thefts.num_rows
    said = (folder / "records" / "complaints.csv").read_text(encoding="utf-8").count("\n") - 1
    lines = [
        Line("payments a line and day", "payments", honest / line_days, 0.0195, 0.0215, "[2] [19]: 0.0117 + 0.0088"),
        Line(
            "complaints a line and day",
            "complaints",
            said / line_days,
            5e-7,
            8e-7,
            "[17]: 10 to 13 a day of 17.65 M lines",
            "raised on purpose: a small city would have none",
        ),
    ]
    if not thefts.num_rows:
        return lines
    stolen = payments.filter(pc.is_in(payments.column("payment_id"), thefts.column("payment_id")))
    by_call = pc.mean(pc.equal(stolen.column("channel"), "ars").cast(pa.float64())).as_py()
    victims = len(thefts.column("imsi").unique())
    nights = sum(units.column("nights").to_pylist())
    exposed = sum(units.column("exposed").to_pylist())
    return [
        *lines,
        Line("thefts a victim", "payments", thefts.num_rows / victims, 1.6, 2.6, "[5]: 2.11"),
        Line(
            "amount of a theft, mean",
            "KRW",
            float(np.mean(stolen.column("amount").to_numpy())),
            250_000,
            380_000,
            "[5]: 313,000",
        ),
        Line("thefts verified by automatic call", "%", by_call * 100, 84, 100, "[2] [3]: 92"),
        Line(
            "people exposed a unit and night",
            "people",
            exposed / nights,
            470,
            670,
            "[7] and a model",
            "smaller: fewer people a square kilometre",
        ),
    ]


def as_markdown(lines: list[Line]) -> str:
    """Return the card as a table for people."""
    rows = [
        f"| {line.name} | {line.generated:,.4g} {line.unit} | {line.low:,.4g} to {line.high:,.4g} | {'yes' if line.is_within else 'no'} | {line.source} | {line.note} |"
        for line in lines
    ]
    return "\n".join(
        ["| figure | generated | target | within | source | note |", "| --- | --- | --- | --- | --- | --- |", *rows]
    )
