"""Ending a session at its gateway: Disconnect-Request until it is acknowledged, and the Accounting Stop as proof.

Where a gateway will not disconnect and has a filter that lets nothing through, that filter is asked for (CoA-Request). What
fails is in the log, in the metrics and in the evidence; whatever Interim-Update shows alive after that is tried again.

References: RFC 5176, 2.1, 3 and 3.5; RFC 5080, 2.2.1.
"""

from __future__ import annotations

import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from ipaddress import ip_address
from typing import TYPE_CHECKING

from pyrad import packet as codec

from cellwarden.admission.addresses import address
from cellwarden.interfaces.gate.radius_facts import SEPARATOR
from cellwarden.interfaces.gate.radius_packets import MOST_OCTETS, Attribute, Dropped, check_frame

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cellwarden.admission.facts import Facts
    from cellwarden.admission.sessions import Session
    from cellwarden.interfaces.gate.radius_clients import Client
    from cellwarden.workflows.gatehouse import Gatehouse

GONE = 503
"""Error-Cause: the gateway has no such session (RFC 5176, 3.5)."""
_WORKERS = 8
"""Gateways that may be silent at the same time before one waits for another."""
log = logging.getLogger("cellwarden.gate")


class Disconnector:
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
        self._workers = ThreadPoolExecutor(_WORKERS, "disconnect")
        self._lock = threading.Lock()
        self._underway: dict[tuple[str, str], threading.Event] = {}
        self._names: dict[tuple[str, str], bytes] = {}
        """User-Name of each session, as its gateway writes it."""
        house.on_cut(self.cut)

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
            stopped = self._underway[place] = threading.Event()
        self._workers.submit(self._end, client, facts, stopped, self._tries if is_fresh else 1)

    def ended(self, gateway: str, key: str) -> None:
        """Note the Accounting Stop of a session: the proof, where one is waited for."""
        with self._lock:
            stopped = self._underway.get((gateway, key))
            self._names.pop((gateway, key), None)
        if stopped is not None:
            stopped.set()

    def close(self) -> None:
        """Wait for what is under way."""
        self._workers.shutdown()

    def _end(self, client: Client, facts: Facts, stopped: threading.Event, rounds: int) -> None:
        try:
            outcome = self._ended(client, facts, stopped, rounds)
        except Exception as error:
            log.exception("disconnect_failed", extra={"gateway": client.name})
            outcome = type(error).__name__
        finally:
            with self._lock:
                self._underway.pop((facts.gateway, facts.key), None)
        if outcome not in {"proven", "gone", "quarantined"}:
            log.error("disconnect_failed", extra={"gateway": client.name, "outcome": outcome})
        self._house.count("radius", f"disconnect_{outcome}")
        self._house.report("disconnect", gateway=client.name, key=facts.key, equipment_id=facts.equipment_id, outcome=outcome)

    def _ended(self, client: Client, facts: Facts, stopped: threading.Event, rounds: int) -> str:
        if client.matches_by_name and self._has_another(facts):
            return "not_told_apart"
        outcome = "gone"
        for number in range(rounds):
            outcome = self._asked(client, facts, codec.DisconnectRequest)
            if outcome != "gone" or number + 1 == rounds or stopped.wait(self._wait_s):
                break
        if outcome == "acknowledged":
            return "proven" if stopped.wait(self._proof_s) else "unproven"
        if outcome != "gone" and client.quarantine:
            outcome = self._asked(client, facts, codec.CoARequest, {Attribute.FILTER_ID: client.quarantine.encode()})
            return "quarantined" if outcome == "acknowledged" else outcome
        return outcome

    def _has_another(self, facts: Facts) -> bool:
        of_unit = self._house.gate.sessions.of_unit(facts.equipment_id or "")
        return any(each.gateway == facts.gateway and each.key != facts.key for each in of_unit)

    def _asked(self, client: Client, facts: Facts, code: int, more: Mapping[Attribute, bytes] | None = None) -> str:
        """Send a request until it is answered: `acknowledged`, `gone`, `refused` or `unanswered`."""
        request = codec.CoAPacket(code, secret=client.secret, message_authenticator=True)
        for attribute, value in {**self._identification(facts), **(more or {})}.items():
            request[int(attribute)] = [value]
        octets = request.RequestPacket()
        family = socket.AF_INET6 if ":" in client.address else socket.AF_INET
        with closing(socket.socket(family, socket.SOCK_DGRAM)) as channel:
            channel.connect((client.address, client.disconnect_port))
            for number in range(self._tries):
                try:
                    channel.send(octets)
                    channel.settimeout(self._wait_s * 2**number)
                    reply = self._verified(request, channel.recv(MOST_OCTETS))
                except OSError:  # nobody there, or no answer in time
                    reply = None
                if reply is not None:
                    return self._meaning(reply)
        return "unanswered"

    def _identification(self, facts: Facts) -> dict[Attribute, bytes]:
        """Name one session and no other: all attributes must match (RFC 5176, 3)."""
        nas, _, number = facts.key.partition(SEPARATOR)
        named: dict[Attribute, bytes] = {Attribute.ACCT_SESSION_ID: number.encode()}
        if user_name := self._names.get((facts.gateway, facts.key)):
            named[Attribute.USER_NAME] = user_name
        if facts.inner_ip is not None and "." in facts.inner_ip:
            named[Attribute.FRAMED_IP_ADDRESS] = ip_address(facts.inner_ip).packed
        if (where := address(nas)) is not None:
            named[Attribute.NAS_IP_ADDRESS if where.version == 4 else Attribute.NAS_IPV6_ADDRESS] = ip_address(nas).packed
        elif nas:
            named[Attribute.NAS_IDENTIFIER] = nas.encode()
        return named

    @staticmethod
    def _verified(request: codec.Packet, data: bytes) -> codec.Packet | None:
        try:
            check_frame(data)
            reply = request.CreateReply(packet=data)
        except (Dropped, codec.PacketError):
            return None
        return reply if request.VerifyReply(reply) else None

    @staticmethod
    def _meaning(reply: codec.Packet) -> str:
        if reply.code in {codec.DisconnectACK, codec.CoAACK}:
            return "acknowledged"
        cause = (reply.get(int(Attribute.ERROR_CAUSE)) or [b""])[0]
        return "gone" if int.from_bytes(cause, "big") == GONE else "refused"
