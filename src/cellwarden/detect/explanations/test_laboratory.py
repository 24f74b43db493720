"""A laboratory or a demonstration room: a handful of phones that attach from scratch forty times a day."""

from __future__ import annotations

from cellwarden.detect.explanations import few_phones
from cellwarden.detect.explanations.explanation import Explanation
from cellwarden.detect.explanations.visit import VISIT

EXPLANATION = Explanation(
    name="test_laboratory",
    version=5,
    looks_for="a registered fixed home cell whose permanent identities come from the same few phones, many times a day, on several days",
    accounts_for=few_phones.ACCOUNTS_FOR,
    references=("TS 23.003 §2.2", "TS 24.301 §5.5.1.2.2"),
    thresholds=few_phones.THRESHOLDS,
    needs=("access", "access.identity", "equipment"),
    helps=("links", "links.serial", "equipment.work_order"),
    prepares=(VISIT,),
    evidence={
        "en": "{part:.0%} of the permanent identities at cell {cell} came from the same {testers} phones, day after day, like tests",
        "ko": "셀 {cell}: 영구 식별자의 {part:.0%}가 동일 단말 {testers}대에서 매일 반복, 시험용으로 보임",
    },
    script=few_phones.beside(__file__, "test_laboratory.sql"),
    judge=few_phones.judge,
)
