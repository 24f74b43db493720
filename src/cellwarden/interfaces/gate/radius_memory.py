"""What was asked lately: the same packet again is answered the same again, another one under its authenticator is a replay.

References: RFC 2865, 3 (an authenticator is unique); RFC 5080, 2.2.2 (duplicates).
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING

from cellwarden.interfaces.gate.radius_packets import Dropped

if TYPE_CHECKING:
    from datetime import datetime

WINDOW = timedelta(seconds=30)
"""How long a gateway may send its question again; an old question that comes later is a replay."""
MOST = 50_000
"""Questions that are remembered; the oldest gives way."""


class Memory:
    """Remembers questions and their answers; not for several threads at once."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held: OrderedDict[tuple[str, bytes], tuple[bytes, datetime, bytes | None]] = OrderedDict()

    def recall(self, client: str, authenticator: bytes, packet: bytes, at: datetime, *, ages: bool) -> bytes | None:
        """Return the answer that this packet was given; None: it is new, and noted.

        Args:
            client: Who asks.
            authenticator: Of the packet.
            packet: All of it.
            at: The present time.
            ages: Whether asking the same again later is a replay. Accounting may: it tells, and asks for nothing.

        Raises:
            Dropped: It is being answered, or it is a replay.
        """
        held = self._held.get((client, authenticator))
        if held is None:
            self._put(client, authenticator, (packet, at, None))
            return None
        before, since, answer = held
        if before != packet or (ages and at - since > WINDOW):
            raise Dropped("replayed")
        if answer is None:
            raise Dropped("duplicate")
        return answer

    def keep(self, client: str, authenticator: bytes, packet: bytes, at: datetime, answer: bytes) -> None:
        """Note the answer to a packet."""
        self._put(client, authenticator, (packet, at, answer))

    def forget(self, client: str, authenticator: bytes) -> None:
        """Let a packet that got no answer be new again."""
        self._held.pop((client, authenticator), None)

    def _put(self, client: str, authenticator: bytes, value: tuple[bytes, datetime, bytes | None]) -> None:
        self._held[client, authenticator] = value
        if len(self._held) > self._most:
            self._held.popitem(last=False)
