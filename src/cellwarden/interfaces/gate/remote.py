"""Ask a gate in another process: no answer in time is a refusal, never a shrug."""

from __future__ import annotations

import http.client
import json
import logging
import socket
import threading
from dataclasses import fields
from datetime import datetime
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from cellwarden.admission.decisions import Decision, unavailable
from cellwarden.admission.facts import Facts
from cellwarden.admission.rule import Reason
from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import UsageError

_UNSENT = frozenset({"at", "is_recorded"})
"""The gate that decides looks at its own clock and its own disk."""
_SENT = tuple(each.name for each in fields(Facts) if each.name not in _UNSENT)
log = logging.getLogger("cellwarden.gate")


class _Unix(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str, timeout_s: float) -> None:
        super().__init__("localhost", timeout=timeout_s)
        self._path = path

    def connect(self) -> None:
        """Connect to the path instead of a host."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class RemoteHouse:
    """A gate behind HTTP; one connection a thread."""

    def __init__(self, url: str, token: str, *, timeout_s: float = 1.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "unix"}:
            raise UsageError(
                f"{parts.scheme!r} is no way to a gate", where="[engine] url", fix="Say http://HOST:PORT or unix:PATH"
            )
        self._parts, self._timeout_s = parts, timeout_s
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._local = threading.local()

    def ask(self, facts: Facts) -> Decision:
        """Decide on an attempt to join."""
        content = {name: _plain(value) for name in _SENT if (value := getattr(facts, name)) is not None}
        try:
            told = self._post("/v1/decisions", content)
            return Decision(
                allow=told["allow"] is True,
                reasons=tuple(Reason(code, -1, detail) for code, detail in zip(told["reasons"], told["details"], strict=False)),
                would_have=tuple(Reason(code, -1) for code in told["would_have"]),
                equipment_id=told["equipment_id"],
                region=told["region"],
                facts=facts,
            )
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
            log.warning("gate_unreachable", extra={"error": type(error).__name__})
            return unavailable(facts, f"the gate did not answer ({type(error).__name__})")

    def leave(self, gateway: str, key: str) -> None:
        """Note that a tunnel is gone."""
        self._tell("/v1/departures", {"gateway": gateway, "key": key})

    def part(self, gateway: str, key: str, inner_ip: str) -> None:
        """Note that an S1 association is gone."""
        self._tell("/v1/partings", {"gateway": gateway, "key": key, "inner_ip": inner_ip})

    def close(self) -> None:
        """Close the connection of the calling thread."""
        held: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if held is not None:
            held.close()

    def _tell(self, path: str, content: dict[str, Any]) -> None:
        try:
            self._post(path, content)
        except (OSError, http.client.HTTPException, ValueError) as error:
            # The gate will find out when it comes back: it looks at who is in.
            log.warning("gate_unreachable", extra={"error": type(error).__name__})

    def _post(self, path: str, content: dict[str, Any]) -> dict[str, Any]:
        """Send and read; a kept connection that turns out closed is opened anew, once."""
        body = json.dumps(content).encode()
        for is_fresh in (False, True):
            connection = self._connection(is_fresh=is_fresh)
            try:
                connection.request("POST", path, body, self._headers)
                response = connection.getresponse()
                text = response.read()
            except (ConnectionError, http.client.BadStatusLine):
                connection.close()
                if is_fresh:
                    raise
                continue
            except BaseException:
                connection.close()
                self._local.connection = None
                raise
            if response.status >= 300:
                raise http.client.HTTPException(f"status {response.status}")
            return dict(json.loads(text)) if text else {}
        raise http.client.HTTPException("unreachable")

    def _connection(self, *, is_fresh: bool) -> http.client.HTTPConnection:
        held: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if held is None or is_fresh:
            if self._parts.scheme == "unix":
                held = _Unix(self._parts.path, self._timeout_s)
            else:
                held = http.client.HTTPConnection(self._parts.hostname or "", self._parts.port, timeout=self._timeout_s)
            self._local.connection = held
        return held


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    return value.value if isinstance(value, Enum) else value
