"""Attaches planted on a place of the public: a handful of phones that attach from scratch all night among the guests of a ward.

A rogue wants the identities of whoever passes. Where the same few phones give theirs again and again, the guests are left alone: a broken
phone, or somebody who wants the cell to look guilty.
"""

from __future__ import annotations

from cellwarden.detect.explanations import few_phones
from cellwarden.detect.explanations.explanation import Explanation
from cellwarden.detect.explanations.visit import VISIT

EXPLANATION = Explanation(
    name="planted_attaches",
    version=3,
    looks_for="a registered fixed home cell that the public uses, and whose permanent identities come from the same few phones, many times a day, on several days",
    accounts_for=few_phones.ACCOUNTS_FOR,
    references=("TS 23.003 §2.2", "TS 24.301 §5.5.1.2.2"),
    thresholds=few_phones.THRESHOLDS,
    needs=("access", "access.identity", "equipment"),
    helps=("links", "links.serial", "equipment.work_order"),
    prepares=(VISIT,),
    evidence={
        "en": "{part:.0%} of the permanent identities at cell {cell} came from the same {testers} phones, day after day, among {others} other people: a broken phone, or evidence that somebody plants",
        "ko": "셀 {cell}: 영구 식별자의 {part:.0%}가 동일 단말 {testers}대에서 매일 반복됨(다른 이용자 {others}명). 고장 난 단말이거나 누군가 심은 증거로 보임",
    },
    script=few_phones.beside(__file__, "planted_attaches.sql"),
    judge=few_phones.judge,
)
