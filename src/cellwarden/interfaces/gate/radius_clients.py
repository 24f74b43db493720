"""Who may ask by RADIUS: gateways and proxies, each with a secret of its own in a file of its own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.errors import MalformedInputError

if TYPE_CHECKING:
    from pathlib import Path

LEAST_SECRET = 16
"""Octets of a shared secret (RFC 2865, 3): a shorter one is found by trying."""
DISCONNECT_PORT = 3799
"""Where gateways take Disconnect-Requests (RFC 5176, 3)."""
_FIX = "See docs/how-to/gate.md, RADIUS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One gateway, or the proxy before several."""

    name: str
    """In facts, regions and evidence: `gateway`."""
    address: str
    """From which it asks, and where it takes Disconnect-Requests."""
    secret: bytes = field(repr=False)
    """Shared with it."""
    disconnect_port: int = DISCONNECT_PORT
    """UDP port on which it takes Disconnect-Requests."""
    matches_by_name: bool = False
    """Whether it ends every session of the User-Name in a Disconnect-Request, whichever is meant, as strongSwan does. A clone's
    session is then not ended beside the genuine one: both would be."""
    quarantine: str = ""
    """Name of a filter at the gateway that lets nothing through (Filter-Id): asked for by CoA-Request where it will not
    disconnect. Empty: there is none."""


_KEYS = {"name": str, "address": str, "secret_file": str, "disconnect_port": int, "matches_by_name": bool, "quarantine": str}


def read_clients(path: Path) -> dict[str, Client]:
    """Read the clients of a TOML file, by address; paths of secrets start where the file lies.

    Raises:
        MalformedInputError: A key is unknown or missing, an address is none, a secret is short, or two have the same name or
            address.
    """
    try:
        listed = tomllib.loads(path.read_text(encoding="utf-8"))["client"]
        clients = [_client(each, path) for each in listed]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        raise MalformedInputError(f"no list of RADIUS clients ({error})", where=path.name, fix=_FIX) from error
    found = {client.address: client for client in clients}
    if len(found) < len(clients) or len({client.name for client in clients}) < len(clients):
        raise MalformedInputError("two clients with one name or one address", where=path.name, fix=_FIX)
    return found


def _client(content: dict[str, Any], path: Path) -> Client:
    if unknown := sorted(set(content) - set(_KEYS)):
        raise ValueError(f"unknown keys {', '.join(unknown)}; known are {', '.join(_KEYS)}")
    for key, value in content.items():
        if type(value) is not _KEYS[key]:
            raise ValueError(f"{key} is not {_KEYS[key].__name__}")
    values = {**content, "address": str(ip_address(content["address"]))}
    values["secret"] = (path.parent / values.pop("secret_file")).read_bytes().strip()
    if len(values["secret"]) < LEAST_SECRET:
        raise ValueError(f"the secret of {values['name']} is shorter than {LEAST_SECRET} octets")
    return Client(**values)
