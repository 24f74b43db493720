"""strongSwan by VICI: every tunnel that comes up is asked about; who is refused is terminated, who is let in gets through the door.

VICI tells of a tunnel after it is up, so that terminating alone would let packets pass (hundreds, as measured); the door is
shut by default and opens only here. VICI shows no certificate: revocation (`revocation = strict`) and an OCSP responder
judge that. Connections need `unique = never`: any other policy lets a clone's INITIAL_CONTACT destroy the genuine tunnel
before anybody is asked.
"""

from __future__ import annotations

import logging
import threading
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import vici

from cellwarden.admission.facts import Facts, Stage
from cellwarden.foundation.errors import CellwardenError
from cellwarden.interfaces.gate.naming import unit_of
from cellwarden.interfaces.gate.relay import RelayedEvents, SweeperLostError
from cellwarden.interfaces.gate.vici_events import EVENTS, LOST, REKEY, UPDOWN, Events, connected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from cellwarden.admission.sessions import Session
    from cellwarden.foundation.clock import Clock
    from cellwarden.interfaces.gate.nftables import Door
    from cellwarden.workflows.gatehouse import Gatehouse

_POLL_S = 0.5
"""How long the listener waits before it looks whether it should end."""
_BURST_S, _GATHER_S = 0.11, 0.1
"""In a burst (something came less than this before) events are gathered this long and acted on together: to wake up for each
costs a busy gateway twice what the decision does. What a unit sends sooner is lost, and sent again."""
_RETRY_S = 0.5
"""Between two attempts to reach a daemon that is gone."""
_ALONE_S = 30
"""How long a gate listens for itself before it looks whether its sweeper is back."""
_NEEDED = frozenset({b"up", b"uniqueid", b"remote-host", b"remote-port", b"remote-id", b"remote-eap-id"})
"""Values of an event that anything is made of, of some twenty."""
_NO_WAIT = "-1"
log = logging.getLogger("cellwarden.gate")


