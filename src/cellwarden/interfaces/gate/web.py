"""Small HTTP servers of the gate, each in a thread of its own so that one that is slow holds up no other."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from cellwarden.foundation.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from typing import Any

    Application = Callable[
        [
            MutableMapping[str, Any],
            Callable[[], Awaitable[MutableMapping[str, Any]]],
            Callable[[MutableMapping[str, Any]], Awaitable[None]],
        ],
        Awaitable[None],
    ]

_DRAIN_S = 2
_TICK_S = 1.0
"""How often a server looks at the clock, for the `Date` of its answers: uvicorn's own ten times a second are, for two servers that
nobody asks, a twentieth of what a busy gate costs."""
log = logging.getLogger("cellwarden.gate")


def endpoint(listen: str, *, where: str) -> tuple[str, int]:
    """Read HOST:PORT; an IPv6 address stands in brackets."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise UsageError(f"{listen!r} is not HOST:PORT", where=where, fix="Say 127.0.0.1:8880")
    return host.strip("[]"), int(port)


def bound(listen: str, *, where: str) -> socket.socket:
    """Bind and listen; HOST:PORT, or the path of a Unix socket that only this user and group may open."""
    if "/" in listen:
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        Path(listen).unlink(missing_ok=True)
        channel.bind(listen)
        Path(listen).chmod(0o660)
    else:
        host, port = endpoint(listen, where=where)
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=1024)
    channel.listen(1024)
    return channel


class _Server(uvicorn.Server):
    """uvicorn's, woken up by whoever ends it."""

    _loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        """Serve until it is time to end."""
        self._woken, self._loop = asyncio.Event(), asyncio.get_running_loop()
        while not await self.on_tick(0):  # 0: each time with the clock
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), _TICK_S)

    def end(self) -> None:
        """Have it end; from any thread."""
        self.should_exit = True
        with contextlib.suppress(RuntimeError):  # it ended by itself
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._woken.set)


class WebServer:
    """One application on one socket; requests that run are finished at the end."""

    def __init__(self, application: Application, channel: socket.socket, **options: Any) -> None:
        settings = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=_DRAIN_S,
            server_header=False,
            **options,
        )
        self._server = _Server(settings)
        self._server.install_signal_handlers = lambda: None  # type: ignore[attr-defined] # the process has its own
        self._thread = threading.Thread(target=self._server.run, args=([channel],), daemon=True)
        self._channel = channel

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what runs, and end."""
        self._server.end()
        self._thread.join(_DRAIN_S + 1)
        self._channel.close()
