"""The management system's word on every unit, held in memory: what was in force when, who shares a certificate, who is blocked.

A registry is a view: it is filled from a snapshot, changed by deltas, and says of when it is. It never asks anybody.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cellwarden.admission.addresses import Network, networks
from cellwarden.admission.blocks import BlockList
from cellwarden.foundation.clock import aware

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Holders = str | dict[str, None]
    """Units of one index entry: one stands as it is, since a container for each would take half of the memory."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of a registry that was never filled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One unit as the management system describes it from one time to another: a row of `equipment`."""

    equipment_id: str
    cell: int
    cell_type: str
    kind: str
    status: str
    valid_from: datetime
    valid_to: datetime | None = None
    """None: still so."""
    recorded_at: datetime
    """When the management system learnt it; of two that overlap the later recorded one wins."""
    tac: int | None = None
    plmn: str | None = None
    serial: str | None = None
    software: str | None = None
    certificate: str | None = None
    """SHA-256, lower-case hex."""
    access_line: str | None = None
    networks: tuple[Network, ...] = ()
    """Where the installed line's addresses lie; empty: not stated."""
    lat: float | None = None
    lon: float | None = None

    @classmethod
    def of_row(cls, row: Mapping[str, object]) -> Version:
        """Make a version of a row of `equipment`; naive times are UTC, a missing column is not known.

        Raises:
            ValueError: A source network is no CIDR.
            KeyError: A required column is missing.
        """
        certificate = row.get("certificate")
        return cls(
            equipment_id=str(row["equipment_id"]),
            cell=int(row["cell"]),  # type: ignore[call-overload] # the contract says integer
            cell_type=_shared(str(row["cell_type"])),
            kind=_shared(str(row["kind"])),
            status=_shared(str(row["status"])),
            valid_from=_time(row["valid_from"]),
            valid_to=None if row.get("valid_to") is None else _time(row["valid_to"]),
            recorded_at=_time(row["recorded_at"]),
            tac=row.get("tac"),  # type: ignore[arg-type] # the contract says integer
            plmn=_shared_or_none(row.get("plmn")),
            serial=row.get("serial"),  # type: ignore[arg-type] # the contract says text
            software=_shared_or_none(row.get("software")),
            certificate=str(certificate).lower() if certificate else None,
            access_line=row.get("access_line"),  # type: ignore[arg-type] # the contract says text
            networks=networks(row.get("source_networks")),  # type: ignore[arg-type] # the contract says text
            lat=row.get("lat"),  # type: ignore[arg-type] # the contract says float
            lon=row.get("lon"),  # type: ignore[arg-type] # the contract says float
        )

    def holds_at(self, at: datetime) -> bool:
        """Say whether this was in force then, by what was recorded by then."""
        return self.recorded_at <= at and self.valid_from <= at and (self.valid_to is None or at < self.valid_to)


