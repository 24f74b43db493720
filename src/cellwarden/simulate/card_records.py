"""The part of the realism card that is read from the records as written: small cells, payments, complaints, exposures."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from cellwarden.simulate.card_line import Line, counted, share
from cellwarden.simulate.scenario import Attack

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from cellwarden.simulate.scenario import Scenario

_SHIFT = 9 * 3_600_000_000
"""Microseconds from UTC to the operator's local time."""
_DAY_US = 86_400_000_000
_SPREAD = "simulation.md 2.4 (measured on a model)"
_VENUES = {"public_venue": "cafés and clinics", "always_open_venue": "places that never close", "phone_shop": "phone shops"}
_CASE_IMSI = 0.28
"""Share of IMSI of units that behave as the case's did."""
_SOON_S = 3600.0


def record_lines(wanted: Scenario, folder: Path) -> list[Line]:
    """Return the lines that OUT of a scenario gives."""
    return [*_fleet(wanted, folder), *_visitors(folder), *_money(wanted, folder), *_exposures(wanted, folder)]


def _fleet(wanted: Scenario, folder: Path) -> list[Line]:
    rows = pyarrow.csv.read_csv(folder / "records" / "equipment.csv").sort_by("recorded_at")
    home = rows.filter(pc.equal(rows.column("cell_type"), "home"))
    last = dict(zip(home.column("cell").to_pylist(), home.column("status").to_pylist(), strict=True))
    status = Counter(last.values())
    known = status["active"] + status["dormant"]
    subscribers = pq.read_table(folder / "records" / "subscribers.parquet", columns=["controller"]).column("controller")
    virtual = len(subscribers) - int(pc.sum(pc.equal(subscribers, "own")).as_py())
    return [
        counted(
            "small cells in the registry a line",
            "cells",
            known,
            wanted.size.subscribers,
            target=(0.0089, 0.0136),
            source="[20] [21] [22]: 157,000 to 240,000",
        ),
        share("of them dormant", status["dormant"], known, target=(15, 23), source="[21]: 19"),
        share("lines of virtual operators", virtual, len(subscribers), target=(22, 27), source="[29]: 4.3 of 17.65 million"),
    ]


