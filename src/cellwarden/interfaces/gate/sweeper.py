"""Shuts the door behind every tunnel that goes down, and can do nothing else.

It is a process of its own. While the gate is dead or hung, a tunnel may end and its inner address be given to the next one of
the same name; the door must not still be open for it then. The sweeper never opens, so it needs neither rules nor registry.
What it hears it passes on to a gate that follows it, so that the gateway need not tell it twice.
"""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any

import vici

from cellwarden.foundation.errors import CellwardenError
from cellwarden.interfaces.gate.vici_events import EVENTS, LOST, UPDOWN, Event, Events, connected, is_up

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from cellwarden.interfaces.gate.nftables import Door
    from cellwarden.interfaces.gate.relay import Relay

_POLL_S = 0.5
_RETRY_S = 0.5
log = logging.getLogger("cellwarden.gate")


class Sweeper:
    """Stands beside one charon."""

    def __init__(self, door: Door, path: Path, relay: Relay | None = None) -> None:
        self._door, self._path, self._relay = door, path, relay

    def watch(self, stop: threading.Event, ready: Callable[[], None] = lambda: None) -> None:
        """Watch until told to stop; a daemon that is gone is waited for."""
        while not stop.is_set():
            try:
                with Events(self._path, *(EVENTS if self._relay is not None else EVENTS[:1])) as events:
                    self._listen(events, stop, ready)
            except (*LOST, CellwardenError) as error:
                log.warning("gateway_lost", extra={"error": str(error)})
                stop.wait(_RETRY_S)
            finally:
                if self._relay is not None:
                    self._relay.end()

    def _listen(self, events: Events, stop: threading.Event, ready: Callable[[], None]) -> None:
        self._sweep()
        ready()
        if self._relay is not None:
            self._relay.begin(events.channel)
        while not stop.is_set():
            for frame in events.frames(_POLL_S):
                if not is_up(frame):
                    self._shut(Event(frame[4:]))
                if self._relay is not None:
                    self._relay.tell(frame)

    def _shut(self, event: Event) -> None:
        if event.name == UPDOWN:
            for inner_ip in _inner(event.message()):
                self._door.close(inner_ip)

    def _sweep(self) -> None:
        """Shut the door behind whoever left while nobody watched."""
        with contextlib.closing(connected(self._path)) as channel:
            live = {inner_ip for each in vici.Session(channel).list_sas() for inner_ip in _inner(each)}
        for stranger in self._door.admitted() - live:
            self._door.close(stranger)


def _inner(message: dict[str, Any]) -> list[str]:
    """Return the addresses that the SAs of a message were given."""
    given = [sa.get("remote-vips", []) for sa in message.values() if isinstance(sa, dict)]
    return [address.decode("ascii", "replace") for addresses in given for address in addresses]
