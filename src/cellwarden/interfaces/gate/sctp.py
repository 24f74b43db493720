"""SCTP as the S1 gate needs it: messages with their stream and payload protocol, kept apart from who carries them.

The kernel's SCTP is for production. `sctp_userland` is for where the kernel has none, tests above all.

References: RFC 9260; RFC 6458 (sockets).
"""

from __future__ import annotations

import contextlib
import socket
import struct
from typing import NamedTuple, Protocol

SCTP = 132
STREAMS = 32
"""Streams asked for in each direction; S1AP needs two and more are allowed (TS 36.412, 7)."""
MOST_OCTETS = 1 << 18
"""Longest message that is put together; S1AP's are some hundred octets, a warning message some ten thousand."""


class Piece(NamedTuple):
    """One message."""

    stream: int
    protocol: int
    """Payload protocol identifier; S1AP is 18 (TS 36.412, 7)."""
    data: bytes


class Association(Protocol):
    """One SCTP association. `receive` blocks; `close` wakes it from another thread."""

    peer: str
    """Address of the other end."""

    def receive(self) -> Piece | None:
        """Return the next message; None once the association is gone."""

    def send(self, piece: Piece) -> None:
        """Send a message; raise OSError if the association is gone."""

    def close(self) -> None:
        """End it."""


class Listener(Protocol):
    """Takes associations."""

    def accept(self) -> Association | None:
        """Return the next association; None once it was closed."""

    def close(self) -> None:
        """Take no more."""


class Stack(Protocol):
    """Who carries SCTP."""

    def listen(self, host: str, port: int) -> Listener:
        """Take associations at an address of this machine."""

    def connect(self, host: str, port: int) -> Association:
        """Open an association; raise OSError if nobody is there."""


# Linux, include/uapi/linux/sctp.h
_NODELAY, _INITMSG, _RECVRCVINFO, _SNDINFO_CMSG, _RCVINFO_CMSG = 3, 2, 32, 2, 3
_SNDINFO = struct.Struct("=HHIIi")
_RCVINFO = struct.Struct("=HHHxxIIIIi")


class KernelSctp:
    """The kernel's SCTP."""

    def listen(self, host: str, port: int) -> KernelListener:
        """Take associations at an address of this machine."""
        channel = _socket(host)
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        channel.bind((host, port))
        channel.listen(1024)
        return KernelListener(channel)

    def connect(self, host: str, port: int) -> KernelAssociation:
        """Open an association."""
        channel = _socket(host)
        channel.connect((host, port))
        return KernelAssociation(channel, host)


class KernelListener:
    """A listening socket."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel

    def accept(self) -> KernelAssociation | None:
        """Return the next association; None once it was closed."""
        try:
            channel, address = self._channel.accept()
        except OSError:
            return None
        return KernelAssociation(channel, str(address[0]))

    def close(self) -> None:
        """Take no more."""
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)
        self._channel.close()


class KernelAssociation:
    """A connected one-to-one socket."""

    def __init__(self, channel: socket.socket, peer: str) -> None:
        self._channel, self.peer = channel, peer
        channel.setsockopt(SCTP, _RECVRCVINFO, 1)
        channel.setsockopt(SCTP, _NODELAY, 1)

    def receive(self) -> Piece | None:
        """Return the next message; None once the association is gone."""
        data, stream, protocol = b"", 0, 0
        while True:
            try:
                part, ancillary, flags, _ = self._channel.recvmsg(65536, 256)
            except OSError:
                return None
            if not part or len(data) > MOST_OCTETS:
                return None
            for level, kind, content in ancillary:
                if level == SCTP and kind == _RCVINFO_CMSG:
                    stream, _, _, protocol, *_ = _RCVINFO.unpack(content[: _RCVINFO.size])
            data += part
            if flags & socket.MSG_EOR:
                return Piece(stream, socket.ntohl(protocol), data)

    def send(self, piece: Piece) -> None:
        """Send a message."""
        info = _SNDINFO.pack(piece.stream, 0, socket.htonl(piece.protocol), 0, 0)
        self._channel.sendmsg([piece.data], [(SCTP, _SNDINFO_CMSG, info)])

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)
        self._channel.close()


def _socket(host: str) -> socket.socket:
    channel = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, SCTP)
    channel.setsockopt(SCTP, _INITMSG, struct.pack("=HHHH", STREAMS, STREAMS, 0, 0))
    return channel
