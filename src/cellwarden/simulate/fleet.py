"""The small cells: whose they are, where they stand, when they are on the air, and which odd but honest story each has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cellwarden.simulate.population import NEVER, NOWHERE
from cellwarden.simulate.randomness import DAY_S, HOUR_S, Reals, Truths, Whole, stream
from cellwarden.simulate.rehoming import Rehoming, rehoming_of

if TYPE_CHECKING:
    from numpy.random import Generator

    from cellwarden.simulate.map import CityMap
    from cellwarden.simulate.population import Population

NUMBERS = (0x12C8000, 0x1318000)
"""Home eNB identities come from this range, which macro ECIs share; one café's equals a macro cell's, as TS 36.413 allows."""
_IDLE = {"deleted": 26, "lost": 9, "dormant": 10, "suspended": 3, "planned": 3, "scrapped": 4, "recovered": 3}
_STORIES = (
    "inventory_lag",
    "inventory_lag",
    "inventory_lag",
    "reissued_id",
    "house_move",
    "dynamic_address",
    "other_line",
    "other_line",
)
SOFTWARE = ("1.4.2", "1.4.3", "1.5.0")


@dataclass(slots=True)
class SmallCell:
    """One id of the registry; times in seconds since the first local midnight, negative before."""

    number: int
    equipment_id: str
    serial: str
    use: str
    """`home` `office` `laboratory` `bus`, a use of `visits.OPENING`; `idle` for ids that live only in the registry."""
    x: float
    y: float
    installed_at: float
    status: str = "active"
    status_at: float = NEVER
    """When an `idle` id got its status; when it was deleted before a re-issue."""
    story: str = ""
    """Reason it is a decoy."""
    on_from: float = -NEVER
    recorded_at: float = 0.0
    access_line: str | None = None
    networks: str | None = None
    gateway: str = "segw-1"
    software: str = SOFTWARE[0]
    vendor: str = "ExampleVendor"
    moves_at: float = NEVER
    returns_at: float = NEVER
    next_x: float = 0.0
    next_y: float = 0.0
    off_from: float = NEVER
    """Unplugged from then on."""
    asleep: tuple[float, float] | None = None
    """Unplugged from then until `on_from`; and when the registry has it active again, NEVER if it never noticed."""
    provider: str = ""
    """Whose wireline it stands behind: `partner` `other`; empty: the operator's own."""
    former: tuple[str, str, float] | None = None
    """Equipment id, serial and installation of the customer before a re-issue."""
    rehoming: Rehoming | None = None
    """The works that moved it to another gateway and tracking area."""
    habits: dict[str, bool] = field(default_factory=dict)
    """What the device sends when it joins: `name`, `place`, `neighbours`, `identity`, `line`."""


def device_habits(rng: Generator) -> dict[str, bool]:
    """Draw what a device sends when it joins; nothing is sent by all (assumption)."""
    shares = {"name": 0.65, "place": 0.6, "neighbours": 0.8, "identity": 0.93, "line": 0.85, "informs": 0.7}
    return {habit: bool(rng.random() < share) for habit, share in shares.items()}


