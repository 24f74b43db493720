"""Sessions whose Accounting Stop was lost: their gateway told again and again that they live, and has ceased to.

A session is judged by its own rhythm, and only while its gateway is heard: one that is cut off for an hour ends nobody.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from cellwarden.interfaces.gate.radius_facts import SEPARATOR

if TYPE_CHECKING:
    from datetime import datetime

_ROUNDS = 3
"""Interim-Updates that may be lost in a row."""


class _Rhythm(NamedTuple):
    heard_at: datetime
    every: timedelta | None
    """Between its last two Interim-Updates; None: there was only one, and nothing is expected."""


class Silence:
    """Listens for the Interim-Updates of every session."""

    def __init__(self, interim_s: int) -> None:
        """Begin; `interim_s` is how often gateways were asked to tell, in seconds."""
        self._interim = timedelta(seconds=interim_s)
        self._sessions: dict[tuple[str, str], _Rhythm] = {}
        self._gateways: dict[tuple[str, str], datetime] = {}
        self._looked_at: datetime | None = None

    def hear(self, client: str, key: str, at: datetime) -> None:
        """Take note that a gateway tells that this session lives."""
        gateway, before = (client, key.partition(SEPARATOR)[0]), self._sessions.get((client, key))
        if at - self._gateways.get(gateway, at) > self._interim:
            self._excuse(gateway, at)
        self._gateways[gateway] = at
        self._sessions[client, key] = _Rhythm(at, None if before is None else at - before.heard_at)

    def forget(self, client: str, key: str) -> None:
        """Expect no more of a session."""
        self._sessions.pop((client, key), None)

    def fallen_silent(self, at: datetime) -> list[tuple[str, str]]:
        """Return the sessions that should have been told of and were not, each once; looks at most once an interval."""
        if self._looked_at is not None and at - self._looked_at < self._interim:
            return []
        self._looked_at = at
        silent = [place for place, rhythm in self._sessions.items() if self._is_silent(place, rhythm)]
        for place in silent:
            del self._sessions[place]
        return silent

    def _is_silent(self, place: tuple[str, str], rhythm: _Rhythm) -> bool:
        """Compare with when its gateway was last heard, not with now: a gateway that is silent itself says nothing."""
        if rhythm.every is None:
            return False
        heard = self._gateways[place[0], place[1].partition(SEPARATOR)[0]]
        return heard - rhythm.heard_at > _ROUNDS * max(rhythm.every, self._interim)

    def _excuse(self, gateway: tuple[str, str], at: datetime) -> None:
        """Begin anew with every session of a gateway that was not heard itself."""
        for place, rhythm in self._sessions.items():
            if (place[0], place[1].partition(SEPARATOR)[0]) == gateway:
                self._sessions[place] = rhythm._replace(heard_at=at)
