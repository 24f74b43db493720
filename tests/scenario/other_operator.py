"""Records of an operator unlike those that `simulate` makes: a thin country, phones that re-attach with the IMSI, any provider's lines, a slack registry.

None of its numbers is taken from `simulate`, so a detector that leans on those is caught here.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv
import pyarrow.parquet as pq

START = datetime(2026, 3, 1, tzinfo=UTC)
DAYS, PEOPLE, MACROS, HOMES = 12, 6000, 150, 260
CAFES, HOSPITALS = range(230, 245), range(245, 248)
"""Home cells that strangers visit: in opening hours, and around the clock."""
OUT_OF_SERVICE = tuple(9_900_001 + number * 12 for number in range(20))
"""Ids that the registry says were deleted years ago."""
CITY_KM, COMMUTE_KM = 13.0, 5.0
ORDINARY = {"service_request": 0.62, "tau": 0.22, "periodic_tau": 0.09, "attach": 0.04, "detach": 0.02, "ims_register": 0.01}
VISIT = {"tau": 0.5, "service_request": 0.5}
CAUGHT = {"attach": 0.5, "tau": 0.5}
VAN_HOURS, VAN_INNER, VAN_OUTER = 4, "10.99.0.7", "192.0.2.77"
COPIED = 7
"""The home cell whose serial the van shows; it comes up every day at its owner's, too."""


@dataclass(frozen=True)
class Drive:
    """An evening on which the van used an id."""

    day: int
    cell: int
    equipment: str

    @property
    def begin(self):
        return START + timedelta(days=self.day, hours=20)

    @property
    def end(self):
        return self.begin + timedelta(hours=VAN_HOURS)


