"""The tables that come out: one schema a file of a result folder, in the order of the contract.

Times are UTC with zone, identifiers text: a pseudonym of 16 hex digits, or the real one under `--reveal`.
"""

from __future__ import annotations

import pyarrow as pa

from cellwarden.records.rejected import REJECTED_SCHEMA
from cellwarden.records.vocabulary import IDENTITY_GRADES

_TEXT, _CELL, _AT, _REAL = pa.string(), pa.int64(), pa.timestamp("us", tz="UTC"), pa.float64()

CELL_KEY = ("plmn", "rat", "cell_type", "cell")
"""What names a cell: numbers of different kinds overlap, so the number alone does not."""

_KEY = [("plmn", _TEXT), ("rat", _TEXT), ("cell_type", _TEXT), ("cell", _CELL)]
_SPAN = [("from_at", _AT), ("to_at", _AT)]
_LINK = [("imsi", _TEXT), ("cell", _CELL), ("unit", _TEXT), ("probability", _REAL), ("reason", _TEXT)]

FINDINGS = pa.schema(
    [
        ("finding_id", _TEXT),
        ("detector", _TEXT),
        ("version", pa.int64()),
        ("subject_kind", _TEXT),
        ("subject", _TEXT),
        *_KEY,
        *_SPAN,
        ("weight", _REAL),
        ("evidence", _TEXT),
        ("rows", _TEXT),
        ("references", _TEXT),
    ]
)
SUSPECTS = pa.schema(
    [
        *_KEY,
        *_SPAN,
        ("alert_at", _AT),
        ("grade", _TEXT),
        ("score", _REAL),
        ("unit", _TEXT),
        ("detectors", pa.list_(_TEXT)),
        ("explained_by", _TEXT),
        ("missing_sources", pa.list_(_TEXT)),
        ("lat", _REAL),
        ("lon", _REAL),
        ("radius_m", _REAL),
    ]
)
EXPOSURES = pa.schema(
    [
        ("imsi", _TEXT),
        *_KEY,
        ("unit", _TEXT),
        *_SPAN,
        ("events", pa.int64()),
        ("identity", _TEXT),
        ("imei_exposed", _TEXT),
        ("msisdn_exposed", _TEXT),
        ("content_exposed", _TEXT),
        ("evidence", _TEXT),
    ]
)
CENSUS = pa.schema(
    [
        ("measure", _TEXT),
        ("part", _TEXT),
        ("people", pa.int64()),
        *((f"people_{grade}", pa.int64()) for grade in IDENTITY_GRADES),
    ]
)
PAYMENT_LINKS = pa.schema([("payment_id", _TEXT), *_LINK])
COMPLAINT_LINKS = pa.schema([("complaint_id", _TEXT), *_LINK])
LOGIN_LINKS = pa.schema([("at", _AT), ("service", _TEXT), ("event", _TEXT), *_LINK])
TIP_LINKS = pa.schema([("tip_id", _TEXT), *_LINK])
TRACKS = pa.schema([("cell", _CELL), ("unit", _TEXT), ("at", _AT), ("lat", _REAL), ("lon", _REAL), ("radius_m", _REAL)])
DIFFERENCES = pa.schema(
    [
        ("attribute", _TEXT),
        ("value", _TEXT),
        ("victims", pa.int64()),
        ("others", pa.int64()),
        ("odds_ratio", _REAL),
        ("low", _REAL),
        ("high", _REAL),
        ("q", _REAL),
    ]
)
PAYMENT_DETAILS = pa.schema(
    [
        ("payment_id", _TEXT),
        ("imsi", _TEXT),
        ("cell", _CELL),
        ("unit", _TEXT),
        ("meeting", _TEXT),
        ("at", _AT),
        ("channel", _TEXT),
        ("status", _TEXT),
        ("amount", pa.int64()),
        ("currency", _TEXT),
        ("merchant", _TEXT),
        ("category", _TEXT),
        ("minutes_since_touch", _REAL),
        ("served_at_that_minute", pa.bool_()),
        ("verified_at", _AT),
        ("factor_needed", _TEXT),
        ("factor_given", _TEXT),
        ("factors_not_given", pa.list_(_TEXT)),
        ("first_merchant", pa.bool_()),
        ("resale", pa.bool_()),
        ("large", pa.bool_()),
        ("burst", pa.bool_()),
        ("payments_day", pa.int64()),
        ("local_hour", pa.int64()),
        ("near_cap", pa.bool_()),
        ("month_amount", pa.int64()),
        ("disputed_at", _AT),
        ("probability", _REAL),
    ]
)
PAYMENT_CHANNELS = pa.schema(
    [
        ("channel", _TEXT),
        ("payments", pa.int64()),
        ("searched", pa.bool_()),
        ("met", pa.int64()),
        ("expected", _REAL),
        ("chance_low", pa.int64()),
        ("chance_high", pa.int64()),
        ("linked", pa.int64()),
    ]
)
LATE_PAYMENTS = pa.schema(
    [
        ("signs", pa.int64()),
        ("found", pa.int64()),
        ("before", pa.int64()),
        ("ratio", _REAL),
        ("expected", _REAL),
        ("low", _REAL),
        ("high", _REAL),
        ("p", _REAL),
        ("probability", _REAL),
    ]
)
CONTACTS = pa.schema(
    [
        ("kind", _TEXT),
        ("payment_id", _TEXT),
        ("imsi", _TEXT),
        ("at", _AT),
        ("channel", _TEXT),
        ("merchant", _TEXT),
        ("amount", pa.int64()),
        ("currency", _TEXT),
        ("probability", _REAL),
    ]
)
COMPLAINT_ALARMS = pa.schema(
    [
        ("day", pa.date32()),
        ("theme", _TEXT),
        ("district", _TEXT),
        ("count", pa.int64()),
        ("expected", _REAL),
        ("limit", _REAL),
        ("methods", pa.list_(_TEXT)),
        ("p", _REAL),
        ("callers", pa.int64()),
        ("exposed", pa.int64()),
        ("others", pa.int64()),
        ("others_exposed", pa.int64()),
        ("exposure_p", _REAL),
        *_KEY,
        ("shared_callers", pa.int64()),
        ("shared_crowd", pa.int64()),
        ("shared_p", _REAL),
        ("examples", pa.list_(_TEXT)),
    ]
)
LEADS = pa.schema(
    [
        ("kind", _TEXT),
        ("subject", _TEXT),
        ("district", _TEXT),
        *_SPAN,
        ("theirs", pa.int64()),
        ("ours", pa.int64()),
        ("their_amount", pa.int64()),
        ("our_amount", pa.int64()),
    ]
)
REGISTRY_ROWS = pa.schema(
    [
        ("equipment_id", _TEXT),
        ("plmn", _TEXT),
        ("cell_type", _TEXT),
        ("cell", _CELL),
        ("kind", _TEXT),
        ("status", _TEXT),
        ("valid_from", _AT),
        ("recorded_at", _AT),
        ("recorded_by", _TEXT),
        ("marks", pa.list_(_TEXT)),
        ("found", pa.int64()),
        ("expected", _REAL),
        ("p", _REAL),
        ("is_named", pa.bool_()),
    ]
)

RESULTS: dict[str, pa.Schema] = {
    "findings": FINDINGS,
    "suspects": SUSPECTS,
    "exposures": EXPOSURES,
    "census": CENSUS,
    "payment_links": PAYMENT_LINKS,
    "complaint_links": COMPLAINT_LINKS,
    "login_links": LOGIN_LINKS,
    "tip_links": TIP_LINKS,
    "tracks": TRACKS,
    "differences": DIFFERENCES,
    "payment_details": PAYMENT_DETAILS,
    "payment_channels": PAYMENT_CHANNELS,
    "late_payments": LATE_PAYMENTS,
    "contacts": CONTACTS,
    "complaint_alarms": COMPLAINT_ALARMS,
    "leads": LEADS,
    "registry_rows": REGISTRY_ROWS,
    "rejected": REJECTED_SCHEMA,
}
"""Every result table by name; the file is `NAME.parquet`."""
