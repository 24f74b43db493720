"""Five naive systems that write results too: a scenario that one of them masters is trivial, and what all of them miss is hard.

Each looks at one thing, as a person with one table would, and accuses (cell, UTC day) by (cell, UTC day). None knows an innocent explanation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cellwarden.engines.port import Script
from cellwarden.foundation.clock import aware
from cellwarden.foundation.errors import UsageError
from cellwarden.lake.pseudonyms import in_hex
from cellwarden.records.results import CELL_KEY
from cellwarden.records.vocabulary import IDENTITY_GRADES

if TYPE_CHECKING:
    from cellwarden.engines.port import Engine
    from cellwarden.evaluate.truth import Row

ROGUE, LINK = 0.9, 0.5
"""Score from which a cell is `rogue` and not only `suspect`; probability of every link, which is a guess (records.md)."""
_TOUCHED, _PAID = (Script.beside(__file__, name) for name in ("touched.sql", "paid.sql"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """One naive rule."""

    name: str
    looks_for: str
    fails_on: str
    """What it must get wrong (simulation.md 8(c)); seen in the figures, it shows that a scenario does its work."""
    least: float
    """Strength from which a cell-day is accused, in the rule's own unit."""
    limits: dict[str, int] = field(default_factory=dict)
    """Further parameters of the query: below these counts the rule says nothing."""

    @property
    def query(self) -> Script:
        """Return the query beside this module."""
        return Script.beside(__file__, f"{self.name}.sql")


BASELINES = {
    each.name: each
    for each in (
        Baseline(
            name="not_in_registry",
            looks_for="a cell that served and that the registry of that day does not have as active",
            fails_on="accuses lagging installs; misses live clones and rows that an insider put in",
            least=1.0,
        ),
        Baseline(
            name="imsi_share_z_score",
            looks_for="a share of permanent identities six standard errors above that of the cell's kind",
            fails_on="accuses cells after a core restart and at airports; misses units that ask for no identity",
            least=6.0,
            limits={"least_openings": 20},
        ),
        Baseline(
            name="new_visitor_share",
            looks_for="a home cell with ten visitors of whom half had never been there",
            fails_on="accuses every café, clinic and shop",
            least=0.5,
            limits={"least_visitors": 10},
        ),
        Baseline(
            name="complaint_clustering",
            looks_for="a cell that two of at least three complainers of one district and three days touched when it happened",
            fails_on="accuses macro cells of the district; misses units without fraud, and drowns on a news day",
            least=2.0,
            limits={"least_complaints": 3},
        ),
        Baseline(
            name="common_cell_of_victims",
            looks_for="a cell that two victims of a day had touched in the hour before they were robbed",
            fails_on="accuses the neighbours along the road; misses units without fraud",
            least=2.0,
        ),
    )
}
"""By name, in the order of the design."""


def baseline_tables(name: str, engine: Engine) -> dict[str, list[Row]]:
    """Run a baseline and return the rows of `suspects`, `exposures` and `payment_links`.

    The score is no probability but an order: strength / (strength + least), so that the threshold is at 0.5. Every cell is its own unit.
    `alert_at` is when the day, and the disputes or complaints that the rule uses, were known. Every payment of a person exposed, until an
    hour later, is linked.

    Args:
        name: One of `BASELINES`.
        engine: With the tables of a lake readable under their own names (`lake.reading.open_records`).

    Raises:
        UsageError: There is no such baseline.
    """
    if name not in BASELINES:
        raise UsageError(f"{name!r} is no baseline", where="baseline", fix=f"Say one of {', '.join(BASELINES)}")
    rule = BASELINES[name]
    cells = engine.run(rule.query, least=rule.least, **rule.limits).to_pylist()
    units = {key: f"unit-{number}" for number, key in enumerate(dict.fromkeys(_key(row) for row in cells), start=1)}
    suspects = [_suspect(rule, row, units[_key(row)]) for row in cells]
    engine.put("accused", pa.Table.from_pylist([{**row, "unit": units[_key(row)]} for row in cells], _ACCUSED))
    touched = engine.run(_TOUCHED)
    engine.put("exposed", touched.select(_EXPOSED))
    links: dict[str, Row] = {}
    for row in engine.run(_PAID).to_pylist():
        links.setdefault(row["payment_id"], _link(row))
    return {
        "suspects": suspects,
        "exposures": [_exposure(row) for row in touched.to_pylist()],
        "payment_links": list(links.values()),
    }


_ACCUSED = pa.schema(
    [
        ("plmn", pa.string()),
        ("rat", pa.string()),
        ("cell_type", pa.string()),
        ("cell", pa.int64()),
        ("unit", pa.string()),
        ("from_at", pa.timestamp("us")),
        ("to_at", pa.timestamp("us")),
    ]
)
_EXPOSED = ["imsi", "cell", "unit", "from_at", "to_at"]


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in CELL_KEY)


def _suspect(rule: Baseline, row: Row, unit: str) -> Row:
    score = row["strength"] / (row["strength"] + rule.least)
    return {
        **{name: row[name] for name in CELL_KEY},
        "from_at": aware(row["from_at"]),
        "to_at": aware(row["to_at"]),
        "alert_at": aware(row["known_at"]),
        "grade": "rogue" if score >= ROGUE else "suspect",
        "score": score,
        "unit": unit,
        "detectors": [rule.name],
        "missing_sources": [],
    }


def _exposure(row: Row) -> Row:
    return {
        **{name: row[name] for name in (*CELL_KEY, "unit", "events")},
        "imsi": in_hex(row["imsi"]),
        "from_at": aware(row["from_at"]),
        "to_at": aware(row["to_at"]),
        "identity": IDENTITY_GRADES[2 - row["grade"]],
        "imei_exposed": "none",
        "msisdn_exposed": "none",
        "content_exposed": "none",
        "evidence": f"{row['events']} rows",
    }


def _link(row: Row) -> Row:
    return {
        "payment_id": row["payment_id"],
        "imsi": in_hex(row["imsi"]),
        "cell": row["cell"],
        "unit": row["unit"],
        "probability": LINK,
        "reason": "paid within the hour after an accused cell",
    }
