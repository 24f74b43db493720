"""What gateways tell of sessions becomes the gate's table: Start opens one, Interim-Update keeps it, Stop ends it.

A Start is decided on like any tunnel: authorised or not, a session that may not live is disconnected. So is one whose
Interim-Update says that it lives although it was refused or cut: disconnecting is tried again whenever it shows.

References: RFC 2866, 5.1 (Acct-Status-Type); RFC 2869, 5.3 (Event-Timestamp).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from cellwarden.admission.facts import Stage
from cellwarden.interfaces.gate.radius_facts import SEPARATOR, facts_of, nas_of, session_key
from cellwarden.interfaces.gate.radius_packets import Attribute, Dropped
from cellwarden.interfaces.gate.radius_silence import Silence

if TYPE_CHECKING:
    from cellwarden.admission.facts import Facts
    from cellwarden.foundation.clock import Clock
    from cellwarden.interfaces.gate.radius_clients import Client
    from cellwarden.interfaces.gate.radius_cuts import Cuts
    from cellwarden.interfaces.gate.radius_packets import Request
    from cellwarden.workflows.gatehouse import Gatehouse

START, STOP, INTERIM, ON, OFF = 1, 2, 3, 7, 8
"""Values of Acct-Status-Type."""
_OLDEST = timedelta(hours=1)
"""Event-Timestamp before this is a replay: a gateway that could not reach us tells again for minutes, not for hours."""
_MOST_ENDED = 100_000


class Accounting:
    """Keeps the sessions of every RADIUS client; one thread at a time."""

    def __init__(self, house: Gatehouse, cuts: Cuts, *, clock: Clock, suffix: str = "", interim_s: int = 300) -> None:
        self._house, self._cuts, self._clock, self._suffix = house, cuts, clock, suffix
        self._began_at, self._silence = clock(), Silence(interim_s)
        self._ended: OrderedDict[tuple[str, str], None] = OrderedDict()
        """Sessions that have stopped: a number is given once, so a Start that comes later was overtaken or is a replay."""

    def take(self, request: Request, client: Client) -> None:
        """Take an Accounting-Request in.

        Raises:
            Dropped: It lacks what every one must have, or it is old.
        """
        kind, key = request.number(Attribute.ACCT_STATUS_TYPE), session_key(request)
        happened_s = request.number(Attribute.EVENT_TIMESTAMP)
        if happened_s is not None and self._clock().timestamp() - happened_s > _OLDEST.total_seconds():
            raise Dropped("replayed")
        if kind in {ON, OFF}:
            self._restarted(client.name, nas_of(request))
        elif kind not in {START, STOP, INTERIM}:
            return  # what is told of links and tunnels inside a session (RFC 2867) is taken note of, and changes nothing
        elif key is None:
            raise Dropped("malformed")
        elif kind == STOP:
            self._stopped(client.name, key)
        elif (client.name, key) in self._ended:
            self._house.count("radius", "after_its_end")
        else:
            if kind == INTERIM:
                self._hear(client.name, key)
            self._cuts.name(client.name, key, request.octets(Attribute.USER_NAME) or b"")
            self._lives(request, facts_of(request, client, Stage.TUNNEL, at=self._clock(), suffix=self._suffix))

    def _hear(self, gateway: str, key: str) -> None:
        """Take note that a session lives, and let go of those that are told of no more: their units must not stay shut out.

        Whoever is told of again after that is asked about as if it came.
        """
        at = self._clock()
        self._silence.hear(gateway, key, at)
        for place in self._silence.fallen_silent(at):
            if self._house.leave(*place) is not None:
                self._house.count("radius", "silent")

    def _lives(self, request: Request, facts: Facts) -> None:
        session = self._house.gate.sessions.at(facts.gateway, facts.key)
        if session is not None:
            before = session.facts
            if facts.inner_ip is None:
                facts = replace(facts, inner_ip=before.inner_ip)  # an Interim-Update need not say again what Start has said
            if (facts.equipment_id, facts.source_ip, facts.inner_ip) == (
                before.equipment_id, before.source_ip, before.inner_ip,
            ):  # fmt: skip
                return
            self._house.leave(facts.gateway, facts.key)  # it moved, or is another's now: it is asked about as if it came
        is_told_again = session is None and request.number(Attribute.ACCT_STATUS_TYPE) == INTERIM
        age_s = request.number(Attribute.ACCT_SESSION_TIME) or 0
        was_before = is_told_again and facts.at - timedelta(seconds=age_s) < self._began_at
        decision = (self._house.adopt if was_before else self._house.ask)(facts)
        if not decision.allow:
            self._cuts.end(facts, is_fresh=True)

    def _stopped(self, gateway: str, key: str) -> None:
        self._ended[gateway, key] = None
        if len(self._ended) > _MOST_ENDED:
            self._ended.popitem(last=False)
        self._silence.forget(gateway, key)
        self._house.leave(gateway, key)
        self._cuts.ended(gateway, key)

    def _restarted(self, gateway: str, nas: str) -> None:
        """End every session of a gateway that begins or ends its work; it may give the same numbers again from now on."""
        for session in list(self._house.gate.sessions):
            if session.gateway == gateway and session.key.startswith(nas + SEPARATOR):
                self._stopped(gateway, session.key)
        for place in [each for each in self._ended if each[0] == gateway and each[1].startswith(nas + SEPARATOR)]:
            del self._ended[place]
