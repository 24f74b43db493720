"""Which payments an exposure made possible, against how many would meet one by chance.

Kinds of meeting, strongest first:

* `through`: the verification call or code SMS of the payment was served by the accused cell;
* `ordinary`: the same, of an undisputed purchase that gives a thief nothing to keep: neither as good as cash, nor large, nor one of
  several in one go. Who is on the cell goes on buying, and their own code goes through it too;
* `unseen`: a payment that needs a call or code, within the hour, and usage is not recorded;
* `near`: a payment that needs neither, within the hour;
* `elsewhere`: the call or code went through another cell, or the payment came later than the hour;
* `late`: within a week of the exposure, judged by their number beyond chance (`late.py`).

The probability of each kind is what remains of the meetings found after those expected by chance, shrunk towards a stated
prior, so that four meetings do not pretend to certainty.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cellwarden.engines.port import Script
from cellwarden.linkage.billing import VERIFIED_CHANNELS
from cellwarden.linkage.link import LEAST, after_chance
from cellwarden.linkage.shifts import SHIFTS
from cellwarden.records.vocabulary import THROUGH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cellwarden.engines.port import Engine
    from cellwarden.linkage.billing import Signs
    from cellwarden.linkage.late import Late

PAYMENTS = Script.beside(__file__, "payments.sql")
CHANCE = Script.beside(__file__, "chance.sql")
Row = dict[str, Any]

WITHIN = timedelta(minutes=60)
"""How long after the last touch a payment still belongs to the visit."""

_PRIOR = {"through": (19.0, 20.0), "ordinary": (1.0, 10.0), "unseen": (3.0, 4.0), "near": (1.0, 10.0), "elsewhere": (0.1, 20.0)}
"""Thefts among meetings of each kind before looking: (thefts, meetings). Assumption until calibrated on scenarios."""

_REASON = {
    "through": {
        "en": "verification leg {minutes:.0f} min before the payment was served by the accused cell",
        "ko": "결제 {minutes:.0f}분 전 인증 전화·문자가 해당 셀을 통해 처리됨",
    },
    "ordinary": {
        "en": "verification leg {minutes:.0f} min before was served by the accused cell, but the purchase is an ordinary one: not disputed, not as good as cash, not large, not one of several in one go",
        "ko": "결제 {minutes:.0f}분 전 인증 전화·문자가 해당 셀을 통해 처리되었으나 통상적인 결제임(이의 제기·환금성·고액·연속 결제 아님)",
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
    "late": {
        "en": "paid {hours:.0f} h after the last touch with {signs} of 5 signs of theft: {found} such payments within a week, {expected:.1f} expected by chance",
        "ko": "마지막 접속 {hours:.0f}시간 후 결제, 도용 징후 5개 중 {signs}개: 일주일 내 같은 결제 {found}건, 우연 기댓값 {expected:.1f}건",
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
    met: dict[str, int] = field(default_factory=dict)
    """Payments within the hour of an exposure, by channel."""
    chance: dict[str, int] = field(default_factory=dict)
    """The same of the shifted exposures, all shifts together."""
    ratio: float | None = None
    """True exposures over shifted ones; None where none could be shifted."""


def link_payments(
    engine: Engine,
    *,
    exposures: int,
    signs: Mapping[str, Signs],
    has_usage: bool,
    span: tuple[datetime, datetime] | None,
    until: datetime,
) -> Linkage:
    """Link payments to exposures.

    Args:
        engine: With `payments`, `usage` and `exposed` readable; `exposed` has one row an exposure: cell key, unit, imsi, from_at, to_at,
            episode_from, episode_to.
        exposures: How many there are.
        signs: Of the payments of everybody exposed.
        has_usage: Whether calls and SMS are recorded.
        span: First and last payment; None without payments.
        until: Rows of `usage` after it do not exist (yet).
    """
    rows = engine.run(PAYMENTS, until=until).to_pylist()
    moved, ratio = _moved(engine, span, exposures=exposures)
    by_channel = None if ratio is None else {channel: count * ratio for channel, count in moved.items()}
    kinds = [_kind(row, signs.get(row["payment_id"]), has_usage=has_usage) for row in rows]
    found = {kind: len({row["payment_id"] for row, each in zip(rows, kinds, strict=True) if each == kind}) for kind in _PRIOR}
    verified = sum(by_channel.get(channel, 0.0) for channel in VERIFIED_CHANNELS) if by_channel is not None else None
    expected = {
        "through": verified or 0.0,
        "ordinary": verified or 0.0,
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
    within = {row["payment_id"]: row["channel"] for row in rows if row["paid_at"] <= row["to_at"] + WITHIN}
    return Linkage(
        links=[best[payment] for payment in sorted(best)],
        by_chance=verified,
        met=dict(Counter(within.values())),
        chance=moved,
        ratio=ratio,
    )


def with_late(linkage: Linkage, late: Late) -> Linkage:
    """Add the payments of the week after; a payment that is linked already keeps its better link."""
    strata = {each.signs: each for each in late.strata}
    links = {each.payment_id: each for each in linkage.links}
    for row, exposure, signs in late.payments:
        judged, held = strata[signs], links.get(row["payment_id"])
        if judged.probability < LEAST or (held is not None and held.probability >= judged.probability):
            continue
        hours = (row["paid_at"] - exposure["to_at"]).total_seconds() / 3600
        told = {"hours": hours, "signs": signs, "found": judged.found, "expected": judged.expected}
        links[row["payment_id"]] = PaymentLink(
            payment_id=row["payment_id"],
            imsi=row["imsi"],
            cell=exposure["cell"],
            unit=exposure["unit"],
            probability=judged.probability,
            kind="late",
            reason={language: text.format(**told) for language, text in _REASON["late"].items()},
            row={
                **row,
                **{name: exposure[name] for name in ("plmn", "rat", "cell_type", "from_at", "to_at")},
                "through_at": None,
            },
        )
    return replace(linkage, links=[links[payment] for payment in sorted(links)])


def _kind(row: Row, signs: Signs | None, *, has_usage: bool) -> str:
    if row["through_at"] is not None:
        return "ordinary" if signs is not None and signs.is_ordinary and row["disputed_at"] is None else "through"
    if row["paid_at"] > row["to_at"] + WITHIN or row["legs"]:
        return "elsewhere"
    if row["channel"] in VERIFIED_CHANNELS:
        return "elsewhere" if has_usage else "unseen"
    return "near"


def _probability(kind: str, found: int, expected: float) -> float:
    return after_chance(found, expected, prior=_PRIOR[kind])


def _link(row: Row, kind: str, probability: float) -> PaymentLink:
    since = row["through_at"] if kind in THROUGH else min(row["to_at"], row["paid_at"])
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


def _moved(engine: Engine, span: tuple[datetime, datetime] | None, *, exposures: int) -> tuple[dict[str, int], float | None]:
    """Return payments that met a moved exposure, by channel, and the true exposures over the moved ones.

    Only moved exposures that the records cover count: one at their end can only be moved back. No ratio where none can be moved.
    """
    if span is None:
        return {}, None
    engine.put("shift", pa.table({"days": pa.array(SHIFTS, pa.int64())}))
    rows = engine.run(CHANCE, first_at=span[0], last_at=span[1]).to_pylist()
    moved = sum(row["number"] for row in rows if row["counted"] == "exposures")
    counted: Counter[str] = Counter()
    for row in rows:
        if row["counted"] == "payments":
            counted[row["channel"]] += row["number"]
    if not moved:
        return {}, None if exposures else 0.0
    return dict(sorted(counted.items())), exposures / moved
