"""Say in sentences why a cell was judged as it was, from a result folder alone."""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from cellwarden.detect.catalogue import DETECTORS, EXPLANATIONS
from cellwarden.detect.families import family_of, together
from cellwarden.detect.fusion import GRADES
from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import UsageError
from cellwarden.workflows.result import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cellwarden.detect.fusion import Suspect

EXCUSES = "explanations.json"
"""Which innocent explanation was applied to which episode, with its sentence."""
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
        `episodes` (rows of suspects, each with the sentences `speaks_for`, `speaks_against`, `was_missing` and `would_change_our_mind`),
        `findings` (heaviest first), `exposed` (people by unit and grade) and the operator's `time_zone`.
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
    findings.sort(key=lambda row: (-row["weight"], row["detector"]))
    excuses = [
        {**row, **{name: datetime.fromisoformat(row[name]) for name in ("from_at", "to_at")}}
        for row in _told(result, EXCUSES, "excuses")
        if row["cell"] == cell
    ]
    silent = _told(result, "summary.json", "silent")
    return {
        "cell": cell,
        "episodes": [{**episode, **_sentences(episode, findings, excuses, dict(silent))} for episode in episodes],
        "findings": findings,
        "exposed": people,
        "time_zone": dict(_told(result, "summary.json", "operator")).get("time_zone", "UTC"),
    }


def _told(result: Path, name: str, part: str) -> Any:
    """Return a part of a JSON file of the result; empty where an older result has none."""
    path = result / name
    return json.loads(path.read_text(encoding="utf-8")).get(part, ()) if path.is_file() else ()


def _sentences(episode: Row, findings: list[Row], excuses: list[Row], silent: dict[str, list[str]]) -> Row:
    """Return sentences about one episode, each with the query and rows behind it where it has any."""
    heaviest: dict[str, Row] = {}
    for row in findings:
        if row["weight"] > 0 and _meets(row, episode) and row["detector"] in (episode["detectors"] or ()):
            heaviest.setdefault(row["detector"], row)
    ours = [row for row in excuses if _meets(row, episode) and row["unit"] == episode["unit"]]
    asked = {card.name for card in DETECTORS} - silent.keys() - heaviest.keys()
    against = [_sentence(f"{row['explanation']}: {row['evidence']}", row["query"], row["parameters"]) for row in ours]
    if asked:
        against.append(_sentence(f"looked and found nothing: {', '.join(sorted(asked))}"))
    return {
        "speaks_for": [
            _sentence(f"{row['weight']:+.1f}  {row['detector']}: {row['evidence']}", **json.loads(row["rows"]))
            for row in heaviest.values()
        ],
        "speaks_against": against,
        "was_missing": _missing(silent),
        "would_change_our_mind": _changes(episode, heaviest, silent),
    }


def _sentence(text: str, query: str | None = None, parameters: Row | None = None) -> Row:
    return {"sentence": text, "query": query, "parameters": parameters}


def _meets(row: Row, episode: Row) -> bool:
    return bool(row["from_at"] <= episode["to_at"] and (row["to_at"] is None or row["to_at"] >= episode["from_at"]))


def _missing(silent: dict[str, list[str]]) -> list[Row]:
    """Say who could not look, by what was lacking."""
    by_source: dict[str, list[str]] = {}
    for name, sources in sorted(silent.items()):
        for source in sources:
            by_source.setdefault(source, []).append(name)
    return [_sentence(f"without {source} could not look: {', '.join(names)}") for source, names in sorted(by_source.items())]


def _changes(episode: Row, heaviest: dict[str, Row], silent: dict[str, list[str]]) -> list[Row]:
    """Say what each finding carries, what could answer it, and how much is lacking to the next grade."""
    weights = {name: row["weight"] for name, row in heaviest.items()}
    log_odds = math.log(max(episode["score"], 1e-300) / max(1 - episode["score"], 1e-16))
    changes = []
    for name in sorted(weights, key=lambda each: (-weights[each], each)):
        carries = together(weights) - together({each: weight for each, weight in weights.items() if each != name})
        without = 1 / (1 + math.exp(min(700.0, carries - log_odds)))
        answers = [each for each in EXPLANATIONS if name in each.accounts_for and each.name not in silent]
        by = f"; it would be answered by {', '.join(each.name for each in answers)}" if answers else ""
        changes.append(_sentence(f"without {name} the score would be {without:.3f} ({_grade(without)}){by}"))
    if episode["grade"] in ("review", "explained"):
        needed = math.log(GRADES["suspect"] / (1 - GRADES["suspect"])) - log_odds
        heard = {family_of(name) for name in weights}
        others = sorted(card.name for card in DETECTORS if family_of(card.name) not in heard)
        changes.append(_sentence(f"{needed:.1f} nats more would accuse it, from one of: {', '.join(others)}"))
    return changes


def _grade(score: float) -> str:
    return next((grade for grade, least in GRADES.items() if score >= least), "not worth a line")


def excuses_of(suspects: Iterable[Suspect]) -> list[Row]:
    """Return which explanations were applied to which episode, as a result keeps them; naive UTC becomes aware."""
    queries = {each.name: each.script.name for each in EXPLANATIONS}
    return [
        {
            **{name: getattr(each.spell.key, name) for name in ("plmn", "rat", "cell_type", "cell")},
            "unit": each.spell.unit,
            "from_at": iso(max(excuse.from_at, each.spell.from_at)),
            "to_at": iso(min(excuse.to_at, each.spell.to_at)),
            "explanation": excuse.explanation,
            "share": excuse.share,
            "accounts_for": list(excuse.detectors),
            "evidence": excuse.evidence["en"],
            "evidence_ko": excuse.evidence["ko"],
            "query": queries.get(excuse.explanation),
            "parameters": {name: getattr(each.spell.key, name) for name in ("plmn", "rat", "cell_type", "cell")},
        }
        for each in suspects
        for excuse in each.excuses
    ]
