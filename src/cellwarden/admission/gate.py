"""The gate as a machine that a test can play: what happens goes in, what is to be done and told comes out.

It holds the session table and the registry view, and neither clock nor connection. Adapters turn their peer's events into
calls and carry out what comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from cellwarden.admission.blocks import Block, BlockList
from cellwarden.admission.decisions import Decision, decide, review
from cellwarden.admission.facts import Facts, Stage, union
from cellwarden.admission.policy import Policy
from cellwarden.admission.registry import NEVER
from cellwarden.admission.rulebook import CLONE_CODES
from cellwarden.admission.sessions import Bond, Session, Sessions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cellwarden.admission.registry import Registry, Version

MOST_PENDING = 100_000
"""Authorisations that wait for their tunnel; the oldest gives way."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question was decided."""

    decision: Decision
    facts: Facts
    """As they are known after the decision."""
    session: Session | None = None
    """The session that this opened or is about."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A live session must end."""

    session: Session
    at: datetime
    decision: Decision | None = None
    """Why; None: its unit comes again and takes its place."""


@dataclass(frozen=True, slots=True)
class Alerted:
    """Somebody shows what is another's: a duty officer should look."""

    at: datetime
    decision: Decision
    facts: Facts
    rivals: tuple[Session, ...] = ()
    """Live sessions of the unit that is imitated: which of the two is genuine is not for the gate to say."""


Outcome = Answered | Cut | Alerted


