"""Result folders by hand: what `census diff` reads of them, and nothing else."""

from datetime import UTC, datetime, timedelta

from cellwarden.foundation.digest import canonical_json
from cellwarden.workflows.result import write_manifest, write_table, write_text

START = datetime(2025, 8, 5, 10, tzinfo=UTC)
KEY = {"plmn": "00101", "rat": "lte", "cell_type": "home"}


def result(folder, people, *, ids=(7,), findings=(), missing=(), silent=None, key="k1", revealed=False, units=None):
    """Write a result; `people` are (number, grade, cell), `units` the label by cell."""
    folder.mkdir()
    span = {"from_at": START, "to_at": START + timedelta(hours=1)}
    write_table(
        folder,
        "suspects",
        [{**KEY, **span, "cell": cell, "grade": "rogue", "unit": (units or {}).get(cell, f"cell-{cell}")} for cell in ids],
    )
    write_table(
        folder, "findings", [{**KEY, **span, "cell": cell, "detector": detector, "weight": 5.0} for detector, cell in findings]
    )
    write_table(
        folder,
        "exposures",
        [
            {**KEY, **span, "cell": cell, "imsi": f"{number:016x}", "identity": grade, "events": 1}
            for number, grade, cell in people
        ],
    )
    window = {"from": "2025-08-05T10:00:00Z", "to": "2025-08-05T22:00:00Z"}
    write_text(
        folder, "summary.json", canonical_json({"window": window, "missing_sources": list(missing), "silent": silent or {}})
    )
    facts = {"version": "0.1", "until": None, "revealed": revealed, "key": key, "inputs": [], "rules": {}, "detectors": {}}
    write_manifest(folder, facts)
    return folder
