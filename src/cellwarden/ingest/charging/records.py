"""Charging records to rows of `usage`: one row a record of a call, a message or a data session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellwarden.ingest.charging.ber import walk
from cellwarden.ingest.charging.converters import RATS, SYSTEM_TYPES, Place
from cellwarden.ingest.charging.dialect import VOLUME
from cellwarden.ingest.signalling.faults import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.ingest.charging.ber import Found, Table
    from cellwarden.ingest.charging.converters import Value
    from cellwarden.ingest.charging.dialect import RecordKind
    from cellwarden.ingest.charging.files import Record

NOWHERE = Place(None, None, None, None)
_LTE_BITS, _LIMIT = 28, 1 << 62
_METHODS = {"INVITE": "voice", "MESSAGE": "sms"}
_DIRECTIONS = {0: "mo", 1: "mt"}
"""Role-of-Node: originating, terminating."""
Row = tuple[int, str, str, str | None, int | None, int | None, str, str | None, int | None, int, None, None, int | None]
"""In the order of the columns of `usage`; `cell_type` and `source` are never known."""


def fields(record: Record, kind: RecordKind) -> dict[str, Value | list[Value]]:
    """Return every field of a record as a value, for drill-down; what cannot be read is None.

    `userCSGInformation`, device, number and further places are there too.

    Raises:
        DecodeError: Its elements do not fit into each other.
    """
    values: dict[str, Value | list[Value]] = {}
    for name, content in _gathered(record, kind.table).items():
        convert = kind.converters[name]
        values[name] = (
            [_or_none(convert, each) for each in content] if isinstance(content, list) else _or_none(convert, content)
        )
    return values


def _gathered(record: Record, table: Table, enough: int = 0) -> Found:
    found: Found = {}
    try:
        walk(record.data, record.start, record.stop, table, found, enough=enough)
    except IndexError as error:
        raise DecodeError("record: ends early") from error
    except DecodeError as error:
        raise DecodeError(f"record: {error}") from error
    return found


def _or_none(convert: Callable[[bytes], Value], content: bytes) -> Value:
    try:
        return convert(content)
    except (DecodeError, IndexError, ValueError):
        return None


def usage(record: Record, kind: RecordKind) -> Row:
    """Make the row of a record.

    Raises:
        DecodeError: `column: why` it cannot be a row; holds no identifier.
    """
    found = _gathered(record, kind.row_table, kind.row_fields)
    values = _values(found, kind)
    at, imsi, place = values.get("at"), values.get("imsi"), values.get("place", NOWHERE)
    if at is None or imsi is None:
        raise DecodeError(f"{'at' if at is None else 'imsi'}: missing")
    service, peer = kind.service, values.get("peer")
    if service == "ims":
        service = _ims_service(values)
        peer = values.get("called" if service.endswith("mo") else "calling")
    rat = _rat(values, place)
    cell = place.cell
    if cell is None:
        raise DecodeError("cell: the record names no cell")
    if rat == "lte" and cell >> _LTE_BITS:
        raise DecodeError("cell: more than 28 bits in LTE")
    duration = values.get("duration_s")
    if duration is None and "ended" in values:
        duration = (values["ended"] - at) // 1_000_000
    volume = found.get(VOLUME)
    if volume is not None and volume >= _LIMIT:
        raise DecodeError("bytes: out of range")
    return (
        at,
        imsi,
        service,
        peer,
        None if duration is None or duration < 0 else duration,
        volume,
        rat,
        place.plmn or values.get("network"),
        place.tac,
        cell,
        None,
        None,
        values.get("cause"),
    )


def _values(found: Found, kind: RecordKind) -> dict[str, Any]:
    """Return by role what the first field says that is there and says something."""
    values: dict[str, Any] = {}
    role = ""
    try:
        for role, name, convert in kind.plan:
            content = found.get(name)
            if content is not None and role not in values:
                value = convert(content)
                if value is not None and (role != "place" or value.cell is not None):
                    values[role] = value
    except DecodeError as error:
        raise DecodeError(f"{role}: {error}") from error
    except (IndexError, ValueError) as error:
        raise DecodeError(f"{role}: ends early") from error
    return values


def _rat(values: dict[str, Any], place: Place) -> str:
    """Tell the radio technology: as the record says, else from the kind of place."""
    written = values.get("rat")
    rat = RATS.get(written) if written is not None else SYSTEM_TYPES.get(values.get("system", -1)) or place.rat
    if rat is None:
        what = (
            f"access of type {written} has no cell" if written is not None else "the record does not tell the radio technology"
        )
        raise DecodeError(f"rat: {what}")
    return rat


def _ims_service(values: dict[str, Any]) -> str:
    what, direction = _METHODS.get(str(values.get("method")).upper()), _DIRECTIONS.get(values.get("role", -1))
    if what is None:
        raise DecodeError("service: its SIP method is no call and no message")
    if direction is None:
        raise DecodeError("service: the record does not tell who began it")
    return f"{what}_{direction}"
