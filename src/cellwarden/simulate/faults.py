"""What goes wrong with records on their way: faults F1 to F12 of truth.py, applied to finished rows and noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cellwarden.simulate.counter import hashes, stream_key
from cellwarden.simulate.notation import in_other_words
from cellwarden.simulate.packed import CUT, HOUR_MS, Packed
from cellwarden.simulate.randomness import DAY_S, stream
from cellwarden.simulate.writing import instant

if TYPE_CHECKING:
    from cellwarden.simulate.crowd import Crowd
    from cellwarden.simulate.scenario import Scenario

_FAULTS = 90
"""Purpose of their streams: 90 + number of the fault."""
_UTC_MIDNIGHT = 9
"""Local hour at which a new folder begins: nothing is late across it."""
_SKEW_MS, _SLIP_MS = 120_000, 9 * HOUR_MS
_SKEWED_CORE, _SLIPPED_CORE = 1, 2
RENAMED = {"core": "mme_name"}
"""Column of the contract to what it is called after the upgrade of a probe (F8)."""
_NOTATIONS = "hex, zero-padded or enb-cell"


@dataclass(slots=True)
class Breakage:
    """The faults of one scenario; rows are chosen by their own content, never by where they lie."""

    wanted: Scenario
    seed: int
    people: Crowd
    altered: list[dict[str, Any]] = field(default_factory=list)

    def _chosen(self, rows: Packed, code: str, day: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        fault = self.wanted.fault(code)
        if fault is None or not len(rows):
            return np.zeros(len(rows), dtype=np.bool_)
        key = np.uint64(stream_key(np.uint64(self.seed % 2**64), _FAULTS + int(code[1:]), 0, day))
        return np.asarray(hashes(key, rows.at, rows.who) < fault.share)

    def _note(
        self,
        code: str,
        day: int,
        rows: Packed,
        *,
        column: str | None = None,
        before: str | None = None,
        after: str | None = None,
    ) -> None:
        for at, who in zip(rows.at[:20_000], rows.who[:20_000], strict=True):
            self.altered.append(
                {
                    "fault": code,
                    "table": "access",
                    "at": instant(day * DAY_S + int(at) / 1000),
                    "who": int(who),
                    "column": column,
                    "before": before,
                    "after": after,
                }
            )

    def _span(self, code: str, day: int, column: str | None, after: str) -> None:
        self.altered.append(
            {
                "fault": code,
                "table": "access",
                "at": instant(day * DAY_S),
                "who": None,
                "column": column,
                "before": None,
                "after": after,
            }
        )

    def rows(self, day: int, rows: Packed) -> Packed:
        """Return the rows of a batch with wrong clocks, cut identifiers and bursts of loss."""
        core = self.people.core[rows.who]
        if self.wanted.fault("F4") and day == self._day("F4"):
            late = core == _SKEWED_CORE
            rows.at[late] = np.minimum(rows.at[late] + _SKEW_MS, 24 * HOUR_MS - 1)
        if self.wanted.fault("F5") and day == self._day("F5"):
            slipped = (core == _SLIPPED_CORE) & (rows.at < 24 * HOUR_MS - _SLIP_MS)
            rows.at[slipped] += _SLIP_MS
        cut = self._chosen(rows, "F9", day)
        rows.code[cut] |= np.uint32(CUT)
        self._note("F9", day, _some(rows, cut), column="imsi", after="nine digits")
        lost = self.lost(rows, day)
        if lost.any():
            self._note(
                "F2",
                day,
                _some(rows, lost),
                column=None,
                before=None,
                after=None,
            )
            keep = ~lost
            rows = _some(rows, keep)
        return rows

    def lost(self, rows: Packed, day: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return what is lost: whole quarters of a minute of one core (F2), and one hour of one day (F7)."""
        gone = np.zeros(len(rows), dtype=np.bool_)
        if fault := self.wanted.fault("F2"):
            key = np.uint64(stream_key(np.uint64(self.seed % 2**64), _FAULTS + 2, 0, day))
            burst = hashes(key, rows.at // np.uint32(15_000), self.people.core[rows.who].astype(np.uint32)) < fault.share
            gone |= burst
        if self.wanted.fault("F7") and day == self._day("F7"):
            gone |= rows.at // np.uint32(HOUR_MS) == 14
        return gone

    def columns(self, day: int) -> dict[str, str]:
        """Return what the columns of that day's files are called that have another name since an upgrade (F8)."""
        return RENAMED if self.wanted.fault("F8") and day >= self._day("F8") else {}

    def is_text(self, day: int) -> bool:
        """Return whether that day's access rows come from a system that writes CSV, and cell numbers in its own way (F12)."""
        return self.wanted.fault("F12") is not None and day == self._day("F12")

    def _day(self, code: str) -> int:
        """Return the day on which a fault strikes, or begins."""
        return (int(code[1:]) * 5 + self.seed) % max(1, self.people.days - 1)

    def hours(self, day: int, hours: list[Packed]) -> list[Packed]:
        """Return the hours as their files will hold them: with rows twice (F1), late (F3) or out of order (F6)."""
        for code, column, what in (
            ("F4", "at", "core 2 is 120 s fast"),
            ("F5", "at", "core 3 is 9 h ahead"),
            ("F7", None, "hour 14 is lost"),
            ("F8", "core", f"called {RENAMED['core']} from here on"),
            ("F12", "cell", _NOTATIONS),
        ):
            if self.wanted.fault(code) and day == self._day(code):
                self._span(code, day, column, what)
        for hour, rows in enumerate(hours):
            twice = np.flatnonzero(self._chosen(rows, "F1", day))
            extra = _some(rows, twice)
            self._note("F1", day, extra, column=None, before="once", after="twice")
            hours[hour] = Packed.joined([rows, extra])
        chosen = [self._chosen(rows, "F3", day) for rows in hours]
        for hour in reversed(range(23)):
            rows, late = hours[hour], chosen[hour]
            if hour + 1 == _UTC_MIDNIGHT:
                continue
            if late.any():
                part = _some(rows, late)
                self._note("F3", day, part, column=None, before=f"hour {hour}", after=f"hour {hour + 1}")
                keep = ~late
                hours[hour] = _some(rows, keep)
                hours[hour + 1] = Packed.joined([hours[hour + 1], part])
        if self.wanted.fault("F6") and day % 2 == self.seed % 2:
            self._span("F6", day, None, "files are in no order of time")
            hours = [_shuffled(rows, self.seed, day * 24 + hour) for hour, rows in enumerate(hours)]
        return hours

    def tables(self, content: dict[str, pa.Table]) -> dict[str, pa.Table]:
        """Return the other tables with a registry that is wrong in places (F11), old numbers (F10)."""
        rng = stream(self.seed, "registry faults")
        if fault := self.wanted.fault("F11"):
            content["equipment"] = self._wrong_registry(content["equipment"], rng, fault.share)
        if fault := self.wanted.fault("F10"):
            numbers = content["subscribers"].column("msisdn").to_pylist()
            for row in np.flatnonzero(rng.random(len(numbers)) < fault.share):
                self.altered.append(self._other("F10", "subscribers", "msisdn", None, None))
                numbers[row] = numbers[(row + 1) % len(numbers)]
            index = content["subscribers"].schema.get_field_index("msisdn")
            content["subscribers"] = content["subscribers"].set_column(index, "msisdn", pa.array(numbers, pa.string()))
        return content

    def as_spelled(self, name: str, table: pa.Table) -> pa.Table:
        """Return a table as its system writes it: with cell numbers in other notations (F12)."""
        if self.wanted.fault("F12") is None or "cell" not in table.column_names:
            return table
        self.altered.append(self._other("F12", name, "cell", "decimal", _NOTATIONS))
        return in_other_words(table)

    def _other(self, code: str, table: str, column: str, before: str | None, after: str | None) -> dict[str, Any]:
        return {"fault": code, "table": table, "at": None, "who": None, "column": column, "before": before, "after": after}

    def _wrong_registry(self, table: pa.Table, rng: np.random.Generator, share: float) -> pa.Table:
        """A third of the share is missing, a third at a wrong place, a third recorded 1 to 90 days late (simulation.md, F)."""
        draw = rng.random(table.num_rows)
        north = np.where((draw >= share / 3) & (draw < 2 * share / 3), rng.uniform(-0.02, 0.02, table.num_rows), 0.0)
        stale = np.where(
            (draw >= 2 * share / 3) & (draw < share), rng.uniform(1, 90, table.num_rows) * DAY_S * 1e6, 0.0
        ).astype(np.int64)
        lat = pc.add(table.column("lat"), pa.array(north))
        late = pc.add(table.column("recorded_at"), pa.array(stale).cast(pa.duration("us")))
        for name, column in (("lat", lat), ("recorded_at", late)):
            table = table.set_column(table.schema.get_field_index(name), name, column)
        for kind, count in (("missing", draw < share / 3), ("wrong place", north != 0), ("recorded late", stale > 0)):
            self.altered.append(self._other("F11", "equipment", kind, None, str(int(count.sum()))))
        return table.filter(pa.array(draw >= share / 3))


def _some(rows: Packed, chosen: np.ndarray[tuple[int], np.dtype[Any]]) -> Packed:
    return Packed(rows.at[chosen], rows.who[chosen], rows.station[chosen], rows.code[chosen])


def _shuffled(rows: Packed, seed: int, turn: int) -> Packed:
    order = stream(seed, f"order {turn}").permutation(len(rows))
    return _some(rows, order)


def breakage_of(wanted: Scenario, seed: int, people: Crowd) -> Breakage | None:
    """Return the faults of the scenario, if it has any."""
    return Breakage(wanted, seed, people) if wanted.faults else None
