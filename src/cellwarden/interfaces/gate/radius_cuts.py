"""Sessions that must end at RADIUS gateways: who is being told, what came of it, and the Accounting Stop as proof.

Each gateway has its own queue, so that one that is silent holds up no other. Where a gateway will not disconnect and has a
filter that lets nothing through, that filter is asked for. What fails is in the log, in the metrics and in the evidence;
whatever an Interim-Update shows alive after that is told again.
"""

from __future__ import annotations

import logging
import threading
import time
from queue import SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from cellwarden.interfaces.gate.radius_disconnect import CHANGE, DISCONNECT, ask, identification
from cellwarden.interfaces.gate.radius_packets import Attribute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cellwarden.admission.facts import Facts
    from cellwarden.admission.sessions import Session
    from cellwarden.interfaces.gate.radius_clients import Client
    from cellwarden.workflows.gatehouse import Gatehouse

_WORKERS = 4
"""Requests at the same time to one gateway."""
_POLL_S = 0.1
"""How often it is looked whether a proof is overdue."""
_DONE = frozenset({"proven", "gone", "quarantined"})
"""Outcomes that need no person."""
log = logging.getLogger("cellwarden.gate")


class _Job(NamedTuple):
    client: Client
    facts: Facts
    user_name: bytes | None
    rounds: int
    stopped: threading.Event


class Cuts:
    """Ends sessions at the gateways that are RADIUS clients."""

    def __init__(
        self,
        house: Gatehouse,
        clients: Mapping[str, Client],
        *,
        tries: int = 4,
        wait_s: float = 1.0,
        proof_s: float = 10.0,
    ) -> None:
        """Begin.

        Args:
            house: Who cuts, and keeps evidence.
            clients: By name.
            tries: How often a request is sent.
            wait_s: For the first answer; twice as long for each further one.
            proof_s: How long the Accounting Stop may take after the acknowledgement.
        """
        self._house, self._clients = house, clients
        self._tries, self._wait_s, self._proof_s = tries, wait_s, proof_s
        self._lock, self._idle = threading.Lock(), threading.Condition()
        self._underway: dict[tuple[str, str], _Job] = {}
        self._overdue: dict[tuple[str, str], float] = {}
        """When the proof of an acknowledged session is overdue, by the monotonic clock."""
        self._names: dict[tuple[str, str], bytes] = {}
        """User-Name of each session, as its gateway writes it."""
        self._queues: dict[str, SimpleQueue[_Job]] = {}
        house.on_cut(self.cut)
        threading.Thread(target=self._watch_proofs, daemon=True).start()

    def name(self, gateway: str, key: str, user_name: bytes) -> None:
        """Note by which User-Name a gateway knows a session."""
        with self._lock:
            self._names[gateway, key] = user_name

    def cut(self, session: Session) -> None:
        """End a session that was cut, if its gateway is a RADIUS client."""
        self.end(session.facts)

    def end(self, facts: Facts, *, is_fresh: bool = False) -> None:
        """End the session of a gateway that these facts are of, without waiting for it.

        Args:
            facts: Of the session.
            is_fresh: Whether the gateway is telling of it just now: it may not find it itself yet, so it is asked again.
        """
        client, place = self._clients.get(facts.gateway), (facts.gateway, facts.key)
        if client is None:
            return
        with self._lock:
            if place in self._underway:
                return
            job = _Job(client, facts, self._names.get(place), self._tries if is_fresh else 1, threading.Event())
            self._underway[place] = job
            queue = self._queues.get(client.name)
            if queue is None:
                queue = self._queues[client.name] = SimpleQueue()
                for _ in range(_WORKERS):
                    threading.Thread(target=self._work, args=(queue,), daemon=True).start()
        queue.put(job)

    def ended(self, gateway: str, key: str) -> None:
        """Note the Accounting Stop of a session: the proof, where one is waited for."""
        place = gateway, key
        with self._lock:
            self._names.pop(place, None)
            job = self._underway.get(place)
            is_proof = self._overdue.pop(place, None) is not None
        if job is not None:
            job.stopped.set()
            if is_proof:
                self._told(job, "proven")

    def close(self, seconds: float | None = None) -> None:
        """Wait until nothing is under way, but no longer than this."""
        with self._idle:
            self._idle.wait_for(lambda: not self._underway, seconds)

    def _work(self, queue: SimpleQueue[_Job]) -> None:
        while True:
            job = queue.get()
            try:
                outcome = self._asked(job)
            except Exception as error:
                log.exception("disconnect_failed", extra={"gateway": job.client.name})
                outcome = type(error).__name__
            if outcome == "acknowledged":
                self._await_proof(job)
            else:
                self._told(job, outcome)

    def _asked(self, job: _Job) -> str:
        """Ask for the end of a session, then for the filter; return the outcome."""
        client, facts = job.client, job.facts
        if job.stopped.is_set():
            return "gone"
        if client.matches_by_name and self._has_another(facts):
            return "not_told_apart"
        named = identification(facts, job.user_name)
        outcome = "gone"
        for number in range(job.rounds):
            outcome = ask(client, DISCONNECT, named, tries=self._tries, wait_s=self._wait_s)
            if outcome != "gone" or number + 1 == job.rounds or job.stopped.wait(self._wait_s):
                break
        if outcome in {"refused", "unanswered"} and client.quarantine:
            shut = {**named, Attribute.FILTER_ID: client.quarantine.encode()}
            answer = ask(client, CHANGE, shut, tries=self._tries, wait_s=self._wait_s)
            return "quarantined" if answer == "acknowledged" else answer
        return outcome

    def _has_another(self, facts: Facts) -> bool:
        of_unit = self._house.gate.sessions.of_unit(facts.equipment_id or "")
        return any(each.gateway == facts.gateway and each.key != facts.key for each in of_unit)

    def _await_proof(self, job: _Job) -> None:
        place = job.facts.gateway, job.facts.key
        with self._lock:
            is_proven = job.stopped.is_set()
            if not is_proven:
                self._overdue[place] = time.monotonic() + self._proof_s
        if is_proven:
            self._told(job, "proven")

    def _watch_proofs(self) -> None:
        while True:
            time.sleep(_POLL_S)
            now = time.monotonic()
            with self._lock:
                late = [place for place, until in self._overdue.items() if until <= now]
                jobs = [self._underway[place] for place in late if self._overdue.pop(place, None) is not None]
            for job in jobs:
                self._told(job, "unproven")

    def _told(self, job: _Job, outcome: str) -> None:
        gateway, facts = job.client.name, job.facts
        if outcome not in _DONE:
            log.error("disconnect_failed", extra={"gateway": gateway, "outcome": outcome})
        self._house.count("radius", f"disconnect_{outcome}")
        self._house.report("disconnect", gateway=gateway, key=facts.key, equipment_id=facts.equipment_id, outcome=outcome)
        with self._lock:
            self._underway.pop((facts.gateway, facts.key), None)
        with self._idle:
            self._idle.notify_all()
