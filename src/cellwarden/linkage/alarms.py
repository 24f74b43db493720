"""Themes of complaints that flare up in a district, scored against exposure, with the cell that the callers shared.

After a night in the news a thousand people call who lost nothing. So an alarm says, beside the count and its limit, how many of
its callers were exposed against how many of all other callers were.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from scipy.stats import binom, fisher_exact, poisson

from cellwarden.engines.port import Script
from cellwarden.foundation.clock import aware
from cellwarden.foundation.redaction import mask_digits
from cellwarden.linkage.surveillance import ears, farrington

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from cellwarden.engines.port import Engine

ALARMS = Script.beside(__file__, "alarms.sql")
Row = dict[str, Any]
LEAST_COUNT = 3
"""Fewer complaints of one theme, district and day are no alarm, whatever the limit: they are read by a person anyway."""
EVERYWHERE = "*"
"""Stands for all districts together: what is spread thin flares up nowhere and shows in the sum."""
EXAMPLES = 5
BEFORE_CALL = timedelta(days=7)
"""How far back to look for shared cells where the caller told no time."""
BEFORE_TOLD = timedelta(hours=24)
_CALLER = pa.schema(
    [("alarm", pa.int64()), ("imsi", pa.int64()), ("from_at", pa.timestamp("us")), ("to_at", pa.timestamp("us"))]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The cell that best tells the callers from everybody else of those days."""

    plmn: str
    rat: str
    cell_type: str
    cell: int
    callers: int
    crowd: int
    """People who touched it in the same days."""
    everyone: int
    """People who touched any cell in the same days."""
    p: float
    """That so many callers touched it by chance; times the number of shared cells (Bonferroni)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One theme in one district on one local day."""

    day: date
    theme: str
    district: str
    """Empty: not known; `*`: all together."""
    count: int
    expected: float
    limit: float
    """The lowest of the limits exceeded."""
    methods: tuple[str, ...]
    """Which limits were exceeded: `C1`, `C2`, `C3`, `farrington`."""
    p: float
    """Poisson p of the count against the expectation; one complaint a month is the least expected."""
    callers: int
    """People among them who are known."""
    exposed: int
    """Callers who had touched an accused cell before they called."""
    others: int
    """People who complained of anything else, elsewhere or on other days."""
    others_exposed: int
    exposure_p: float
    """Fisher's exact p (one-sided) that callers were exposed as seldom as the others."""
    shared: Shared | None
    examples: tuple[str, ...]
    """Up to five complaints, runs of digits masked."""


