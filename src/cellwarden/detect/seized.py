"""Equipment that was seized: what was found in one van is one unit, whatever the records could tell of it before.

The police tied 7 of the 20 ids of the public case to one device by what the device itself held: serials, a certificate, addresses. They enter
as evidence of the case (`cellwarden case evidence --kind seized_equipment`) and come in here through a file.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.errors import MalformedInputError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from cellwarden.detect.detector import Row

_KEYS = ("evidence", "serials", "certificates", "addresses")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seizure:
    """What one seizure is known by."""

    evidence: str = ""
    """Name of the evidence item, as E-1; for the manifest."""
    serials: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()
    """SHA-256, hex."""
    addresses: frozenset[str] = frozenset()
    """Outer addresses."""

    def holds(self, hand: Row, shared: Collection[str]) -> bool:
        """Say whether a row of `hands.sql` is of this seizure.

        A certificate of the whole fleet tells nothing, in the van or out of it. A serial that was in two places at once (`S at address`) is
        copied: there its address must have been seized too.
        """
        if hand["source_ip"] and hand["source_ip"] in self.addresses:
            return True
        if hand["serial"] in self.serials and hand["hand"] == hand["serial_hand"]:
            return True
        certificate = (hand["certificate"] or "").lower()
        return bool(certificate) and certificate not in {each.lower() for each in shared} and certificate in self.certificates


def read_seizures(path: Path) -> tuple[Seizure, ...]:
    """Read a file of seizures: one `[[seized]]` each, with `evidence`, `serials`, `certificates` and `addresses`.

    Raises:
        MalformedInputError: It is something else, or a seizure names nothing.
    """
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        found = tuple(_seizure(entry) for entry in content["seized"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise MalformedInputError(
            f"no file of seizures ({type(error).__name__})", where=path.name, fix="Write it with cellwarden case seized"
        ) from error
    return found


def _seizure(entry: dict[str, Any]) -> Seizure:
    lists = {name: entry.get(name, []) for name in _KEYS[1:]}
    is_text = all(
        isinstance(values, list) and all(isinstance(each, str) and each for each in values) for values in lists.values()
    )
    if set(entry) - set(_KEYS) or not is_text or not any(lists.values()):
        raise ValueError("seized")
    lists["certificates"] = [each.lower() for each in lists["certificates"]]
    return Seizure(evidence=str(entry.get("evidence", "")), **{name: frozenset(values) for name, values in lists.items()})
