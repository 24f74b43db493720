"""Which payments an exposure made possible, against how many would meet one by chance.

Kinds of meeting, strongest first:

* `through`: the verification call or code SMS of the payment was served by the accused cell;
* `unseen`: a payment that needs a call or code, within the hour, and usage is not recorded;
* `near`: a payment that needs neither, within the hour;
* `elsewhere`: the call or code went through another cell, or the payment came later than the hour.

The probability of each kind is what remains of the meetings found after those expected by chance, shrunk towards a stated
prior, so that four meetings do not pretend to certainty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cellwarden.engines.port import Script
from cellwarden.linkage.link import LEAST, after_chance
from cellwarden.linkage.shifts import SHIFTS

if TYPE_CHECKING:
    from datetime import datetime

    from cellwarden.engines.port import Engine

PAYMENTS = Script.beside(__file__, "payments.sql")
CHANCE = Script.beside(__file__, "chance.sql")
Row = dict[str, Any]

VERIFIED_CHANNELS = ("ars", "sms")
"""Channels whose payment needs a call or a code SMS."""
WITHIN = timedelta(minutes=60)
"""How long after the last touch a payment still belongs to the visit."""

_PRIOR = {"through": (19.0, 20.0), "unseen": (3.0, 4.0), "near": (1.0, 10.0), "elsewhere": (0.1, 20.0)}
"""Thefts among meetings of each kind before looking: (thefts, meetings). Assumption until calibrated on scenarios."""

_REASON = {
    "through": {
        "en": "verification leg {minutes:.0f} min before the payment was served by the accused cell",
        "ko": "결제 {minutes:.0f}분 전 인증 전화·문자가 해당 셀을 통해 처리됨",
    },
    "unseen": {
        "en": "paid {minutes:.0f} min after the last touch; the call or code that it needed is not on record",
        "ko": "마지막 접속 {minutes:.0f}분 후 결제, 인증 전화·문자 기록 없음",
    },
    "near": {
        "en": "paid {minutes:.0f} min after the last touch by a channel without call or code",
        "ko": "마지막 접속 {minutes:.0f}분 후 전화·문자 인증이 없는 방식으로 결제",
    },
    "elsewhere": {
        "en": "paid {minutes:.0f} min after the last touch, verified elsewhere or later",
        "ko": "마지막 접속 {minutes:.0f}분 후 결제, 다른 셀에서 인증되었거나 시간이 지남",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentLink:
    """One payment and the exposure that best explains it as a theft."""

    payment_id: str
    imsi: int
    """Pseudonym."""
    cell: int
    unit: str
    probability: float
    kind: str
    """Of meeting; see the module."""
    reason: dict[str, str]
    """By language."""
    row: Row
    """The payment's own columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkage:
    """What was linked, and what chance would have linked."""

    links: list[PaymentLink]
    by_chance: float | None
    """Meetings of verified channels within the hour expected by chance; None where the records are too short to tell."""


def link_payments(
    engine: Engine, exposed: pa.Table, *, has_usage: bool, span: tuple[datetime, datetime] | None, until: datetime
) -> Linkage:
    """Link payments to exposures.

    Args:
        engine: With `payments` and `usage` readable.
        exposed: One row an exposure: cell key, unit, imsi, from_at, to_at, episode_from, episode_to.
        has_usage: Whether calls and SMS are recorded.
        span: First and last payment; None without payments.
        until: Rows of `usage` after it do not exist (yet).
    """
    engine.put("exposed", exposed)
    rows = engine.run(PAYMENTS, until=until).to_pylist()
    by_channel = _by_chance(engine, span, exposures=exposed.num_rows)
    kinds = [_kind(row, has_usage=has_usage) for row in rows]
    found = {kind: len({row["payment_id"] for row, each in zip(rows, kinds, strict=True) if each == kind}) for kind in _PRIOR}
    verified = sum(by_channel.get(channel, 0.0) for channel in VERIFIED_CHANNELS) if by_channel is not None else None
    expected = {
        "through": verified or 0.0,
        "unseen": verified or 0.0,
        "near": sum(count for channel, count in (by_channel or {}).items() if channel not in VERIFIED_CHANNELS),
        "elsewhere": float(found["elsewhere"]),
    }
    best: dict[str, PaymentLink] = {}
    for row, kind in zip(rows, kinds, strict=True):
        link = _link(row, kind, _probability(kind, found[kind], expected[kind]))
        if link.probability >= LEAST and (
            row["payment_id"] not in best or link.probability > best[row["payment_id"]].probability
        ):
            best[row["payment_id"]] = link
    return Linkage(links=[best[payment] for payment in sorted(best)], by_chance=verified)


def _kind(row: Row, *, has_usage: bool) -> str:
    if row["through_at"] is not None:
        return "through"
    if row["paid_at"] > row["to_at"] + WITHIN or row["legs"]:
        return "elsewhere"
    if row["channel"] in VERIFIED_CHANNELS:
        return "elsewhere" if has_usage else "unseen"
    return "near"


def _probability(kind: str, found: int, expected: float) -> float:
    return after_chance(found, expected, prior=_PRIOR[kind])


def _link(row: Row, kind: str, probability: float) -> PaymentLink:
    since = row["through_at"] if kind == "through" else min(row["to_at"], row["paid_at"])
    minutes = (row["paid_at"] - since).total_seconds() / 60
    return PaymentLink(
        payment_id=row["payment_id"],
        imsi=row["imsi"],
        cell=row["cell"],
        unit=row["unit"],
        probability=probability,
        kind=kind,
        reason={language: text.format(minutes=minutes) for language, text in _REASON[kind].items()},
        row=row,
    )


def _by_chance(engine: Engine, span: tuple[datetime, datetime] | None, *, exposures: int) -> dict[str, float] | None:
    """Return payments expected to meet an exposure by chance, by channel.

    The rate is payments a moved exposure, over those moved ones that the records cover: an exposure at their end can only be
    moved back. None where none can be moved.
    """
    if span is None:
        return None
    engine.put("shift", pa.table({"days": pa.array(SHIFTS, pa.int64())}))
    rows = engine.run(CHANCE, first_at=span[0], last_at=span[1]).to_pylist()
    moved = sum(row["number"] for row in rows if row["counted"] == "exposures")
    if not moved:
        return None if exposures else {}
    counted: dict[str, float] = {}
    for row in rows:
        if row["counted"] == "payments":
            counted[row["channel"]] = counted.get(row["channel"], 0.0) + row["number"] * exposures / moved
    return counted
