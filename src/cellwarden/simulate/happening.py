"""What innocent happenings gather: calls, spells, rows, calendar entries and the truth about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cellwarden.simulate.population import NEVER
from cellwarden.simulate.randomness import DAY_S, HOUR_S
from cellwarden.simulate.sessions import PLMN
from cellwarden.simulate.writing import instant

if TYPE_CHECKING:
    from numpy.random import Generator

    from cellwarden.simulate.comings import Comings
    from cellwarden.simulate.crowd import Crowd
    from cellwarden.simulate.places import Extra
    from cellwarden.simulate.rows import Rows
    from cellwarden.simulate.scenario import Confounder
    from cellwarden.simulate.signalling import World
    from cellwarden.simulate.visits import Calls


@dataclass(slots=True)
class Happenings:
    """All of it."""

    calls: list[Calls] = field(default_factory=list)
    comings: list[Comings] = field(default_factory=list)
    rows: list[Rows] = field(default_factory=list)
    extras: list[Extra] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    decoys: list[dict[str, Any]] = field(default_factory=list)
    confounders: list[dict[str, Any]] = field(default_factory=list)
    strangers: dict[int, str] = field(default_factory=dict)
    """Subscriber to the PLMN of their IMSI, where it is not ours."""
    restart_at: float = 3 * DAY_S + 14.2 * HOUR_S
    gateway_restart_at: float = -NEVER
    replaced: list[tuple[float, float, dict[int, int]]] = field(default_factory=list)
    """From, to, and station to the station that stands in for it in that time."""
    renumbered_at: float = NEVER
    renumbered: dict[int, int] = field(default_factory=dict)
    """Macro station to its new number."""

    def forget_traces(self) -> None:
        """Let go of calls, spells and rows once they are among everybody's: in a large city they are most of the memory."""
        for traces in (self.calls, self.comings, self.rows):
            traces.clear()

    def note(self, code: str, reason: str, span: tuple[float, float], *, in_calendar: bool, **subject: object) -> None:
        """Keep the truth about one of them."""
        row = {
            "code": code,
            "reason": reason,
            "from_at": instant(span[0]),
            "to_at": instant(span[1]),
            "in_calendar": in_calendar,
        }
        kind = "cell" if "cell" in subject else str(subject.pop("subject_kind"))
        key = {"plmn": PLMN, "rat": "lte", "cell_type": "macro"} if kind == "cell" else {}
        self.confounders.append({**row, "subject_kind": kind, **key, **subject})


@dataclass(frozen=True, slots=True)
class Scene:
    """What one happening is made from."""

    world: World
    people: Crowd
    rng: Generator
    wanted: Confounder
    what: Happenings
    station: int
    """Of the next extra station."""


def decoy(number: int, reason: str, code: str, span: tuple[float, float], source: str, *, plmn: str = PLMN) -> dict[str, Any]:
    """Return the truth about an honest macro cell that looks odd."""
    key = {"plmn": plmn, "rat": "lte", "cell_type": "macro", "cell": number, "unit": None, "kind": "decoy", "reason": reason}
    return {
        **key,
        "from_at": instant(span[0]),
        "to_at": instant(span[1]),
        "source": [source],
        "codes": [code],
        "genuine_source": [],
    }
