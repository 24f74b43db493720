"""The Inform listener: a unit posts its Inform, is asked about, and has its answer; an empty post ends the session.

Who is asked about is told by the address inside the tunnel that the Inform comes through, or outside of it by the TLS
certificate of the unit. A unit that is refused gets a fault that names no rule; if it is in, its tunnel is cut.

References: TR-069 Amendment 6, 3.4 (HTTP), 3.7.1 (session); SOAP 1.1, 6.2.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from cellwarden.admission.rulebook import UNAVAILABLE
from cellwarden.interfaces.gate.cwmp_facts import facts_of
from cellwarden.interfaces.gate.cwmp_messages import (
    MOST_OCTETS,
    REQUEST_DENIED,
    RETRY_REQUEST,
    Refused,
    Unreadable,
    fault,
    read_inform,
    response,
)
from cellwarden.interfaces.gate.tls_peer import CERTIFICATE, certificate_facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from cellwarden.admission.facts import Facts
    from cellwarden.foundation.clock import Clock
    from cellwarden.interfaces.gate.cwmp_messages import Envelope, Inform
    from cellwarden.interfaces.gate.http_digest import Digest
    from cellwarden.workflows.gatehouse import House

_READ_S = 15
"""For the whole of a request: who sends an octet a second holds no place for long."""
_CLOSE = {"Connection": "close"}
_TYPE = "text/xml; charset=utf-8"


class _Turned(Exception):  # noqa: N818 (a request that is turned away)
    def __init__(self, why: str, answer: Response) -> None:
        super().__init__(why)
        self.why, self.answer = why, answer


class InformListener:
    """Answers the posts of units."""

    def __init__(
        self,
        house: House,
        clock: Clock,
        *,
        gateway: str,
        cell_type: str = "home",
        suffix: str = "",
        digest: Digest | None = None,
        count: Callable[[str, str], None] = lambda *_: None,
    ) -> None:
        """Begin.

        Args:
            house: Who decides.
            clock: Tells the time of each Inform.
            gateway: Name of this management system in facts.
            cell_type: How cell identities of these units split.
            suffix: Domain at the end of names in certificates, with its dot.
            digest: Who may call at all, by user name and password; None: whoever comes through a tunnel or with a certificate.
            count: Counts what is no decision.
        """
        self._house, self._clock, self._gateway, self._cell_type = house, clock, gateway, cell_type
        self._suffix, self._digest, self._count = suffix, digest, count

    def application(self) -> Starlette:
        """Return the application; every path is the same, since each fleet is configured with its own."""
        return Starlette(routes=[Route("/{path:path}", self._posted, methods=["POST"])])

    async def _posted(self, request: Request) -> Response:
        try:
            user = self._user(request)
            content = await _content(request)
            if not content.strip():
                return Response(status_code=204)  # there is nothing that we would have the unit do
            inform, asked = self._read(content, _source(request), user)
        except _Turned as turned:
            self._count("cwmp", turned.why)
            return turned.answer
        certificate = request.scope.get(CERTIFICATE)
        known = certificate_facts(certificate, self._suffix) if certificate is not None else {}
        # In a thread: the gate may be in another process, and one that hangs must not hold up the next unit.
        return await run_in_threadpool(self._decided, inform, [replace(facts, **known) for facts in asked])

    def _user(self, request: Request) -> str | None:
        if self._digest is None:
            return None
        user = self._digest.user(request.method, request.headers.get("authorization"))
        if user is None:
            headers = {"WWW-Authenticate": self._digest.challenge()}
            raise _Turned("unauthenticated", Response(status_code=401, headers=headers))
        return user

    def _read(self, content: bytes, source_ip: str, user: str | None) -> tuple[Inform, tuple[Facts, ...]]:
        try:
            inform = read_inform(content)
            _check_user(inform, user)
            return inform, facts_of(
                inform, source_ip=source_ip, at=self._clock(), gateway=self._gateway, cell_type=self._cell_type
            )
        except Unreadable as error:
            raise _Turned("unreadable", Response(status_code=400)) from error
        except Refused as refused:
            raise _Turned(f"fault_{refused.fault}", _fault(refused.envelope, refused.fault)) from refused

    def _decided(self, inform: Inform, asked: list[Facts]) -> Response:
        for facts in asked:
            decision = self._house.ask(facts)
            if not decision.allow:
                return _fault(inform.envelope, RETRY_REQUEST if decision.codes == (UNAVAILABLE,) else REQUEST_DENIED)
        return Response(response(inform.envelope), media_type=_TYPE)


def _check_user(inform: Inform, user: str | None) -> None:
    """Refuse an Inform under another unit's password; names of users are those of TR-069, 3.4.4."""
    if user is not None and user not in {
        f"{inform.oui}-{inform.serial}",
        f"{inform.oui}-{inform.product_class}-{inform.serial}",
    }:
        raise Refused(inform.envelope, REQUEST_DENIED)


async def _content(request: Request) -> bytes:
    content = bytearray()
    try:
        async with asyncio.timeout(_READ_S):
            async for piece in request.stream():
                content += piece
                if len(content) > MOST_OCTETS:
                    raise _Turned("too_large", Response(status_code=413, headers=_CLOSE))
    except TimeoutError as error:
        raise _Turned("slow", Response(status_code=408, headers=_CLOSE)) from error
    return bytes(content)


def _source(request: Request) -> str:
    """Return the address that the request comes from: the connection's, whatever headers say."""
    address = ip_address(request.client.host if request.client is not None else "")
    mapped = address.ipv4_mapped if address.version == 6 else None
    return str(mapped or address)


def _fault(envelope: Envelope, code: int) -> Response:
    return Response(fault(envelope, code), 500, media_type=_TYPE)
