"""The drill: a scenario day by day, as a commander would have lived it.

Each day has a result that knows only what was known by then (`investigate --until`). The commander blocks cells; a block stops what a cell would
have done from then on, nothing before. At the end stands what the delay cost, and a grade.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cellwarden.evaluate.judging import Air, Judged, judged, key_of, named_at
from cellwarden.evaluate.proportions import share
from cellwarden.foundation.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cellwarden.evaluate.found import Found
    from cellwarden.evaluate.judging import Key
    from cellwarden.evaluate.truth import Row, Truth

GRADES = (("A", 0.95), ("B", 0.85), ("C", 0.6), ("D", 0.3), ("E", 0.0))
"""Least share of the preventable people that was prevented; chosen by us: nobody has published such a scale."""


@dataclass(frozen=True, slots=True)
class Block:
    """One decision: this cell is cut off from this instant on."""

    at: datetime
    cell: Key
    """PLMN, technology, kind and number of the cell."""


@dataclass(frozen=True, slots=True)
class Day:
    """What a system knew at an instant."""

    until: datetime
    lines: list[Judged]
    """The whole of `suspects`, each line with who it really was."""
    people: int
    """Exposed, as it counted them."""
    payments: int
    """Linked, with probability of a half or more."""


def days_of_drill(truth: Truth, results: Iterable[Found]) -> list[Day]:
    """Return the days in their order.

    Raises:
        UsageError: There is none, a result does not say until when it knew, or two say the same.
    """
    days = []
    air = Air(truth.rogue)
    for each in results:
        said = each.manifest.get("until")
        if not said:
            raise UsageError(
                "this result knows everything, not one day",
                where=each.name,
                fix="Make it with `cellwarden investigate --until TIME`",
            )
        days.append(
            Day(
                until=datetime.fromisoformat(said),
                lines=judged(each.suspects, air),
                people=len({row["imsi"] for row in each.exposures}),
                payments=sum(row["probability"] >= 0.5 for row in each.payment_links),
            )
        )
    days.sort(key=lambda day: day.until)
    if not days or any(one.until == other.until for one, other in pairwise(days)):
        raise UsageError("a drill needs results of different instants", where="drill", fix="Give one result a day")
    return days


def obedient(days: list[Day]) -> list[Block]:
    """Return the decisions of one who blocks every accused cell on the day it is first accused, and nothing else."""
    first: dict[Key, datetime] = {}
    for day in days:
        for line in named_at(day.lines, "suspect"):
            first.setdefault(line.key, day.until)
    return [Block(at, cell) for cell, at in sorted(first.items(), key=lambda item: (item[1], str(item[0])))]


def omniscient(truth: Truth, days: list[Day]) -> list[Block]:
    """Return the decisions of one who knows every rogue cell that was ever active, on the first day of the drill after it began, and no sooner.

    It is what a commander who decides once a day can reach at best: an id that is used for one night alone cannot be stopped by a block.
    """
    first: dict[Key, datetime] = {}
    for day in days:
        for row in truth.rogue:
            if row["from_at"] <= day.until:
                first.setdefault(key_of(row), day.until)
    return [Block(at, cell) for cell, at in sorted(first.items(), key=lambda item: (item[1], str(item[0])))]


def drill(truth: Truth, days: list[Day], decisions: list[Block] | None = None) -> dict[str, Any]:
    """Play a scenario.

    Args:
        truth: What happened, people under their real identifiers.
        days: What was known when (`days_of_drill`), at least one.
        decisions: Blocks of the commander; None: those of `obedient`.

    Returns:
        `scenario`, `days` (what was known, what was real, the cells first accused that day and when they were blocked, what would be saved
        by blocking at that instant all cells accused so far, and what of it is lost if the same cells are blocked one day later; None on
        the last day), `outcome` of the decisions, and `grade`. Money is in minor units, None where the truth has no amounts.
    """
    made = obedient(days) if decisions is None else decisions
    rows = [_day(truth, days[: place + 1], made) for place in range(len(days))]
    for place, (row, after) in enumerate(pairwise(rows), start=1):
        late = saved(truth, [Block(after["until"], key) for key in _accused(days[:place])])
        row["cost_of_a_day"] = {name: _less(row["saved_if_acted"][name], late[name]) for name in ("people", "money")}
    outcome = saved(truth, made)
    best = saved(truth, omniscient(truth, days))
    rogue = {key_of(row) for row in truth.rogue}
    honest = sorted({block.cell for block in made} - rogue, key=str)
    prevented = share(min(outcome["people"], best["people"]), best["people"])
    return {
        "scenario": truth.scenario,
        "days": rows,
        "decisions": [{"at": block.at, "cell": list(block.cell), "is_rogue": block.cell in rogue} for block in made],
        "outcome": {
            "people_exposed": len({row["imsi"] for row in truth.exposures}),
            "people_saved": outcome["people"],
            "people_preventable": best["people"],
            "money_saved": outcome["money"],
            "money_preventable": best["money"],
            "honest_cells_blocked": len(honest),
            "prevented_share": prevented,
        },
        "grade": grade(prevented, len(honest)),
    }


def grade(prevented: float | None, honest_blocked: int) -> str:
    """Return `A` to `E`: by what was prevented, and one lower for every honest cell that was cut off.

    Where nothing could be prevented, the grade is for leaving honest people alone.

    >>> grade(0.99, 0), grade(0.99, 1), grade(0.1, 0), grade(None, 0)
    ('A', 'B', 'E', 'A')
    """
    reached = 0 if prevented is None else next(place for place, (_, least) in enumerate(GRADES) if prevented >= least)
    return GRADES[min(reached + honest_blocked, len(GRADES) - 1)][0]


def saved(truth: Truth, blocks: list[Block]) -> dict[str, Any]:
    """Return how many people would never have been exposed, and what money would not have been taken, with these blocks.

    Somebody is saved if every exposure of theirs would have begun after the block of its cell; a theft, if every exposure of its victim to its
    unit that came before it would have been prevented (one without such an exposure is not).
    """
    since: dict[Key, datetime] = {}
    for block in blocks:
        since[block.cell] = min(block.at, since.get(block.cell, block.at))
    stays = [row for row in truth.exposures if not _prevented(row, since)]
    still = {row["imsi"] for row in stays}
    if any(row[name] is None for row in truth.thefts for name in ("at", "amount", "status")):
        return {"people": len({row["imsi"] for row in truth.exposures} - still), "money": None}
    open_doors = {(row["imsi"], row["unit"]): row["from_at"] for row in sorted(stays, key=_began, reverse=True)}
    doors = {(row["imsi"], row["unit"]): row["from_at"] for row in sorted(truth.exposures, key=_began, reverse=True)}
    money = 0
    for row in truth.thefts:
        door, still_open = doors.get((row["imsi"], row["unit"])), open_doors.get((row["imsi"], row["unit"]))
        is_saved = door is not None and door <= row["at"] and (still_open is None or still_open > row["at"])
        money += row["amount"] if is_saved and row["status"] == "approved" else 0
    return {"people": len({row["imsi"] for row in truth.exposures} - still), "money": money}


def _less(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one - other


def _began(row: Row) -> datetime:
    began: datetime = row["from_at"]
    return began


def _prevented(row: Row, since: dict[Key, datetime]) -> bool:
    blocked = since.get(key_of(row))
    return blocked is not None and blocked <= row["from_at"]


def _accused(days: list[Day]) -> set[Key]:
    return {line.key for day in days for line in named_at(day.lines, "suspect")}


def _day(truth: Truth, so_far: list[Day], decisions: list[Block]) -> Row:
    """Return what one day knew, what was real by then, and what a block of all that was accused so far would save."""
    today = so_far[-1]
    named = named_at(today.lines, "suspect")
    active = [row for row in truth.rogue if row["from_at"] <= today.until]
    accused, before = _accused(so_far), _accused(so_far[:-1])
    strongest = {line.key: line for line in sorted(named, key=lambda line: float(line.row["score"])) if line.key not in before}
    rogue = {key_of(row) for row in truth.rogue}
    return {
        "until": today.until,
        "accused": [
            {
                "cell": list(key),
                "grade": line.row["grade"],
                "score": line.row["score"],
                "detectors": list(line.row["detectors"] or ()),
                "is_rogue": key in rogue,
                "blocked_at": min((block.at for block in decisions if block.cell == key), default=None),
            }
            for key, line in sorted(strongest.items(), key=lambda item: (-item[1].row["score"], str(item[0])))
        ],
        "known": {
            "units": sorted({line.unit for line in named if line.unit}),
            "cells": len({line.key for line in named if line.unit}),
            "honest_cells": len({line.key for line in named if not line.unit}),
            "people": today.people,
            "payments": today.payments,
        },
        "real": {
            "units": sorted({str(row["unit"]) for row in active}),
            "cells": len({key_of(row) for row in active}),
            "people": len({row["imsi"] for row in truth.exposures if row["from_at"] <= today.until}),
            "payments": sum(row["at"] is not None and row["at"] <= today.until for row in truth.thefts),
        },
        "saved_if_acted": saved(truth, [Block(today.until, key) for key in accused]),
        "cost_of_a_day": {"people": None, "money": None},
    }