def _visitors(folder: Path) -> list[Line]:
    files = sorted((folder / "records" / "access").rglob("*.parquet"))  # a day in CSV (F12) is left out
    access = pq.read_table(files, columns=["at", "imsi", "cell", "cell_type"], partitioning=None)
    truth = pq.read_table(folder / "truth" / "cells.parquet")
    rogue = truth.filter(pc.field("kind") == "rogue").column("cell")
    named = pc.and_(pc.equal(access.column("cell_type"), "home"), pc.is_valid(access.column("imsi")))
    home = access.filter(pc.and_(named, pc.invert(pc.is_in(access.column("cell"), rogue))))
    day = ((home.column("at").cast(pa.int64()).to_numpy() + _SHIFT) // _DAY_US).astype(np.int64)
    who = home.column("imsi").combine_chunks().dictionary_encode().indices.to_numpy()
    triples = np.unique(np.column_stack((home.column("cell").to_numpy(), who, day)), axis=0)
    pairs, first = np.unique(triples[:, 0] << 32 | triples[:, 1], return_index=True)
    first_day = triples[first, 2][np.searchsorted(pairs, triples[:, 0] << 32 | triples[:, 1])]
    is_first, late = first_day == triples[:, 2], triples[:, 2] >= day.min() + 3

    def first_share(name: str, where: npt.NDArray[np.bool_], *, is_venue: bool) -> list[Line]:
        met, title = is_first[where & late], f"first-time share at {name}, after three days"
        told = (
            (50, 95, _SPREAD, "80 to 95 in a city of millions")
            if is_venue
            else (0, 35, "assumption", "high where few rows are kept")
        )
        return [Line(title, "%", float(met.mean()) * 100, *told)] if len(met) else []

    kinds = {reason: truth.filter(pc.field("reason") == reason).column("cell").to_numpy() for reason in _VENUES}
    at_kind = {reason: np.isin(triples[:, 0], cells) for reason, cells in kinds.items()}
    at_venue = at_kind["public_venue"] | at_kind["always_open_venue"]
    ordinary = ~(at_venue | at_kind["phone_shop"])
    lines = [
        Line(
            "visitors of an ordinary small cell and day, median", "people", _median_visitors(triples[ordinary]), 3, 7, _SPREAD
        ),
        Line(
            "visitors of a public venue's cell and day, median",
            "people",
            _median_visitors(triples[at_venue]),
            100,
            400,
            _SPREAD,
        ),
    ]
    for reason, name in _VENUES.items():
        lines += first_share(name, at_kind[reason], is_venue=True)
    return lines + first_share("homes and offices", ordinary, is_venue=False)


def _median_visitors(triples: npt.NDArray[np.int64]) -> float:
    """Return the median over cells and days of distinct subscribers; one row a cell, subscriber and day."""
    return float(np.median(np.unique(triples[:, [0, 2]], axis=0, return_counts=True)[1])) if len(triples) else 0.0


def _money(wanted: Scenario, folder: Path) -> list[Line]:
    payments = pq.read_table(folder / "records" / "payments.parquet")
    stolen = pc.is_in(
        payments.column("payment_id"), pq.read_table(folder / "truth" / "fraud_payments.parquet").column("payment_id")
    )
    honest = payments.filter(pc.invert(stolen))
    line_days = wanted.size.subscribers * wanted.size.days
    mean = float(pc.mean(honest.column("amount")).as_py())
    lines = [
        counted(
            "payments a line and day",
            "payments",
            honest.num_rows,
            line_days,
            target=(0.0195, 0.0215),
            source="[2] [19]: 0.0117 + 0.0088",
        ),
        Line("amount of an honest payment, mean", "KRW", mean, 22_800, 34_200, "[2] [19]: 28,500", "20 %"),
    ]
    if wanted.confounder("B19") or wanted.confounder("B20"):
        return lines  # there, disputes are many on purpose
    causes = Counter(pq.read_table(folder / "truth" / "complaints.parquet").column("cause").to_pylist())
    disputed = honest.num_rows - honest.column("disputed_at").null_count
    return [
        *lines,
        counted(
            "disputes of an honest payment", "disputes", disputed, honest.num_rows, target=(5e-5, 2e-4), source="[17] [18]"
        ),
        counted(
            "complaints of honest payments a line and day",
            "complaints",
            causes["dispute"],
            line_days,
            target=(5e-7, 8e-7),
            source="[17]: 10 to 13 a day of 17.65 M lines",
        ),
    ]


def _exposures(wanted: Scenario, folder: Path) -> list[Line]:
    exposed = pq.read_table(folder / "truth" / "exposures.parquet").to_pylist()
    thefts = pq.read_table(folder / "truth" / "fraud_payments.parquet").to_pylist()
    units = {row["unit"]: row for row in pq.read_table(folder / "truth" / "units.parquet").to_pylist()}
    if not exposed:
        return []
    usual = {name for name, row in units.items() if row["imsi_share"] == _CASE_IMSI}
    dawn = {
        attack.unit
        for attack in wanted.attacks  # a unit that keeps its reach small is no measure of the published nights
        if attack.schedule == "dawn" and not attack.spread and attack.reach_m >= Attack().reach_m
    }
    people: Counter[tuple[str, int]] = Counter()
    for unit, night, _ in {(row["unit"], _night(row), row["imsi"]) for row in exposed}:
        people[unit, night] += 1
    nights = [count for (unit, _), count in people.items() if unit in dawn]
    shown = [row["identity"] == "imsi" for row in exposed if row["unit"] in usual]
    lines = []
    if nights:
        lines.append(
            Line("people exposed a unit and night at dawn, mean", "people", float(np.mean(nights)), 470, 670, "[7] and a model")
        )
    if shown:
        lines.append(
            share("exposures that show the IMSI", sum(shown), len(shown), target=(24, 34), source="[1]: 5,561 of about 19,000")
        )
    if not thefts:
        return lines
    payments = pq.read_table(folder / "records" / "payments.parquet", columns=["payment_id", "channel", "amount"])
    stolen = payments.filter(pc.is_in(payments.column("payment_id"), pa.array([row["payment_id"] for row in thefts])))
    by_call = int(pc.sum(pc.equal(stolen.column("channel"), "ars")).as_py())
    victims = len({row["imsi"] for row in thefts})
    mean = float(pc.mean(stolen.column("amount")).as_py())
    lines += [
        Line("thefts a victim", "payments", len(thefts) / victims, 1.6, 2.6, "[5]: 2.11"),
        Line("amount of a theft, mean", "KRW", mean, 250_000, 380_000, "[5]: 313,000", "20 %"),
        share("thefts verified by automatic call", by_call, len(thefts), target=(88, 96), source="[2] [3]: 92"),
    ]
    if all(row["delay_s"] <= _SOON_S for row in thefts) and not any(attack.one_a_stop for attack in wanted.attacks):
        robbed_at = {(row["unit"], _night({"from_at": row["at"]})) for row in thefts}
        met = sum(people[one] for one in robbed_at)
        lines.append(
            share(
                "people exposed on a night with thefts who are robbed", victims, met, target=(1.2, 2.6), source="[5] [7]: 1.8"
            )
        )
    return lines


def _night(row: dict[str, Any]) -> int:
    """Return the local day."""
    return int((row["from_at"].timestamp() * 1e6 + _SHIFT) // _DAY_US)
