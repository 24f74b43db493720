"""How victims differ from the exposed who lost nothing: odds ratios with intervals, multiple testing controlled."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from scipy.stats import false_discovery_control, fisher_exact

from cellwarden.engines.port import Script
from cellwarden.foundation.clock import aware

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from cellwarden.engines.port import Engine

DIFFERENCES = Script.beside(__file__, "differences.sql")
_Z95 = 1.959963984540054
"""97.5 % point of the normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value of one attribute, victims against exposed non-victims."""

    attribute: str
    value: str
    victims: int
    """Victims with this value."""
    others: int
    """Exposed non-victims with it."""
    odds_ratio: float
    """With half a person added to each count (Haldane 1956), so that a zero gives no infinity."""
    low: float
    """95 % interval (Woolf 1955)."""
    high: float
    q: float
    """Fisher's exact p, after Benjamini and Hochberg (1995) over all values of all attributes."""


_HOURS = pa.schema([("imsi", pa.int64()), ("hours", pa.string())])
_PAYER = pa.schema([("imsi", pa.int64()), ("channel", pa.string()), ("secret", pa.string())])
SECRETS = ("password", "pin")
"""Channels that ask for something only the payer knows; users of an extra password reportedly lost nothing (public case)."""


def put_habits(engine: Engine, bills: list[dict[str, Any]], first_touch: dict[int, datetime], zone: ZoneInfo) -> None:
    """Hand in when of the day people were first touched, and how they used to pay before that.

    Args:
        engine: Where to.
        bills: Payments of everybody exposed (`billing`).
        first_touch: When each person first touched an accused cell, naive UTC.
        zone: Whose hours count; they are told in four bands of six.
    """
    bands = {imsi: aware(at).astimezone(zone).hour // 6 * 6 for imsi, at in sorted(first_touch.items())}
    engine.put(
        "exposed_hour",
        pa.Table.from_pylist([{"imsi": imsi, "hours": f"{band:02}-{band + 6:02}"} for imsi, band in bands.items()], _HOURS),
    )
    used: dict[int, Counter[str]] = defaultdict(Counter)
    for row in bills:
        if row["imsi"] in first_touch and row["paid_at"] < first_touch[row["imsi"]]:
            used[row["imsi"]][row["channel"]] += 1
    payers = [
        {
            "imsi": imsi,
            "channel": min(counts, key=lambda channel: (-counts[channel], channel)),
            "secret": "yes" if any(counts[channel] for channel in SECRETS) else "no",
        }
        for imsi, counts in sorted(used.items())
    ]
    engine.put("payer", pa.Table.from_pylist(payers, _PAYER))


def differences(engine: Engine) -> list[Difference]:
    """Compare; `exposed`, `linked_payment` and the habits must lie on the engine. Empty without victims or without others."""
    rows = engine.run(DIFFERENCES).to_pylist()
    totals: dict[str, tuple[int, int]] = {}
    for row in rows:
        victims, others = totals.get(row["attribute"], (0, 0))
        totals[row["attribute"]] = (victims + row["victims"], others + row["others"])
    compared = [
        row
        for row in rows
        if min(totals[row["attribute"]]) > 0 and sum(totals[row["attribute"]]) > row["victims"] + row["others"]
    ]
    if not compared:
        return []
    tables = [_table(row["victims"], row["others"], *totals[row["attribute"]]) for row in compared]
    qs = false_discovery_control([fisher_exact(table).pvalue for table in tables])
    return [_difference(row, table, q=float(q)) for row, table, q in zip(compared, tables, qs, strict=True)]


def _table(victims: int, others: int, all_victims: int, all_others: int) -> list[list[int]]:
    return [[victims, others], [all_victims - victims, all_others - others]]


def _difference(row: dict[str, Any], table: list[list[int]], *, q: float) -> Difference:
    (a, b), (c, d) = ((each + 0.5 for each in counts) for counts in table)
    ratio = math.log(a * d / (b * c))
    error = math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return Difference(
        attribute=row["attribute"],
        value=row["value"],
        victims=row["victims"],
        others=row["others"],
        odds_ratio=math.exp(ratio),
        low=math.exp(ratio - _Z95 * error),
        high=math.exp(ratio + _Z95 * error),
        q=q,
    )
