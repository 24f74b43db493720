"""Payments: which thefts were linked to an exposure, and how far the money is off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellwarden.evaluate.calibration import brier
from cellwarden.evaluate.proportions import harmonic, share

if TYPE_CHECKING:
    from cellwarden.evaluate.found import Found
    from cellwarden.evaluate.truth import Row, Truth

LINKED = 0.5
"""Probability from which a payment counts as linked (records.md)."""
SOON_S = 3600.0
"""Thefts that follow their capture within the hour: the bar is on these (detection.md). Without a delay in the truth they followed at once."""


def link_scores(truth: Truth, found: Found) -> dict[str, Any]:
    """Return precision and recall over payments and attempts, the money error, and the Brier score of the probabilities.

    Money counts approved payments and is in minor units; it is None where the truth has no amounts. The amount of a wrong link
    is not known to the examiner (the truth holds thefts alone), so that `money_missed` is what links left out, never a balance.
    `precision_within_hour` is the precision where any theft followed within the hour, or where there was none at all: days later a
    payment is judged by the number of its like, and which of them are honest cannot be told (detection.md, "Quality bars").
    """
    thefts = {row["payment_id"]: row for row in truth.thefts}
    linked = {row["payment_id"]: row for row in found.payment_links if row["probability"] >= LINKED}
    right = thefts.keys() & linked.keys()
    precision, recall = share(len(right), len(linked)), share(len(right), len(thefts))
    soon = {name for name, row in thefts.items() if (row.get("delay_s") or 0.0) <= SOON_S}
    chances = {row["payment_id"]: row["probability"] for row in found.payment_links}
    money, caught = _money(list(thefts.values())), _money([thefts[name] for name in right])
    return {
        "true": len(thefts),
        "linked": len(linked),
        "right": len(right),
        "precision": precision,
        "recall": recall,
        "f1": harmonic(precision, recall),
        "precision_within_hour": precision if soon or not thefts else None,
        "true_within_hour": len(soon),
        "right_within_hour": len(right & soon),
        "recall_within_hour": share(len(right & soon), len(soon)),
        "right_cell_share": share(sum(linked[name]["cell"] == thefts[name]["cell"] for name in right), len(right)),
        "money": money,
        "money_linked": caught,
        "money_missed": None if money is None or caught is None else money - caught,
        "money_missed_share": None if not money or caught is None else share(money - caught, money),
        "brier": brier([(chances.get(name, 0.0), name in thefts) for name in chances.keys() | thefts.keys()]),
    }


def victim_scores(truth: Truth, found: Found) -> dict[str, Any]:
    """Return precision and recall over people from whom something was taken or tried."""
    real = {row["imsi"] for row in truth.thefts}
    told = {row["imsi"] for row in found.payment_links if row["probability"] >= LINKED}
    precision, recall = share(len(real & told), len(told)), share(len(real & told), len(real))
    return {"true": len(real), "told": len(told), "precision": precision, "recall": recall, "f1": harmonic(precision, recall)}


def complaint_scores(truth: Truth, found: Found) -> dict[str, Any]:
    """Return precision and recall over complaints whose cause was a theft; the others were about something else."""
    real = {row["complaint_id"] for row in truth.complaints if row["cause"] == "theft"}
    told = {row["complaint_id"] for row in found.complaint_links if row["probability"] >= LINKED}
    precision, recall = share(len(real & told), len(told)), share(len(real & told), len(real))
    return {"true": len(real), "told": len(told), "precision": precision, "recall": recall, "f1": harmonic(precision, recall)}


def _money(rows: list[Row]) -> int | None:
    if any(row[name] is None for row in rows for name in ("amount", "status")):
        return None
    amounts: list[int] = [row["amount"] for row in rows if row["status"] == "approved"]
    return sum(amounts)
