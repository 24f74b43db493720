"""How one vendor's records are laid out: tags, fields and framing, as data (`dialects/*.json`).

A record of a dialect:

    {"tag": "78", "kind": "sgw", "service": "data",
     "fields": [["3", "servedIMSI", "imsi"], ["12/U16/3", "dataVolumeGPRSUplink", "integer", "list"], …],
     "usage": {"at": ["recordOpeningTime"], "imsi": ["servedIMSI"], …}}

`tag` is the alternative of the outer CHOICE; each field has a path (see `ber`), a name, a converter (see `converters`)
and perhaps `list`. `usage` says which fields make the columns of a row: the first that is there, all added up for `bytes`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.errors import UsageError
from cellwarden.ingest.charging.ber import LAST, SUM, identifiers, table_of
from cellwarden.ingest.charging.converters import CONVERTERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.ingest.charging.ber import Table
    from cellwarden.ingest.charging.converters import Value

SERVICES = ("data", "voice_mo", "voice_mt", "sms_mo", "sms_mt", "ims")
"""What a kind of record can be; `ims` is told by SIP method and role."""
VOLUME = "volume"
"""The name under which the octets of a record are added up."""
ROLES = (
    "at",
    "imsi",
    "peer",
    "calling",
    "called",
    "duration_s",
    "ended",
    "bytes",
    "rat",
    "system",
    "place",
    "network",
    "cause",
    "method",
    "role",
)
"""What fields of a record can be for: columns of `usage`, or what they are worked out from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """How records stand in a file; TS 32.297 and bare BER are recognised without it."""

    file_header: int = 0
    """Octets before the first record."""
    header: int = 0
    """Octets before each record; 0: bare BER."""
    length_octets: int = 2
    """Octets of the length at the beginning of that header."""
    counts_itself: bool = False
    """Whether the length counts the header too."""
    block: int = 0
    """Octets of a block that no record crosses, the rest of it filled; 0: no blocks."""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of record."""

    name: str
    service: str
    """One of `SERVICES`; empty: known, but no use of a subscriber (location updates, gateway records)."""
    table: Table
    """All its fields, lists as lists."""
    converters: dict[str, Callable[[bytes], Value]]
    """By field."""
    row_table: Table
    """Only the fields that make a row, volumes added up: reading rows is what must be fast."""
    row_fields: int
    """How many they are, so that a walk may end when it has them all."""
    plan: tuple[tuple[str, str, Callable[[bytes], Any]], ...]
    """Role, field and converter, the most wanted field of a role first."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """The records of one vendor."""

    name: str
    about: str
    framing: Framing | None
    """The vendor's own; None: TS 32.297 or bare."""
    records: dict[int, RecordKind]
    """By identifier octets of the outer choice as one number, primitive and constructed."""
    wrappers: frozenset[int]
    """Identifiers of what may stand around records."""


def _read(content: dict[str, Any], where: str) -> Dialect:
    try:
        records: dict[int, RecordKind] = {}
        for part in content["records"]:
            kind = _kind(part)
            for tag in [part["tag"]] if isinstance(part["tag"], str) else part["tag"]:
                records |= dict.fromkeys(identifiers(tag), kind)
        return Dialect(
            content["name"],
            content.get("about", ""),
            Framing(**content["framing"]) if "framing" in content else None,
            records,
            frozenset(identifiers(tag)[1] for tag in content.get("wrappers", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"is no dialect of charging records ({type(error).__name__}: {error})"
        raise UsageError(what, where=where, fix="Compare it with dialects/standard.json") from error


def _kind(part: dict[str, Any]) -> RecordKind:
    service = part.get("service", "")
    fields = [(path, name, converter, rest[0] if rest else "") for path, name, converter, *rest in part.get("fields", ())]
    names = {name for _, name, _, _ in fields}
    usage = {role: tuple(wanted) for role, wanted in part.get("usage", {}).items()}
    if service and service not in SERVICES:
        raise ValueError(f"service {service}")
    if unknown := set(usage) - set(ROLES):
        raise ValueError(f"roles {', '.join(sorted(unknown))}")
    if missing := {name for wanted in usage.values() for name in wanted} - names:
        raise ValueError(f"no field {', '.join(sorted(missing))}")
    converters = {name: CONVERTERS[converter] for _, name, converter, _ in fields}
    for_rows = {name: role for role, wanted in usage.items() for name in wanted}
    return RecordKind(
        part["kind"],
        service,
        table_of((path, name, mode) for path, name, _, mode in fields),
        converters,
        # All fields of `bytes` are one sum, and need no name of their own.
        table_of(
            (path, VOLUME, SUM) if for_rows[name] == "bytes" else (path, name, LAST)
            for path, name, _, _ in fields
            if name in for_rows
        ),
        len({VOLUME if role == "bytes" else name for name, role in for_rows.items()}),
        tuple((role, name, converters[name]) for role in ROLES if role != "bytes" for name in usage.get(role, ())),
    )


@cache
def shipped() -> tuple[str, ...]:
    """Return the names of the dialects that come with us, the standard one first."""
    folder = resources.files(__package__).joinpath("dialects")
    names = sorted(each.name.removesuffix(".json") for each in folder.iterdir() if each.name.endswith(".json"))
    return tuple(sorted(names, key=lambda name: (name != "standard", name)))


@cache
def dialect_of(name: str) -> Dialect:
    """Return a dialect by its name, or from a file of one's own whose name ends with `.json`.

    Raises:
        UsageError: No such dialect, or the file is none.
    """
    if name in shipped():
        octets = resources.files(__package__).joinpath("dialects", f"{name}.json").read_bytes()
    elif name.endswith(".json"):
        try:
            octets = Path(name).read_bytes()
        except OSError as error:
            raise UsageError("cannot be read", where=name, fix="Give a JSON file as dialects/standard.json") from error
    else:
        known = ", ".join(shipped())
        raise UsageError(f"no dialect of charging records is called {name}", fix=f"Known are {known}, or give a .json file")
    try:
        return _read(json.loads(octets), name)
    except ValueError as error:
        raise UsageError("is not JSON", where=name, fix="Compare it with dialects/standard.json") from error
