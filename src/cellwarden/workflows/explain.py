"""Say in sentences why a cell was judged as it was, from a result folder alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from cellwarden.foundation.errors import UsageError
from cellwarden.workflows.result import MANIFEST

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]


def cell_number(text: str) -> int:
    """Read a cell as people write it: decimal, hex (`0x12d6871`), or `enb-cell` of a macro (`77158-113`)."""
    try:
        if "-" in text:
            enb, cell = (int(part) for part in text.split("-"))
            return enb << 8 | cell
        return int(text, 0)
    except ValueError as error:
        raise UsageError(f"{text!r} is no cell", where="CELL", fix="Write it as 19753073, 0x12d6871 or 77158-113") from error


def explain(result: Path, cell: int) -> Row:
    """Return what a result says of a cell.

    Args:
        result: A result folder.
        cell: ECI or NCI; of several kinds of cell with this number all are told.

    Returns:
        `episodes` (rows of suspects), `findings` (heaviest first) and `exposed` (people by episode and grade).
    """
    if not (result / MANIFEST).is_file():
        raise UsageError("this is no result folder", where=result.name, fix="Give the --out of an investigation")
    episodes = [row for row in pq.read_table(result / "suspects.parquet").to_pylist() if row["cell"] == cell]
    findings = [row for row in pq.read_table(result / "findings.parquet").to_pylist() if row["cell"] == cell]
    exposed = [
        row
        for row in pq.read_table(result / "exposures.parquet", columns=["cell", "unit", "identity"]).to_pylist()
        if row["cell"] == cell
    ]
    people: dict[str, dict[str, int]] = {}
    for row in exposed:
        counted = people.setdefault(row["unit"], {})
        counted[row["identity"]] = counted.get(row["identity"], 0) + 1
    return {
        "cell": cell,
        "episodes": episodes,
        "findings": sorted(findings, key=lambda row: (-row["weight"], row["detector"])),
        "exposed": people,
    }
