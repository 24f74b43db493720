"""Who is in: live sessions by unit, by the address inside the tunnel and by the cell that they serve; and who was in before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from cellwarden.admission.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One unit that was let in."""

    gateway: str
    key: str
    """Number of the IKE SA at its gateway."""
    equipment_id: str
    opened_at: datetime
    facts: Facts
    """Everything known of it so far."""
    association: tuple[str, str] | None = None
    """Core and number of the S1 association that this unit has set up; None: none."""

    @property
    def place(self) -> tuple[str, str]:
        """What tells it from every other session."""
        return self.gateway, self.key


class Bond(NamedTuple):
    """What a unit showed when it was let in last: the same again is let in while the registry is stale."""

    certificate: str | None
    source_ip: str | None
    cell: int | None


class Sessions:
    """The table of live sessions. One unit has one, unless refusals are not enforced."""

    def __init__(self) -> None:
        self._live: dict[tuple[str, str], Session] = {}
        self._by_unit: dict[str, dict[tuple[str, str], None]] = {}
        self._by_inner: dict[str, tuple[str, str]] = {}
        self._by_cell: dict[tuple[str, str, int], tuple[str, str]] = {}
        self._bonds: dict[str, Bond] = {}

    def __len__(self) -> int:
        """Count live sessions."""
        return len(self._live)

    def __iter__(self) -> Iterator[Session]:
        """Yield live sessions, in the order of their opening."""
        yield from list(self._live.values())

    def at(self, gateway: str, key: str) -> Session | None:
        """Return the session of this IKE SA."""
        return self._live.get((gateway, key))

    def of_unit(self, equipment_id: str) -> list[Session]:
        """Return the live sessions of a unit."""
        return [self._live[place] for place in self._by_unit.get(equipment_id, ())]

    def of_inner(self, inner_ip: str) -> Session | None:
        """Return the session whose tunnel gave out this inner address."""
        place = self._by_inner.get(inner_ip)
        return None if place is None else self._live[place]

    def of_cell(self, core: str, cell_type: str, cell: int) -> Session | None:
        """Return the session that has set up S1 to this core under this cell."""
        place = self._by_cell.get((core, cell_type, cell))
        return None if place is None else self._live[place]

    def bond_of(self, equipment_id: str) -> Bond | None:
        """Return what the unit showed when it was let in last."""
        return self._bonds.get(equipment_id)

    def bonds(self) -> dict[str, Bond]:
        """Return what every unit showed, to be kept over a restart."""
        return dict(self._bonds)

    def remember(self, equipment_id: str, bond: Bond) -> None:
        """Keep what the unit showed."""
        self._bonds[equipment_id] = bond

    def open(self, session: Session) -> None:
        """Let a session in; one of the same place is replaced."""
        self.close(session.gateway, session.key)
        self._put(session)

    def learn(self, session: Session, facts: Facts) -> Session:
        """Replace what is known of a live session; return it as it is now."""
        return self._renewed(session, replace(session, facts=facts))

    def join(self, session: Session, facts: Facts, association: tuple[str, str]) -> Session:
        """Note that the session has set up S1, by this association."""
        return self._renewed(session, replace(session, facts=facts, association=association))

    def part(self, session: Session) -> Session:
        """Note that the session's S1 association is gone."""
        return self._renewed(session, replace(session, association=None))

    def close(self, gateway: str, key: str) -> Session | None:
        """End a session; None if there is none. Its bond stays."""
        session = self._live.pop((gateway, key), None)
        if session is not None:
            self._take_out(session)
        return session

    def _renewed(self, old: Session, new: Session) -> Session:
        self._take_out(old)
        self._put(new)
        return new

    def _put(self, session: Session) -> None:
        place, facts = session.place, session.facts
        self._live[place] = session
        self._by_unit.setdefault(session.equipment_id, {})[place] = None
        if facts.inner_ip is not None:
            self._by_inner[facts.inner_ip] = place
        if session.association is not None and facts.cell is not None and facts.cell_type is not None:
            self._by_cell[session.association[0], facts.cell_type, facts.cell] = place

    def _take_out(self, session: Session) -> None:
        place, facts = session.place, session.facts
        held = self._by_unit.get(session.equipment_id, {})
        held.pop(place, None)
        if not held:
            self._by_unit.pop(session.equipment_id, None)
        if facts.inner_ip is not None and self._by_inner.get(facts.inner_ip) == place:
            del self._by_inner[facts.inner_ip]
        if session.association is not None and facts.cell is not None and facts.cell_type is not None:
            cell = session.association[0], facts.cell_type, facts.cell
            if self._by_cell.get(cell) == place:
                del self._by_cell[cell]