class Registry:
    """Units by id, certificate, serial and cell, with their history; and the block list."""

    def __init__(self, versions: Iterable[Version] = (), *, as_of: datetime = NEVER, blocks: BlockList | None = None) -> None:
        self.as_of = as_of
        """When the management system last confirmed this view."""
        self.blocks = blocks or BlockList()
        self._units: dict[str, tuple[Version, ...]] = {}
        self._by_certificate: dict[str, Holders] = {}
        self._by_serial: dict[str, Holders] = {}
        self._by_cell: dict[tuple[str, int], Holders] = {}
        grouped = defaultdict[str, list[Version]](list)
        for version in versions:
            grouped[version.equipment_id].append(version)
        for equipment_id, history in grouped.items():
            self._put(equipment_id, history)

    def __len__(self) -> int:
        """Count the units, in whatever status."""
        return len(self._units)

    def __contains__(self, equipment_id: object) -> bool:
        """Say whether there is any word on this unit."""
        return equipment_id in self._units

    def history(self, equipment_id: str) -> tuple[Version, ...]:
        """Return every version of a unit, the latest recorded first; empty if there is none."""
        return self._units.get(equipment_id, ())

    def units(self) -> set[str]:
        """Return the id of every unit."""
        return set(self._units)

    def versions(self) -> Iterator[Version]:
        """Yield every version of every unit."""
        for history in self._units.values():
            yield from history

    def in_force(self, equipment_id: str, at: datetime, *, cell: int | None = None) -> Version | None:
        """Return what was in force for a unit; of several cells the one asked for, if it is one of them."""
        found: Version | None = None
        seen = set[int]()
        for version in self._units.get(equipment_id, ()):
            if version.cell in seen or not version.holds_at(at):
                continue
            if cell is None or version.cell == cell:
                return version
            seen.add(version.cell)
            found = found or version
        return found

    def sharers(self, certificate: str, at: datetime, *, most: int = 2) -> list[str]:
        """Return units whose certificate this is, `most` at the most: two already share.

        A unit that was deleted or scrapped no longer counts: its certificate may not be used again, yet harms nobody else.
        """
        found = list[str]()
        for equipment_id in _each(self._by_certificate.get(certificate)):
            version = self.in_force(equipment_id, at)
            if version is not None and version.certificate == certificate and version.status not in {"deleted", "scrapped"}:
                found.append(equipment_id)
                if len(found) >= most:
                    break
        return found

    def of_certificate(self, certificate: str) -> list[str]:
        """Return the units that have or had this certificate."""
        return sorted(_each(self._by_certificate.get(certificate)))

    def of_serial(self, serial: str) -> list[str]:
        """Return the units that have or had this serial number."""
        return sorted(_each(self._by_serial.get(serial)))

    def of_cell(self, cell: int, cell_type: str) -> list[str]:
        """Return the units that have or had this cell."""
        return sorted(_each(self._by_cell.get((cell_type, cell))))

    def place_of(self, cell: int, at: datetime) -> tuple[float, float] | None:
        """Return where a macro cell stands; None if that is not known."""
        for equipment_id in _each(self._by_cell.get(("macro", cell))):
            version = self.in_force(equipment_id, at, cell=cell)
            if version is not None and version.lat is not None and version.lon is not None:
                return version.lat, version.lon
        return None

    def apply(self, versions: Iterable[Version], *, as_of: datetime) -> set[str]:
        """Replace the history of each unit named; return every unit whose decision may change.

        Whoever shares a certificate with a changed unit, before or after, is one of them.
        """
        changed = defaultdict[str, list[Version]](list)
        for version in versions:
            changed[version.equipment_id].append(version)
        touched = set(changed)
        for equipment_id, history in changed.items():
            touched |= self._sharing(equipment_id)
            self._take_out(equipment_id)
            self._put(equipment_id, history)
            touched |= self._sharing(equipment_id)
        self.as_of = max(self.as_of, as_of)
        return touched

    def _sharing(self, equipment_id: str) -> set[str]:
        certificates = {version.certificate for version in self.history(equipment_id) if version.certificate}
        return {sharer for certificate in certificates for sharer in _each(self._by_certificate.get(certificate))}

    def _put(self, equipment_id: str, history: list[Version]) -> None:
        ordered = tuple(sorted(history, key=lambda version: (version.recorded_at, version.valid_from), reverse=True))
        self._units[equipment_id] = ordered
        for version in ordered:
            if version.certificate:
                _add(self._by_certificate, version.certificate, equipment_id)
            if version.serial:
                _add(self._by_serial, version.serial, equipment_id)
            _add(self._by_cell, (version.cell_type, version.cell), equipment_id)

    def _take_out(self, equipment_id: str) -> None:
        for version in self._units.pop(equipment_id, ()):
            if version.certificate:
                _discard(self._by_certificate, version.certificate, equipment_id)
            if version.serial:
                _discard(self._by_serial, version.serial, equipment_id)
            _discard(self._by_cell, (version.cell_type, version.cell), equipment_id)


_WORDS: dict[str, str] = {}
"""One copy of each word that a quarter of a million units repeat."""
_MOST_WORDS = 10_000


def _shared(word: str) -> str:
    if len(_WORDS) > _MOST_WORDS:
        return word
    return _WORDS.setdefault(word, word)


def _shared_or_none(word: object) -> str | None:
    return None if word is None else _shared(str(word))


def _time(value: object) -> datetime:
    return aware(value) if isinstance(value, datetime) else _read_time(str(value))


@lru_cache(maxsize=4096)
def _read_time(text: str) -> datetime:
    """Read ISO 8601; cached, since a fleet was rolled out on few days."""
    return aware(datetime.fromisoformat(text))


def _each(held: Holders | None) -> Iterable[str]:
    if held is None:
        return ()
    return (held,) if isinstance(held, str) else held


def _add(index: dict[Any, Holders], key: object, equipment_id: str) -> None:
    held = index.get(key)
    if held is None:
        index[key] = equipment_id
    elif isinstance(held, str):
        if held != equipment_id:
            index[key] = {held: None, equipment_id: None}
    else:
        held[equipment_id] = None


def _discard(index: dict[Any, Holders], key: object, equipment_id: str) -> None:
    held = index.get(key)
    if isinstance(held, dict):
        held.pop(equipment_id, None)
        if len(held) == 1:
            index[key] = next(iter(held))
    elif held == equipment_id:
        del index[key]
