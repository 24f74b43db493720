"""Payments days after an exposure: no single one can be told from an honest one, but their number beyond chance can.

A thief who keeps what the exposure gave pays later, from anywhere. So payments of the week after are compared with those that
the same people made before they were ever exposed, apart for each number of signs (`billing.Signs`): a self-controlled
comparison, in which whoever pays much is compared with themselves (Farrington 1995, Whitaker et al. 2006).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scipy.stats import beta, binom

from cellwarden.linkage.link import LINKED, after_chance

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from cellwarden.linkage.billing import Signs

Row = dict[str, Any]
AFTER, UNTIL = timedelta(minutes=60), timedelta(days=7)
"""From when until when after the last touch a payment counts as late."""
PRIOR = (0.1, 4.0)
"""Of four late payments a tenth is a theft before looking; assumption until calibrated."""
LEAST_SIGNS = 3
"""With fewer of the five signs a late payment is an ordinary one: counted, never suspected (assumption)."""
MOST_UNPROVEN = LINKED - 0.05
"""However many were found, none counts as linked while chance could have made them all."""
MOST = 0.95
"""A late payment is never as sure as one whose call went through the cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Late payments with one number of signs, against what chance would give."""

    signs: int
    found: int
    before: int
    """Payments with as many signs that the same people made before their first exposure."""
    ratio: float
    """Person-time late over person-time before."""
    expected: float
    """Found if nothing had happened; half a payment is added to `before`, so that none seen is not none possible."""
    low: float
    """95 % interval of the number beyond chance; below nothing is cut at 0."""
    high: float
    p: float
    """One-sided p of as many or more, given both counts (conditional binomial test of two Poisson rates)."""
    probability: float
    """That a payment of this stratum is a theft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """The late payments and their strata."""

    strata: list[Stratum]
    payments: list[tuple[Row, Row, int]]
    """(payment, its latest exposure, number of its signs), in order of payment."""


def late_payments(
    rows: list[Row],
    signs: dict[str, Signs],
    exposures: list[Row],
    *,
    span: tuple[datetime, datetime] | None,
    taken: Collection[str],
) -> Late:
    """Compare the week after exposures with the time before any.

    Args:
        rows: Payments of everybody exposed, as `billing` gives them.
        signs: Of each payment.
        exposures: Rows with `imsi`, `from_at`, `to_at`, naive UTC.
        span: First and last payment of the records; None without payments.
        taken: Payments that an exposure of the same hour explains already.
    """
    by_person: dict[int, list[Row]] = defaultdict(list)
    for row in sorted(exposures, key=lambda row: (row["from_at"], row["to_at"], row["cell"], row["unit"])):
        by_person[row["imsi"]].append(row)
    if span is None or not by_person:
        return Late(strata=[], payments=[])
    late: list[tuple[Row, Row, int]] = []
    found: Counter[int] = Counter()
    before: Counter[int] = Counter()
    for row in rows:
        theirs = by_person[row["imsi"]]
        count = signs[row["payment_id"]].count
        if row["paid_at"] < theirs[0]["from_at"]:
            before[count] += 1
        elif row["payment_id"] not in taken:
            last = theirs[bisect_right(theirs, row["paid_at"], key=lambda each: each["from_at"]) - 1]
            if last["to_at"] + AFTER < row["paid_at"] <= last["to_at"] + UNTIL:
                late.append((row, last, count))
                found[count] += 1
    time_before = sum(max(0.0, (theirs[0]["from_at"] - span[0]).total_seconds()) for theirs in by_person.values())
    time_late = sum(_late_seconds(theirs, span[1]) for theirs in by_person.values())
    if time_before <= 0:
        return Late(strata=[], payments=[])
    ratio = time_late / time_before
    strata = [stratum(count, found[count], before[count], ratio) for count in sorted(found)]
    return Late(strata=strata, payments=sorted(late, key=lambda each: each[0]["payment_id"]))


def stratum(signs: int, found: int, before: int, ratio: float) -> Stratum:
    """Judge one stratum; `ratio` is person-time late over person-time before."""
    expected = (before + 0.5) * ratio
    every = found + before
    share = ratio / (1 + ratio)
    p = float(binom.sf(found - 1, every, share)) if found else 1.0
    # Clopper and Pearson (1934) for the share of payments that are late; its odds over the time ratio are the rate ratio.
    least, most = (
        float(beta.ppf(0.025, found, every - found + 1)) if found else 0.0,
        float(beta.ppf(0.975, found + 1, every - found)) if before else 1.0,
    )
    low, high = (max(0.0, found * (1 - ratio / odds)) if (odds := _odds(end)) > 0 else 0.0 for end in (least, most))
    probability = min(MOST, after_chance(found, expected, prior=PRIOR)) if signs >= LEAST_SIGNS else 0.0
    return Stratum(
        signs=signs,
        found=found,
        before=before,
        ratio=ratio,
        expected=expected,
        low=low,
        high=high,
        p=p,
        probability=probability if low > 0 else min(MOST_UNPROVEN, probability),
    )


def _odds(share: float) -> float:
    return float("inf") if share >= 1 else share / (1 - share)


def _late_seconds(theirs: list[Row], end: datetime) -> float:
    """Return how long one person's payments would count as late."""
    total = 0.0
    for place, row in enumerate(theirs):
        stops = [row["to_at"] + UNTIL, end]
        if place + 1 < len(theirs):
            stops.append(theirs[place + 1]["from_at"])
        total += max(0.0, (min(stops) - row["to_at"] - AFTER).total_seconds())
    return total
