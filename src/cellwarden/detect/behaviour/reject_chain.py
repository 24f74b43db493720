"""People who are turned away by a cell and then say who they are at another: rejected or detached, then an attach with the IMSI."""

from __future__ import annotations

from cellwarden.detect.behaviour import conduct
from cellwarden.detect.detector import Detector, Threshold
from cellwarden.detect.share import judging

DETECTOR = Detector(
    name="reject_chain",
    version=5,
    looks_for="a cell-day on which many people were rejected or detached and attached at another cell with the permanent identity within ten minutes",
    innocent_causes=(
        "a core restart that lost every GUTI: rejected and attached anew (explanation core_restart)",
        "maintenance of the cell (explanation maintenance)",
        "phones that were switched off and on again elsewhere: few, and on all cells",
    ),
    references=("TS 24.301 §5.5.3.2.5", "TS 24.301 §5.5.2.3", "Marlin, NDSS 2025"),
    thresholds={
        "min_hits": Threshold(3, "people", "two who were turned away are an ordinary day"),
        "min_tries": Threshold(5, "people", "a share of fewer says nothing"),
        "default_share": Threshold(
            0.005, "share of people", "of ordinary networks; the class's own takes over with each person"
        ),
        "least_days": Threshold(20, "cell-days", "fewer do not show what is usual of a class"),
        "rogue_alpha": Threshold(1.5, "pseudo-counts", "with rogue_beta: a mean of 0.3, and wide; assumption until calibrated"),
        "rogue_beta": Threshold(3.5, "pseudo-counts", "see rogue_alpha"),
        "own_history_trust": Threshold(0.5, "of a count", "yesterday predicts today only in part"),
        "max_weight": Threshold(3.5, "nats", "a restart or a fault of the cell does so too: alone it must not lead to a line"),
    },
    needs=("access", "access.identity", "access.result"),
    helps=("access.source",),
    prepares=(conduct.CONDUCT,),
    evidence={
        "en": "{hits} of {tries} people at cell {cell} were turned away and attached elsewhere with the permanent identity ({usual:.1%} expected)",
        "ko": "셀 {cell}: {tries}명 중 {hits}명이 거부·분리된 뒤 다른 셀에서 영구 식별자로 접속 (예상 {usual:.1%})",
    },
    script=conduct.beside(__file__, "reject_chain.sql"),
    judge=judging("share of people turned away"),
)
