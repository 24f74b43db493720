"""Which cell the victims have in common, each victim's blame shared among the cells it visited.

Counting victims a cell names the macro cells along the road: everybody passes them. Sharing does not: a cell takes blame
in proportion to its rate of victims among its visitors, a victim gives one unit in all, and the two are solved together
(the idea of BreachRadar, arXiv 2009.11751, here as expectation maximisation of a Poisson mixture).
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellwarden.detect.detector import CellKey, Detector, Finding, Row, Surroundings, Threshold
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_ROUNDS = 60
_Place = tuple[CellKey, str]


@dataclass(slots=True)
class _Cell:
    row: Row
    visitors: int
    victims: list[int]
    known_at: list[datetime]


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Weigh each cell by how much likelier its blame is with a theft rate of its own than by chance."""
    cells: dict[_Place, _Cell] = {}
    for row in rows:
        cell = cells.setdefault((CellKey.of(row), row["hand"]), _Cell(row, row["subscribers"], [], []))
        cell.victims.append(row["imsi"])
        cell.known_at.append(row["known_at"])
        cell.row["from_at"] = min(cell.row["from_at"], row["from_at"])
        cell.row["to_at"] = max(cell.row["to_at"], row["to_at"])
    blame = shared_blame(
        {place: (cell.victims, cell.visitors) for place, cell in cells.items()}, chance=detector.threshold("chance_rate")
    )
    for place, cell in cells.items():
        victims = blame[place]
        if victims < detector.threshold("min_blame"):
            continue
        expected = cell.visitors * detector.threshold("chance_rate")
        # Poisson likelihood ratio, less the price of having looked at so many cells.
        weight = victims * math.log(victims / expected) - (victims - expected) - math.log(len(cells))
        if weight > 0:
            enough = sorted(cell.known_at)[min(len(cell.known_at), math.ceil(victims)) - 1]
            yield detector.finding(
                cell.row,
                weight=min(detector.threshold("max_weight"), weight),
                hand=place[1],
                known_at=max(enough, cell.row["from_at"]),
                cell=place[0].cell,
                blame=victims,
                victims=len(set(cell.victims)),
                visitors=cell.visitors,
            )


def shared_blame(cells: dict[_Place, tuple[list[int], int]], *, chance: float) -> dict[_Place, float]:
    """Share each victim's blame among the cells it visited and chance.

    Args:
        cells: By cell: the victims that visited it, and how many visitors it had.
        chance: Victims a visitor that come about without any cell.

    Returns:
        Victims that a cell accounts for; all cells and chance together give the number of victims.
    """
    # In the order of the cells: sums of fractions differ with the order of a set, and that with each process.
    visited: dict[int, dict[_Place, None]] = defaultdict(dict)
    for place, (victims, _) in cells.items():
        for victim in victims:
            visited[victim][place] = None
    rate = dict.fromkeys(cells, chance)
    blame = dict.fromkeys(cells, 0.0)
    for _ in range(_ROUNDS):
        blame = dict.fromkeys(cells, 0.0)
        for places in visited.values():
            total = chance + sum(rate[place] for place in places)
            for place in places:
                blame[place] += rate[place] / total
        rate = {place: blame[place] / max(visitors, 1) for place, (_, visitors) in cells.items()}
    return blame


DETECTOR = Detector(
    name="common_cell_of_victims",
    version=2,
    looks_for="a cell that accounts for many disputed payments among few visitors, each victim's blame shared among all cells it was on",
    innocent_causes=(
        "a neighbouring cell of the guilty one",
        "a district of many complaints after a news day",
        "bulk false complaints",
    ),
    references=("BreachRadar, arXiv 2009.11751",),
    thresholds={
        "chance_rate": Threshold(
            0.0005, "disputed payments a visitor", "of an ordinary month; the public market figure is a tenth of it"
        ),
        "min_blame": Threshold(2.0, "victims", "one victim implicates every cell of its day"),
        "max_weight": Threshold(5.0, "nats", "complaints can be bought: this alone must not accuse"),
    },
    needs=("access", "payments"),
    helps=("payments.disputed_at", "complaints.payment_id"),
    evidence={
        "en": "cell {cell} accounts for {blame:.1f} of the disputed payments' victims ({victims} were on it) among {visitors} visitors",
        "ko": "셀 {cell}: 분쟁 결제 피해자 중 {blame:.1f}명분을 설명 (접속 피해자 {victims}명, 방문자 {visitors}명)",
    },
    script=Script.beside(__file__, "common_cell_of_victims.sql"),
    judge=judge,
)
