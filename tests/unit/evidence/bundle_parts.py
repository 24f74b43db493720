"""A small bundle: a result of three files, a query, a record, a log with a checkpoint, a report; all made up."""

import json
from datetime import UTC, date, datetime

from cellwarden.evidence import log
from cellwarden.evidence.bundle import Parts, pack
from cellwarden.evidence.verify import merkle_root
from cellwarden.foundation.digest import sha256_of

DAY = date(2026, 1, 2)
ABOUT = {"Source-Organization": "Example Mobile"}


def parts(place, *, read=3, total=3, query="exposure/people.sql"):
    """Write what a bundle is made of under `place`."""
    place.mkdir(parents=True)
    record = place / "access.csv"
    record.write_text("at,cell\n2025-08-05T10:00:00Z,1\n")
    result = place / "result"
    result.mkdir()
    summary = {
        "files": {"access.csv": {"read": read, "accepted": 2, "rejected": 1}},
        "people_signal_exposed": {"total": total, "imsi": 1, "possible": 1, "guti": 1},
        "headlines": [{"name": "people_signal_exposed", "value": 3, "query": query}],
    }
    (result / "summary.json").write_text(json.dumps(summary))
    outputs = {"summary.json": {"sha256": sha256_of(result / "summary.json")}}
    inputs = [{"file": "access.csv", "sha256": sha256_of(record)}]
    (result / "manifest.json").write_text(json.dumps({"outputs": outputs, "inputs": inputs}))
    audit = place / "audit.jsonl"
    for act in ("case_opened", "cell_blocked"):
        log.append(audit, act, at=datetime(2026, 1, 1, tzinfo=UTC), who="a")
    leaves = [line.encode() for line in audit.read_text(encoding="utf-8").splitlines()]
    checkpoints = place / "audit.checkpoints.json"
    checkpoints.write_text(json.dumps([{"size": size, "root": merkle_root(leaves[:size]).hex()} for size in (1, 2)]))
    report = place / "first.pdf"
    report.write_bytes(b"%PDF\n\xff\n")
    return Parts(
        result=result,
        queries={"exposure/people.sql": "SELECT 1\n"},
        records={"access.csv": record},
        logs={"audit.jsonl": audit, "audit.checkpoints.json": checkpoints},
        reports={"first.pdf": report},
    )


def packed(place, **more):
    """Return a whole small bundle."""
    pack(place / "bundle", parts(place / "parts", **more), on=DAY, about=ABOUT)
    return place / "bundle"