@dataclass
class Operator:
    """A network with its people, drawn from one seed; places are kilometres from the middle of its one city."""

    seed: int
    tables: list = field(default_factory=list)

    def __post_init__(self):
        self.random = draw = np.random.default_rng(self.seed)
        self.macro_at = draw.normal(0, CITY_KM, (MACROS, 2))
        self.macro = np.arange(3000, 3000 + MACROS) * 256 + 1
        self.tac = 500 + (self.macro_at[:, 0] > 0)
        self.lives_at = draw.normal(0, CITY_KM, (PEOPLE, 2))
        self.owner = draw.choice(PEOPLE // 3, HOMES, replace=False) * 3  # the two after her live with her
        self.lives_at[self.owner + 1] = self.lives_at[self.owner + 2] = self.lives_at[self.owner]
        self.lives_by = self.nearest(self.lives_at)
        self.works_by = self.nearest(self.lives_at + draw.normal(0, COMMUTE_KM, (PEOPLE, 2)))
        self.home = draw.permutation(9_000_000 + np.arange(HOMES) * 41)
        self.home_tac = self.tac[self.lives_by[self.owner]]
        self.unit_of = np.full(PEOPLE, -1)
        for member in range(3):
            self.unit_of[self.owner[: CAFES.start] + member] = np.arange(CAFES.start)

    def nearest(self, places):
        """Return the macro cell nearest to each place."""
        return np.argmin(((self.macro_at[None] - places[:, None]) ** 2).sum(2), 1)

    def write(self, folder, drives=()):
        """Write a record folder; `drives` hides a van in it."""
        self.ordinary_days()
        for unit in range(HOMES):
            self.visits(unit)
        links = [*self.links(), *(self.driven(drive) for drive in drives)]
        folder.mkdir(parents=True)
        pq.write_table(pa.concat_tables(self.tables).sort_by("at"), folder / "access.parquet")
        pv.write_csv(pa.Table.from_pylist(sorted(links, key=lambda row: row["at"])), folder / "links.csv")
        pv.write_csv(pa.Table.from_pylist([*self.planned(), *self.installed(), *self.deleted()]), folder / "equipment.csv")

    def ordinary_days(self):
        """Everybody at home, at work and, on some days, somewhere else around noon."""
        draw = self.random
        a_day = draw.poisson(9, PEOPLE * DAYS)
        people, days = (np.repeat(axis.ravel(), a_day) for axis in np.indices((PEOPLE, DAYS)))
        count = len(people)
        hour = np.where(draw.random(count) < 0.12, draw.uniform(0, 6, count), draw.uniform(6, 24, count))
        trip = np.where(draw.random((PEOPLE, DAYS)) < 0.2, draw.integers(MACROS, size=(PEOPLE, DAYS)), -1)[people, days]
        is_away = (trip >= 0) & (hour > 11) & (hour < 15)
        is_home = ~is_away & ((hour < 8) | (hour > 18) | np.isin(days % 7, (0, 6)))
        macro = np.where(is_away, trip, np.where(is_home, self.lives_by[people], self.works_by[people]))
        unit = np.where(is_home, self.unit_of[people], -1)
        hours, indoors = days * 24 + hour, unit >= 0
        self.seen_by_macro(hours[~indoors], people[~indoors], macro[~indoors], ORDINARY, attach_by_imsi=0.2)
        self.seen_by_home(hours[indoors], people[indoors], unit[indoors], ORDINARY, attach_by_imsi=0.2)

    def visits(self, unit):
        """Guests and passers-by of homes; guests of cafés in opening hours; people around the clock in hospitals."""
        draw, daily, opens, closes, known, pool = self.random, 0.5, 16, 23, 0.4, 4
        if unit in CAFES:
            daily, opens, closes, known, pool = 30, 8, 21, 0.3, 25
        elif unit in HOSPITALS:
            daily, opens, closes, known, pool = 60, 0, 24, 0.3, 25
        regulars = draw.choice(PEOPLE, pool)
        days = np.repeat(np.arange(DAYS), draw.poisson(daily, DAYS))
        count = len(days)
        people = np.where(draw.random(count) < known, draw.choice(regulars, count), draw.integers(PEOPLE, size=count))
        stays = draw.integers(1, 4, count)
        hours = np.repeat(days * 24 + draw.uniform(opens, closes - 0.5, count), stays) + draw.uniform(0, 0.4, stays.sum())
        self.seen_by_home(hours, np.repeat(people, stays), np.full(stays.sum(), unit), VISIT, by_imsi=0.02)

    def driven(self, drive):
        """A van wanders for an evening; who is near is caught, says who they are, and goes back to where they live. Returns its link."""
        draw, steps = self.random, np.arange(0, VAN_HOURS, 0.1)
        path = draw.normal(0, 6, 2) + np.cumsum(draw.normal(0, 0.4, (len(steps), 2)), 0)
        close = np.argsort(((self.lives_at[None] - path[:, None]) ** 2).sum(2), 1)[:, :60]
        people = np.concatenate([draw.choice(row, 3, replace=False) for row in close])
        count = len(people)
        hours = drive.day * 24 + 20 + np.repeat(steps, 3) + draw.uniform(0, 0.1, count)
        through = np.full(count, drive.cell), "home", np.full(count, 501), np.full(count, VAN_INNER)
        self.seen(hours, people, CAUGHT, through, attach_by_imsi=0.9, by_imsi=0.45, null_ciphering=0.3)
        self.seen_by_macro(hours + draw.uniform(0.05, 0.25, count), people, self.lives_by[people], {"tau": 1.0})
        return joined(drive.begin, drive.cell, drive.equipment, VAN_OUTER, inner=VAN_INNER, asn=65010, serial=f"SN{COPIED:06d}")

    def seen_by_macro(self, hours, people, macro, mix, **gives):
        self.seen(hours, people, mix, (self.macro[macro], "macro", self.tac[macro], inner("10.1", macro)), **gives)

    def seen_by_home(self, hours, people, units, mix, **gives):
        self.seen(hours, people, mix, (self.home[units], "home", self.home_tac[units], inner("10.20", units)), **gives)

    def seen(self, hours, people, mix, through, *, attach_by_imsi=0.0, by_imsi=0.0, null_ciphering=0.0):
        """Add procedures: hours since the start, who, of which mix, `through` which cells; and with what shares they give something away."""
        draw, count = self.random, len(hours)
        cells, kind, tacs, sources = through
        procedure = draw.choice(list(mix), count, p=list(mix.values()))
        gives_imsi = draw.random(count) < np.where(procedure == "attach", max(attach_by_imsi, by_imsi), by_imsi)
        is_secured = np.isin(procedure, ("attach", "service_request"))
        at = np.datetime64(START.replace(tzinfo=None), "us") + (hours * 3.6e9).astype("timedelta64[us]")
        number = pc.utf8_lpad(pa.array(7_000_000 + people * 13).cast("string"), 10, "0")
        self.tables.append(
            pa.table(
                {
                    "at": pa.array(at, pa.timestamp("us", "UTC")),
                    "imsi": pc.binary_join_element_wise("00101", number, ""),
                    "procedure": procedure,
                    "identity": np.where(gives_imsi, "imsi", np.where(procedure == "ims_register", "none", "guti")),
                    "result": np.full(count, "ok"),
                    "rat": np.full(count, "lte"),
                    "plmn": np.full(count, "00101"),
                    "tac": tacs,
                    "cell": cells,
                    "cell_type": np.full(count, kind),
                    "ciphering": pa.array(np.where(draw.random(count) < null_ciphering, 0, 2), mask=~is_secured),
                    "source": sources,
                }
            )
        )

    def links(self):
        """Home cells come up now and then, from lines of three providers whose addresses change."""
        comes_up = self.random.random((HOMES, DAYS)) < 0.15
        comes_up[COPIED] = True
        for unit, day in np.argwhere(comes_up).tolist():
            at, outer = (
                START + timedelta(days=day, hours=self.random.uniform(0, 24)),
                f"198.51.100.{self.random.integers(1, 250)}",
            )
            own = {"inner": str(inner("10.20", unit)), "asn": 65001 + unit % 3, "serial": f"SN{unit:06d}"}
            yield joined(at, int(self.home[unit]), f"E{unit:05d}", outer, **own)

    def planned(self):
        for macro in range(MACROS):
            row = {"equipment_id": f"M{macro}", "cell": int(self.macro[macro]), "tac": int(self.tac[macro])}
            yield registered(
                row | {"cell_type": "macro", "kind": "macro"}, START - timedelta(days=2000), place=self.macro_at[macro]
            )

    def installed(self):
        """One home cell in thirty was never written down, one in twelve comes weeks late, some lack serial or place."""
        draw = self.random
        for unit in range(HOMES):
            chance = draw.random()
            is_late = chance < 1 / 30 + 1 / 12
            since = START + timedelta(days=int(draw.integers(-15, 6) if is_late else draw.integers(-900, -30)))
            row = {"equipment_id": f"E{unit:05d}", "cell": int(self.home[unit]), "tac": int(self.home_tac[unit])}
            row["serial"] = f"SN{unit:06d}" if draw.random() > 0.1 else None
            place = self.lives_at[self.owner[unit]] if draw.random() > 0.2 else None
            if chance > 1 / 30:
                yield registered(
                    row, since, place=place, days_late=int(draw.integers(6, 30) if is_late else draw.integers(0, 3))
                )

    def deleted(self):
        for number, cell in enumerate(OUT_OF_SERVICE):
            row = {"equipment_id": f"X{number:04d}", "cell": cell, "tac": 501, "serial": f"SX{number:05d}", "status": "deleted"}
            yield registered(row, START - timedelta(days=1000))


def inner(prefix, numbers):
    """Return the address of each piece of equipment behind the security gateway."""
    return np.array([f"{prefix}.{number // 250}.{number % 250}" for number in range(max(MACROS, HOMES))])[numbers]


def joined(at, cell, equipment, outer, *, inner, asn, serial):
    """Return an S1 setup; every home cell of this operator carries the same certificate."""
    return {
        "at": at.isoformat(), "event": "s1_setup", "equipment_id": equipment, "cell": cell, "cell_type": "home", "source_ip": outer,
        "inner_ip": inner, "asn": asn, "country": "FI", "certificate": "ab" * 32, "serial": serial,
    }  # fmt: skip


def registered(row, since, *, place=None, days_late=1):
    """Return a row of the registry: an active home cell where `row` does not say otherwise."""
    return {
        "equipment_id": "", "cell": 0, "cell_type": "home", "kind": "femto", "status": "active", "tac": 0, "serial": None, **row,
        "valid_from": since.isoformat(), "recorded_at": (since + timedelta(days=days_late)).isoformat(),
        "lat": None if place is None else 60.2 + place[1] / 111, "lon": None if place is None else 24.9 + place[0] / 55,
    }  # fmt: skip
