"""Phones that give their permanent identity although nothing ran in which the core would have asked for it."""

from __future__ import annotations

from cellwarden.detect.behaviour import conduct
from cellwarden.detect.detector import Detector, Threshold
from cellwarden.detect.share import judging

DETECTOR = Detector(
    name="identity_response_without_request",
    version=5,
    looks_for="a cell-day with identity responses that carry the permanent identity and beside which no attach, update or request ran at that cell",
    innocent_causes=(
        "records that lost the procedure beside the response (explanation data_faults): then all cells show it",
        "a core that asks at odd moments: then all cells show it",
        "arrivals of roamers whose home network is slow (explanation airport)",
    ),
    references=("TS 24.301 §5.4.4", "TS 24.501 §5.4.3"),
    thresholds={
        "min_hits": Threshold(3, "responses", "two are a lost row"),
        "min_tries": Threshold(5, "procedures", "a share of fewer says nothing"),
        "default_share": Threshold(0.01, "share of procedures", "lost rows of ordinary feeds; the class's own takes over"),
        "least_days": Threshold(20, "cell-days", "fewer do not show what is usual of a class"),
        "rogue_alpha": Threshold(1.5, "pseudo-counts", "with rogue_beta: a mean of 0.3, and wide; assumption until calibrated"),
        "rogue_beta": Threshold(3.5, "pseudo-counts", "see rogue_alpha"),
        "own_history_trust": Threshold(0.5, "of a count", "yesterday predicts today only in part"),
        "max_weight": Threshold(3.0, "nats", "feeds lose rows cell by cell too: a hint beside others"),
    },
    needs=("access", "access.identity"),
    helps=("access.source",),
    prepares=(conduct.CONDUCT,),
    evidence={
        "en": "{hits} identity responses at cell {cell}, among {tries} procedures, answered no procedure of the core ({usual:.1%} expected)",
        "ko": "셀 {cell}: 절차 {tries}건 중 {hits}건의 식별 응답에 대응하는 코어 절차가 없음 (예상 {usual:.1%})",
    },
    script=conduct.beside(__file__, "identity_response_without_request.sql"),
    judge=judging("share of unasked responses"),
)
