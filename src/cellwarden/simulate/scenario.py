"""Scenarios: what is planted, what is innocent and what is broken, as small TOML files beside the code."""

from __future__ import annotations

import inspect
import tomllib
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from cellwarden.foundation.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.simulate.randomness import Truths

_Part = TypeVar("_Part", bound="Attack | Confounder | Fault | History | Network")


@dataclass(frozen=True, slots=True)
class Size:
    """How big the city is and how much of its signalling the records keep."""

    subscribers: int
    days: int
    density: float
    """Share of the bursts of requests that the records keep."""
    ways: float
    """Share of the ways whose updates and handovers the records keep."""


SIZES = {
    "xs": Size(2_000, 12, 0.09, 0.28),
    "s": Size(20_000, 14, 0.155, 0.32),
    "m": Size(120_000, 14, 0.33, 0.6),
    "l": Size(1_250_000, 10, 0.52, 0.76),
}
"""About 300,000, 6, 80 and 1,000 million access rows (issue 4); a smaller size is a thinner sample of the same people."""
ID_REASONS = ("deleted_id", "lost_id", "never_issued_id", "cloned_id", "inserted_id", "macro_id")
SCHEDULES = {
    "dawn": (1.0, 6.0),
    "small_hours": (2.0, 6.0),
    "day": (11.0, 17.0),
    "evening": (19.4, 23.2),
    "parked": (0.0, 23.7),
    "restart": (13.5, 16.5),
}
"""Local hours; `restart`: while a core restarts (simulation.md, A20)."""

ALWAYS_OPEN = ("hospital", "bath_house", "pc_bang", "taxi_depot")
"""Places that have people in the dead of night (simulation.md 6, B16)."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One rogue unit; defaults are those of the public case where it is known, see simulation.md 1 and 7."""

    unit: str = "unit-1"
    codes: tuple[str, ...] = ("A1",)
    ids: tuple[str, ...] = ("deleted_id",)
    """Reason of each id, one of ID_REASONS; a reason may be written `40 x never_issued_id`."""
    nights: int = 4
    from_share: float = 0.34
    """Of the window that passes before the first night."""
    schedule: str = "dawn"
    stops: tuple[int, int] = (6, 10)
    stay_min: tuple[float, float] = (20.0, 40.0)
    """Minutes a stop."""
    rotation: str = "nightly"
    """`nightly`: the ids share the nights in turn; `all`: every night uses all; `alternate`: stop by stop."""
    together: int = 2
    """Ids a night of `nightly`."""
    spread: bool = False
    """Stops all over the city, not around one block."""
    reach_m: float = 150.0
    capture: float = 0.68
    """Share caught right beside the unit (0.3 to 0.7 in simulation.md)."""
    imsi_share: float = 0.28
    """Of captures; of people with `by_person`."""
    by_person: bool = False
    """Who shows the IMSI once shows it whenever caught."""
    fraud_nights: int = 3
    """Of the last nights; 0: nobody is robbed."""
    delay_days: tuple[float, float] = (0.0, 0.0)
    one_a_stop: bool = False
    beside_owner: bool = False
    """A clone that stands at the genuine cell's door while that is off (A15)."""
    own_line: bool = False
    """Joins from the operator's own addresses."""
    jams: bool = False
    """The neighbourhood is thrown off its cells at each stop (A17)."""
    lives_days: int = 0
    """In a city with a history: from its first night, in the first stretch, to its last; 0: it comes with the window."""
    poisons: int = 0
    """Complaints and attaches planted on an honest hospital, in tens (A18)."""
    xs: dict[str, Any] = field(default_factory=dict)
    """What is different at size `xs`, where a unit meets half of the city, and each of them twice."""


@dataclass(frozen=True, slots=True)
class Confounder:
    """An innocent thing of simulation.md 6."""

    code: str
    count: float = 1
    """How many at size `s`; grows with the city."""
    in_calendar: bool = True
    venues: tuple[str, ...] = ("hospital",)
    """Of B16: which of ALWAYS_OPEN there are, `count` of each."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the data, F1 to F12 as in truth.py."""

    code: str
    share: float = 0.005


@dataclass(frozen=True, slots=True)
class Network:
    """How the operator's network behaves."""

    imsi_share: float = 0.016
    """Of ordinary attaches; those after a rejected update come on top (0.01 to 0.05 together, simulation.md 2.2)."""
    t3412_min: float = 54.0
    """Minutes (TS 24.008, 10.5.7.3: the default)."""
    power_cycles: float = 0.12
    """A line and day (assumption, 0.05 to 0.2)."""
    small_cells: float = 10.7
    """A thousand lines (simulation.md 1: an operator like KT)."""
    venues: float = 0.06
    """Share of small cells in public places."""
    disputes: float = 1e-4
    """Share of honest payments that are disputed (0.5 to 2 in 10,000, simulation.md 5.1)."""
    contacts: float = 4e-4
    """Complaints a line and day that are about no payment: coverage, bills, accounts (assumption)."""
    other_lines: float = 0.05
    """Share of small cells behind another provider's line: a customer plugs in where there is a socket (assumption)."""
    holes: float = 0.03
    """Share of registry rows without the order that changed them, and as many without a place (assumption)."""
    without: tuple[str, ...] = ()
    """Tables that the operator does not keep."""
    publicity_day: float = -1.0
    """Share of the window after which the news speak of it and complaints rise; negative: never."""


