"""The access rows of a scenario, one local day after the other: made in batches, put in order, broken where asked, written."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from cellwarden.simulate.access_files import Shape, write_hours
from cellwarden.simulate.compiled import compiled
from cellwarden.simulate.counter import stream_key, word
from cellwarden.simulate.kernel import ROOM, day_rows
from cellwarden.simulate.memory import give_back, hold_apart
from cellwarden.simulate.packed import NAMELESS, NO_CAUSE, NULL_RESULT, Day, Packed
from cellwarden.simulate.randomness import DAY_S
from cellwarden.simulate.row_codes import Out, dress
from cellwarden.simulate.rows import NULL, OPEN, SENT, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from cellwarden.simulate.access_files import Book
    from cellwarden.simulate.beside import Level
    from cellwarden.simulate.comings import Comings
    from cellwarden.simulate.crowd import Crowd
    from cellwarden.simulate.faults import Breakage
    from cellwarden.simulate.places import Places
    from cellwarden.simulate.randomness import Truths, Whole

_Item = TypeVar("_Item")
_Made = TypeVar("_Made")
BATCH = 8_000
"""Subscribers that are simulated at once; the bytes do not depend on it."""
_ROWS = 1_000_000
"""Room of one batch; a batch that needs more is done in several turns."""
_FINISH = 77
"""Purpose of the stream from which rows of happenings are dressed."""


@dataclass(slots=True)
class DayStream:
    """What is needed to make any day."""

    people: Crowd
    kept: Truths
    """Whether a day is written."""
    level: Level
    comings: Comings
    extra: list[Packed]
    """Rows that the kernel does not make, by day."""
    book: Book
    places: Places
    first_rogue: int
    """Stations from here to `last_rogue` - 1 are rogue."""
    last_rogue: int
    successions: list[tuple[float, float, Whole]]
    """From, to, and each station's successor (or itself) in that time; seconds since the first local midnight."""
    breakage: Breakage | None = None
    threads: int = 2
    batch: int = BATCH
    rogue: list[tuple[int, Packed]] = field(default_factory=list)
    """Rows of rogue stations as written, by day."""
    rows: int = 0
    paths: list[Path] = field(default_factory=list)

    def write(self, folder: Path, tell: Callable[[float], None]) -> None:
        """Write all days that are kept."""
        hold_apart()
        for day in np.flatnonzero(self.kept).tolist():
            tell(day / self.people.days)
            give_back()
            hours = self.day(day).in_time_order()
            if self.breakage is not None:
                hours = iter(self.breakage.hours(day, list(hours)))
            shape = Shape(self.breakage.columns(day), is_text=self.breakage.is_text(day)) if self.breakage else Shape()
            self.paths += write_hours(folder, day, self._counted(day, hours), self.book, self.places, shape=shape)

    def _counted(self, day: int, hours: Iterator[Packed]) -> Iterator[Packed]:
        """Pass the hours on, and keep their number and what is rogue in them."""
        for rows in hours:
            self.rows += len(rows)
            rogue = self._rogue(rows)
            if len(rogue):
                self.rogue.append((day, rogue))
            yield rows
            del rows

    def _rogue(self, rows: Packed) -> Packed:
        if self.first_rogue == self.last_rogue:
            return rows.cut(0, 0)
        mine = np.flatnonzero((rows.station >= self.first_rogue) & (rows.station < self.last_rogue))
        return Packed(rows.at[mine], rows.who[mine], rows.station[mine], rows.code[mine])

    def day(self, day: int) -> Day:
        """Return the rows of a local day."""
        spells = self.comings.of_day(day, self.people.count)
        ground, habits = self.people.ground, self.people.habits
        bounds = [*range(0, self.people.count, self.batch), self.people.count]

        def batch(span: tuple[int, int]) -> list[list[Packed]]:
            first, last = span
            parts = []
            while first < last:
                rows = Packed.room(min(_ROWS, (last - first) * ROOM + ROOM))
                count, first = day_rows(
                    ground, habits, self.level, spells, day, first, last, Out(rows.at, rows.who, rows.station, rows.code)
                )
                parts.append(self._late(day, rows.cut(0, count)).by_hour())
            return parts

        whole = Day(parts=len(bounds))
        with ThreadPoolExecutor(self.threads) as pool:
            for parts in chain(
                _in_turn(pool, batch, pairwise(bounds), self.threads), [[self._late(day, self.extra[day]).by_hour()]]
            ):
                for part in parts:
                    whole.add(part if self.breakage is None else self.breakage.rows(day, Packed.joined(part)).by_hour())
        return whole

    def _late(self, day: int, rows: Packed) -> Packed:
        for first, last, successor in self.successions:
            if first < (day + 1) * DAY_S and last > day * DAY_S:
                within = (rows.at >= (first - day * DAY_S) * 1000.0) & (rows.at < (last - day * DAY_S) * 1000.0)
                rows.station[within] = successor[rows.station[within]]
        return rows


