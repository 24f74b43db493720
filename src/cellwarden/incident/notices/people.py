"""Who is told what: one class a subscriber, from the census and from what they were told before.

| class | when |
| --- | --- |
| `confirmed` | a rogue cell could read the identity, something else of theirs is known to have been exposed, or a verification call or code of a linked payment went through it |
| `possible` | they touched, and it cannot be ruled out; or the cell itself is only suspected |
| `upgrade` | they were told `possible`, or less than is known now, and now it is confirmed |
| `cleared` | they were told, and the evidence of today shows no touch |

Whoever was told what still holds is not told again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cellwarden.records.vocabulary import THROUGH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

Row = dict[str, Any]
CLASSES = ("confirmed", "possible", "upgrade", "cleared")
CERTAIN = ("confirmed", "upgrade")
LINKED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a subscriber was told before."""

    kind: str
    """One of `CLASSES`."""
    on: str
    """Local date of that notice, ISO."""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One subscriber to be told."""

    subject: str
    """As the result names them: a pseudonym, or the identifier under `--reveal`."""
    kind: str
    items: tuple[str, ...]
    """What was, or may have been, exposed: `imsi`, `imei`, `msisdn`, `content`, or only `temporary`."""
    grounds: tuple[str, ...]
    """Why we say so: `imsi`, `possible`, `guti`, `suspect`."""
    times: tuple[tuple[datetime, datetime], ...]
    """(from, to) of each exposure, aware, in order."""
    payments: tuple[Row, ...] = field(default_factory=tuple)
    """Payments that count as linked, in order of time."""
    earlier: Told | None = None


def people(
    exposures: Iterable[Row], suspects: Iterable[Row], payments: Iterable[Row], told: Mapping[str, Told]
) -> list[Person]:
    """Return who is to be told, in order of `subject`.

    Args:
        exposures: Rows of exposures.parquet.
        suspects: Rows of suspects.parquet.
        payments: Rows of payment_details.parquet.
        told: What each subscriber was told last.
    """
    key = ("plmn", "rat", "cell_type", "cell", "unit")
    proven = {tuple(row[name] for name in key) for row in suspects if row["grade"] == "rogue"}
    touched: dict[str, list[Row]] = defaultdict(list)
    for row in exposures:
        touched[row["imsi"]].append({**row, "is_proven": tuple(row[name] for name in key) in proven})
    charged: dict[str, list[Row]] = defaultdict(list)
    for row in payments:
        if row["probability"] >= LINKED:
            charged[row["imsi"]].append(row)
    found = [_person(subject, rows, charged[subject], told.get(subject)) for subject, rows in touched.items()]
    found += [
        Person(subject=subject, kind="cleared", items=(), grounds=(), times=(), earlier=earlier)
        for subject, earlier in told.items()
        if earlier.kind != "cleared" and subject not in touched
    ]
    return sorted((each for each in found if each is not None), key=lambda each: each.subject)


def _person(subject: str, rows: list[Row], payments: list[Row], earlier: Told | None) -> Person | None:
    sure = [row for row in rows if row["is_proven"]]
    certain = _items(sure, "yes")
    if any(row["meeting"] in THROUGH for row in payments) and "content" not in certain:
        certain = (*certain, "content")  # the verification call or code itself went through the cell
    if certain:
        kind, items = "confirmed", certain
    else:
        kind, items = "possible", _items(rows, "possible") or ("temporary",)
    standing = earlier if earlier is not None and earlier.kind != "cleared" else None
    if standing is not None:
        if standing.kind in CERTAIN and (kind == "possible" or set(items) <= set(standing.items)):
            return None  # a possibility beside what is certain is no news
        if standing.kind == "possible" and kind == "possible" and set(items) <= set(standing.items):
            return None
        kind = "upgrade" if kind == "confirmed" else kind
    grounds = [grade for grade in ("imsi", "possible", "guti") if any(row["identity"] == grade for row in sure)]
    grounds = [grade for grade in grounds if grade == "imsi"] or grounds
    return Person(
        subject=subject,
        kind=kind,
        items=items,
        grounds=tuple(grounds or ["suspect"]),
        times=tuple(sorted({(row["from_at"], row["to_at"]) for row in (sure or rows)})),
        payments=tuple(sorted(payments, key=lambda row: (row["at"], row["payment_id"]))),
        earlier=standing,
    )


def _items(rows: list[Row], level: str) -> tuple[str, ...]:
    """Return what is exposed at least at a level, strongest first."""
    enough = ("yes",) if level == "yes" else ("yes", "possible")
    found = []
    if any(row["identity"] == "imsi" or (level == "possible" and row["identity"] == "possible") for row in rows):
        found.append("imsi")
    found += [name for name in ("imei", "msisdn", "content") if any(row[f"{name}_exposed"] in enough for row in rows)]
    return tuple(found)
