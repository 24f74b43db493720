"""Rows become records: whatever is still open is drawn here, the same way for every row, honest or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from cellwarden.records import tables
from cellwarden.records import vocabulary as v
from cellwarden.simulate.randomness import Reals, Truths, Whole, pick, stream
from cellwarden.simulate.rows import IDENTITY, NULL, OPEN, PROCEDURE, PROTECTION, RESULT, SENT, Rows
from cellwarden.simulate.sessions import MACRO_TAC, PLMN, Session
from cellwarden.simulate.usage import LABELS, SERVICE, Usage
from cellwarden.simulate.writing import arrow_table, microseconds, numbers, words

if TYPE_CHECKING:
    from cellwarden.simulate.signalling import World

CORES = ("mme-1", "mme-2", "mme-3")
_CELL_TYPES = ("macro", "home")
_NOT_LOGGED = 0.16
"""Share of rows whose algorithms the core did not log (assumption)."""


@dataclass(frozen=True, slots=True)
class Stations:
    """What the number, kind, tracking area and address of each station were at each time."""

    number: Whole
    first_home: int
    """Station numbers from here on are home cells."""
    macro_tac: Whole
    key: Reals
    """Station and beginning of each tunnel, as one ascending number."""
    tac: Whole
    address: list[str]

    @classmethod
    def of(
        cls, world: World, sessions: list[Session], festival_number: int, festival_site: int, rogue_numbers: list[int]
    ) -> Stations:
        """Gather the stations: macro sectors, the festival's cell, the fleet, the rogue cells."""
        city = world.city
        number = np.concatenate(
            (
                city.cell_numbers(),
                [festival_number],
                [cell.number for cell in world.fleet],
                np.array(rogue_numbers, dtype=np.int64),
            )
        )
        ordered = sorted(sessions, key=lambda session: (session.station, session.from_at))
        area = MACRO_TAC + city.area(city.site_x, city.site_y)
        macro_tac = np.concatenate((np.repeat(area, 3), [area[festival_site]]))
        addresses = [f"10.20.{site // 250}.{site % 250 + 2}" for site in range(len(area))]
        return cls(
            number=number.astype(np.int64),
            first_home=world.first_small,
            macro_tac=macro_tac,
            key=np.array([session.station * _SPAN + session.from_at for session in ordered]),
            tac=np.array([session.tac for session in ordered], dtype=np.int64),
            address=[address for address in addresses for _ in range(3)]
            + ["10.20.9.9"]
            + [session.inner for session in ordered],
        )

    def at(self, station: Whole, when: Reals) -> tuple[Whole, Whole, Truths]:
        """Return tracking area, index of the address, and whether it is a home cell."""
        home = station >= self.first_home
        tunnel = np.searchsorted(self.key, station * _SPAN + when, side="right") - 1
        first = np.searchsorted(self.key, station * _SPAN - _SPAN / 2, side="right")
        tunnel = np.maximum(tunnel, first).clip(0, len(self.key) - 1)
        tac = np.where(home, self.tac[tunnel], self.macro_tac[np.where(home, 0, station)])
        return tac, np.where(home, self.first_home + tunnel, station), home


_SPAN = 1e9
_SHORT = 500_000
"""Subscribers up to which six digits are enough."""


@dataclass(frozen=True, slots=True)
class Names:
    """Identifiers of the subscribers, all fictional: PLMN 450-08 and numbers that are not assigned."""

    imsi: list[str]
    msisdn: list[str]
    imei: list[str]


def make_names(seed: int, count: int) -> Names:
    """Draw identifiers; the order of the numbers says nothing about the people."""
    rng = stream(seed, "names")
    if count > _SHORT:
        turns = [np.arange(count) * step + rng.integers(1, 10_000_000) for step in (7_654_321, 3_141_593, 8_675_309)]
        imsi, msisdn, imei = (turn % 10_000_000 for turn in turns)
        return Names(
            [f"4500800{number:08d}" for number in imsi],
            [f"8210{number:08d}" for number in msisdn],
            [f"35000{number % 7}0{number:07d}" for number in imei],
        )
    imsi = rng.choice(999_999, count, replace=False) + 1
    msisdn = rng.choice(999_999, count, replace=False) + 1
    imei = rng.choice(999_999, count, replace=False) + 1
    return Names(
        [f"450080000{number:06d}" for number in imsi],
        [f"821000{number:06d}" for number in msisdn],
        [f"35000{number % 7}00{number:06d}" for number in imei],
    )


