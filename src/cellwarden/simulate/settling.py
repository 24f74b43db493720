"""The small cells of a scenario: as many as its network has, with the stories that its confounders ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cellwarden.simulate.fleet import NUMBERS, Settling, SmallCell, tell
from cellwarden.simulate.population import NEVER
from cellwarden.simulate.randomness import DAY_S, HOUR_S, stream
from cellwarden.simulate.scenario import ALWAYS_OPEN

if TYPE_CHECKING:
    from cellwarden.simulate.crowd import Crowd
    from cellwarden.simulate.map import CityMap
    from cellwarden.simulate.scenario import Confounder, Scenario

_STORIES = {
    "B4": ("inventory_lag",),
    "B5": ("reissued_id", "rehomed_cell"),
    "B6": ("house_move",),
    "B7": ("carried_cell",),
    "B21": ("woken_cell",),
}
_PAPER = {
    "deleted": 0.10,
    "lost": 0.05,
    "scrapped": 0.03,
    "suspended": 0.02,
    "planned": 0.03,
    "recovered": 0.04,
    "dormant": 0.19,
}
"""Ids that live only in the registry, beside those in service; a fifth dormant as in the public fleet figures, else assumption."""
_LEAST = {"deleted": 14, "lost": 6}
"""So that even a small city has dead ids to pick from."""
NETWORKS = "192.0.2.0/24 198.18.0.0/15"


def settle(  # noqa: C901  # a list of who comes, in order
    scenario: Scenario, seed: int, city: CityMap, people: Crowd
) -> list[SmallCell]:
    """Make the small cells and settle their households and staffs among the subscribers."""
    rng = stream(seed, "settling")
    grown = people.count / 20_000
    ordinary = max(24, round(scenario.network.small_cells * people.count / 1000))
    venues = max(2, round(scenario.network.venues * ordinary))
    stories = [
        story
        for code, told in _STORIES.items()
        if (wanted := scenario.confounder(code)) is not None
        for story in told
        for _ in range(max(1, round(wanted.count * max(grown, 0.1))))
    ]
    uses = ["home"] * round(ordinary * 0.70) + ["office"] * round(ordinary * 0.24)
    uses += ["cafe" if one % 3 else "clinic" for one in range(venues)]
    open_at_night = scenario.confounder("B16")
    uses += ["hospital"] if open_at_night is None else _as_many(open_at_night, grown) * list(open_at_night.venues)
    for code, use in {"B17": "phone_shop", "B14": "laboratory"}.items():
        wanted = scenario.confounder(code)
        uses += [use] * (_as_many(wanted, grown) if wanted else 0)
    paper = {status: max(_LEAST.get(status, 2), round(share * ordinary)) for status, share in _PAPER.items()}
    total = len(uses) + len(stories) + sum(paper.values()) + 8
    settling = Settling(
        rng,
        people,
        city.sectors + 1,
        numbers=rng.choice(np.arange(*NUMBERS), total, replace=False),
        serials=rng.choice(np.arange(100_000, 1_000_000), total, replace=False),
        codes=rng.choice(np.arange(10_000, 100_000), total, replace=False),
        free=[int(who) for who in rng.permutation(np.flatnonzero(people.device == 0))],
    )
    reasons = dict.fromkeys(ALWAYS_OPEN, "always_open_venue") | {"phone_shop": "phone_shop", "laboratory": "test_laboratory"}
    for use in uses:
        if use == "home":
            settling.add(use, *settling.household(1 + int(rng.poisson(2.2))))
        else:
            settling.add(
                use,
                *settling.staff(int(rng.integers(3, 10))),
                story=reasons.get(use, "" if use == "office" else "public_venue"),
            )
    for story in stories:
        station, size = settling.station, 2 + int(rng.poisson(1.5))
        cell = settling.add("home", *settling.household(size), story=story)
        tell(cell, rng, city, people, station, since=scenario.history.days)
        if story == "carried_cell":
            _carry(cell, rng, city, people, station)
    if scenario.confounder("B3") is not None:
        settling.add("bus", city.side_m * 0.2, city.side_m * 0.3, story="on_board_cell")
    for status, count in paper.items():
        for _ in range(count):
            _on_paper(settling, rng, people, status)
    for cell in settling.cells:
        if cell.networks == "192.0.2.0/24":
            cell.networks = NETWORKS
    _behind_other_lines(seed, settling.cells, scenario.network.other_lines)
    twin = next(cell for cell in settling.cells if cell.use == "cafe")
    twin.number = int(rng.choice(city.cell_numbers()))
    return settling.cells


def _as_many(wanted: Confounder, grown: float) -> int:
    return max(1, round(wanted.count * max(grown, 0.5)))


def _behind_other_lines(seed: int, cells: list[SmallCell], share: float) -> None:
    """Let a share of the cells in service stand behind other providers' lines, half of them with the registry's knowledge."""
    rng = stream(seed, "providers")
    for cell, draw in zip(cells, rng.random(len(cells)), strict=True):
        if cell.use != "idle" and draw < share:
            cell.provider = "partner" if draw < share / 2 else "other"
            cell.networks = "203.0.113.0/24" if cell.provider == "partner" else None


def _carry(cell: SmallCell, rng: np.random.Generator, city: CityMap, people: Crowd, station: int) -> None:
    """Let the household take its cell along for two to four days, and come back."""
    members = np.flatnonzero(people.home_cell == station)
    leaves = float(rng.integers(2, max(3, people.days // 2)))
    cell.moves_at = leaves * DAY_S + 9.0 * HOUR_S
    away = leaves + float(rng.integers(2, 5))
    cell.next_x = float((cell.x + city.side_m * rng.uniform(0.3, 0.7)) % city.side_m)
    cell.next_y = float((cell.y + city.side_m * rng.uniform(0.3, 0.7)) % city.side_m)
    people.moves_at[members], people.returns_at[members] = leaves * DAY_S, away * DAY_S
    people.next_home_x[members] = cell.next_x + rng.normal(0, 3, len(members))
    people.next_home_y[members] = cell.next_y + rng.normal(0, 3, len(members))
    cell.returns_at = away * DAY_S + 2.0 * HOUR_S


def _on_paper(settling: Settling, rng: np.random.Generator, people: Crowd, status: str) -> None:
    block = int(rng.integers(len(people.block_x)))
    x, y = people.block_x[block] + rng.normal(0, 40), people.block_y[block] + rng.normal(0, 40)
    silent = -float(rng.uniform(101, 700)) * DAY_S
    cell = settling.add("idle", float(x), float(y), installed_at=silent - float(rng.uniform(60, 700)) * DAY_S)
    cell.status, cell.status_at = status, silent


def on_air(
    cells: list[SmallCell],
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Return since when and until when each cell of the fleet serves its people."""
    since = [NEVER if cell.use == "idle" else cell.on_from + 300.0 for cell in cells]
    return np.array(since), np.array([cell.off_from for cell in cells])
