"""One Disconnect-Request or CoA-Request to a gateway, sent until it is answered.

References: RFC 5176, 2.1, 3 and 3.5; RFC 5080, 2.2.1.
"""

from __future__ import annotations

import socket
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
    from cellwarden.interfaces.gate.radius_clients import Client

DISCONNECT, CHANGE = codec.DisconnectRequest, codec.CoARequest
_GONE = 503
"""Error-Cause: the gateway has no such session (RFC 5176, 3.5)."""


def ask(client: Client, code: int, attributes: Mapping[Attribute, bytes], *, tries: int, wait_s: float) -> str:
    """Send a request and return what became of it: `acknowledged`, `gone`, `refused` or `unanswered`.

    Args:
        client: The gateway.
        code: `DISCONNECT` or `CHANGE`.
        attributes: Which session, and what to change of it.
        tries: How often it is sent.
        wait_s: For the first answer; twice as long for each further one.
    """
    request = codec.CoAPacket(code, secret=client.secret, message_authenticator=True)
    for attribute, value in attributes.items():
        request[int(attribute)] = [value]
    octets = request.RequestPacket()
    family = socket.AF_INET6 if ":" in client.address else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_DGRAM)) as channel:
        channel.connect((client.address, client.disconnect_port))
        for number in range(tries):
            try:
                channel.send(octets)
                channel.settimeout(wait_s * 2**number)
                reply = _verified(request, channel.recv(MOST_OCTETS))
            except OSError:  # nobody there, or no answer in time
                continue
            if reply is not None:
                return _meaning(reply)
    return "unanswered"


def identification(facts: Facts, user_name: bytes | None) -> dict[Attribute, bytes]:
    """Name one session and no other: all attributes must match (RFC 5176, 3)."""
    nas, _, number = facts.key.partition(SEPARATOR)
    named: dict[Attribute, bytes] = {Attribute.ACCT_SESSION_ID: number.encode()}
    if user_name:
        named[Attribute.USER_NAME] = user_name
    if facts.inner_ip is not None and "." in facts.inner_ip:
        named[Attribute.FRAMED_IP_ADDRESS] = ip_address(facts.inner_ip).packed
    if (where := address(nas)) is not None:
        named[Attribute.NAS_IP_ADDRESS if where.version == 4 else Attribute.NAS_IPV6_ADDRESS] = ip_address(nas).packed
    elif nas:
        named[Attribute.NAS_IDENTIFIER] = nas.encode()
    return named


def _verified(request: codec.Packet, data: bytes) -> codec.Packet | None:
    try:
        check_frame(data)
        reply = request.CreateReply(packet=data)
    except (Dropped, codec.PacketError):
        return None
    return reply if request.VerifyReply(reply) else None


def _meaning(reply: codec.Packet) -> str:
    if reply.code in {codec.DisconnectACK, codec.CoAACK}:
        return "acknowledged"
    cause = (reply.get(int(Attribute.ERROR_CAUSE)) or [b""])[0]
    return "gone" if int.from_bytes(cause, "big") == _GONE else "refused"