def draw_open(rows: Rows, seed: int) -> None:
    """Fill in every code that is still open, in place."""
    rng, count = stream(seed, "finish"), len(rows)
    identity = SENT[rows.procedure]
    attaches = rows.procedure == PROCEDURE["attach"]
    drawn = pick(rng, {IDENTITY["guti"]: 95.3, IDENTITY["imsi"]: 3.0, IDENTITY["unknown"]: 1.2, IDENTITY["imei"]: 0.5}, count)
    identity = np.where(attaches, drawn, identity)
    asked = pick(rng, {IDENTITY["imei"]: 60, IDENTITY["imsi"]: 40}, count)
    identity = np.where(rows.procedure == PROCEDURE["identity"], asked, identity)
    identity = np.where((identity == IDENTITY["guti"]) & (rng.random(count) < 0.002), IDENTITY["unknown"], identity)
    rows.identity = np.where(rows.identity == OPEN, identity, rows.identity)
    rows.result = np.where(
        rows.result == OPEN, pick(rng, {RESULT["ok"]: 98.4, RESULT["abort"]: 0.7, NULL: 0.9}, count), rows.result
    )
    logged = rng.random(count) >= _NOT_LOGGED
    usual = pick(rng, {2: 95.96, 1: 4.0, 0: 0.04}, count)
    rows.ciphering = np.where(logged, np.where(rows.ciphering == OPEN, usual, rows.ciphering), NULL)
    protection = pick(
        rng, {PROTECTION["encrypted"]: 93, PROTECTION["integrity_only"]: 0.8, PROTECTION["none"]: 0.2, NULL: 6}, count
    )
    registers = rows.procedure == PROCEDURE["ims_register"]
    rows.ims = np.where(registers, np.where(rows.ims == OPEN, protection, rows.ims), NULL)
    nameless = (
        (attaches | (rows.procedure == PROCEDURE["release"]))
        & (rng.random(count) < 0.004)
        & (rows.identity != IDENTITY["imsi"])
    )
    rows.who = np.where(nameless, NULL, rows.who)


def access_table(world: World, rows: Rows, stations: Stations, names: Names) -> pa.Table:
    """Return the access table; the rows are in time order and nothing in them is open."""
    rng, count = stream(world.seed, "access columns"), len(rows)
    tac, address, home = stations.at(rows.station, rows.at)
    core = world.people.core[rows.who]
    lost = rows.who < 0
    core = np.where(lost, rng.integers(0, len(CORES), count), core)
    return arrow_table(
        tables.ACCESS,
        {
            "at": pa.array(microseconds(rows.at)),
            "imsi": words(rows.who, names.imsi),
            "procedure": words(rows.procedure, v.PROCEDURES),
            "identity": words(rows.identity, v.IDENTITIES),
            "result": words(rows.result, v.RESULTS),
            "cause": numbers(rows.cause),
            "rat": words(np.zeros(count, dtype=np.int64), ("lte",)),
            "plmn": words(np.zeros(count, dtype=np.int64), (PLMN,)),
            "tac": numbers(tac),
            "cell": numbers(stations.number[rows.station]),
            "cell_type": words(home.astype(np.int64), _CELL_TYPES),
            "core": words(core, CORES),
            "imei": words(np.where(lost | (rng.random(count) < 0.55), NULL, rows.who), names.imei),
            "ciphering": numbers(rows.ciphering),
            "integrity": numbers(np.where(rows.ciphering == NULL, NULL, np.where(rng.random(count) < 0.04, 1, 2))),
            "ims_protection": words(rows.ims, v.IMS_PROTECTIONS),
            "source": words(address, stations.address),
        },
    )


def usage_table(world: World, usage: Usage, stations: Stations, names: Names) -> pa.Table:
    """Return the usage table; records are in time order."""
    rng, count = stream(world.seed, "usage columns"), len(usage.at)
    tac, address, home = stations.at(usage.station, usage.at)
    data = usage.service == SERVICE["data"]
    voice = (usage.service == SERVICE["voice_mo"]) | (usage.service == SERVICE["voice_mt"])
    talked = np.where(usage.label >= 0, rng.uniform(14, 45, count), rng.lognormal(np.log(60), 1.1, count)).astype(np.int64)
    number = rng.integers(0, world.people.count, count)
    peer = np.where(usage.label >= 0, usage.label, np.where(data, NULL, len(LABELS) + number))
    return arrow_table(
        tables.USAGE,
        {
            "at": pa.array(microseconds(usage.at)),
            "imsi": words(usage.who, names.imsi),
            "service": words(usage.service, v.SERVICES),
            "peer": words(peer, [*LABELS, *names.msisdn]),
            "duration_s": numbers(np.where(voice, talked + 1, NULL)),
            "bytes": numbers(np.where(data, rng.lognormal(np.log(900_000), 1.6, count).astype(np.int64), NULL)),
            "rat": words(np.zeros(count, dtype=np.int64), ("lte",)),
            "plmn": words(np.zeros(count, dtype=np.int64), (PLMN,)),
            "tac": numbers(tac),
            "cell": numbers(stations.number[usage.station]),
            "cell_type": words(home.astype(np.int64), _CELL_TYPES),
            "source": words(np.where(rng.random(count) < 0.3, NULL, address), stations.address),
            "cause": numbers(np.where(rng.random(count) < 0.01, 4, 0)),
        },
    )
