"""Events at second hand: the sweeper hears a charon, and passes on what it heard to the gate beside it.

A charon takes some four wake-ups of its threads to write an event, for each who listens. So one listens; it is the sweeper,
since that must hear a tunnel end whatever becomes of the gate. With the first octet it hands over the gateway's own
connection: what lies unread in it shows the gate that a sweeper hangs, and the gate then listens for itself.

References: unix(7), SCM_RIGHTS; cmsg(3).
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
from typing import TYPE_CHECKING

from cellwarden.interfaces.gate.vici_events import Events, connected

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

HANGS_S = 0.1
"""How long a sweeper may leave unread what the gateway said."""
_HELLO = b"\0"
_ROOM = 16 << 20
"""Octets that wait for a gate that reads a registry: minutes of a burst."""
_SO_SNDBUFFORCE = 32
"""asm-generic/socket.h: as SO_SNDBUF, past the system's limit; takes CAP_NET_ADMIN, which the sweeper has."""


class SweeperLostError(ConnectionError):
    """The sweeper is gone, or passes nothing on."""


class Relay:
    """The sweeper's side: a socket where gates follow. No gate can hold it up: one that does not read is let go, and comes again."""

    def __init__(self, path: Path) -> None:
        """Listen where this user alone may connect; raise OSError if that is not possible."""
        self._path, self._lock = path, threading.Lock()
        self._daemon: socket.socket | None = None
        self._followers: list[socket.socket] = []
        path.unlink(missing_ok=True)
        self._listening = socket.socket(socket.AF_UNIX)
        before = os.umask(0o177)
        try:
            self._listening.bind(str(path))
        finally:
            os.umask(before)
        self._listening.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        """Use it as a context: it is closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let everybody go and listen no more."""
        self.end()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._path.unlink(missing_ok=True)

    def begin(self, daemon: socket.socket) -> None:
        """Take followers from now on, to whom every event of this connection is told."""
        with self._lock:
            self._daemon = daemon

    def end(self) -> None:
        """Let all followers go: the daemon is lost."""
        with self._lock:
            self._daemon = None
            for each in self._followers:
                each.close()
            self._followers = []

    def tell(self, frame: bytes) -> None:
        """Pass an event on as it came, its length before it; wait for nobody."""
        with self._lock:
            lost = [each for each in self._followers if not _took(each, frame)]
            for each in lost:
                self._followers.remove(each)

    def _accept(self) -> None:
        while True:
            try:
                follower, _ = self._listening.accept()
            except OSError:
                return
            with self._lock:
                if self._daemon is None or not _greeted(follower, self._daemon):
                    follower.close()
                else:
                    self._followers.append(follower)


class RelayedEvents(Events):
    """The gate's side: events as if the daemon had told them."""

    def __init__(self, path: Path) -> None:
        """Follow a sweeper.

        Raises:
            OSError: It is not there, or hears nothing itself.
        """
        channel = connected(path, HANGS_S)
        try:
            _, handed, _, _ = socket.recv_fds(channel, len(_HELLO), 1, socket.MSG_CMSG_CLOEXEC)
        except BaseException:
            channel.close()
            raise
        if not handed:
            channel.close()
            raise SweeperLostError("the sweeper hears nothing itself")
        self._use(channel)
        self._daemon = socket.socket(fileno=handed[0])
        self._said, self._either = select.poll(), select.poll()
        self._said.register(self._daemon, select.POLLIN)
        for each in (channel, self._daemon):
            self._either.register(each, select.POLLIN)

    def __exit__(self, *error: object) -> None:
        """Close; what the sweeper holds stays open."""
        self._daemon.close()
        super().__exit__(*error)

    def _more(self, timeout_s: float) -> bool:
        if timeout_s and not self._is_passed_on(timeout_s):
            return False
        try:
            return super()._more(0)
        except OSError as error:
            raise SweeperLostError("the sweeper is gone") from error

    def _is_passed_on(self, timeout_s: float) -> bool:
        """Wait for the sweeper; whatever the gateway says must come from there soon."""
        if not self._either.poll(timeout_s * 1000):
            return False
        if self._come.poll(HANGS_S * 1000):
            return True
        if self._said.poll(0):
            raise SweeperLostError("the sweeper passes nothing on")
        return False


def _greeted(follower: socket.socket, daemon: socket.socket) -> bool:
    try:
        follower.settimeout(0)
        with contextlib.suppress(OSError):  # without the right to it there is room for a hundred events
            follower.setsockopt(socket.SOL_SOCKET, _SO_SNDBUFFORCE, _ROOM)
        return socket.send_fds(follower, [_HELLO], [daemon.fileno()]) == len(_HELLO)
    except OSError:
        return False


def _took(follower: socket.socket, octets: bytes) -> bool:
    """Send as a whole or not at all: what is torn ends the connection."""
    try:
        is_whole = follower.send(octets) == len(octets)
    except OSError:
        is_whole = False
    if not is_whole:
        follower.close()
    return is_whole
