"""A partner's cell that serves our people under a sharing agreement (MOCN) or as a roaming neighbour: not in our registry, and there every day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.detect.explanations.transport import Addresses
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse a steady unlisted macro cell of another network, or one of ours whose address lies among another network's."""
    partners = Addresses(row["source"] for row in rows if row["subject"] == "partner address")
    own = Addresses(row["source"] for row in rows if row["subject"] == "own address")
    for row in rows:
        if row["subject"] != "unlisted" or row["served_days"] < explanation.threshold("min_days"):
            continue
        if row["served_days"] < explanation.threshold("min_share_of_days") * row["covered_days"]:
            continue
        if row["is_foreign"] or partners.nearness(row["source"]) > own.nearness(row["source"]):
            yield explanation.excuse(row, cell=row["cell"], plmn=row["plmn"], days=row["served_days"], of=row["covered_days"])


EXPLANATION = Explanation(
    name="shared_carrier",
    version=1,
    looks_for="an unlisted macro cell of another network, or among another network's addresses, that serves day after day",
    accounts_for=("unregistered_cell", "stranger_surge", "misplaced_cell", "tac_mismatch", "kind_mismatch"),
    references=("TS 23.251 §4.1", "TS 22.101 §28"),
    thresholds={
        "min_days": Threshold(5, "days", "a partner's network does not come and go"),
        "min_share_of_days": Threshold(0.7, "of the covered days", "a rural cell may have a quiet day, in thin records two"),
    },
    needs=("access", "access.source", "equipment"),
    helps=("links",),
    evidence={
        "en": "cell {cell} of {plmn} served on {days} of {of} days from another network's transport, like a shared carrier",
        "ko": "셀 {cell}({plmn}): {of}일 중 {days}일 동안 타 사업자 전송망에서 서비스, 공동망으로 보임",
    },
    script=Script.beside(__file__, "shared_carrier.sql"),
    judge=judge,
)
