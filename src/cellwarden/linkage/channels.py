"""The payment channels one by one: what met an exposure, what chance would have met, and which channels nobody searched."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.stats import nbinom

from cellwarden.records.vocabulary import PAYMENT_CHANNELS

if TYPE_CHECKING:
    from cellwarden.engines.port import Engine
    from cellwarden.linkage.payments import Linkage


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One channel of carrier billing."""

    channel: str
    payments: int
    """Rows of this channel in the records; 0: the channel was not searched, which is not the same as clean."""
    met: int
    """Payments within the hour of an exposure."""
    expected: float | None
    """How many would by chance; None where the records are too short to tell."""
    chance_low: int | None
    """95 % interval of what chance gives."""
    chance_high: int | None
    linked: int
    """Payments and attempts that count as linked."""


def chance_interval(counted: int, ratio: float) -> tuple[int, int]:
    """Return the 95 % interval of a count whose rate is known from another count.

    Args:
        counted: Meetings of the shifted exposures.
        ratio: True exposures over shifted ones.

    The rate has a gamma posterior under Jeffreys' prior, so that the count to come is negative binomial.
    """
    low, high = nbinom.interval(0.95, counted + 0.5, 1 / (1 + ratio))
    return int(low), int(high)


def channels(engine: Engine, linkage: Linkage, *, linked: float) -> list[Channel]:
    """Tell each channel of the vocabulary, in its order; a probability of `linked` or more counts."""
    counted = {
        row["channel"]: row["payments"]
        for row in engine.fetch(
            "SELECT p.channel AS channel, CAST(count(*) AS BIGINT) AS payments FROM payments p GROUP BY p.channel"
        ).to_pylist()
    }
    ours = Counter(each.row["channel"] for each in linkage.links if each.probability >= linked)
    found = []
    for channel in PAYMENT_CHANNELS:
        moved = linkage.chance.get(channel, 0) if linkage.ratio is not None else None
        low, high = (None, None) if moved is None or linkage.ratio is None else chance_interval(moved, linkage.ratio)
        found.append(
            Channel(
                channel=channel,
                payments=counted.get(channel, 0),
                met=linkage.met.get(channel, 0),
                expected=None if moved is None or linkage.ratio is None else moved * linkage.ratio,
                chance_low=low,
                chance_high=high,
                linked=ours[channel],
            )
        )
    return found
