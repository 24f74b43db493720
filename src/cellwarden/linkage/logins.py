"""Which log-outs and new devices of other accounts an exposure may have made possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.engines.port import Script
from cellwarden.linkage.link import LEAST, Link, after_chance
from cellwarden.linkage.shifts import expected_by_chance, put_shifts

if TYPE_CHECKING:
    from cellwarden.engines.port import Engine

LOGINS = Script.beside(__file__, "logins.sql")
PRIOR = (1.0, 4.0)
"""Of four events within the day one belongs to the exposure, before looking; assumption until calibrated."""
_SUBJECT = ("at", "service", "event", "imsi")


def link_logins(engine: Engine) -> list[Link]:
    """Link login events; `exposed` must lie on the engine. One link an event, to the first cell in order of number."""
    put_shifts(engine)
    rows = sorted(engine.run(LOGINS).to_pylist(), key=lambda row: tuple(row[name] for name in (*_SUBJECT, "cell", "unit")))
    met = [row for row in rows if row["days"] == 0]
    found = len({tuple(row[name] for name in _SUBJECT) for row in met})
    probability = after_chance(found, expected_by_chance(rows, *_SUBJECT), prior=PRIOR)
    links: dict[tuple[object, ...], Link] = {}
    for row in met:
        links.setdefault(
            tuple(row[name] for name in _SUBJECT),
            Link(
                subject={name: row[name] for name in ("at", "service", "event")},
                imsi=row["imsi"],
                cell=row["cell"],
                unit=row["unit"],
                probability=probability,
                reason={"en": "within a day of being on the cell", "ko": "해당 셀 접속 후 하루 이내 발생"},
            ),
        )
    return list(links.values()) if probability >= LEAST else []
