"""What charon refuses by itself, from its log by VICI: attempts that no hook sees, since they never became a tunnel.

An expired certificate or one of no known authority ends inside charon. Its log is the only place that tells; a line that is not
known tells nothing, and nothing depends on it but evidence.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cellwarden.admission.decisions import Decision
from cellwarden.admission.facts import Facts, Stage
from cellwarden.admission.rule import Reason
from cellwarden.interfaces.gate.naming import unit_of
from cellwarden.interfaces.gate.vici_events import LOST, Events

if TYPE_CHECKING:
    import threading
    from pathlib import Path

    from cellwarden.foundation.clock import Clock
    from cellwarden.workflows.gatehouse import Gatehouse

_PEERS = re.compile(r"looking for peer configs matching \S+\[[^\]]*\]\.\.\.(\S+)\[([^\]]*)\]")
_WORDS = (
    (re.compile(r"subject certificate invalid"), "CERT_EXPIRED", 3),
    (re.compile(r"certificate was revoked|ocsp response is valid: certificate is revoked"), "CERT_REVOKED", 4),
    (re.compile(r"certificate status is (?:not available|unknown)"), "OCSP_UNAVAILABLE", 4),
    (re.compile(r"no issuer certificate found|no trusted \w+ public key found"), "CERT_CHAIN", 2),
    (re.compile(r"no matching peer config found"), "ID_CERT_MISMATCH", 2),
)
"""Words of charon 5.9 and what they mean."""
_END = re.compile(r"generating IKE_AUTH response \d+ \[ (?:IDr |EAP/FAIL )?N\(AUTH_FAILED\) \]|peer requested EAP|EAP/FAIL")
_POLL_S = 0.2
_RETRY_S = 0.5
_MOST_OPEN = 10_000
log = logging.getLogger("cellwarden.gate")


@dataclass(slots=True)
class _Attempt:
    """One IKE SA in the making."""

    source_ip: str | None = None
    identity: str | None = None
    code: str = ""
    rule: int = 0
    words: str = ""


class CharonLog:
    """Reads one charon's log and writes down what it refused."""

    def __init__(self, house: Gatehouse, path: Path, *, gateway: str, clock: Clock, suffix: str = "") -> None:
        self._house, self._path, self._gateway, self._clock, self._suffix = house, path, gateway, clock, suffix
        self._open: dict[str, _Attempt] = {}

    def watch(self, stop: threading.Event) -> None:
        """Read until told to stop; a daemon that is gone is waited for."""
        while not stop.is_set():
            try:
                with Events(self._path, "log") as events:
                    while not stop.is_set():
                        if (event := events.next(_POLL_S)) is not None:
                            self.take(event.message())
            except LOST as error:
                log.warning("gateway_log_lost", extra={"gateway": self._gateway, "error": str(error)})
                stop.wait(_RETRY_S)

    def take(self, message: dict[str, Any]) -> None:
        """Take one line of the log."""
        number = message.get("ikesa-uniqueid")
        if not isinstance(number, bytes):
            return
        key, words = number.decode("ascii", "replace"), message.get("msg", b"").decode("utf-8", "replace")
        attempt = self._open.setdefault(key, _Attempt())
        if len(self._open) > _MOST_OPEN:
            del self._open[next(iter(self._open))]
        if (peers := _PEERS.search(words)) is not None:
            attempt.source_ip, attempt.identity = peers.groups()
        for pattern, code, rule in _WORDS:
            # The first cause counts: what charon says after it are consequences.
            if not attempt.code and pattern.search(words):
                attempt.code, attempt.rule, attempt.words = code, rule, words.split(" '")[0].split(" (")[0][:80]
        if " established between " in words:
            self._open.pop(key, None)
        elif _END.search(words):
            self._ended(key)

    def _ended(self, key: str) -> None:
        attempt = self._open.pop(key, None)
        if attempt is None or not attempt.code:
            return
        unit = unit_of(attempt.identity, self._suffix)
        facts = Facts(
            stage=Stage.TUNNEL,
            at=self._clock(),
            gateway=self._gateway,
            key=key,
            equipment_id=unit,
            source_ip=attempt.source_ip,
        )
        reason = Reason(attempt.code, attempt.rule, f"the gateway said: {attempt.words}")
        self._house.note(facts, Decision(allow=False, reasons=(reason,), equipment_id=unit, facts=facts))
