"""The inside question: who wrote which registry row, and which rows look written for somebody.

A row of the registry is what lets a cell join. Whoever may write one may let a rogue in, and leaves no trace in any other record: the row
itself is asked. Alone, each mark is daily life: clerks forget orders, lists are late, nights have shifts. What is named is a row that
carries several marks which in this registry do not go together, and a hand whose rows carry a mark more often than those of its peers,
kind by kind and year by year. Many rows of one hand within an hour are an import: what most of them share is held against none.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from scipy.stats import false_discovery_control, hypergeom, poisson

from cellwarden.detect.detector import Threshold
from cellwarden.engines.port import Script
from cellwarden.foundation.clock import aware

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

    from cellwarden.detect.detector import Row
    from cellwarden.engines.port import Engine

AUDIT = Script.beside(__file__, "registry_audit.sql")
ROWS = Script.beside(__file__, "registry_audit_rows.sql")
IMPORTS = Script.beside(__file__, "registry_audit_imports.sql")
NEEDS = ("equipment",)
HELPS = ("equipment.recorded_by", "equipment.work_order", "equipment.access_line", "equipment.lat", "access", "links")
"""Without the first nobody can be compared, without the others the marks that read them are missing."""

MARKS = ("no_order", "backdated", "never_seen", "revived", "off_hours", "nowhere")
"""No work order; in service days before it was written down; and in all those days in no record; active again after its deletion, scrapping
or loss; written at an hour at which hardly anybody writes; a femtocell with neither line nor place."""
_READS = {"no_order": "equipment.work_order", "nowhere": "equipment.access_line", "never_seen": "access"}
"""A mark whose source is not kept at all says nothing of any row."""

THRESHOLDS = {
    "backdated_days": Threshold(3, "days", "a row is usually written within a weekend of what it tells"),
    "covered_days": Threshold(2, "days", "fewer whole days of records cannot show that a cell was not there"),
    "import_rows": Threshold(20, "rows an hour", "one in three minutes for an hour is more than a clerk types"),
    "min_rows": Threshold(50, "rows", "a registry of fewer has no hours, and no habits"),
    "rare_share": Threshold(0.01, "share of rows", "fewer rows than that within an hour of it make an hour unusual"),
    "common_share": Threshold(0.1, "share of rows of a kind", "a mark that so many carry is how this registry is kept"),
    "marks": Threshold(3, "marks", "two of these meet by themselves in every registry"),
    "chance": Threshold(0.01, "probability", "that so many such rows come about where marks fall independently"),
    "false_discoveries": Threshold(0.01, "share", "of hands said to differ from their peers"),
}
_REACH = 12.0
"""Standard deviations to which a spread of counts is worked out: beyond, no number that is kept would change."""
_FIRST, _LAST = datetime(1970, 1, 1), datetime(2999, 1, 1)  # noqa: DTZ001 (naive UTC, as the lake keeps times)
_CLOCK = pa.schema([("from_at", pa.timestamp("us")), ("until_at", pa.timestamp("us")), ("ahead_s", pa.int64())])


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryRow:
    """One registry row that carries a mark."""

    row: Row
    """Its columns, times naive UTC."""
    marks: tuple[str, ...]
    found: int
    """Rows of its kind that carry all the marks of this one that are uncommon."""
    expected: float
    """How many there would be if marks fell independently."""
    p: float
    """Probability of so many or more."""
    is_named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How often the rows of one hand carry a mark, against those of the others."""

    mark: str
    rows: int
    peers: int
    """Rows of the others, that carry it."""
    expected: float
    """Rows of this hand that would carry it, if it wrote as the others do the same kinds in the same years."""
    q: float
    """Of the exact test over all kinds and years, false discoveries controlled over all hands and marks."""
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Whoever recorded rows, by the name that the registry has."""

    name: str
    """Empty: the registry does not say."""
    rows: int
    named: int
    """Of its rows, those that are named."""
    rates: list[Rate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What the registry says of those who wrote it."""

    rows: list[RegistryRow] = field(default_factory=list)
    hands: list[Hand] = field(default_factory=list)
    imports: list[Row] = field(default_factory=list)
    """Of each import `recorded_by`, `import_at`, `row_count`, `excused`: marks that are of the import."""
    common: dict[str, list[str]] = field(default_factory=dict)
    """By kind the marks that so many rows carry that they say nothing of one."""
    few: list[str] = field(default_factory=list)
    """Kinds of too few rows to have habits: none of their rows is named."""
    lacking: list[str] = field(default_factory=list)
    """Sources that were not there: the marks that read them are silent."""

    @property
    def named(self) -> list[RegistryRow]:
        """The rows that look written for somebody."""
        return [each for each in self.rows if each.is_named]


