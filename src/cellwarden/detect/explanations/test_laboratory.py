"""A laboratory or a demonstration room: a handful of phones that attach from scratch forty times a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations import habit
from cellwarden.detect.explanations.explanation import Excuse, Explanation, after
from cellwarden.detect.explanations.visit import VISIT
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse that part of a registered cell's identities which the same few phones gave, day after day: a rogue's change."""
    for row in rows:
        share = row["by_testers"] / row["identified"]
        if row["testers"] <= explanation.threshold("max_testers") and share >= explanation.threshold("min_share"):
            yield explanation.excuse(row, share=share, cell=row["cell"], testers=row["testers"], part=share)


EXPLANATION = Explanation(
    name="test_laboratory",
    version=3,
    looks_for="a registered fixed home cell whose permanent identities come from the same few phones, many times a day, on several days",
    accounts_for=(
        "identity_exposure_excess",
        "reject_chain",
        "short_bursts",
        "protection_downgrade",
        "identity_response_without_request",
    ),
    references=("TS 23.003 §2.2", "TS 24.301 §5.5.1.2.2"),
    thresholds={
        "min_days": Threshold(3, "days", "one phone with a broken SIM may attach all day once"),
        "min_attaches_a_day": Threshold(4, "attaches with the identity", "nobody switches a phone off that often"),
        "max_testers": Threshold(20, "phones", "more than a laboratory's drawer holds are people"),
        "min_share": Threshold(0.6, "of the identities", "else the cell's own guests are what stands out"),
    },
    needs=("access", "access.identity", "equipment"),
    helps=("links", "links.serial", "equipment.work_order"),
    prepares=(VISIT,),
    evidence={
        "en": "{part:.0%} of the permanent identities at cell {cell} came from the same {testers} phones, day after day, like tests",
        "ko": "셀 {cell}: 영구 식별자의 {part:.0%}가 동일 단말 {testers}대에서 매일 반복, 시험용으로 보임",
    },
    script=after(habit.PROPER_VISIT, Script.beside(__file__, "test_laboratory.sql")),
    judge=judge,
)
