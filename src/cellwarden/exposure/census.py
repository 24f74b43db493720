"""The census: every subscriber of an accused episode, under the strongest grade that the rows prove (records.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from datetime import datetime

CENSUS = Script.beside(__file__, "census.sql")
ACTIVITY = Script.beside(__file__, "activity.sql")
"""Ten-minute counts of each accused episode; after CENSUS, whose step it reads."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """One subscriber on one accused cell in one episode."""

    imsi: int
    """Pseudonym."""
    plmn: str
    rat: str
    cell_type: str
    cell: int
    unit: str
    episode_from: datetime
    from_at: datetime
    """The subscriber's own first and last row, naive UTC."""
    to_at: datetime
    events: int
    identity: str
    imei_exposed: str
    msisdn_exposed: str
    content_exposed: str
    evidence: str


def graded(row: Row, *, has_usage: bool) -> Exposure:
    """Grade one row of `census.sql`.

    Args:
        row: Counts of what the subscriber's rows show.
        has_usage: Whether voice and SMS are recorded at all: without them absent protection is possible exposure.
    """
    is_unprotected = bool(row["null_ciphering"] or row["unprotected_ims"])
    if row["identified"]:
        identity = "imsi"
    elif row["unknown_identity"] or is_unprotected:
        identity = "possible"
    else:
        identity = "guti"
    return Exposure(
        **{
            name: row[name]
            for name in ("imsi", "plmn", "rat", "cell_type", "cell", "unit", "episode_from", "from_at", "to_at", "events")
        },
        identity=identity,
        imei_exposed="yes" if row["imei_shown"] else "possible" if is_unprotected else "none",
        msisdn_exposed="possible" if row["unprotected_ims"] else "none",
        content_exposed=_content(row, is_unprotected=is_unprotected, has_usage=has_usage),
        evidence=_evidence(row),
    )


def _content(row: Row, *, is_unprotected: bool, has_usage: bool) -> str:
    # The base station terminates the radio cipher: only IMS encryption keeps a call or text from it, and unless that is on
    # record it is not known.
    is_protected = row["encrypted_ims"] and not row["unprotected_ims"] and not row["null_ciphering"]
    if row["calls"] and row["served_unprotected"]:
        return "yes"
    if row["calls"] and not is_protected:
        return "possible"
    return "possible" if is_unprotected and not has_usage else "none"


_TOLD = (
    ("identified", "permanent identity readable"),
    ("unknown_identity", "identity type not recorded"),
    ("imei_shown", "IMEI readable"),
    ("null_ciphering", "ciphering off"),
    ("unprotected_ims", "IMS registration without encryption"),
    ("calls", "voice or SMS served"),
)
_UNKNOWN = (("unknown_ciphering", "ciphering"), ("unknown_ims", "ims_protection"))


def _evidence(row: Row) -> str:
    """Say what the rows show, and which columns were not known where they would have mattered."""
    shown = [f"{text} in {row[name]}" for name, text in _TOLD if row[name]] or ["temporary identity only"]
    unknown = [f"{column} not known in {row[name]}" for name, column in _UNKNOWN if row[name]]
    return f"{row['events']} rows: " + "; ".join([*shown, *unknown])