@dataclass(frozen=True, slots=True)
class History:
    """What the operator still has of the time before the window: all registers and logs, but access and usage of a few stretches alone.

    What happens once to an honest small cell, and the restart of a core, falls in the window; other works of a day know no history.
    """

    days: int = 0
    """Local days before the window; 0: no history."""
    stretches: int = 4
    """Evenly spaced; the first one begins with the history."""
    each: int = 2
    """Days of a stretch."""

    def starts(self) -> list[int]:
        """Return the first day of each stretch."""
        return [turn * self.days // self.stretches for turn in range(self.stretches)] if self.days else []

    def kept(self, days: int) -> Truths:
        """Return for each local day of history and window whether access and usage have it."""
        kept = np.arange(days) >= self.days
        for start in self.starts():
            kept[start : start + self.each] = True
        return kept


@dataclass(frozen=True, slots=True)
class Scenario:
    """All of it."""

    name: str
    title: str
    expects: str
    size: Size = field(default_factory=lambda: SIZES["xs"])
    network: Network = field(default_factory=Network)
    history: History = field(default_factory=History)
    attacks: tuple[Attack, ...] = ()
    confounders: tuple[Confounder, ...] = ()
    faults: tuple[Fault, ...] = ()

    def confounder(self, code: str) -> Confounder | None:
        """Return the confounder of that code, if it is part of this."""
        return next((one for one in self.confounders if one.code == code), None)

    def fault(self, code: str) -> Fault | None:
        """Return the fault of that code, if it is part of this."""
        return next((one for one in self.faults if one.code == code), None)

    def scaled(self, size: str) -> Scenario:
        """Return it at another size."""
        if size not in SIZES:
            raise UsageError(f"size {size!r} is not known", fix=f"Sizes are {', '.join(SIZES)}")
        attacks = tuple(replace(one, **one.xs) for one in self.attacks) if size == "xs" else self.attacks
        return replace(self, size=SIZES[size], attacks=attacks)


def scenario_names() -> list[str]:
    """Return the scenarios there are, such as `S02`."""
    folder = resources.files("cellwarden.simulate") / "scenarios"
    return sorted(file.name.split("-")[0] for file in folder.iterdir() if file.name.endswith(".toml"))


def load_scenario(name: str, size: str, *, history: bool = False) -> Scenario:
    """Read a scenario by its number, such as `S02`; with the time before its window, or without.

    Raises:
        UsageError: There is no such scenario, size or history, or its file has a key that means nothing.
    """
    folder = resources.files("cellwarden.simulate") / "scenarios"
    for file in folder.iterdir():
        if file.name.endswith(".toml") and file.name.split("-")[0] == name.upper().split("-")[0]:
            found = read_scenario(name.upper().split("-")[0], file.read_text(encoding="utf-8")).scaled(size)
            if history and not found.history.days:
                raise UsageError(f"{found.name} has no time before its window", where="history", fix="S02 has one")
            return found if history else replace(found, history=History())
    raise UsageError(f"there is no scenario {name!r}", fix=f"Scenarios are {', '.join(scenario_names())}")


def read_scenario(name: str, text: str) -> Scenario:
    """Read a scenario from TOML."""
    content = tomllib.loads(text)
    attacks = tuple(_part(Attack, one, name) for one in content.pop("attack", []))
    confounders = tuple(_part(Confounder, one, name) for one in content.pop("confounder", []))
    if unknown := {venue for one in confounders for venue in one.venues} - set(ALWAYS_OPEN):
        raise UsageError(f"{min(unknown)!r} is no venue", where=name, fix=f"Venues are {', '.join(ALWAYS_OPEN)}")
    return Scenario(
        name=name,
        title=content.pop("title"),
        expects=content.pop("expects"),
        network=_part(Network, content.pop("network", {}), name),
        history=_part(History, content.pop("history", {}), name),
        attacks=tuple(replace(one, ids=_written_out(one.ids)) for one in attacks),
        confounders=confounders,
        faults=tuple(_part(Fault, one, name) for one in content.pop("fault", [])),
    )


def _part(kind: Callable[..., _Part], content: dict[str, Any], name: str) -> _Part:
    known = set(inspect.signature(kind).parameters)
    if unknown := sorted(set(content) - known):
        raise UsageError(f"{', '.join(unknown)} means nothing there", where=name, fix=f"Known: {sorted(known)}")
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in content.items()})


def _written_out(ids: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for one in ids:
        count, _, reason = one.rpartition(" x ")
        if reason not in ID_REASONS:
            raise UsageError(f"{reason!r} is no reason of an id", fix=f"Reasons are {', '.join(ID_REASONS)}")
        found += [reason] * int(count or 1)
    return tuple(found)
