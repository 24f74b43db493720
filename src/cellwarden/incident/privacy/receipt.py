"""The privacy receipt: every time that identifiers were asked for, agreed and opened, and who was forgotten, each with its proof.

The receipt is the log's own lines of these acts, with their numbers and a proof that each lies in the log of the stated root. Whoever holds
the log can count them again; whoever holds only the receipt can check each line, and that the log had so many.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from cellwarden.evidence import merkle

if TYPE_CHECKING:
    from collections.abc import Sequence

OPENINGS = ("identifiers_opened", "identifiers_revealed")
"""The directory was opened: under an approval of a case store, or by the key of a lake that is bound to none."""
ACTS = (*OPENINGS, "forgetting_begun", "subscriber_forgotten")
"""Acts that touch the directory; requests of these kinds and their decisions are listed beside."""
_KINDS = ("reveal", "forgetting")


def receipt(lines: Sequence[str]) -> dict[str, Any]:
    """Return the receipt of a log, oldest first: that of a case store, or `LAKE.audit.jsonl`."""
    entries = [json.loads(line) for line in lines]
    ours = {each["request_id"] for each in entries if each["act"] == "requested" and each["kind"] in _KINDS}
    leaves = [line.encode() for line in lines]
    listed = [
        {
            "number": number,
            "line": lines[number - 1],
            "proof": [base64.b64encode(each).decode() for each in merkle.inclusion_proof(leaves, number - 1)],
        }
        for number, each in enumerate(entries, start=1)
        if each["act"] in ACTS
        or each.get("request_id") in ours
        or (each["act"] == "command_refused" and each.get("request") in ours)
    ]
    opened = [each for each in entries if each["act"] in OPENINGS]
    return {
        "log_size": len(lines),
        "log_root": merkle.root(leaves).hex(),
        "openings": len(opened),
        "people_in_openings": sum(each["people"] for each in opened),
        "forgotten": sum(each["act"] == "subscriber_forgotten" for each in entries),
        "lines": listed,
    }


def is_proven(found: dict[str, Any]) -> bool:
    """Say whether every line of a receipt lies in the log of its root."""
    root = bytes.fromhex(found["log_root"])
    return all(
        merkle.is_included(
            each["line"].encode(),
            each["number"] - 1,
            found["log_size"],
            [base64.b64decode(part) for part in each["proof"]],
            root,
        )
        for each in found["lines"]
    )
