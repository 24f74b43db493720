"""What a management system that does not exist would tell."""

from made_up_units import NOW

from cellwarden.foundation.clock import iso


def row(number, **changes):
    """Return the row of a femtocell, as a management system writes it."""
    made = {"equipment_id": f"henb{number}", "cell": 1000 + number, "cell_type": "home", "kind": "femto", "status": "active"}
    made |= {"valid_from": "2025-01-01T00:00:00Z", "recorded_at": "2025-01-01T00:00:00Z", "tac": 7, "plmn": "00101"}
    made |= {"certificate": f"{number:064x}"}
    return made | {"source_networks": f"192.0.2.{number}/32", "lat": 37.5, "vendor": None, "of_theirs": [1]} | changes


def everything(*rows, **changes):
    return {"as_of": iso(NOW), "cursor": "1", "whole": True, "equipment": list(rows or (row(1), row(2)))} | changes


def change(*rows, **changes):
    return everything(*rows) | {"cursor": "2", "whole": False, "equipment": list(rows)} | changes
