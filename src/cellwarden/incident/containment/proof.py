"""Whether an act worked: the records made while it was in force are searched for what it should have stopped or brought about.

Every answer is one of VERDICTS with the counts behind it. Records that do not reach past the act, or lack the column that would show it,
prove nothing, and that is said: an act is never called a success for want of records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cellwarden.engines.port import Script
from cellwarden.foundation.clock import aware, iso, naive
from cellwarden.lake.pseudonyms import from_hex

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cellwarden.engines.port import Engine

PRESENCE = Script.beside(__file__, "proof_presence.sql")
PAYMENTS = Script.beside(__file__, "proof_payments.sql")
REAUTHENTICATION = Script.beside(__file__, "proof_reauthentication.sql")
SWAP = Script.beside(__file__, "proof_swap.sql")
RECOVERY = Script.beside(__file__, "proof_recovery.sql")

VERDICTS = ("holds", "fails", "partly", "not_yet", "cannot_tell")
"""Nothing came through, or everybody was reached; something did; some were reached; no records after the act; no record could show it."""
OFF = ("recovered", "scrapped", "deleted", "suspended", "lost")
"""What the registry calls a unit that no longer serves."""

_REACHED = pa.schema([("imsi", pa.int64())])
_LISTED = pa.schema([("equipment_id", pa.string()), ("cell_type", pa.string()), ("cell", pa.int64())])
Found = dict[str, Any]


def presence_proof(engine: Engine, *, since: datetime, until: datetime) -> Found:
    """Say whether anything still came through what is blocked (see `put_blocked`) between two instants."""
    (row,) = engine.run(PRESENCE, since=naive(since), until=naive(until)).to_pylist()
    verdict = "fails" if row["rows_after"] else "holds" if _reach(row, since) else "not_yet"
    counts = {"touches_after": int(row["rows_after"]), "people_after": int(row["people_after"])}
    return {"verdict": verdict, "records_to": _iso(row["records_to"]), **counts, "last_touch_at": _iso(row["last_at"])}


def payments_proof(engine: Engine, target: dict[str, Any], *, since: datetime, until: datetime) -> Found:
    """Say whether anything was paid that a restriction names.

    Returns:
        `cannot_tell` where payments that it names came without a status. `stopped_after` are attempts that were declined or cancelled: the
        restriction was tried, and held; without any, nobody tried.
    """
    (row,) = engine.run(
        PAYMENTS,
        since=naive(since),
        until=naive(until),
        merchant=target.get("merchant", ""),
        category=target.get("category", ""),
        channel=target.get("channel", ""),
        imsi=from_hex(target["subscriber"]) if "subscriber" in target else 0,
    ).to_pylist()
    silence = "cannot_tell" if row["unknown_after"] else "holds" if row["payments_after"] else "not_yet"
    names = ("payments_after", "approved_after", "people_after", "stopped_after", "unknown_after")
    return {
        "verdict": "fails" if row["approved_after"] else silence,
        "records_to": _iso(row["records_to"]),
        **{name: int(row[name]) for name in names},
        "last_payment_at": _iso(row["last_at"]),
    }


def reauthentication_proof(
    engine: Engine, people: Sequence[str], *, since: datetime, until: datetime, has_security: bool
) -> Found:
    """Say with how many people the core set up security anew.

    Args:
        engine: With the lake's tables.
        people: Pseudonyms whom the act was about.
        since: When it came into force.
        until: When it ended, or now.
        has_security: Whether access rows name algorithms at all; if not, nobody can tell.

    Returns:
        `new_guti` is always `cannot_tell`: no record of the contract holds the value of a temporary identity.
    """
    row = _about(engine, REAUTHENTICATION, people, since, until)
    counts = {name: int(row[name] or 0) for name in ("people", "secured_after", "seen_without", "not_seen")}
    verdict = _reached(counts["secured_after"], counts["people"], is_after=_reach(row, since))
    return {
        "verdict": verdict if has_security or verdict == "not_yet" else "cannot_tell",
        "records_to": _iso(row["records_to"]),
        **counts,
        "new_guti": "cannot_tell",
    }


def swap_proof(engine: Engine, people: Sequence[str], *, since: datetime, until: datetime) -> Found:
    """Say whose number lives on another IMSI that was first seen after the act.

    Returns:
        Of `people`: `swapped_after`, among them `both_on_air` (the old one was seen later than the new); `on_paper` (the register has a new IMSI
        that was not seen since); `still_old` (the old one is on the air, and the register has no other); `not_seen` (neither: it cannot be told).
        `without_number` have no number in the register, so that a swap could not be seen.
    """
    row = _about(engine, SWAP, people, since, until)
    names = ("people", "swapped_after", "both_on_air", "on_paper", "still_old", "not_seen", "without_number")
    counts = {name: int(row[name] or 0) for name in names}
    verdict = _reached(counts["swapped_after"], counts["people"], is_after=_reach(row, since))
    if verdict == "fails" and counts["without_number"] == counts["people"]:
        verdict = "cannot_tell"
    return {"verdict": verdict, "records_to": _iso(row["records_to"]), **counts}


def recovery_proof(engine: Engine, units: Sequence[dict[str, Any]], *, since: datetime, until: datetime) -> Found:
    """Say what became of the units of a recovery list.

    Returns:
        `off` (the registry says since that it no longer serves), `by_status` of all, `woken` (on the air or joined since: it came back by itself),
        and `cannot_tell` where the registry was not delivered since.
    """
    engine.put("listed", pa.Table.from_pylist([{name: unit[name] for name in _LISTED.names} for unit in units], _LISTED))
    rows = engine.run(RECOVERY, since=naive(since), until=naive(until)).to_pylist()
    by_status = {row["status"]: int(row["units"]) for row in rows}
    off, woken = sum(by_status.get(status, 0) for status in OFF), sum(int(row["woken"]) for row in rows)
    registry_to = rows[0]["registry_to"] if rows else None
    verdict = _reached(off, len(units), is_after=registry_to is not None and aware(registry_to) > since)
    if verdict == "not_yet":
        verdict = "cannot_tell" if rows and _reach(rows[0], since) else "not_yet"
    return {
        "verdict": "fails" if woken and verdict != "not_yet" else verdict,
        "registry_to": _iso(registry_to),
        "units": len(units),
        "off": off,
        "woken": woken,
        "by_status": by_status,
    }


def _about(engine: Engine, script: Script, people: Sequence[str], since: datetime, until: datetime) -> Found:
    engine.put("reached", pa.Table.from_pylist([{"imsi": from_hex(each)} for each in people], _REACHED))
    (row,) = engine.run(script, since=naive(since), until=naive(until)).to_pylist()
    found: Found = row
    return found


def _reached(done: int, of: int, *, is_after: bool) -> str:
    """Return the verdict on an act that should have reached everybody."""
    if not is_after or not of:
        return "not_yet"
    return "holds" if done == of else "partly" if done else "fails"


def _reach(row: Found, since: datetime) -> bool:
    return row["records_to"] is not None and aware(row["records_to"]) > since


def _iso(at: datetime | None) -> str | None:
    return iso(at) if at else None
