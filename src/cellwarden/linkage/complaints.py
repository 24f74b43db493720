"""Which complaints speak of an exposure: those about a linked payment, and those whose told time falls into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.engines.port import Script
from cellwarden.linkage.link import LEAST, Link, after_chance
from cellwarden.linkage.shifts import expected_by_chance, put_shifts

if TYPE_CHECKING:
    from cellwarden.engines.port import Engine

COMPLAINTS = Script.beside(__file__, "complaints.sql")
PRIOR = (2.0, 5.0)
"""Of five complaints that fall into an exposure two are about it, before looking; assumption until calibrated."""

_REASON = {
    "payment": {"en": "complains of a payment that is linked to the cell", "ko": "해당 셀에 연결된 결제에 대한 민원"},
    "time": {"en": "was on the cell within a day before the time told", "ko": "진술한 시각 전 하루 안에 해당 셀에 접속"},
}


def link_complaints(engine: Engine) -> list[Link]:
    """Link complaints; `exposed` and `linked_payment` must lie on the engine."""
    put_shifts(engine)
    rows = engine.run(COMPLAINTS).to_pylist()
    found = len({row["complaint_id"] for row in rows if row["kind"] == "time" and row["days"] == 0})
    by_time = after_chance(found, expected_by_chance(rows, "complaint_id"), prior=PRIOR)
    best: dict[str, Link] = {}
    for row in rows:
        if row["days"] != 0:
            continue
        link = Link(
            subject={"complaint_id": row["complaint_id"]},
            imsi=row["imsi"],
            cell=row["cell"],
            unit=row["unit"],
            probability=row["probability"] if row["kind"] == "payment" else by_time,
            reason=_REASON[row["kind"]],
        )
        held = best.get(row["complaint_id"])
        if link.probability >= LEAST and (held is None or link.probability > held.probability):
            best[row["complaint_id"]] = link
    return [best[complaint] for complaint in sorted(best)]
