"""What a RADIUS request says of equipment, as facts. What is there twice or cannot be read is not known, never guessed."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cellwarden.admission.facts import Facts, Stage
from cellwarden.interfaces.gate.naming import unit_of
from cellwarden.interfaces.gate.radius_packets import Attribute

if TYPE_CHECKING:
    from datetime import datetime

    from cellwarden.interfaces.gate.radius_clients import Client
    from cellwarden.interfaces.gate.radius_packets import Request

SEPARATOR = "\t"
"""Between the name of a gateway and the number of a session: no printed character, so neither holds it."""
_PLACE = re.compile(r"(?P<ip>[0-9A-Fa-f.:]+)(?:\[(?P<port>[0-9]{1,5})\])?")
"""An outer address as gateways write it: alone, or with its port in brackets as strongSwan does."""
_LAST_TAG = 0x1F
"""Of a tagged text (RFC 2868, 3): a first octet up to this is the tag."""


def facts_of(request: Request, client: Client, stage: Stage, *, at: datetime, suffix: str = "") -> Facts:
    """Make facts of an Access-Request or an Accounting-Request.

    Args:
        request: What came.
        client: Who sent it.
        stage: What is asked: may it come up, or it is up.
        at: The present time.
        suffix: Domain at the end of identities, with its dot.
    """
    source_ip, source_port = _source(request)
    return Facts(
        stage=stage,
        at=at,
        gateway=client.name,
        key=session_key(request) or "",
        equipment_id=unit_of(request.text(Attribute.USER_NAME), suffix),
        source_ip=source_ip,
        source_port=source_port,
        inner_ip=request.address(Attribute.FRAMED_IP_ADDRESS) or request.address(Attribute.FRAMED_IPV6_ADDRESS),
    )


def nas_of(request: Request) -> str:
    """Name the gateway that a request is about, as it names itself: behind a proxy there are several."""
    return (
        request.text(Attribute.NAS_IDENTIFIER)
        or request.address(Attribute.NAS_IP_ADDRESS)
        or request.address(Attribute.NAS_IPV6_ADDRESS)
        or ""
    )


def session_key(request: Request) -> str | None:
    """Tell a session from others of the same client: its gateway, and the number that the gateway gave it."""
    number = request.text(Attribute.ACCT_SESSION_ID)
    return None if number is None else f"{nas_of(request)}{SEPARATOR}{number}"


def _source(request: Request) -> tuple[str | None, int | None]:
    """Find the outer address, where gateways put it: in Calling-Station-Id, else in Tunnel-Client-Endpoint."""
    tagged = request.octets(Attribute.TUNNEL_CLIENT_ENDPOINT) or b""
    untagged = tagged[1:] if tagged[:1] <= bytes([_LAST_TAG]) else tagged
    for text in (request.text(Attribute.CALLING_STATION_ID), untagged.decode("ascii", "replace")):
        found = _PLACE.fullmatch(text or "")
        if found is None:
            continue
        try:
            read = ip_address(found["ip"])
        except ValueError:
            continue
        mapped = read.ipv4_mapped if read.version == 6 else None
        port = int(found["port"] or -1)
        return str(mapped or read), port if 0 <= port < 65536 else None
    return None, None
