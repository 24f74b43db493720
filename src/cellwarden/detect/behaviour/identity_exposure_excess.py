"""More permanent identities in clear than the cell's own past and its class let expect (the ratio behind Marlin, NDSS 2025)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.behaviour import conduct
from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.detect.share import Beta, expected_share, noted, weight

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], surroundings: Surroundings) -> Iterable[Finding]:
    """Weigh a cell-day by the Bayes factor of two beta-binomials: a catcher's share against this cell's expected one."""
    rogue = Beta(detector.threshold("rogue_alpha"), detector.threshold("rogue_beta"))
    default, least = detector.threshold("default_share"), int(detector.threshold("least_days"))
    for row in rows:
        noted(surroundings.calibration, detector.name, row, "share of permanent identities", default=default, least=least)
        honest = expected_share(row, trust=detector.threshold("own_history_trust"), default=default)
        found = weight(row, honest, rogue, most=detector.threshold("max_weight"), day=row["day_number"])
        if found > 0:
            yield detector.finding(
                row,
                weight=found,
                hand=row["hand"],
                known_at=row["to_at"],
                cell=row["cell"],
                hits=row["hits"],
                tries=row["tries"],
                share=row["hits"] / row["tries"],
                usual=honest.mean,
                forced=_forced(row["forced"]),
            )


def _forced(rejects: int) -> dict[str, str]:
    """Say how many of them were rejects after which a phone has to say who it is."""
    if not rejects:
        return {"en": "", "ko": ""}
    return {"en": f", or were rejected so that they must ({rejects})", "ko": f" (식별자를 요구하는 거부 {rejects}건 포함)"}


DETECTOR = Detector(
    name="identity_exposure_excess",
    version=6,
    looks_for="a cell-day on which far more procedures carried the permanent identity, or were rejected so that the next one must, than its class and its own past let expect",
    innocent_causes=(
        "a core restart that lost every GUTI (explanation core_restart)",
        "a telephone shop with new SIMs (explanation phone_shop)",
        "arrivals of roamers (explanation airport)",
        "power loss of IoT devices (explanation iot_power_loss)",
    ),
    references=("TS 24.301 §5.4.4", "TS 24.301 §5.5.1.2.2", "Marlin, NDSS 2025"),
    thresholds={
        "min_openings": Threshold(10, "procedures", "a share of fewer says nothing"),
        "min_identified": Threshold(3, "procedures", "two phones without a GUTI are an ordinary evening"),
        "rogue_alpha": Threshold(
            1.5, "pseudo-counts", "with rogue_beta: a mean of 0.3, near the 0.28 of the public case, and wide"
        ),
        "rogue_beta": Threshold(3.5, "pseudo-counts", "see rogue_alpha"),
        "default_share": Threshold(0.05, "share of procedures", "worth ten procedures beside the class's own"),
        "least_days": Threshold(20, "cell-days", "fewer do not show what is usual of a class"),
        "own_history_trust": Threshold(0.5, "of a count", "yesterday predicts today only in part"),
        "max_weight": Threshold(4.0, "nats", "a telephone shop in its first days looks just so: this alone must not accuse"),
    },
    needs=("access", "access.identity"),
    helps=("access.source", "access.cause"),
    prepares=(conduct.CONDUCT,),
    evidence={
        "en": "{hits} of {tries} procedures at cell {cell} carried the permanent identity{forced} ({share:.0%}; {usual:.1%} expected)",
        "ko": "셀 {cell}: {tries}건 중 {hits}건에서 영구 식별자 노출{forced} ({share:.0%}, 예상 {usual:.1%})",
    },
    script=conduct.beside(__file__, "identity_exposure_excess.sql"),
    judge=judge,
)