def alarms(engine: Engine, complaints: list[Row], exposures: list[Row], zone: ZoneInfo) -> list[Alarm]:
    """Return the alarms in order of day, theme and district; `touch` must be readable.

    Args:
        engine: Where shared cells are looked up.
        complaints: As `themes.complaint_rows` gives them.
        exposures: Rows with `imsi` and `from_at`.
        zone: Whose days count.
    """
    if not complaints:
        return []
    touched: dict[int, Any] = {}
    for row in exposures:
        touched[row["imsi"]] = min(row["from_at"], touched.get(row["imsi"], row["from_at"]))
    day_of = [aware(row["received_at"]).astimezone(zone).date() for row in complaints]
    days = [day_of[0] + timedelta(days=past) for past in range((day_of[-1] - day_of[0]).days + 1)]
    streams: dict[tuple[str, str], dict[date, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row, day in zip(complaints, day_of, strict=True):
        for theme in row["themes"]:
            streams[theme, row["district"] or ""][day].append(row)
            streams[theme, EVERYWHERE][day].append(row)
    raised = []
    for (theme, district), by_day in sorted(streams.items()):
        counts = [len(by_day.get(day, ())) for day in days]
        for place, day in enumerate(days):
            exceeded = _exceeded(counts, days, place)
            if counts[place] >= LEAST_COUNT and exceeded:
                raised.append((theme, district, day, by_day[day], exceeded))
    local = {(theme, day, len(rows)) for theme, district, day, rows, _ in raised if district != EVERYWHERE}
    # Where one district has them all, the sum is the same news.
    raised = [each for each in raised if each[1] != EVERYWHERE or (each[0], each[2], len(each[3])) not in local]
    raised.sort(key=lambda each: (each[2], each[0], each[1]))
    shared = _shared(engine, [rows for *_, rows, _ in raised]) if raised else {}
    return [_alarm(number, each, complaints, touched, shared) for number, each in enumerate(raised)]


def _exceeded(counts: list[int], days: list[date], place: int) -> dict[str, tuple[float, float]]:
    """Return (expected, limit) of each method whose limit the day's count exceeds."""
    limits = {method: ears(counts, place, method) for method in ("C1", "C2", "C3")}
    limits["farrington"] = farrington(counts, [day.weekday() >= 5 for day in days], place)
    return {
        method: (limit.expected, limit.upper)
        for method, limit in limits.items()
        if limit is not None and counts[place] > limit.upper
    }


def _shared(engine: Engine, groups: list[list[Row]]) -> dict[int, Shared]:
    rows = []
    for number, group in enumerate(groups):
        for row in group:
            if row["imsi"] is not None:
                told = row["about_from"] is not None
                rows.append(
                    {
                        "alarm": number,
                        "imsi": row["imsi"],
                        "from_at": row["about_from"] - BEFORE_TOLD if told else row["received_at"] - BEFORE_CALL,
                        "to_at": (row["about_to"] or row["about_from"]) if told else row["received_at"],
                    }
                )
    callers = Counter(row["alarm"] for row in {(row["alarm"], row["imsi"]): row for row in rows}.values())
    engine.put("caller", pa.Table.from_pylist(rows, _CALLER))
    found: dict[int, list[Row]] = defaultdict(list)
    for row in engine.run(ALARMS).to_pylist():
        found[row["alarm"]].append(row)
    best = {}
    for number, cells in found.items():
        tried = [
            (min(1.0, len(cells) * float(binom.sf(row["callers"] - 1, callers[number], row["crowd"] / row["everyone"]))), row)
            for row in cells
        ]
        p, row = min(tried, key=lambda pair: (pair[0], pair[1]["crowd"], pair[1]["cell"]))
        names = ("plmn", "rat", "cell_type", "cell", "callers", "crowd", "everyone")
        best[number] = Shared(**{name: row[name] for name in names}, p=p)
    return best


def _alarm(
    number: int,
    raised: tuple[str, str, date, list[Row], dict[str, tuple[float, float]]],
    complaints: list[Row],
    touched: dict[int, Any],
    shared: dict[int, Shared],
) -> Alarm:
    theme, district, day, rows, exceeded = raised
    callers = {row["imsi"]: row["received_at"] for row in rows if row["imsi"] is not None}
    others = {row["imsi"]: row["received_at"] for row in complaints if row["imsi"] is not None and row["imsi"] not in callers}
    exposed, others_exposed = (
        sum(imsi in touched and touched[imsi] <= at for imsi, at in people.items()) for people in (callers, others)
    )
    table = [[exposed, len(callers) - exposed], [others_exposed, len(others) - others_exposed]]
    expected, limit = min(exceeded.values(), key=lambda pair: pair[1])
    return Alarm(
        day=day,
        theme=theme,
        district=district,
        count=len(rows),
        expected=expected,
        limit=limit,
        methods=tuple(exceeded),
        p=float(poisson.sf(len(rows) - 1, max(expected, 1 / 30))),
        callers=len(callers),
        exposed=exposed,
        others=len(others),
        others_exposed=others_exposed,
        exposure_p=float(fisher_exact(table, alternative="greater").pvalue),
        shared=shared.get(number),
        examples=tuple(mask_digits(row["text"]) for row in rows[:EXAMPLES]),
    )
