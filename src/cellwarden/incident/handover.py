"""Packs for others who must tell their own people: the MVNOs whose subscribers we serve, and the services whose log-ins are concerned.

A pack holds what its receiver needs to tell its own customers, and nothing about anybody else's.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cellwarden.incident.notices.people import Person

Row = dict[str, Any]
OWN = "own"
MVNO_COLUMNS = ("subject", "kind", "items", "grounds", "first_touch", "last_touch", "payments", "amount", "currency")
SERVICE_COLUMNS = ("subject", "at", "event", "cell", "probability")
LINKED = 0.5


def mvno_packs(persons: Iterable[Person], controllers: Mapping[str, str | None]) -> dict[str, list[Row]]:
    """Return the rows of each controller's pack, by its name; our own subscribers and those of nobody known are in none.

    Args:
        persons: Everybody who is to be told.
        controllers: Of each subscriber.
    """
    packs: dict[str, list[Row]] = defaultdict(list)
    for person in persons:
        controller = controllers.get(person.subject)
        if controller and controller != OWN:
            packs[controller].append(_row(person))
    return dict(sorted(packs.items()))


def _row(person: Person) -> Row:
    paid = [row for row in person.payments if row["status"] in (None, "approved")]
    currencies = {row["currency"] for row in paid}
    return {
        "subject": person.subject,
        "kind": person.kind,
        "items": " ".join(person.items),
        "grounds": " ".join(person.grounds),
        "first_touch": person.times[0][0].isoformat() if person.times else "",
        "last_touch": max(last for _, last in person.times).isoformat() if person.times else "",
        "payments": len(paid),
        "amount": sum(row["amount"] for row in paid) if len(currencies) == 1 else "",
        "currency": currencies.pop() if len(currencies) == 1 else "",
    }


def service_packs(logins: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the log-outs and new devices of each service that an exposure probably made possible, by service.

    Args:
        logins: Rows of login_links.parquet.
    """
    packs: dict[str, list[Row]] = defaultdict(list)
    for row in logins:
        if row["probability"] >= LINKED:
            packs[row["service"]].append(
                {
                    "subject": row["imsi"],
                    "at": row["at"].isoformat(),
                    "event": row["event"],
                    "cell": f"{row['cell']:#x}",
                    "probability": f"{row['probability']:.2f}",
                }
            )
    return {service: sorted(rows, key=lambda row: (row["at"], row["subject"])) for service, rows in sorted(packs.items())}
