"""Link everything that befell the exposed, and write it as tables."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.clock import aware
from cellwarden.linkage.alarms import Alarm, alarms
from cellwarden.linkage.billing import Signs, billing, signs_of
from cellwarden.linkage.channels import Channel, channels
from cellwarden.linkage.contacts import CHARGED, UNEXPOSED, contacts
from cellwarden.linkage.differences import put_habits
from cellwarden.linkage.factors import factors
from cellwarden.linkage.late import Late, late_payments
from cellwarden.linkage.leads import Lead, leads
from cellwarden.linkage.link import LINKED
from cellwarden.linkage.payments import Linkage, link_payments, with_late
from cellwarden.linkage.themes import complaint_rows
from cellwarden.workflows import accused as accused_tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    import pyarrow as pa

    from cellwarden.engines.port import Engine

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """What the links say beyond the links themselves."""

    signs: dict[str, Signs] = field(default_factory=dict)
    """Of each payment of somebody exposed."""
    late: Late = field(default_factory=lambda: Late(strata=[], payments=[]))
    channels: list[Channel] = field(default_factory=list)
    """Empty without payments."""
    contacts: list[Row] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)


def link_everything(
    engine: Engine,
    exposed: pa.Table,
    *,
    has_usage: bool,
    span: tuple[datetime, datetime] | None,
    until: datetime,
    zone: ZoneInfo,
) -> tuple[Linkage, Further]:
    """Link payments, those of the week after included, and lay the tables that the other links read.

    Args:
        engine: With every table of the lake readable.
        exposed: As `accused.exposed` makes it.
        has_usage: Whether calls and SMS are recorded.
        span: First and last payment; None without payments.
        until: Rows after it do not exist (yet).
        zone: Whose hours, days and months count.
    """
    engine.put("exposed", exposed)
    exposures = exposed.to_pylist()
    first_touch: dict[int, datetime] = {}
    for row in exposures:
        first_touch[row["imsi"]] = min(row["from_at"], first_touch.get(row["imsi"], row["from_at"]))
    bills = billing(engine)
    signs = signs_of(bills, first_touch, zone)
    linkage = link_payments(engine, exposures=len(exposures), signs=signs, has_usage=has_usage, span=span, until=until)
    sure = {each.payment_id for each in linkage.links if each.probability >= LINKED}
    late = late_payments(bills, signs, exposures, span=span, taken=sure)
    linkage = with_late(linkage, late)
    accused_tables.put_linked_payments(engine, linkage)
    put_habits(engine, bills, first_touch, zone)
    complaints = complaint_rows(engine)
    return linkage, Further(
        signs=signs,
        late=late,
        channels=channels(engine, linkage, linked=LINKED) if span is not None else [],
        contacts=contacts(engine),
        alarms=alarms(engine, complaints, exposures, zone),
        leads=leads(engine, complaints, set(first_touch), zone),
    )


def further_tables(linkage: Linkage, further: Further, name_of: Callable[[int], str]) -> dict[str, list[Row]]:
    """Return the rows of the result tables that `Further` fills."""
    return {
        "payment_details": [_detail(each, further.signs.get(each.payment_id), name_of) for each in linkage.links],
        "payment_channels": [{**asdict(each), "searched": each.payments > 0} for each in further.channels],
        "late_payments": [asdict(each) for each in further.late.strata],
        "contacts": [
            {**row, "imsi": name_of(row["imsi"]), "at": aware(row["paid_at"]), "probability": row["probability"] or None}
            for row in further.contacts
        ],
        "complaint_alarms": [_alarm(each) for each in further.alarms],
        "leads": [
            {
                **asdict(each),
                "from_at": aware(each.from_at) if each.from_at else None,
                "to_at": aware(each.to_at) if each.to_at else None,
            }
            for each in further.leads
        ],
    }


def further_summary(further: Further) -> Row:
    """Return what summary.json says of them."""
    kinds = [row["kind"] for row in further.contacts]
    return {
        "channels": [asdict(each) for each in further.channels],
        "channels_not_searched": [each.channel for each in further.channels if each.payments == 0],
        "late_payments": [asdict(each) for each in further.late.strata],
        "charged_not_disputed": kinds.count(CHARGED),
        "disputed_not_exposed": kinds.count(UNEXPOSED),
        "complaint_alarms": len(further.alarms),
        "leads": {
            kind: sum(each.kind == kind for each in further.leads) for kind in sorted({each.kind for each in further.leads})
        },
    }


def _detail(link: Any, signs: Signs | None, name_of: Callable[[int], str]) -> Row:
    row, told = link.row, factors(link.row["channel"], link.kind)
    paid, through = row["paid_at"], row["through_at"]
    since = min(row["to_at"], paid)
    return {
        **{name: row.get(name) for name in ("channel", "status", "amount", "currency", "merchant", "category")},
        "payment_id": link.payment_id,
        "imsi": name_of(link.imsi),
        "cell": link.cell,
        "unit": link.unit,
        "meeting": link.kind,
        "at": aware(paid),
        "minutes_since_touch": round((paid - since).total_seconds() / 60, 3),
        "served_at_that_minute": row["from_at"] <= paid <= row["to_at"],
        "verified_at": aware(through) if through else None,
        "factor_needed": told.needed,
        "factor_given": told.given,
        "factors_not_given": list(told.not_given),
        **(
            {
                name: getattr(signs, name)
                for name in ("first_merchant", "resale", "large", "burst", "payments_day", "local_hour")
            }
            if signs
            else {}
        ),
        **({"near_cap": signs.near_cap, "month_amount": signs.month_amount} if signs else {}),
        "disputed_at": aware(row["disputed_at"]) if row["disputed_at"] else None,
        "probability": link.probability,
    }


def _alarm(alarm: Alarm) -> Row:
    row = asdict(alarm)
    shared = row.pop("shared") or {}
    return {
        **row,
        **{name: shared.get(name) or None for name in ("plmn", "rat", "cell_type", "cell")},
        "shared_callers": shared.get("callers"),
        "shared_crowd": shared.get("crowd"),
        "shared_p": shared.get("p"),
    }
