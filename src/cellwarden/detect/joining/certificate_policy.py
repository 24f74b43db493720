"""Certificates that were let in and are unlike the fleet's: another issuer, a much longer life, or out of date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Detector, Finding, Row, Surroundings, Threshold
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def judge(detector: Detector, rows: list[Row], _: Surroundings) -> Iterable[Finding]:
    """Take the rarest of what is unusual: one odd maker explains issuer and validity at once."""
    for row in rows:
        rarest = min(_traits(row), key=lambda trait: trait[0], default=None)
        weight = detector.rarity(rarest[0], row["hands"], of="hands") if rarest else 0.0
        if rarest and weight > 0:
            yield detector.finding(row, weight=weight, hand=row["hand"], cell=row["cell"], hand_name=row["hand"], why=rarest[1])


def _traits(row: Row) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield what is unusual, with the number of pieces of equipment that it holds for."""
    if row["issuer"] is not None and 2 * row["issuer_hands"] < row["hands"]:
        yield (
            row["issuer_hands"],
            {
                "en": f"issued by {row['issuer']}, as for {row['issuer_hands']} of {row['hands']}",
                "ko": f"발급자 {row['issuer']} ({row['hands']}대 중 {row['issuer_hands']}대)",
            },
        )
    months, as_long = row["months"], row["validity_hands"]
    if as_long is not None:
        yield (
            as_long,
            {
                "en": f"valid for {months} months; {as_long} of {row['hands']} are valid so long",
                "ko": f"유효기간 {months}개월 ({row['hands']}대 중 {as_long}대)",
            },
        )
    if row["is_outside"]:
        yield (
            row["outside_hands"],
            {
                "en": f"out of date when shown, as for {row['outside_hands']} of {row['hands']}",
                "ko": f"유효기간 밖에서 제시 ({row['hands']}대 중 {row['outside_hands']}대)",
            },
        )


DETECTOR = Detector(
    name="certificate_policy",
    version=2,
    looks_for="a certificate that was let in although its issuer, its length of validity or its dates are not those of this fleet",
    innocent_causes=(
        "a new maker or a new batch of certificates",
        "a unit that lay in a drawer until its certificate had run out",
        "a fleet that shares one certificate of many years: then it accuses nobody",
        "a test laboratory (explanation test_laboratory)",
    ),
    references=("TS 33.310 §6.1.3", "TS 33.320 §7.2"),
    thresholds={
        "min_ratio": Threshold(1.5, "times the others' mean validity", "batches of one policy differ by months, not by half"),
        "expected_share": Threshold(
            0.01, "share of equipment", "odd certificates of honest makers; the fleet's own rate takes over"
        ),
        "expected_share_hands": Threshold(
            50, "pieces of equipment", "what that expectation is worth: makers are few, and a small fleet shows them"
        ),
        "share_of_rogues": Threshold(
            0.5, "share of rogues", "the other half shows a genuine one, as in the public case; assumption until calibrated"
        ),
        "max_weight": Threshold(4.0, "nats", "every first unit of a new maker looks so: alone it is not worth a line"),
    },
    needs=("links",),
    helps=("links.certificate_issuer", "links.certificate_not_before", "links.certificate_not_after"),
    evidence={
        "en": "{hand_name} joined as cell {cell} with a certificate {why}",
        "ko": "{hand_name}: 셀 {cell}(으)로 접속하며 제시한 인증서 {why}",
    },
    script=Script.beside(__file__, "certificate_policy.sql"),
    judge=judge,
)
