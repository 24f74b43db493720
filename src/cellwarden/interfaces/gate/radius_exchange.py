"""One datagram in, one answer out or none: who asks is looked up, what is asked is decided, what is hostile is counted.

A gateway asks before a tunnel comes up (Access-Request). The gate says whether this equipment may join; it checks no password
and speaks no EAP: who authenticates a unit is the gateway, or a RADIUS server behind it.

References: RFC 2865; RFC 3579, 2.6.5 (a refusal inside EAP); RFC 5997 (Status-Server).
"""

from __future__ import annotations

import threading
from ipaddress import ip_address
from typing import TYPE_CHECKING

from pyrad import packet as codec

from cellwarden.admission.decisions import unavailable
from cellwarden.admission.facts import Stage
from cellwarden.interfaces.gate.radius_facts import facts_of
from cellwarden.interfaces.gate.radius_memory import Memory
from cellwarden.interfaces.gate.radius_packets import Attribute, Dropped, read_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cellwarden.foundation.clock import Clock
    from cellwarden.interfaces.gate.radius_accounting import Accounting
    from cellwarden.interfaces.gate.radius_clients import Client
    from cellwarden.interfaces.gate.radius_packets import Request
    from cellwarden.workflows.gatehouse import Gatehouse

_EAP_FAILURE = 4
_NO_EAP = "EAP is for the RADIUS server that holds the credentials: it asks once the unit is authenticated"


class Exchange:
    """Answers the requests of known clients."""

    def __init__(
        self,
        house: Gatehouse,
        accounting: Accounting,
        clients: Mapping[str, Client],
        *,
        clock: Clock,
        suffix: str = "",
        interim_s: int = 300,
    ) -> None:
        """Begin.

        Args:
            house: Who decides.
            accounting: Takes what gateways tell of sessions.
            clients: Who may ask, by address.
            clock: Tells the time of each attempt.
            suffix: Domain at the end of identities, with its dot.
            interim_s: How often gateways are asked to tell that a session lives, in seconds.
        """
        self._house, self._accounting, self._clients, self._clock = house, accounting, clients, clock
        self._suffix, self._interim_s = suffix, interim_s
        self._lock = threading.Lock()
        self._memories = {False: Memory(), True: Memory()}

    def answer(self, data: bytes, sender: str, *, is_accounting: bool) -> bytes | None:
        """Return what to send back to this address; None: nothing, which is counted under its reason."""
        try:
            client = self._client(sender)
            request = read_request(data, client.secret, is_accounting=is_accounting)
            if request.code == codec.StatusServer:
                return request.answer(codec.AccountingResponse if is_accounting else codec.AccessAccept, {})
            return self._once(client, request, is_accounting=is_accounting)
        except Dropped as dropped:
            self._house.count("radius", dropped.why)
            return None

    def _client(self, sender: str) -> Client:
        address = ip_address(sender.partition("%")[0])
        mapped = address.ipv4_mapped if address.version == 6 else None
        client = self._clients.get(str(mapped or address))
        if client is None:
            raise Dropped("unknown_client")
        return client

    def _once(self, client: Client, request: Request, *, is_accounting: bool) -> bytes:
        at, memory = self._clock(), self._memories[is_accounting]
        with self._lock:
            known = memory.recall(client.name, request.authenticator, request.raw, at, ages=not is_accounting)
        if known is not None:
            self._house.count("radius", "answered_again")
            return known
        try:
            if is_accounting:
                self._accounting.take(request, client)
                answer = request.answer(codec.AccountingResponse, {})
            else:
                answer = self._authorised(request, client)
        except BaseException:
            with self._lock:
                memory.forget(client.name, request.authenticator)
            raise
        with self._lock:
            memory.keep(client.name, request.authenticator, request.raw, at, answer)
        return answer

    def _authorised(self, request: Request, client: Client) -> bytes:
        facts = facts_of(request, client, Stage.AUTHORISE, at=self._clock(), suffix=self._suffix)
        if request.has(Attribute.EAP_MESSAGE):
            decision = unavailable(facts, _NO_EAP)
            self._house.note(facts, decision)
        else:
            decision = self._house.ask(facts)
        if decision.allow:
            attributes = {Attribute.ACCT_INTERIM_INTERVAL: self._interim_s.to_bytes(4, "big")}
            if (proposed := request.octets(Attribute.FRAMED_IP_ADDRESS)) is not None and len(proposed) == 4:
                attributes[Attribute.FRAMED_IP_ADDRESS] = proposed  # the address inside is the gateway's to give
            return request.answer(codec.AccessAccept, attributes)
        attributes = {Attribute.REPLY_MESSAGE: " ".join(decision.codes).encode()}
        if (eap := request.octets(Attribute.EAP_MESSAGE)) is not None and len(eap) >= 4:
            attributes[Attribute.EAP_MESSAGE] = bytes([_EAP_FAILURE, eap[1], 0, 4])
        return request.answer(codec.AccessReject, attributes)