def text(value: Any) -> str | None:
    """Read a value of VICI; None if it is not there."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else None


class StrongSwan:
    """Stands beside one charon."""

    def __init__(
        self,
        house: Gatehouse,
        door: Door,
        path: Path,
        *,
        gateway: str,
        clock: Clock,
        suffix: str = "",
        connections: frozenset[str] = frozenset(),
        pinned: bool = False,
        sweeper: Path | None = None,
    ) -> None:
        """Say whom to watch.

        Args:
            house: Who decides.
            door: What opens.
            path: VICI socket of charon.
            gateway: Its name in facts and evidence.
            clock: Tells the time of each attempt.
            suffix: Domain at the end of identities, with its dot: `.femto.example`.
            connections: Names of the connections that femtocells use; empty: all.
            pinned: Whether each unit has a connection of its own, named after it, with its certificate: the name then
                tells whose certificate was shown.
            sweeper: Socket where the sweeper passes on what it hears; None: listen to charon.
        """
        self._house, self._door, self._path, self._clock = house, door, path, clock
        self._gateway, self._suffix, self._connections, self._pinned = gateway, suffix, connections, pinned
        self._sweeper, self._alone_until = sweeper, 0.0
        self._eap: frozenset[str] = frozenset()
        self._commands: vici.Session | None = None
        self._command_lock, self._door_lock = threading.Lock(), threading.Lock()
        house.on_cut(self.cut)

    def watch(self, stop: threading.Event, ready: Callable[[], None] = lambda: None) -> None:
        """Watch until told to stop; a daemon that is gone is waited for."""
        while not stop.is_set():
            try:
                with self._heard() as events:
                    self._listen(events, stop, ready)
            except SweeperLostError as error:
                self._alone(str(error))
            except (*LOST, CellwardenError) as error:
                log.warning("gateway_lost", extra={"gateway": self._gateway, "error": str(error)})
                stop.wait(_RETRY_S)

    def facts_of(self, name: str, sa: dict[str, Any]) -> Facts:
        """Make facts of an IKE SA as VICI lists it."""
        identity = unit_of(text(sa.get("remote-id")), self._suffix)
        inner = sa.get("remote-vips") or []
        return Facts(
            stage=Stage.TUNNEL,
            at=self._clock(),
            gateway=self._gateway,
            key=text(sa.get("uniqueid")) or "",
            equipment_id=identity,
            eap_identity=unit_of(text(sa.get("remote-eap-id")), self._suffix) or (identity if name in self._eap else None),
            certificate_names=(name,) if self._pinned else None,
            source_ip=text(sa.get("remote-host")),
            source_port=int(sa["remote-port"]) if sa.get("remote-port", b"").isdigit() else None,
            inner_ip=text(inner[0]) if inner else None,
        )

    def cut(self, session: Session) -> None:
        """End a session of this gateway: the door first, since the tunnel takes its time."""
        if session.gateway != self._gateway:
            return
        self._shut(session)
        self._terminate(session.key)

    def _heard(self) -> Events:
        """Follow the sweeper, or listen to charon where there is none."""
        if (relayed := self._relayed()) is not None:
            return relayed
        return Events(self._path, *EVENTS)

    def _relayed(self) -> Events | None:
        if self._sweeper is None or monotonic() < self._alone_until:
            return None
        try:
            return RelayedEvents(self._sweeper)
        except OSError as error:
            self._alone(str(error))
            return None

    def _alone(self, why: str) -> None:
        log.warning("sweeper_lost", extra={"gateway": self._gateway, "error": why})
        self._house.count("strongswan", "sweeper_lost")
        self._alone_until = monotonic() + _ALONE_S

    def _listen(self, events: Events, stop: threading.Event, ready: Callable[[], None]) -> None:
        self._adopt()  # registered already: whoever comes meanwhile waits in the socket
        ready()
        acted_at = 0.0
        while not stop.is_set():
            if (event := events.next(_POLL_S)) is None:
                if not isinstance(events, RelayedEvents) and (back := self._relayed()) is not None:
                    with back:
                        return
                continue
            if monotonic() - acted_at < _BURST_S:
                sleep(_GATHER_S)
            self._take([(each.name, each.message(_NEEDED)) for each in (event, *events.waiting())])
            acted_at = monotonic()

    def _take(self, events: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """Act on events in their order; the door opens at the end, for whoever is still in then."""
        arrived, admitted = list[Facts](), list[Facts]()
        for kind, message in events:
            for name, sa in message.items():
                if not isinstance(sa, dict) or (self._connections and name not in self._connections):
                    continue
                if kind == UPDOWN and message.get("up") == b"yes":
                    arrived.append(self.facts_of(name, sa))
                    continue
                admitted += self._admitted(arrived)
                arrived = []
                if kind == REKEY:
                    self._rekeyed(sa)
                else:
                    self._left(sa)
        self._let_in([*admitted, *self._admitted(arrived)])

    def _admitted(self, arrived: list[Facts]) -> list[Facts]:
        """Return who may come in of those who came one after the other, and end the tunnels of the others."""
        if not arrived:
            return []
        admitted = list[Facts]()
        for facts, decision in zip(arrived, self._house.ask_all(arrived), strict=True):
            if decision.allow and facts.inner_ip is not None:
                admitted.append(facts)
            else:
                self._terminate(facts.key)
        return admitted

    def _let_in(self, admitted: list[Facts]) -> None:
        """Open the door for whoever is still in: a block, or one who came later, may have cut a session since the decision."""
        sessions = self._house.gate.sessions
        with self._door_lock:
            inside = {each.inner_ip: sessions.of_inner(each.inner_ip) for each in admitted if each.inner_ip is not None}
            own = {inner_ip: each for inner_ip, each in inside.items() if each is not None and each.gateway == self._gateway}
            try:
                self._door.open(*own)
            except CellwardenError:
                log.exception("door_stuck", extra={"gateway": self._gateway})
            else:
                return
        for session in own.values():
            self._house.leave(self._gateway, session.key)
            self._terminate(session.key)

    def _left(self, sa: dict[str, Any]) -> None:
        session = self._house.leave(self._gateway, text(sa.get("uniqueid")) or "")
        if session is not None:
            self._shut(session)

    def _rekeyed(self, sa: dict[str, Any]) -> None:
        old, new = (text(sa.get(end, {}).get("uniqueid")) or "" for end in ("old", "new"))
        self._house.rekey(self._gateway, old, new)

    def _adopt(self) -> None:
        """Take up who is in since before, refuse who came in between, shut the door behind who is gone."""
        admitted, live = self._door.admitted(), set[str]()
        for each in self._listed():
            for name, sa in each.items():
                if sa.get("state") != b"ESTABLISHED" or (self._connections and name not in self._connections):
                    continue
                facts = self.facts_of(name, sa)
                if facts.inner_ip in admitted and facts.inner_ip is not None:
                    live.add(facts.inner_ip)
                    if not self._house.adopt(facts).allow:
                        self._door.close(facts.inner_ip)
                        self._terminate(facts.key)
                else:
                    self._let_in(self._admitted([facts]))
                    live.update([facts.inner_ip] if facts.inner_ip else [])
        for session in list(self._house.gate.sessions):
            if session.gateway == self._gateway and session.facts.inner_ip not in live:
                self._house.leave(self._gateway, session.key)
        for stranger in admitted - live:
            self._door.close(stranger)

    def _listed(self) -> list[dict[str, Any]]:
        with self._command_lock:
            self._eap = frozenset(_eap_connections(self._commander().list_conns()))
            return list(self._commander().list_sas())

    def _shut(self, session: Session) -> None:
        """Shut the door behind a session, unless its address was given to a live one already."""
        inner_ip = session.facts.inner_ip
        with self._door_lock:
            if inner_ip is not None and self._house.gate.sessions.of_inner(inner_ip) is None:
                self._door.close(inner_ip)

    def _terminate(self, key: str) -> None:
        """End a tunnel without waiting for its end; not forced, so that the other side learns it for certain."""
        with self._command_lock:
            for attempt in (1, 2):
                try:
                    for _ in self._commander().terminate({"ike-id": key, "timeout": _NO_WAIT}):
                        pass
                except vici.exception.CommandException:
                    return  # it is gone already
                except (OSError, vici.exception.SessionException):
                    self._commands = None
                    if attempt == 2:
                        log.warning("terminate_failed", extra={"gateway": self._gateway})
                else:
                    return

    def _commander(self) -> vici.Session:
        if self._commands is None:
            self._commands = vici.Session(connected(self._path))
        return self._commands


def _eap_connections(listed: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the connections in which the peer goes through EAP: their SAs show the EAP identity as if it were the certificate's."""
    for each in listed:
        for name, connection in each.items():
            rounds = [value for key, value in connection.items() if key.startswith("remote") and isinstance(value, dict)]
            if any(b"EAP" in value.get("class", b"") for value in rounds):
                yield name
