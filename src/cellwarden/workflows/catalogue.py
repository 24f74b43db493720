"""The catalogue of detectors and explanations as plain data, for the command line, the report and the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellwarden.detect.catalogue import CARDS

if TYPE_CHECKING:
    from cellwarden.detect.detector import Detector
    from cellwarden.detect.explanations.explanation import Explanation


def entries() -> list[dict[str, Any]]:
    """Return every card, detectors first."""
    return [entry(each) for each in CARDS]


def entry(card: Detector | Explanation) -> dict[str, Any]:
    """Return one card as plain data."""
    return {
        "name": card.name,
        "version": card.version,
        "kind": "detector" if hasattr(card, "innocent_causes") else "explanation",
        "looks_for": card.looks_for,
        "innocent_causes": list(getattr(card, "innocent_causes", ())),
        "accounts_for": list(getattr(card, "accounts_for", ())),
        "references": list(card.references),
        "needs": list(card.needs),
        "helps": list(card.helps),
        "query": card.script.name,
        "thresholds": [
            {"name": name, "value": limit.value, "unit": limit.unit, "reason": limit.reason}
            for name, limit in card.thresholds.items()
        ],
    }
