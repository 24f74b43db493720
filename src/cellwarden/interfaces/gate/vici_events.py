"""Events of a charon by VICI. Commands go through the `vici` package; events are read here, since each admission is one.

The package takes a message apart octet by octet and sets a timeout twice for each: at two hundred admissions a second that was
a fifth of what the gate costs. Tests hold what is read here against the package.

References: src/libcharon/plugins/vici/README.md of strongSwan (protocol version 1).
"""

from __future__ import annotations

import select
import socket
import struct
from typing import TYPE_CHECKING, Any, NamedTuple

import vici

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path
    from typing import Self

PATIENCE_S = 5.0
"""How long a daemon may take to answer, or to finish what it began to say."""
LOST = (OSError, vici.exception.SessionException, vici.exception.CommandException)
"""What tells that a daemon is gone, or does not say what it should."""
UPDOWN, REKEY = EVENTS = "ike-updown", "ike-rekey"
"""What a gate hears of a gateway."""
MOST_OCTETS = 512 << 10
"""Longest message of the protocol."""
_REGISTER, _CONFIRM, _EVENT = 3, 5, 7
_SECTION, _SECTION_END, _VALUE, _LIST, _ITEM, _LIST_END = range(1, 7)
_UP = bytes((_EVENT, len(UPDOWN))) + UPDOWN.encode() + b"\x03\x02up\x00\x03yes"
"""How the event of a tunnel that came up begins."""
_PIECE = 1 << 16


def connected(path: Path, patience_s: float = PATIENCE_S) -> socket.socket:
    """Connect to a daemon; raise OSError if it is not there."""
    channel = socket.socket(socket.AF_UNIX)
    channel.settimeout(patience_s)
    try:
        channel.connect(str(path))
    except OSError:
        channel.close()
        raise
    return channel


class Event(NamedTuple):
    """One event as it came; most listeners want few of them, so it is taken apart when asked."""

    packet: bytes

    @property
    def name(self) -> str:
        """What happened."""
        return self.packet[2 : self._begin].decode("ascii", "replace")

    def message(self, wanted: Container[bytes] | None = None) -> dict[str, Any]:
        """Return sections as dicts, lists as lists, values as octets; with `wanted` only values of these names.

        Raises:
            ConnectionError: It breaks off, or is put together in no way that the protocol knows.
        """
        return message_of(self.packet[self._begin :], wanted)

    @property
    def _begin(self) -> int:
        return 2 + self.packet[1] if len(self.packet) > 1 else 2


class Events:
    """A connection that hears some events. Whatever comes after it was made is heard; what came before is not."""

    def __init__(self, path: Path, *names: str) -> None:
        """Connect and register.

        Raises:
            OSError: The daemon is not there, or knows no such event.
        """
        self._use(connected(path))
        try:
            for name in names:
                self._register(name)
        except BaseException:
            self._socket.close()
            raise

    def _use(self, channel: socket.socket) -> None:
        self._read, self._at = b"", 0
        self._early: list[Event] = []
        self._socket = channel
        channel.settimeout(0)
        self._come = select.poll()
        self._come.register(channel, select.POLLIN)

    @property
    def channel(self) -> socket.socket:
        """The connection itself, to hand it on."""
        return self._socket

    def __enter__(self) -> Self:
        """Use it as a context: it is closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self._socket.close()

    def next(self, timeout_s: float) -> Event | None:
        """Return the next event; None if none came in that time.

        Raises:
            OSError: The daemon is gone, or stopped in the middle of a message.
        """
        if self._early:
            return self._early.pop(0)
        packet = self._packet(timeout_s)
        return None if packet is None or packet[0] != _EVENT else Event(packet)

    def waiting(self) -> list[Event]:
        """Return every event that has come, without waiting for more."""
        found = list[Event]()
        while (event := self.next(0)) is not None:
            found.append(event)
        return found

    def frames(self, timeout_s: float) -> list[bytes]:
        """Return the events that came in that time as the daemon sent them, each with its length before it.

        Raises:
            OSError: As `next`.
        """
        if not self._early and self._at == len(self._read):
            if not self._more(timeout_s):
                return []
            if 4 < len(self._read) == 4 + int.from_bytes(self._read[:4]):  # one event, as nearly always: nothing is copied
                self._at = len(self._read)
                return [self._read]
        frames = list[bytes]()
        while self._early or self._at < len(self._read):
            if (event := self.next(0)) is not None:
                frames.append(len(event.packet).to_bytes(4) + event.packet)
        return frames

    def _register(self, name: str) -> None:
        content = bytes((_REGISTER, len(name))) + name.encode()
        self._socket.sendall(struct.pack("!I", len(content)) + content)
        while (packet := self._packet(PATIENCE_S)) is not None and packet[0] == _EVENT:
            self._early.append(Event(packet))
        if packet is None or packet[0] != _CONFIRM:
            raise ConnectionError(f"the daemon does not tell {name}")

    def _packet(self, timeout_s: float) -> bytes | None:
        if self._at == len(self._read) and not self._more(timeout_s):
            return None
        length = int.from_bytes(self._take(4))
        if not 0 < length <= MOST_OCTETS:
            raise ConnectionError("a message of a length that is none")
        return self._take(length)

    def _take(self, count: int) -> bytes:
        while len(self._read) - self._at < count:
            if not self._more(PATIENCE_S):
                raise ConnectionError("the daemon stopped in the middle of a message")
        self._at += count
        return self._read[self._at - count : self._at]

    def _more(self, timeout_s: float) -> bool:
        """Read what is there, or wait for it; return whether something came."""
        if timeout_s and not self._come.poll(timeout_s * 1000):
            return False
        try:
            piece = self._socket.recv(_PIECE)
        except BlockingIOError:
            return False
        if not piece:
            raise ConnectionError("the daemon is gone")
        self._read, self._at = self._read[self._at :] + piece, 0
        return True


def is_up(frame: bytes) -> bool:
    """Say whether a tunnel came up, without taking the event apart."""
    return frame.startswith(_UP, 4)


def message_of(content: bytes, wanted: Container[bytes] | None = None) -> dict[str, Any]:
    """Take a message apart; see `Event.message`."""
    section: dict[str, Any] = {}
    outer, at, end = list[dict[str, Any]](), 0, len(content)
    try:
        while at < end:
            kind = content[at]
            if kind == _SECTION_END:
                section, at = outer.pop(), at + 1
                continue
            begin = at + 2 + content[at + 1]
            key = content[at + 2 : begin]
            if kind == _VALUE:
                at = begin + 2 + (content[begin] << 8 | content[begin + 1])
                if wanted is None or key in wanted:
                    section[key.decode("utf-8", "replace")] = content[begin + 2 : at]
                continue
            name = key.decode("utf-8", "replace")
            if kind == _LIST:
                section[name], at = _items(content, begin)
            elif kind == _SECTION:
                outer.append(section)
                section[name] = section = {}
                at = begin
            else:
                raise ConnectionError(f"an element of kind {kind}")
    except IndexError:
        at = end + 1
    if at != end or outer:
        raise ConnectionError("a message that breaks off")
    return section


def _items(content: bytes, at: int) -> tuple[list[bytes], int]:
    """Return the items of a list, and where it ends."""
    items = list[bytes]()
    while content[at] == _ITEM:
        end = at + 3 + (content[at + 1] << 8 | content[at + 2])
        items.append(content[at + 3 : end])
        at = end
    if content[at] != _LIST_END:
        raise ConnectionError(f"an element of kind {content[at]} in a list")
    return items, at + 1