def audit(engine: Engine, *, zone: ZoneInfo, lacking: list[str]) -> Audit:
    """Ask the registry who wrote what.

    Args:
        engine: Where `base.sql` has run.
        zone: The operator's; hours of the day are its.
        lacking: Those of NEEDS and HELPS that the records do not have.
    """
    if "equipment" in lacking:
        return Audit(lacking=lacking)
    engine.put("local_clock", pa.Table.from_pylist(list(_local_clock(zone)), _CLOCK))
    names = ("backdated_days", "covered_days", "import_rows", "min_rows", "rare_share")
    values = {name: THRESHOLDS[name].value for name in names}
    strata = engine.run(
        AUDIT, **{name: int(value) if value == int(value) else value for name, value in values.items()}
    ).to_pylist()
    silent = {mark for mark, source in _READS.items() if source in lacking}
    common, few = _kept(strata, silent)
    rows = _judged(engine.run(ROWS).to_pylist(), strata, common, silent)
    imports = [
        {
            **{name: each[name] for name in ("recorded_by", "import_at", "row_count")},
            "excused": [mark for mark in MARKS if each[mark]],
        }
        for each in engine.run(IMPORTS).to_pylist()
    ]
    hands = [] if "equipment.recorded_by" in lacking else _hands(strata, rows, silent)
    kept = {kind: marks for kind, marks in common.items() if marks and kind not in few}
    return Audit(rows=rows, hands=hands, imports=imports, common=kept, few=few, lacking=lacking)


def _local_clock(zone: ZoneInfo) -> Iterator[Row]:
    """Yield the spells of one offset from UTC; before 1990 and after 2060 the nearest holds."""
    day, last = datetime(1990, 1, 1), datetime(2060, 1, 1)  # noqa: DTZ001 (naive UTC)
    since, ahead = _FIRST, _ahead(day, zone)
    while day < last:
        day += timedelta(days=1)
        if (now := _ahead(day, zone)) != ahead:
            hour = day - timedelta(days=1)
            while _ahead(hour, zone) == ahead:
                hour += timedelta(hours=1)
            yield {"from_at": since, "until_at": hour, "ahead_s": ahead}
            since, ahead = hour, now
    yield {"from_at": since, "until_at": _LAST, "ahead_s": ahead}


