"""The S1 gate: an SCTP proxy between units and core. What a guard lets pass goes on untouched, with its stream and protocol.

One unit's trouble is no other's: each association has its own two threads and its own association to the core.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import threading
from typing import TYPE_CHECKING

from cellwarden.interfaces.gate.s1_guard import S1AP, Guard

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.admission.sessions import Session
    from cellwarden.foundation.clock import Clock
    from cellwarden.interfaces.gate.s1_guard import Dialect
    from cellwarden.interfaces.gate.sctp import Association, Stack
    from cellwarden.workflows.gatehouse import House

log = logging.getLogger("cellwarden.gate")


class S1Proxy:
    """Listens to units and speaks to one core."""

    def __init__(
        self,
        house: House,
        stack: Stack,
        *,
        listen: tuple[str, int],
        core: tuple[str, int],
        name: str,
        clock: Clock,
        dialect: Dialect = S1AP,
    ) -> None:
        self._dialect = dialect
        self._house, self._stack, self._listen, self._core = house, stack, listen, core
        self._name, self._clock = name, clock
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._open: dict[str, tuple[Association, Association]] = {}

    def watch(self, stop: threading.Event, ready: Callable[[], None] = lambda: None) -> None:
        """Take associations until told to stop."""
        listener = self._stack.listen(*self._listen)
        ready()

        def close() -> None:
            stop.wait()
            listener.close()

        threading.Thread(target=close, daemon=True).start()
        while (unit := listener.accept()) is not None and not stop.is_set():
            threading.Thread(target=self._serve, args=(unit,), daemon=True).start()

    def cut(self, session: Session) -> None:
        """End the associations of a session that was cut."""
        with self._lock:
            ended = [pair for pair in self._open.values() if pair[0].peer == session.facts.inner_ip]
        for pair in ended:
            _close(*pair)

    def _serve(self, unit: Association) -> None:
        key = str(next(self._numbers))
        guard = Guard(self._house, inner_ip=unit.peer, core=self._name, key=key, clock=self._clock, dialect=self._dialect)
        try:
            core = self._stack.connect(*self._core)
        except OSError:
            log.warning("core_unreachable", extra={"core": self._name})
            _close(unit)
            return
        with self._lock:
            self._open[key] = unit, core
        down = threading.Thread(target=self._carry_down, args=(core, unit, guard), daemon=True)
        down.start()
        try:
            self._carry_up(unit, core, guard)
        except OSError:
            log.info("association_lost", extra={"core": self._name})
        finally:
            _close(unit, core)
            guard.end()
            with self._lock:
                self._open.pop(key, None)

    @staticmethod
    def _carry_up(unit: Association, core: Association, guard: Guard) -> None:
        while (piece := unit.receive()) is not None:
            passage = guard.judge(piece.data)
            if passage.passes:
                core.send(piece)
            elif passage.answer:
                unit.send(piece._replace(data=passage.answer))
            if passage.ends:
                return

    @staticmethod
    def _carry_down(core: Association, unit: Association, guard: Guard) -> None:
        with contextlib.suppress(OSError):
            while (piece := core.receive()) is not None:
                if guard.is_set_up:
                    unit.send(piece)
        _close(unit)


def _close(*associations: Association) -> None:
    for association in associations:
        with contextlib.suppress(OSError):
            association.close()
