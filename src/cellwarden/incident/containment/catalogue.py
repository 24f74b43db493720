"""The acts of containment: what each is aimed at, and what is done to undo it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import MalformedInputError, UsageError
from cellwarden.records.vocabulary import CELL_TYPES, PAYMENT_CHANNELS

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One kind of act."""

    name: str
    aims_at: tuple[str, ...]
    """What its target names; of `one_of` acts exactly one."""
    question: str
    """Which dry run answers it: `presence`, `payments`, `people` or `dormant`."""
    does: str
    undone_by: str
    gate_kind: str | None = None
    """What the block list of the gate calls it; None: nothing the gate decides."""


ACTS: dict[str, Act] = {
    act.name: act
    for act in (
        Act(
            name="block_cell",
            aims_at=("cell_type", "cell"),
            question="presence",
            does="refuses the cell identity, whoever claims it",
            undone_by="the identity may join again",
            gate_kind="cell",
        ),
        Act(
            name="block_certificate",
            aims_at=("certificate",),
            question="presence",
            does="refuses every unit that shows the certificate",
            undone_by="the certificate is accepted again",
            gate_kind="certificate",
        ),
        Act(
            name="block_serial",
            aims_at=("serial",),
            question="presence",
            does="refuses every unit that shows the serial",
            undone_by="the serial is accepted again",
            gate_kind="serial",
        ),
        Act(
            name="block_source",
            aims_at=("network",),
            question="presence",
            does="refuses units that come from an outer network",
            undone_by="the network is accepted again",
            gate_kind="network",
        ),
        Act(
            name="block_new_installs",
            aims_at=("since",),
            question="presence",
            does="refuses units that had not joined before an instant; the gate, units of which the registry had no word before it",
            undone_by="new units may join again",
            gate_kind="installed_since",
        ),
        Act(
            name="restrict_payments",
            aims_at=("subscriber", "merchant", "category", "channel"),
            question="payments",
            does="declines carrier billing that matches",
            undone_by="billing is as before",
        ),
        Act(
            name="force_reauthentication",
            aims_at=("grades",),
            question="people",
            does="lets the core authenticate the people anew and give them a new GUTI (TS 24.301, 5.4.1 and 5.4.2)",
            undone_by="nothing: a new GUTI stays",
        ),
        Act(
            name="list_usim_swap",
            aims_at=("grades",),
            question="people",
            does="hands the people who are to get a new USIM to customer care",
            undone_by="the list is withdrawn",
        ),
        Act(
            name="recover_dormant",
            aims_at=("silent_days",),
            question="dormant",
            does="hands units in the registry that fell silent to field service, to be blocked and brought back",
            undone_by="the list is withdrawn",
        ),
    )
}
"""Every act by name."""

_CERTIFICATE = re.compile(r"[0-9a-f]{64}")
_PSEUDONYM = re.compile(r"[0-9a-f]{16}")
GRADES_OF_PEOPLE = ("imsi", "possible", "guti")


def act_of(name: str) -> Act:
    """Return an act.

    Raises:
        UsageError: There is none of that name.
    """
    if name not in ACTS:
        raise UsageError(f"{name!r} is no act of containment", where="act", fix=f"Known are {', '.join(ACTS)}")
    return ACTS[name]


def checked_target(act: Act, target: dict[str, Any]) -> dict[str, Any]:
    """Return a target with its values in their one spelling.

    Raises:
        MalformedInputError: A value is none, or the target names something else than the act aims at.
    """
    wanted = set(act.aims_at)
    alone = act.name == "restrict_payments"
    if (alone and (len(target) != 1 or not set(target) <= wanted)) or (not alone and set(target) != wanted):
        fix = f"Name {'one of ' if alone else ''}{', '.join(act.aims_at)}"
        raise MalformedInputError(f"a target with {', '.join(sorted(target)) or 'nothing'}", where=act.name, fix=fix)
    return {name: _value(name, value, act.name) for name, value in target.items()}


def gate_value(act: Act, target: dict[str, Any]) -> str:
    """Return a target as the block list of the gate writes it."""
    return f"{target['cell_type']}:{target['cell']}" if act.name == "block_cell" else str(target[act.aims_at[0]])


def _value(name: str, value: Any, where: str) -> Any:
    read, fix = _READERS[name]
    found = read(",".join(value) if isinstance(value, list) else str(value).strip())
    if found is None:
        raise MalformedInputError(f"{name} cannot be read", where=where, fix=fix)
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text) > 0 else None


def _network(text: str) -> str | None:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        return None


def _instant(text: str) -> str | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return iso(at) if at.tzinfo else None


def _grades(text: str) -> list[str] | None:
    grades = sorted({each.strip() for each in text.split(",")})
    return grades if set(grades) <= set(GRADES_OF_PEOPLE) else None


def _word_of(words: tuple[str, ...]) -> Callable[[str], str | None]:
    return lambda text: text if text in words else None


_READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "cell": (_number, "Write the number in decimal"),
    "silent_days": (_number, "Write a number of days"),
    "cell_type": (_word_of(CELL_TYPES), f"Say one of {', '.join(CELL_TYPES)}"),
    "channel": (_word_of(PAYMENT_CHANNELS), f"Say one of {', '.join(PAYMENT_CHANNELS)}"),
    "certificate": (lambda text: text.lower() if _CERTIFICATE.fullmatch(text.lower()) else None, "Write its SHA-256 in hex"),
    "subscriber": (lambda text: text if _PSEUDONYM.fullmatch(text) else None, "Write the pseudonym of 16 hex digits"),
    "network": (_network, "Write a CIDR, as 203.0.113.0/24"),
    "since": (_instant, "Write 2025-09-09T09:00:00+09:00"),
    "grades": (_grades, f"Say one or more of {', '.join(GRADES_OF_PEOPLE)}"),
    "serial": (lambda text: text or None, "Write it as the link log does"),
    "merchant": (lambda text: text or None, "Write it as the payments do"),
    "category": (lambda text: text or None, "Write it as the payments do"),
}