@dataclass(slots=True)
class Settling:
    """The fleet as it grows, with what is still free."""

    rng: Generator
    people: Population
    first_station: int
    numbers: Whole
    serials: Whole
    codes: Whole
    free: list[int]
    """Subscribers without a small cell."""
    cells: list[SmallCell] = field(default_factory=list)

    @property
    def station(self) -> int:
        """The station number of the next cell."""
        return self.first_station + len(self.cells)

    def add(self, use: str, x: float, y: float, *, installed_at: float | None = None, story: str = "") -> SmallCell:
        """Add a cell, installed long ago if nothing else is said."""
        rng, index = self.rng, len(self.cells)
        since = -float(rng.uniform(20, 900)) * DAY_S if installed_at is None else installed_at
        cell = SmallCell(
            number=int(self.numbers[index]),
            equipment_id=f"HNB-{self.codes[index]}",
            serial=f"FX-{self.serials[index]}",
            use=use,
            x=x,
            y=y,
            installed_at=since,
            story=story,
            recorded_at=since + float(rng.uniform(60, 3 * HOUR_S)),
            access_line=_line(rng) if rng.random() < 0.9 else None,
            networks="192.0.2.0/24" if rng.random() < 0.85 else None,
            gateway=f"segw-{1 + int(rng.random() < 0.4)}",
            software=SOFTWARE[int(rng.integers(len(SOFTWARE)))],
            habits=device_habits(rng),
        )
        self.cells.append(cell)
        return cell

    def household(self, size: int) -> tuple[float, float]:
        """Let people who had nothing in common live together at the next cell; return where."""
        people, members = self.people, [self.free.pop() for _ in range(size)]
        x, y = float(people.home_x[members[0]]), float(people.home_y[members[0]])
        people.home_x[members] = people.next_home_x[members] = x + self.rng.normal(0, 3, size)
        people.home_y[members] = people.next_home_y[members] = y + self.rng.normal(0, 3, size)
        people.home_cell[members] = self.station
        return x, y

    def staff(self, size: int) -> tuple[float, float]:
        """Let people work together at the next cell; return where."""
        rng, people, members = self.rng, self.people, [self.free.pop() for _ in range(size)]
        hub = int(rng.integers(len(people.hub_x)))
        x, y = float(people.hub_x[hub] + rng.normal(0, 60)), float(people.hub_y[hub] + rng.normal(0, 60))
        people.work_x[members], people.work_y[members] = x + rng.normal(0, 4, size), y + rng.normal(0, 4, size)
        people.has_work[members], people.work_cell[members] = True, self.station
        return x, y


def _line(rng: Generator) -> str:
    return f"02{rng.integers(10_000_000, 99_999_999)}"


def build_fleet(seed: int, city: CityMap, people: Population) -> list[SmallCell]:
    """Make the small cells and settle their households and staffs among the subscribers.

    About 190 ordinary ones for 20,000 subscribers, as the public fleet figures of 10.7 a thousand lines suggest; 72 % homes
    (assumption), plus venues, the odd stories, and ids that live only in the registry (a fifth, public case figures).
    """
    rng = stream(seed, "fleet")
    scale = people.count / 20_000
    ordinary = max(30, round(190 * scale))
    uses = ["home"] * round(ordinary * 0.72) + ["office"] * round(ordinary * 0.28)
    uses += ["cafe"] * max(2, round(6 * scale)) + ["clinic"] * max(1, round(3 * scale)) + ["hospital", "phone_shop"]
    total = len(uses) + len(_STORIES) + sum(_IDLE.values()) + 1
    settling = Settling(
        rng,
        people,
        city.sectors + 1,
        numbers=rng.choice(np.arange(*NUMBERS), total, replace=False),
        serials=rng.choice(np.arange(100_000, 1_000_000), total, replace=False),
        codes=rng.choice(np.arange(10_000, 100_000), total, replace=False),
        free=[int(who) for who in rng.permutation(people.count)],
    )
    for use in uses:
        if use == "home":
            settling.add(use, *settling.household(1 + int(rng.poisson(2.2))))
        else:
            story = {"office": "", "hospital": "always_open_venue", "phone_shop": "phone_shop"}.get(use, "public_venue")
            settling.add(use, *settling.staff(int(rng.integers(3, 10))), story=story)
    for story in _STORIES:
        station, size = settling.station, 2 + int(rng.poisson(1.5))
        tell(settling.add("home", *settling.household(size), story=story), rng, city, people, station)
    settling.add("bus", city.side_m * 0.2, city.side_m * 0.3, story="on_board_cell")
    for status, count in _IDLE.items():
        for _ in range(count):
            block = int(rng.integers(len(people.block_x)))
            x, y = people.block_x[block] + rng.normal(0, 40), people.block_y[block] + rng.normal(0, 40)
            silent = -float(rng.uniform(101, 700)) * DAY_S
            cell = settling.add("idle", float(x), float(y), installed_at=silent - float(rng.uniform(60, 700)) * DAY_S)
            cell.status, cell.status_at = status, silent
    next(cell for cell in settling.cells if cell.use == "cafe").number = int(rng.choice(city.cell_numbers()))
    return settling.cells


