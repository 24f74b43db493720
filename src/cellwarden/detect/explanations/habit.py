"""What a cell does day after day: in which local hours strangers come, on how many of its days, and what they show of themselves."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING

from cellwarden.detect.detector import CellKey, Row, Threshold
from cellwarden.detect.explanations.explanation import after
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from cellwarden.detect.explanations.explanation import Explanation

PROPER_VISIT = Script.beside(__file__, "proper_visit.sql")
"""Named steps about the visits of properly registered cells; reads `visit_all`."""
HABIT = after(PROPER_VISIT, Script.beside(__file__, "habit.sql"))
"""Named steps that the explanations by habit have in common."""
NIGHT = range(1, 5)
"""Local hours from 01:00 to 04:59, when only what never closes has guests."""
MIN_STRANGERS = Threshold(3, "strangers a day", "a household has a guest or two")
MIN_DAYS = Threshold(5, "days", "a rogue has had campaigns of three or four nights; a habit takes longer to show")
MIN_SHARE_OF_DAYS = Threshold(0.6, "of its days on air", "what is closed on two days of the week still has five of seven")
MAX_IDENTITY_RATIO = Threshold(
    3, "times the class's share", "guests' phones are in the network already; a catcher asks them all"
)
FEW_IDENTITIES = Threshold(3, "procedures", "a handful of phones that were just switched on")


def beside(module_file: str, file_name: str) -> Script:
    """Return the script that lies beside a module, with the steps of `habit.sql` before it."""
    return after(HABIT, Script.beside(module_file, file_name))


@dataclass(slots=True)
class Habit:
    """One cell in one hand."""

    row: Row
    """Any of its rows: what does not depend on the hour."""
    visits: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    """Strangers' visits by local hour."""
    visit_days: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    """On how many days strangers came in that local hour."""

    @property
    def night_share(self) -> float:
        """Part of the strangers' visits that fell into the night."""
        return sum(self.visits.get(hour, 0) for hour in NIGHT) / sum(self.visits.values())

    @property
    def open_hours(self) -> int:
        """Local hours in which strangers came at all."""
        return len(self.visits)

    def is_daily(self, explanation: Explanation, days: str = "busy_days") -> bool:
        """Say whether strangers came on enough days, and on most of the days on which the cell was on air."""
        count = self.row[days]
        is_long = count >= explanation.threshold("min_days")
        return bool(is_long and count >= explanation.threshold("min_share_of_days") * self.row["served_days"])


def habits(rows: Iterable[Row], zone: ZoneInfo) -> list[Habit]:
    """Gather rows by hour of the UTC day into habits by local hour.

    The zone's offset is the one at the cell's first row: where clocks change within the records an hour's slip is of no matter here.
    """
    found: dict[tuple[CellKey, str], Habit] = {}
    for row in rows:
        habit = found.setdefault((CellKey.of(row), row["hand"]), Habit(row))
        begins = row["from_at"].replace(hour=row["hour_of_day"], minute=0, second=0, microsecond=0, tzinfo=UTC)
        hour = begins.astimezone(zone).hour
        habit.visits[hour] += row["visits"]
        habit.visit_days[hour] += row["visit_days"]
    return [found[key] for key in sorted(found)]