class Gate:
    """Session table, registry view and policy; the only place that changes the first."""

    def __init__(self, registry: Registry, policy: Policy | None = None) -> None:
        self.registry, self.policy, self.sessions = registry, policy or Policy(), Sessions()
        self._pending: dict[tuple[str, str], Facts] = {}
        self._due: list[tuple[datetime, str]] = []
        """Heap of the instants at which what the registry says of a unit changes by itself."""
        self._told_until = NEVER

    def ask(self, facts: Facts) -> list[Outcome]:
        """Decide on an attempt, and take note of it if it is let in.

        A tunnel that is let in becomes a session, S1 Setup its association, an Inform adds to what is known; a refused
        attempt leaves the table as it was, save that an Inform convicts the session it comes from. The first outcome is
        the answer.
        """
        place = facts.gateway, facts.key
        if facts.stage is Stage.TUNNEL and place in self._pending:
            facts = union(self._pending[place], facts)
        decision = decide(self.registry, self.sessions, facts, self.policy)
        facts = decision.facts or facts
        if not decision.allow:
            return [Answered(decision, facts), *self._alert(decision, facts), *self._convicted(facts)]
        cuts = [Cut(old, facts.at) for where in decision.replaces if (old := self._replaced(where, facts)) is not None]
        return [Answered(decision, facts, self._noted(facts, decision)), *self._alert(decision, facts), *cuts]

    def adopt(self, facts: Facts) -> list[Outcome]:
        """Take up a tunnel that was let in before: it opens its session unless a rule for live sessions now cuts it.

        A registry that was never filled cuts nobody: who is in stays in until there is something to judge by.
        """
        unit = facts.equipment_id
        if unit is None or self.sessions.at(facts.gateway, facts.key) is not None:
            return self.ask(facts)
        session = Session(gateway=facts.gateway, key=facts.key, equipment_id=unit, opened_at=facts.at, facts=facts)
        decision = Decision(allow=True, equipment_id=unit, facts=facts)
        if self.registry.as_of != NEVER:
            decision = review(self.registry, self.sessions, session, facts, self.policy)
        if not decision.allow:
            return [Answered(decision, facts), *self._alert(decision, facts)]
        self.sessions.open(session)
        self._remember(session)
        return [Answered(decision, facts, session)]

    def leave(self, gateway: str, key: str) -> Session | None:
        """Note that a tunnel is gone; return its session, if it was let in."""
        self._pending.pop((gateway, key), None)
        return self.sessions.close(gateway, key)

    def rekey(self, gateway: str, old: str, new: str) -> Session | None:
        """Note that a tunnel goes on under another number (RFC 7296, 1.3.2); return its session, if it was let in."""
        session = self.sessions.close(gateway, old)
        if session is None:
            return None
        renewed = replace(session, key=new, facts=replace(session.facts, key=new))
        self.sessions.open(renewed)
        return renewed

    def part(self, gateway: str, key: str, inner_ip: str) -> Session | None:
        """Note that an S1 association is gone; return its session, if this was its association."""
        session = self.sessions.of_inner(inner_ip)
        if session is None or session.association != (gateway, key):
            return None
        return self.sessions.part(session)

    def change(self, versions: Iterable[Version], *, as_of: datetime, at: datetime | None = None) -> list[Outcome]:
        """Take changes of the registry in and look at every live session again that they may concern.

        Args:
            versions: Every version of each unit that changed.
            as_of: When the management system confirmed them.
            at: The present instant; None: that of the confirmation.
        """
        touched = self.registry.apply(versions, as_of=as_of)
        now = at or as_of
        self._expect(touched, now)
        return self._reviewed([session for unit in sorted(touched) for session in self.sessions.of_unit(unit)], now)

    def renew(self, registry: Registry, at: datetime) -> list[Outcome]:
        """Take a whole new registry and look at every live session again; the block list stays what it was."""
        registry.blocks = self.registry.blocks
        self.registry = registry
        self._due = []
        self._expect(registry.units(), at)
        return self._reviewed(list(self.sessions), at)

    def pass_time(self, at: datetime) -> list[Outcome]:
        """Look again at whoever is concerned by what time alone has changed: a version that begins or ends, a region's end."""
        if any(self._told_until < region.until <= at for region in self.policy.regions):
            outcomes = self._reviewed(list(self.sessions), at)
        else:
            due = set[str]()
            while self._due and self._due[0][0] <= at:
                due.add(heappop(self._due)[1])
            outcomes = self._reviewed([session for unit in sorted(due) for session in self.sessions.of_unit(unit)], at)
        self._told_until = at
        return outcomes

    def block(self, block: Block, at: datetime) -> list[Outcome]:
        """Put something on the block list and cut whoever it names."""
        self.registry.blocks.add(block)
        if block.kind == "equipment_id":
            return self._reviewed(self.sessions.of_unit(block.value), at)
        alone = BlockList((block,))
        named = [
            each
            for each in self.sessions
            if alone.on(replace(each.facts, at=at), self._version(each, at), self.registry.history(each.equipment_id))
            is not None
        ]
        return self._reviewed(named, at)

    def unblock(self, kind: str, value: str) -> Block | None:
        """Take something off the block list; None if it was not on it."""
        return self.registry.blocks.remove(kind, value)

    def enforce(self, policy: Policy, at: datetime) -> list[Outcome]:
        """Change the policy and look at every live session again."""
        self.policy = policy
        return self._reviewed(list(self.sessions), at)

    def _expect(self, units: Iterable[str], now: datetime) -> None:
        """Note when what the registry says of these units will change by itself."""
        for unit in units:
            for version in self.registry.history(unit):
                for instant in (version.valid_from, version.valid_to, version.recorded_at):
                    if instant is not None and instant > now:
                        heappush(self._due, (instant, unit))

    def _noted(self, facts: Facts, decision: Decision) -> Session | None:
        if facts.stage is Stage.AUTHORISE:
            self._pending[facts.gateway, facts.key] = facts
            if len(self._pending) > MOST_PENDING:
                del self._pending[next(iter(self._pending))]
            return None
        if facts.stage is Stage.TUNNEL:
            return self._opened(facts, decision)
        standing = self._standing(facts)
        if standing is None or facts.stage is Stage.CERTIFICATE:
            return standing
        known = replace(facts, gateway=standing.gateway, key=standing.key)
        if facts.stage is Stage.S1_SETUP:
            joined = self.sessions.join(standing, known, (facts.gateway, facts.key))
            self._remember(joined)
            return joined
        return self.sessions.learn(standing, known)

    def _opened(self, facts: Facts, decision: Decision) -> Session | None:
        self._pending.pop((facts.gateway, facts.key), None)
        unit = decision.equipment_id or facts.equipment_id
        if unit is None:
            return None
        standing = self.sessions.at(facts.gateway, facts.key)
        session = Session(
            gateway=facts.gateway,
            key=facts.key,
            equipment_id=unit,
            opened_at=standing.opened_at if standing is not None else facts.at,
            facts=facts,
            association=standing.association if standing is not None else None,
        )
        self.sessions.open(session)
        self._remember(session)
        return session

    def _convicted(self, facts: Facts) -> list[Outcome]:
        """Cut a live session whose unit says of itself, through its own tunnel, what no unit that may stay in says."""
        session = self._standing(facts) if facts.stage is Stage.INFORM else None
        if session is None:
            return []
        decision = review(self.registry, self.sessions, session, facts, self.policy)
        if decision.allow:
            return []
        self.sessions.close(*session.place)
        return [Cut(session, facts.at, decision)]

    def _standing(self, facts: Facts) -> Session | None:
        return self.sessions.of_inner(facts.inner_ip) if facts.inner_ip is not None else None

    def _remember(self, session: Session) -> None:
        """Keep what the unit showed; where the hook showed no certificate, the gateway has checked the pinned one."""
        facts, known = session.facts, self.sessions.bond_of(session.equipment_id)
        version = self._version(session, facts.at)
        certificate = facts.certificate or (version.certificate if version is not None else None)
        cell = facts.cell if facts.cell is not None else known.cell if known is not None else None
        self.sessions.remember(session.equipment_id, Bond(certificate, facts.source_ip, cell))

    def _version(self, session: Session, at: datetime) -> Version | None:
        return self.registry.in_force(session.equipment_id, at, cell=session.facts.cell)

    def _replaced(self, where: tuple[str, str], facts: Facts) -> Session | None:
        return None if where == (facts.gateway, facts.key) else self.sessions.close(*where)

    def _alert(self, decision: Decision, facts: Facts) -> list[Outcome]:
        told = (*decision.reasons, *decision.would_have)
        if not told or CLONE_CODES.isdisjoint([reason.code for reason in told]):
            return []
        unit = decision.equipment_id
        return [Alerted(facts.at, decision, facts, tuple(self.sessions.of_unit(unit)) if unit is not None else ())]

    def _reviewed(self, sessions: list[Session], at: datetime) -> list[Outcome]:
        outcomes = list[Outcome]()
        for session in sessions:
            decision = review(self.registry, self.sessions, session, replace(session.facts, at=at), self.policy)
            if not decision.allow:
                self.sessions.close(*session.place)
                outcomes.append(Cut(session, at, decision))
        return outcomes
