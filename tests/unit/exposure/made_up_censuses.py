"""Censuses from short literals: two investigations of the same made-up people."""

from datetime import UTC, datetime, timedelta

from cellwarden.exposure.restatement import Census

START = datetime(2025, 8, 5, 10, tzinfo=UTC)
FIRST, SECOND = 7, 8


def key(cell=FIRST):
    return {"plmn": "00101", "rat": "lte", "cell_type": "home", "cell": cell}


def exposed(imsi, identity="guti", cell=FIRST, *, after_h=0.0, events=1):
    at = START + timedelta(hours=after_h)
    return {**key(cell), "imsi": f"{imsi:016x}", "identity": identity, "from_at": at, "to_at": at + timedelta(minutes=5), "events": events}  # fmt: skip


def accused(cell=FIRST):
    return {**key(cell), "grade": "rogue", "from_at": START, "to_at": START + timedelta(hours=1)}


def said(detector, cell=FIRST, *, weight=5.0, after_h=0.0):
    return {**key(cell), "detector": detector, "weight": weight, "from_at": START + timedelta(hours=after_h)}


def census(*exposures, ids=(FIRST,), findings=(), **more):
    return Census(
        **{
            "exposures": list(exposures),
            "suspects": [accused(cell) for cell in ids],
            "findings": list(findings),
            "sources": frozenset({"access", "equipment"}),
            "silent": {},
            "inputs": {"access.csv": "a" * 64},
            "last_at": START + timedelta(hours=12),
            "rules": {"unregistered_cell.max_weight": 6.5, "prior": -7.0},
            "versions": {"unregistered_cell": 1, "foreign_source": 1},
            **more,
        }
    )
