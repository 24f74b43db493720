"""Which complaints speak of an exposure: about a linked payment, of money taken from somebody who has one, or told to have happened then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cellwarden.engines.port import Script
from cellwarden.linkage.link import LEAST, Link, after_chance
from cellwarden.linkage.shifts import expected_by_chance, put_shifts
from cellwarden.linkage.themes import THEFT, complaint_rows

if TYPE_CHECKING:
    from cellwarden.engines.port import Engine

COMPLAINTS = Script.beside(__file__, "complaints.sql")
PRIOR = (2.0, 5.0)
"""Of five complaints that fall into an exposure two are about it, before looking; assumption until calibrated."""

SAME_PERSON = 0.9
"""Of ten complaints of money taken by somebody with a linked payment nine are about it; assumption until calibrated."""

_REASON = {
    "person": {
        "en": "complains of money taken, and has a payment that is linked to the cell",
        "ko": "금전 피해를 호소하며 해당 셀에 연결된 결제가 있음",
    },
    "payment": {"en": "complains of a payment that is linked to the cell", "ko": "해당 셀에 연결된 결제에 대한 민원"},
    "time": {"en": "was on the cell within a day before the time told", "ko": "진술한 시각 전 하루 안에 해당 셀에 접속"},
}


def link_complaints(engine: Engine) -> list[Link]:
    """Link complaints; `exposed` and `linked_payment` must lie on the engine."""
    put_shifts(engine)
    spoken = [row["complaint_id"] for row in complaint_rows(engine) if set(row["themes"]) & set(THEFT)]
    engine.put("theft_complaint", pa.table({"complaint_id": pa.array(spoken, pa.string())}))
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
            probability=_probability(row, by_time),
            reason=_REASON[row["kind"]],
        )
        held = best.get(row["complaint_id"])
        if link.probability >= LEAST and (held is None or link.probability > held.probability):
            best[row["complaint_id"]] = link
    return [best[complaint] for complaint in sorted(best)]


def _probability(row: dict[str, Any], by_time: float) -> float:
    certain: float = row["probability"]
    return {"payment": certain, "person": certain * SAME_PERSON, "time": by_time}[row["kind"]]
