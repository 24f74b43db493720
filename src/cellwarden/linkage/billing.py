"""What speaks of theft in a payment itself: weak signs, each explained, never a verdict.

They are read from the whole billing history of everybody who was exposed, so that "never paid there before" means before in
these records.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from cellwarden.engines.port import Script
from cellwarden.foundation.clock import aware

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from cellwarden.engines.port import Engine

BILLING = Script.beside(__file__, "billing.sql")
Row = dict[str, Any]

VERIFIED_CHANNELS = ("ars", "sms")
"""Channels whose payment needs a call or a code SMS."""
RESALE = frozenset(
    (
        "gift_card",
        "giftcard",
        "gift card",
        "voucher",
        "transit",
        "transit_card",
        "상품권",
        "모바일상품권",
        "교통카드",
        "교통카드 충전",
    )
)
"""Categories that are as good as cash: gift cards and transit-card top-ups (goods of the public case)."""
BURST = timedelta(minutes=10)
"""Two payments of one person closer than this come in one go (public case: 1 to 6 minutes apart)."""
NIGHT = range(6)
"""Local hours in which more than half of the money of the public case went."""
LARGE_SHARE = 0.9
"""An amount that 9 of 10 payments made before any exposure stay under is large."""
LEAST_FOR_LARGE = 20
"""With fewer payments to compare, whether an amount is large is not known."""
MONTHLY_CAP = {"KRW": 1_000_000}
"""Most that carrier billing allows in a calendar month, by currency (Korean operators, 2025)."""
NEAR_CAP = 0.9
"""Share of the cap from which a month counts as near it (public case: 996,000 of 1,000,000)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """The signs of one payment; None where the records do not tell."""

    first_merchant: bool | None
    """No earlier payment or attempt of this person at this merchant."""
    resale: bool | None
    """Of a category that is as good as cash."""
    verified: bool
    """By a channel that needs a call or a code SMS."""
    large: bool | None
    burst: bool
    """Another payment or attempt of this person within ten minutes."""
    payments_day: int
    """Payments and attempts of this person in the 24 hours until this one, itself included: its velocity."""
    night: bool
    local_hour: int
    near_cap: bool | None
    month_amount: int
    """Approved in this local calendar month until this one, itself included if approved; minor units."""

    @property
    def count(self) -> int:
        """How many of the five signs of a payment itself hold: first merchant, resale, verified, large, burst."""
        return sum(map(bool, (self.first_merchant, self.resale, self.verified, self.large, self.burst)))

    @property
    def is_ordinary(self) -> bool:
        """Whether the records tell that it is not as good as cash, not large and not one of several; False where they do not tell."""
        return self.resale is False and self.large is False and not self.burst


def billing(engine: Engine) -> list[Row]:
    """Return the payments of everybody exposed, by person and time; `exposed` must lie on the engine."""
    rows: list[Row] = engine.run(BILLING).to_pylist()
    return rows


def signs_of(rows: list[Row], first_touch: dict[int, datetime], zone: ZoneInfo) -> dict[str, Signs]:
    """Read the signs of every payment.

    Args:
        rows: As `billing` gives them.
        first_touch: When each person first touched an accused cell, naive UTC.
        zone: Whose hours and months count.
    """
    limits = _large_amounts(rows, first_touch)
    people: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        people[row["imsi"]].append(row)
    return {
        row["payment_id"]: signs
        for theirs in people.values()
        for row, signs in zip(theirs, _signs_of_person(theirs, limits, zone), strict=True)
    }


def _large_amounts(rows: list[Row], first_touch: dict[int, datetime]) -> dict[str, float]:
    """Return the amount from which a payment is large, by currency."""
    before: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        touched = first_touch.get(row["imsi"])
        if touched is not None and row["paid_at"] < touched:
            before[row["currency"]].append(row["amount"])
    return {
        currency: float(np.quantile(amounts, LARGE_SHARE))
        for currency, amounts in before.items()
        if len(amounts) >= LEAST_FOR_LARGE
    }


def _signs_of_person(theirs: list[Row], limits: dict[str, float], zone: ZoneInfo) -> list[Signs]:
    known: set[str] = set()
    months: dict[tuple[int, int, str], int] = defaultdict(int)
    found = []
    for place, row in enumerate(theirs):
        at, merchant, currency = row["paid_at"], row["merchant"], row["currency"]
        local = aware(at).astimezone(zone)
        month = (local.year, local.month, currency)
        if row["status"] in (None, "approved"):
            months[month] += row["amount"]
        cap, limit = MONTHLY_CAP.get(currency), limits.get(currency)
        neighbours = [theirs[other]["paid_at"] for other in (place - 1, place + 1) if 0 <= other < len(theirs)]
        found.append(
            Signs(
                first_merchant=None if merchant is None else merchant not in known,
                resale=None if row["category"] is None else row["category"].strip().lower() in RESALE,
                verified=row["channel"] in VERIFIED_CHANNELS,
                large=None if limit is None else row["amount"] >= limit,
                burst=any(abs(at - other) <= BURST for other in neighbours),
                payments_day=sum(at - timedelta(days=1) < other["paid_at"] <= at for other in theirs[: place + 1]),
                night=local.hour in NIGHT,
                local_hour=local.hour,
                near_cap=None if cap is None else months[month] >= NEAR_CAP * cap,
                month_amount=months[month],
            )
        )
        if merchant is not None:
            known.add(merchant)
    return found
