"""The two UDP ports of RADIUS: authorisation, which several ask at once, and accounting, which is taken in its order."""

from __future__ import annotations

import logging
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.interfaces.gate.radius_exchange import Exchange

_POLL_S = 0.2
"""How long a thread waits before it looks whether it should end."""
_WORKERS = 4
"""Threads for authorisation: one question that takes long holds up no other."""
_BUFFER_OCTETS = 4 << 20
"""What waits in the kernel while a fleet restarts: some ten thousand questions."""
_MOST_DATAGRAM = 1 << 16
log = logging.getLogger("cellwarden.gate")


class RadiusServer:
    """Serves an exchange."""

    def __init__(self, exchange: Exchange, *, authorise: tuple[str, int], accounting: tuple[str, int]) -> None:
        self._exchange = exchange
        self._channels = {False: _bound(authorise), True: _bound(accounting)}

    @property
    def ports(self) -> tuple[int, int]:
        """The ports of authorisation and of accounting."""
        return self._channels[False].getsockname()[1], self._channels[True].getsockname()[1]

    def watch(self, stop: threading.Event, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until told to stop."""
        kinds = [False] * _WORKERS + [True]
        threads = [threading.Thread(target=self._serve, args=(kind, stop), daemon=True) for kind in kinds]
        for thread in threads:
            thread.start()
        ready()
        for thread in threads:
            thread.join()
        for channel in self._channels.values():
            channel.close()

    def _serve(self, is_accounting: bool, stop: threading.Event) -> None:
        channel = self._channels[is_accounting]
        while not stop.is_set():
            try:
                data, sender = channel.recvfrom(_MOST_DATAGRAM)
                answer = self._exchange.answer(data, sender[0], is_accounting=is_accounting)
                if answer is not None:
                    channel.sendto(answer, sender)
            except TimeoutError:
                continue
            except OSError as error:
                log.warning("radius_answer_lost", extra={"error": type(error).__name__})
            except Exception:
                log.exception("radius_question_failed")  # unanswered: the gateway lets nobody in


def _bound(place: tuple[str, int]) -> socket.socket:
    channel = socket.socket(socket.AF_INET6 if ":" in place[0] else socket.AF_INET, socket.SOCK_DGRAM)
    channel.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_OCTETS)
    channel.settimeout(_POLL_S)
    channel.bind(place)
    return channel
