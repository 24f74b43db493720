"""What the investigation report is made of: plain rows and a summary, gathered by the workflow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
"""One row of a result table; times are aware UTC datetimes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything a report says; nothing in it is looked up elsewhere, so the same dossier gives the same bytes."""

    summary: Row
    """Content of summary.json."""
    suspects: list[Row] = field(default_factory=list)
    """Rows of suspects.parquet, every grade; `finding_ids` says what the score adds up, where the workflow knows."""
    findings: list[Row] = field(default_factory=list)
    """Rows of findings.parquet; `evidence` may also be a dict of sentences by language."""
    census: list[Row] = field(default_factory=list)
    """One row a suspect episode: cell key, `unit`, `from_at`, `people`, `imsi`, `possible`, `guti`, `events`."""
    activity: list[Row] = field(default_factory=list)
    """One row an episode and 10-minute bin: cell key, `unit`, `from_at` (of the episode), `at`, `events`, `people`."""
    tracks: list[Row] = field(default_factory=list)
    """Rows of tracks.parquet, with the cell key where it is known; empty: where it was cannot be told."""
    payments: list[Row] = field(default_factory=list)
    """Linked payments (probability 0.5 or more); `amount` in minor units of `currency`, `imsi` a pseudonym, `reason` a
    sentence or a dict of sentences by language."""
    places: list[Row] = field(default_factory=list)
    """Known cells behind the map: `lat`, `lon` (WGS84), `kind`."""
    rejected: list[Row] = field(default_factory=list)
    """The first 200 rejected rows, identifiers masked."""
    queries: dict[str, str] = field(default_factory=dict)
    """Query name -> SQL text; printed, so that a regulator can run it again."""
    detectors: list[Row] = field(default_factory=list)
    """The catalogue: `name`, `version`, `looks_for`, `innocent_causes`, `accounts_for`, `references`, `thresholds`."""
