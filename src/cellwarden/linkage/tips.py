"""Which reports of police and others an accused cell accounts for; a report that none accounts for is a lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.engines.port import Script
from cellwarden.linkage.link import Link

if TYPE_CHECKING:
    from cellwarden.engines.port import Engine

TIPS = Script.beside(__file__, "tips.sql")
WITH_VICTIMS, WITH_EXPOSED = 0.9, 0.3
"""A report that names time and district: linked victims of that district all but settle it, exposed people alone do not;
assumption until calibrated."""


def link_tips(engine: Engine) -> list[Link]:
    """Link tips; `exposed` and `linked_payment` must lie on the engine. Of one tip the best cell is given."""
    best: dict[str, Link] = {}
    for row in engine.run(TIPS).to_pylist():
        counted = {"victims": row["victims"], "exposed": row["exposed"]}
        best.setdefault(
            row["tip_id"],
            Link(
                subject={"tip_id": row["tip_id"]},
                imsi=None,
                cell=row["cell"],
                unit=row["unit"],
                probability=WITH_VICTIMS if row["victims"] else WITH_EXPOSED,
                reason={
                    "en": "{exposed} people of that district were on the cell in the time told, {victims} of them with linked payments".format(
                        **counted
                    ),
                    "ko": "진술한 시각에 해당 지역 가입자 {exposed}명이 셀에 접속, 그중 {victims}명은 결제가 연결됨".format(
                        **counted
                    ),
                },
            ),
        )
    return [best[tip] for tip in sorted(best)]
