"""A cell on wheels at an event: in nobody's registry for a few days, and in plain sight of thousands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations.explanation import Excuse, Explanation
from cellwarden.detect.explanations.transport import Addresses
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse an unlisted macro cell on the operator's own transport with a macro cell's crowd and ordinary identities.

    A box behind the security gateway may claim a macro number too; its address then lies among the tunnels', it has few
    visitors, and it asks them who they are.
    """
    macros = Addresses(row["source"] for row in rows if row["subject"] == "macro address")
    homes = Addresses(row["source"] for row in rows if row["subject"] == "home address")
    for row in rows:
        if row["subject"] != "unlisted" or row["cell_days"] > explanation.threshold("max_days"):
            continue
        is_passing = row["cell_days"] <= explanation.threshold("max_share_of_days") * row["covered_days"]
        if not (is_passing or row["announced"]):
            continue
        if macros.nearness(row["source"]) <= homes.nearness(row["source"]) or not explanation.is_ordinary(row):
            continue
        usual = row["usual_subscribers"] / row["usual_cell_days"]
        has_crowd = row["subscribers"] >= explanation.threshold("min_crowd") * usual
        if not (has_crowd or row["announced"]):  # a satellite van in the country serves few, and the calendar names it
            continue
        share = 1.0 if row["announced"] else explanation.threshold("share_unannounced")
        yield explanation.excuse(row, share=share, cell=row["cell"], people=row["subscribers"], usual=usual)


EXPLANATION = Explanation(
    name="temporary_cell",
    version=3,
    looks_for="an unlisted macro cell on the operator's own transport, for a few days, with a crowd and no more identities than others",
    accounts_for=("unregistered_cell", "revived_cell", "stranger_surge", "misplaced_cell", "tac_mismatch"),
    references=("TS 36.413 §9.2.1.37", "TS 36.300 §4.6"),
    thresholds={
        "max_days": Threshold(14, "days on air", "an event lasts days; what stays is a cell that the registry must know"),
        "max_share_of_days": Threshold(
            0.5, "of the covered days", "what is there all along is a hole in the registry; in a single day nothing can be told"
        ),
        "min_crowd": Threshold(
            0.5,
            "of a macro cell's daily people",
            "a home cell's range does not reach that many; asked where no calendar names the cell",
        ),
        "max_identity_ratio": Threshold(3, "times the usual share", "a crowd's phones are in the network already"),
        "few_identities": Threshold(3, "procedures", "a handful of phones that were just switched on"),
        "share_unannounced": Threshold(
            0.8, "of the weight", "no calendar names it: enough for review to end, not to make a rogue forgotten"
        ),
    },
    needs=("access", "access.source", "equipment"),
    helps=("access.identity", "links", "events"),
    evidence={
        "en": "cell {cell} served {people} people in a day from the operator's own transport ({usual:.0f} are usual), like a cell on wheels",
        "ko": "셀 {cell}: 사업자 자체 전송망에서 하루 {people}명 접속(통상 {usual:.0f}명), 이동기지국으로 보임",
    },
    script=Script.beside(__file__, "temporary_cell.sql"),
    judge=judge,
)