def _ahead(at: datetime, zone: ZoneInfo) -> int:
    offset = aware(at).astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _kept(strata: list[Row], silent: set[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Return by kind the marks that are how the registry is kept, and the kinds of too few rows to have habits."""
    common, few = {}, []
    for kind, total in _sums(strata, "kind").items():
        most = THRESHOLDS["common_share"].value * total["row_count"]
        is_small = total["row_count"] < THRESHOLDS["min_rows"].value
        common[kind] = [mark for mark in MARKS if mark not in silent and (is_small or total[mark] >= most)]
        few += [kind] if is_small else []
    return common, few


def _sums(strata: Iterable[Row], *by: str) -> dict[Any, Counter[str]]:
    """Return the counts of all strata that agree in some columns, in the order of those columns."""
    sums: dict[Any, Counter[str]] = {}
    for row in strata:
        key = row[by[0]] if len(by) == 1 else tuple(row[name] for name in by)
        sums.setdefault(key, Counter()).update({name: row[name] for name in ("row_count", *MARKS)})
    return dict(sorted(sums.items()))


def _judged(rows: list[Row], strata: list[Row], common: dict[str, list[str]], silent: set[str]) -> list[RegistryRow]:
    """Ask of each row how many would carry all of its uncommon marks by chance."""
    totals = _sums(strata, "kind")
    odd = [frozenset(m for m in MARKS if row[m] and m not in silent and m not in common[row["kind"]]) for row in rows]
    alike = Counter((row["kind"], marks) for row, marks in zip(rows, odd, strict=True))
    chances = {
        (kind, marks): _by_chance(
            totals[kind], marks, sum(count for (other, theirs), count in alike.items() if other == kind and marks <= theirs)
        )
        for kind, marks in alike
    }
    judged = []
    for row, marks in zip(rows, odd, strict=True):
        found, expected, p = chances[row["kind"], marks]
        is_rare = len(marks) >= THRESHOLDS["marks"].value and p < THRESHOLDS["chance"].value
        judged.append(
            RegistryRow(
                row={name: value for name, value in row.items() if name not in MARKS},
                marks=tuple(mark for mark in MARKS if row[mark] and mark not in silent),
                found=found,
                expected=expected,
                p=p,
                is_named=is_rare and row["status"] == "active",
            )
        )
    return judged


def _by_chance(total: Counter[str], marks: frozenset[str], found: int) -> tuple[int, float, float]:
    """Return how many rows carry all these marks, how many would if each fell by itself, and the probability of as many.

    The shares are those of the other rows. `never_seen` is said of backdated rows alone, so that its share holds theirs already.
    """
    if not marks:
        return found, float(found), 1.0
    others = total["row_count"] - found
    factors = sorted(marks - ({"backdated"} if "never_seen" in marks else set()))
    expected = total["row_count"] * float(np.prod([(total[mark] - found + 0.5) / (others + 1) for mark in factors]))
    return found, expected, float(poisson.sf(found - 1, expected))


def _hands(strata: list[Row], rows: list[RegistryRow], silent: set[str]) -> list[Hand]:
    """Compare each hand with its peers, most named rows first."""
    everybody, places = _sums(strata, "recorded_by"), _sums(strata, "kind", "year")
    of_hand: dict[str, list[Row]] = {}
    for row in strata:
        of_hand.setdefault(row["recorded_by"], []).append(row)
    asked = [(name, mark) for name in everybody if name and len(everybody) > 1 for mark in MARKS if mark not in silent]
    tests = [_against_peers(of_hand[name], places, mark) for name, mark in asked]
    q = false_discovery_control([p for _, p in tests]) if tests else []
    rates: dict[str, list[Rate]] = {}
    for (name, mark), (expected, _), each in zip(asked, tests, q, strict=True):
        rates.setdefault(name, []).append(
            Rate(
                mark=mark,
                rows=everybody[name][mark],
                peers=sum(hand[mark] for hand in everybody.values()) - everybody[name][mark],
                expected=expected,
                q=float(each),
                differs=bool(each < THRESHOLDS["false_discoveries"].value),
            )
        )
    named = Counter(each.row["recorded_by"] for each in rows if each.is_named)
    hands = [
        Hand(name=name, rows=total["row_count"], named=named[name], rates=rates.get(name, []))
        for name, total in everybody.items()
    ]
    return sorted(hands, key=lambda each: (-each.named, -each.rows, each.name))


def _against_peers(ours: list[Row], places: dict[Any, Counter[str]], mark: str) -> tuple[float, float]:
    """Return how many marked rows a hand would have by its peers' habits, and the exact probability of as many as it has.

    One-sided and conditional on the margins of every kind and year: a sum of independent hypergeometric counts. With one of them it is
    Fisher's exact test. Where a hand is alone there is nobody to compare with, and what it has is what is expected.

    References: Birch, "The detection of partial association, I: the 2 x 2 case" (1964).
    """
    spread, begins, expected, own = np.ones(1), 0, 0.0, 0
    for row in ours:
        total = places[row["kind"], row["year"]]
        rows, marked, drawn = counts = (total["row_count"], total[mark], row["row_count"])
        own += row[mark]
        if drawn == rows:
            begins += row[mark]
            expected += row[mark]
            continue
        mean = marked * drawn / rows
        width = 1 + _REACH * math.sqrt(mean * (1 - marked / rows) * (rows - drawn) / (rows - 1))
        first, last = max(0, int(mean - width)), min(marked, drawn, int(mean + width) + 1)
        spread = np.convolve(spread, hypergeom.pmf(np.arange(first, last + 1), *counts))
        begins += first
        expected += mean
    return float(expected), float(min(1.0, spread[max(0, own - begins) :].sum()))
