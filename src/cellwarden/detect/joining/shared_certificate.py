"""A certificate that belongs to one device and is shown by another; and a fleet that shares one, which proves nothing of anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Accuse the bearer of somebody else's certificate; of a shared fleet certificate only say that it is one."""
    for row in rows:
        is_fleet = row["subject_kind"] == "certificate"
        yield detector.finding(
            row,
            weight=0.0 if is_fleet else detector.threshold("foreign_certificate_weight"),
            hand=row["hand"] or None,
            known_at=row["known_at"],
            subject_kind=row["subject_kind"],
            subject=row["certificate"] if is_fleet else None,
            certificate=row["certificate"][:12],
            hands=row["hands"],
            owners=row["owners"],
        )


DETECTOR = Detector(
    name="shared_certificate",
    version=1,
    looks_for="a device certificate shown by more than one piece of hardware, and above all one that the registry gave to another device",
    innocent_causes=(
        "a maker that gave the whole fleet one certificate: then it accuses nobody",
        "a swapped board that kept its certificate",
    ),
    references=("TS 33.320 §7.2", "TS 33.310 §6.1"),
    thresholds={
        "foreign_certificate_weight": Threshold(
            5.0, "nats", "a board swap is the one honest cause, and it comes with a work order"
        )
    },
    needs=("links", "links.certificate"),
    helps=("equipment.certificate", "links.serial"),
    evidence={
        "en": "certificate {certificate}… was shown by {hands} pieces of hardware; the registry gave it to {owners}",
        "ko": "인증서 {certificate}…: 장비 {hands}대가 제시, 대장상 배정은 {owners}대",
    },
    script=Script.beside(__file__, "shared_certificate.sql"),
    judge=judge,
)
