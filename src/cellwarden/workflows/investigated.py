"""Everything an investigation found, before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from cellwarden.detect.examination import Examination
    from cellwarden.detect.place.tracks import Position
    from cellwarden.detect.registry_audit import Audit
    from cellwarden.exposure.census import Exposure
    from cellwarden.lake.reading import Holdings
    from cellwarden.linkage.differences import Difference
    from cellwarden.linkage.link import Link
    from cellwarden.linkage.payments import Linkage
    from cellwarden.records.operator import Operator
    from cellwarden.workflows.linking import Further


@dataclass(frozen=True, slots=True, kw_only=True)
class Investigated:
    """Everything an investigation found, before it is written."""

    operator: Operator
    holdings: Holdings
    examination: Examination
    registry: Audit
    exposures: list[Exposure]
    people: dict[str, Any]
    linkage: Linkage
    further: Further
    complaint_links: list[Link]
    login_links: list[Link]
    tip_links: list[Link]
    differences: list[Difference]
    positions: list[Position]
    activity: list[dict[str, Any]]
    spans: dict[str, tuple[datetime, datetime]]
    """First and last `at` of each table that has one."""
    days: list[str]
    """UTC days of access."""
    places: list[dict[str, Any]]
    """Placed cells, for the map."""
    calibration: list[dict[str, Any]]
    """Numbers that judgements learnt from this operator's history, or the defaults that they took instead."""