def tell(cell: SmallCell, rng: Generator, city: CityMap, people: Population, station: int, *, since: int = 0) -> None:
    """Give the cell what its story needs; it happens after day `since`."""
    days, start = people.days - since, since * DAY_S
    members = np.flatnonzero(people.home_cell == station)
    if cell.story == "inventory_lag":
        cell.installed_at = cell.on_from = start + float(
            rng.uniform(1.4, days * 0.6) * DAY_S // DAY_S * DAY_S + rng.uniform(10, 17) * HOUR_S
        )
        cell.recorded_at = cell.installed_at + float(rng.uniform(1.0, 3.0)) * DAY_S
        cell.access_line = cell.access_line or _line(rng)
    elif cell.story == "reissued_id":
        cell.former = (f"HNB-{rng.integers(10_000, 100_000)}", f"FX-{rng.integers(100_000, 1_000_000)}", -900.0 * DAY_S)
        cell.status_at = -float(rng.uniform(150, 300)) * DAY_S
        cell.installed_at = cell.on_from = start + float(rng.integers(2, max(3, days // 2))) * DAY_S + 11.3 * HOUR_S
        cell.recorded_at = cell.installed_at - float(rng.uniform(1, 20)) * HOUR_S
    elif cell.story == "house_move":
        cell.moves_at = start + float(days // 2) * DAY_S + 13.2 * HOUR_S
        cell.next_x, cell.next_y = city.side_m - cell.x, city.side_m - cell.y
        if np.hypot(cell.next_x - cell.x, cell.next_y - cell.y) < 1500:
            cell.next_x = cell.x + (2000.0 if cell.x < city.side_m / 2 else -2000.0)
        people.moves_at[members] = cell.moves_at
        people.next_home_x[members], people.next_home_y[members] = cell.next_x, cell.next_y
    elif cell.story == "woken_cell":
        _sleep(cell, rng, days, start)
    elif cell.story == "rehomed_cell":
        cell.rehoming = rehoming_of(cell, rng, city, people.days)
    elif cell.story == "other_line":
        cell.networks = "203.0.113.192/26"
    if cell.story:
        people.rate[members] = np.maximum(people.rate[members], 2.5)


def _sleep(cell: SmallCell, rng: Generator, days: int, start: float) -> None:
    """Let its customer leave it unplugged for months and plug it in again by day.

    For a third the registry never noticed, for a third an order took it back into service before, for a third some hours after.
    """
    since = -float(rng.uniform(100, 400)) * DAY_S
    cell.installed_at = since - float(rng.uniform(60, 500)) * DAY_S
    cell.recorded_at = cell.installed_at + float(rng.uniform(60, 3 * HOUR_S))
    cell.on_from = start + float(rng.integers(2, max(3, round(days * 0.6)))) * DAY_S + float(rng.uniform(9, 20)) * HOUR_S
    before, after = cell.on_from - float(rng.uniform(2, 40)) * HOUR_S, cell.on_from + float(rng.uniform(0.2, 6)) * HOUR_S
    cell.asleep = since, (NEVER, before, after)[int(rng.integers(3))]


def on_the_air(cells: list[SmallCell], first_station: int, station: Whole, at: Reals) -> Truths:
    """Return whether the small cell of each row was on the air then; False where there is none."""
    since = np.array([cell.on_from if cell.use != "idle" else NEVER for cell in cells])
    known = station != NOWHERE
    return np.asarray(known & (at >= since[np.where(known, station - first_station, 0)] + 300.0))
