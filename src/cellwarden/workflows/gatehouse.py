"""The gate on duty: one lock around the machine, evidence of all that it says, and a call to whoever must cut a tunnel."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from cellwarden.admission.addresses import address
from cellwarden.admission.facts import Stage
from cellwarden.admission.gate import Alerted, Answered, Cut, Gate, Outcome
from cellwarden.admission.rule import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from cellwarden.admission.addresses import AddressBook
    from cellwarden.admission.blocks import Block
    from cellwarden.admission.decisions import Decision
    from cellwarden.admission.facts import Facts
    from cellwarden.admission.policy import Policy
    from cellwarden.admission.registry import Registry, Version
    from cellwarden.admission.sessions import Session
    from cellwarden.foundation.clock import Clock
    from cellwarden.workflows.gate_evidence import GateEvidence


class House(Protocol):
    """What an adapter needs of the gate, in this process or in another."""

    def ask(self, facts: Facts) -> Decision:
        """Decide on an attempt to join."""

    def leave(self, gateway: str, key: str) -> object:
        """Note that a tunnel is gone."""

    def part(self, gateway: str, key: str, inner_ip: str) -> None:
        """Note that an S1 association is gone."""


class Gatehouse:
    """The gate of one process; its methods may be called from any thread."""

    def __init__(self, gate: Gate, evidence: GateEvidence, clock: Clock, origins: AddressBook | None = None) -> None:
        """Begin.

        Args:
            gate: The machine.
            evidence: Where everything is written down.
            clock: The clock on the wall.
            origins: Tells network, country and line of outer addresses; None: nothing is known of them.
        """
        self._gate, self._evidence, self._clock, self._origins = gate, evidence, clock, origins
        self._lock = threading.RLock()
        self._cutters: list[Callable[[Session], None]] = []
        self._keepers: list[Callable[[list[Block]], None]] = []
        self.counts: Counter[tuple[str, ...]] = Counter()
        """What happened since the start: `decision STAGE VERDICT`, `reason CODE`, `would_have CODE`, `alert`, `cut`,
        `adapter NAME EVENT`."""

    @property
    def clock(self) -> Clock:
        """The clock on the wall."""
        return self._clock

    @property
    def gate(self) -> Gate:
        """The machine; look, and change nothing."""
        return self._gate

    def on_cut(self, cutter: Callable[[Session], None]) -> None:
        """Have this called with each session that must end, whichever adapter's it is."""
        self._cutters.append(cutter)

    def on_block(self, keeper: Callable[[list[Block]], None]) -> None:
        """Have this called with the block list whenever that has changed, before whoever changed it is told so."""
        self._keepers.append(keeper)

    def ask(self, facts: Facts) -> Decision:
        """Decide on an attempt to join, and write it down before anybody acts on it."""
        return self.ask_all([facts])[0]

    def ask_all(self, attempts: Iterable[Facts]) -> list[Decision]:
        """Decide on attempts one after the other, and write them down together before anybody acts on one.

        A later one may have cut the session that an earlier one opened: look whether it is still there before acting.
        """
        with self._lock:
            asked = [self._gate.ask(self._completed(facts)) for facts in attempts]
            outcomes = [outcome for each in asked for outcome in each]
            decisions = [answer.decision for answer in map(_answer, asked)]
            if not self._tell(outcomes):
                decisions = [self._unrecorded(_answer(each)) for each in asked]
        self._cut(outcomes)
        return decisions

    def _unrecorded(self, answer: Answered) -> Decision:
        """Take back what was let in and could not be written down."""
        if answer.decision.allow and answer.facts.stage is Stage.TUNNEL:
            self._gate.leave(answer.facts.gateway, answer.facts.key)
        reason = Reason("EVIDENCE_UNAVAILABLE", 15, "the disk took no entry")
        return replace(answer.decision, allow=False, reasons=(reason,)) if answer.decision.allow else answer.decision

    def adopt(self, facts: Facts) -> Decision:
        """Take up a tunnel that was let in before this process began: who is in stays in, unless a rule now cuts it."""
        with self._lock:
            outcomes = self._gate.adopt(facts)
            self._tell(outcomes)
        return _answer(outcomes).decision

    def leave(self, gateway: str, key: str) -> Session | None:
        """Note that a tunnel is gone; return its session, if it was let in."""
        with self._lock:
            session = self._gate.leave(gateway, key)
            if session is not None:
                self._evidence.left(session, self._clock())
            return session

    def rekey(self, gateway: str, old: str, new: str) -> Session | None:
        """Note that a tunnel goes on under another number."""
        with self._lock:
            return self._gate.rekey(gateway, old, new)

    def part(self, gateway: str, key: str, inner_ip: str) -> None:
        """Note that an S1 association is gone."""
        with self._lock:
            self._gate.part(gateway, key, inner_ip)

    def change(self, versions: Iterable[Version], *, as_of: datetime) -> int:
        """Take changes of the registry in; return how many sessions that cut."""
        held = list(versions)
        return self._acted(
            "registry_changed",
            lambda at: self._gate.change(held, as_of=as_of, at=at),
            units=len({each.equipment_id for each in held}),
        )

    def renew(self, registry: Registry) -> int:
        """Take a whole registry; return how many sessions that cut."""
        return self._acted("registry_renewed", lambda at: self._gate.renew(registry, at), units=len(registry))

    def block(self, block: Block, *, by: str) -> int:
        """Put something on the block list; return how many sessions that cut."""
        cut = self._acted(
            "gate_blocked",
            lambda at: self._gate.block(block, at),
            kind=block.kind,
            value=block.value,
            reason=block.reason,
            by=by,
        )
        self.keep_blocks()
        return cut

    def unblock(self, kind: str, value: str, *, by: str) -> bool:
        """Take something off the block list; return whether it was on it."""
        with self._lock:
            self._evidence.act("gate_unblocked", self._clock(), kind=kind, value=value, by=by)
            is_lifted = self._gate.unblock(kind, value) is not None
        self.keep_blocks()
        return is_lifted

    def keep_blocks(self) -> None:
        """Hand the block list to whoever keeps it."""
        with self._lock:  # of two changes the later one must be kept last
            for keeper in self._keepers:
                keeper(list(self._gate.registry.blocks))

    def enforce(self, policy: Policy) -> int:
        """Change the policy; return how many sessions that cut."""
        return self._acted(
            "policy_changed", lambda at: self._gate.enforce(policy, at), regions=[r.name for r in policy.regions]
        )

    def note(self, facts: Facts, decision: Decision) -> None:
        """Write down a refusal that a peer decided by itself."""
        with self._lock:
            self._tell([Answered(decision, facts)])

    def report(self, act: str, **facts: object) -> None:
        """Write down what an adapter did, or failed to do."""
        with self._lock:
            self._evidence.act(act, self._clock(), **facts)

    def count(self, adapter: str, event: str) -> None:
        """Count what an adapter saw that is no decision."""
        with self._lock:
            self.counts["adapter", adapter, event] += 1

    def tend(self) -> None:
        """Act on what time has changed, and wait until evidence is on disk; where it could not be written, try again."""
        with self._lock:
            outcomes = self._gate.pass_time(self._clock())
            self._tell(outcomes)
        self._cut(outcomes)
        with self._lock:
            if not self._evidence.is_kept:
                self._evidence.is_kept = True
                self._evidence.act("evidence_tried_again", self._clock())
            self._evidence.sync()

    def _completed(self, facts: Facts) -> Facts:
        """Add what is known of the outer address, and whether evidence can be kept."""
        if not self._evidence.is_kept:
            facts = replace(facts, is_recorded=False)
        if self._origins is None or facts.source_ip is None or (where := address(facts.source_ip)) is None:
            return facts
        origin = self._origins.origin_of(where)
        if origin is None:
            return facts
        return replace(
            facts,
            asn=origin.asn if facts.asn is None else facts.asn,
            country=origin.country if facts.country is None else facts.country,
            access_line=origin.access_line if facts.access_line is None else facts.access_line,
        )

    def _acted(self, act: str, change: Callable[[datetime], list[Outcome]], **facts: object) -> int:
        with self._lock:
            at = self._clock()
            self._evidence.act(act, at, **facts)
            outcomes = change(at)
            self._tell(outcomes)
        return self._cut(outcomes)

    def _tell(self, outcomes: list[Outcome]) -> bool:
        for outcome in outcomes:
            if isinstance(outcome, Answered):
                decision = outcome.decision
                self.counts["decision", outcome.facts.stage.value, "admitted" if decision.allow else "refused"] += 1
                for code in decision.codes:
                    self.counts["reason", code] += 1
                for reason in decision.would_have:
                    self.counts["would_have", reason.code] += 1
            else:
                self.counts["alert" if isinstance(outcome, Alerted) else "cut",] += 1
        return self._evidence.keep(outcomes, registry_as_of=self._gate.registry.as_of)

    def _cut(self, outcomes: list[Outcome]) -> int:
        """Call the cutters outside the lock: they talk to peers, and peers may take their time."""
        cut = [outcome.session for outcome in outcomes if isinstance(outcome, Cut)]
        for session in cut:
            for cutter in self._cutters:
                cutter(session)
        return len(cut)


def _answer(outcomes: list[Outcome]) -> Answered:
    """Return the first outcome of a question, which is its answer."""
    answer = outcomes[0]
    assert isinstance(answer, Answered)  # noqa: S101 (as the gate promises)
    return answer
