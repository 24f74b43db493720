"""Lists of others against ours, both ways: what they have that we lack is a lead to a cell that nobody has found yet.

In the public case the police named 19 victims whom the operator had missed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from cellwarden.engines.port import Script
from cellwarden.foundation.clock import aware, naive
from cellwarden.linkage.themes import THEFT

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from cellwarden.engines.port import Engine

LEADS = Script.beside(__file__, "leads.sql")
Row = dict[str, Any]

TIP_UNKNOWN, TIP_MORE, TIP_LESS = "tip_unaccounted", "tip_has_more", "tip_has_less"
UNTOLD, COMPLAINT = "not_reported_to_us", "complaint_not_exposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """One place where two lists disagree."""

    kind: str
    """`tip_unaccounted`: a report whose time and district no linked payment falls into. `tip_has_more`, `tip_has_less`: it names more
    or fewer victims than we link there. `not_reported_to_us`: linked victims of a district and day that no report speaks of.
    `complaint_not_exposed`: a complaint of money taken, by somebody who touched no accused cell."""
    subject: str
    """The tip, the complaint, or the district and day."""
    district: str
    from_at: datetime | None
    to_at: datetime | None
    theirs: int
    """Victims that they name."""
    ours: int
    """People with linked payments there and then."""
    their_amount: int | None
    our_amount: int


def leads(engine: Engine, complaints: list[Row], exposed: set[int], zone: ZoneInfo) -> list[Lead]:
    """Reconcile; `linked_payment` must lie on the engine. Ordered by kind and subject."""
    victims = engine.run(LEADS).to_pylist()
    tips = engine.fetch(
        "SELECT t.tip_id AS tip_id, t.from_at AS from_at, t.to_at AS to_at, t.district AS district, t.victims AS victims, t.amount AS amount "
        "FROM tips t ORDER BY tip_id"
    ).to_pylist()
    found = []
    told: set[str] = set()
    for tip in tips:
        first, last = tip["from_at"] or tip["to_at"], tip["to_at"] or tip["from_at"]
        here = [
            row
            for row in victims
            if first is not None
            and first <= row["paid_at"] <= last + timedelta(minutes=1)
            and (tip["district"] is None or row["district"] == tip["district"])
        ]
        told.update(row["payment_id"] for row in here)
        lead = _of_tip(tip, here, first, last)
        if lead is not None:
            found.append(lead)
    found += _untold([row for row in victims if row["payment_id"] not in told], zone)
    found += [
        Lead(
            kind=COMPLAINT,
            subject=row["complaint_id"],
            district=row["district"] or "",
            from_at=row["about_from"],
            to_at=row["about_to"],
            theirs=1,
            ours=0,
            their_amount=None,
            our_amount=0,
        )
        for row in complaints
        if set(row["themes"]) & set(THEFT) and row["imsi"] is not None and row["imsi"] not in exposed
    ]
    return sorted(found, key=lambda lead: (lead.kind, lead.subject))


def _of_tip(tip: Row, here: list[Row], first: datetime | None, last: datetime | None) -> Lead | None:
    ours, theirs = len({row["imsi"] for row in here}), tip["victims"]
    if ours == 0:
        kind = TIP_UNKNOWN
    elif theirs is None or theirs == ours:
        return None
    else:
        kind = TIP_MORE if theirs > ours else TIP_LESS
    return Lead(
        kind=kind,
        subject=tip["tip_id"],
        district=tip["district"] or "",
        from_at=first,
        to_at=last,
        theirs=theirs or 0,
        ours=ours,
        their_amount=tip["amount"],
        our_amount=_approved(here),
    )


def _untold(victims: list[Row], zone: ZoneInfo) -> list[Lead]:
    groups: dict[tuple[str, Any], list[Row]] = defaultdict(list)
    for row in victims:
        groups[row["district"] or "", aware(row["paid_at"]).astimezone(zone).date()].append(row)
    found = []
    for (district, day), rows in groups.items():
        start = datetime.combine(day, time(), tzinfo=zone)
        found.append(
            Lead(
                kind=UNTOLD,
                subject=f"{day.isoformat()} {district}".strip(),
                district=district,
                from_at=naive(start),
                to_at=naive(datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)),
                theirs=0,
                ours=len({row["imsi"] for row in rows}),
                their_amount=None,
                our_amount=_approved(rows),
            )
        )
    return found


def _approved(rows: list[Row]) -> int:
    amounts: list[int] = [
        row["amount"] for row in {row["payment_id"]: row for row in rows}.values() if row["status"] == "approved"
    ]
    return sum(amounts)