def _in_turn(pool: Executor, work: Callable[[_Item], _Made], items: Iterable[_Item], threads: int) -> Iterator[_Made]:
    """Yield what is made of each item, in order; no more is made ahead than there are threads, since it would fill the memory."""
    ahead: deque[Future[_Made]] = deque()
    for item in items:
        ahead.append(pool.submit(work, item))
        if len(ahead) > threads:
            yield ahead.popleft().result()
    while ahead:
        yield ahead.popleft().result()


@compiled
def _dress_all(  # noqa: PLR0917  # numba wants plain arguments
    key: np.uint64, procedure: Whole, identity: Whole, result: Whole, cause: Whole, clear: Whole, ims: Whole, code: Whole
) -> None:
    for row in range(len(procedure)):
        code[row] = dress(word(key, row), procedure[row], identity[row], result[row], cause[row], clear[row], ims[row])


def packed(rows: Rows, day: int, level: Level) -> Packed:
    """Return the rows of one day in sixteen bytes each; what is open is drawn as the kernel draws it."""
    mine = rows.where((rows.at >= day * DAY_S) & (rows.at < (day + 1) * DAY_S))
    mine = mine.where(np.lexsort((mine.procedure, mine.station, mine.who, mine.at)))
    code = np.zeros(len(mine), dtype=np.int64)
    sent = np.where(mine.identity == OPEN, SENT[mine.procedure], mine.identity)
    result = np.where(mine.result == NULL, NULL_RESULT, mine.result)
    cause = np.where(mine.cause < 0, NO_CAUSE, mine.cause)
    clear = (mine.ciphering == 0).astype(np.int64)
    key = np.uint64(stream_key(level.seed, _FINISH, 0, day))
    _dress_all(key, mine.procedure, sent, result, cause, clear, mine.ims, code)
    lost = np.where(mine.who < 0, NAMELESS, 0)
    whole = ((mine.at - day * DAY_S) * 1000.0).astype(np.uint32)
    return Packed(
        whole, np.maximum(mine.who, 0).astype(np.uint32), mine.station.astype(np.uint32), (code | lost).astype(np.uint32)
    )


_RESULT = np.array([0, 1, 2, NULL])
_CIPHERING = np.array([0, 1, 2, NULL])


def unpacked(parts: list[tuple[int, Packed]], book: Book) -> Rows:
    """Return packed rows as columns again, in time order; a row without subscriber has -1, one with a cut
    identifier the place of that in the book.
    """
    rows = []
    for day, part in parts:
        who = part.who.astype(np.int64)
        if book.cut is not None:
            who = np.where(part.field("cut") == 1, book.cut[who], who)
        who = np.where(part.field("nameless") == 1, NULL, who)
        codes = {
            name: part.field(name).astype(np.int64) for name in ("procedure", "identity", "result", "cause", "ciphering", "ims")
        }
        rows.append(
            Rows(
                day * DAY_S + part.at / 1000.0,
                who,
                part.station.astype(np.int64),
                codes["procedure"],
                codes["identity"],
                _RESULT[codes["result"]],
                codes["cause"],
                _CIPHERING[codes["ciphering"]],
                codes["ims"],
            )
        )
    whole = Rows.joined(rows)
    return whole.where(np.lexsort((whole.who, whole.at)))
