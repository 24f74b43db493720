"""SCTP by libusrsctp, over raw IP: for machines whose kernel has none. It needs CAP_NET_RAW, and a process of its own.

The library keeps one state for the whole process and reads the machine's addresses when it begins.
"""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import threading

from cellwarden.foundation.errors import MissingPartError
from cellwarden.interfaces.gate.sctp import MOST_OCTETS, SCTP, STREAMS, Piece

LIBRARY = "libusrsctp.so.2"
# usrsctplib/usrsctp.h
_NODELAY, _INITMSG, _RECVRCVINFO, _SENDV_SNDINFO, _RECVV_RCVINFO = 4, 3, 0x1F, 1, 1
_PEER_ADDR_PARAMS, _SPP_PMTUD_DISABLE = 10, 0x10
_PATH_MTU = 1280
"""Octets of a packet: tunnels take their part, and over raw IP nobody tells the library when a packet was too long."""
_PADDRPARAMS = struct.Struct("=H126xIIIIIHBx")
_MSG_NOTIFICATION = 0x2000
_SNDINFO = struct.Struct("=HHIII")
_RCVINFO = struct.Struct("=HHHxxIIIII")
_ADDRESS_OCTETS, _PART_OCTETS = 128, 65536


class UserlandSctp:
    """The library; make one a process."""

    def __init__(self) -> None:
        try:
            self.library = ctypes.CDLL(LIBRARY, use_errno=True)
        except OSError as error:
            raise MissingPartError(
                "libusrsctp is not installed", where="[s1] userland", fix="apt install libusrsctp2"
            ) from error
        library = self.library
        for name in ("usrsctp_socket", "usrsctp_accept"):
            getattr(library, name).restype = ctypes.c_void_p
        for name in ("usrsctp_sendv", "usrsctp_recvv"):
            getattr(library, name).restype = ctypes.c_ssize_t
        library.usrsctp_init(0, None, None)
        library.usrsctp_sysctl_set_sctp_blackhole(2)

    def listen(self, host: str, port: int) -> UserlandListener:
        """Take associations at an IPv4 address of this machine."""
        channel = self.opened()
        self.must(self.library.usrsctp_bind(channel, _address(host, port), 16), "bind")
        self.must(self.library.usrsctp_listen(channel, 128), "listen")
        return UserlandListener(self, channel)

    def connect(self, host: str, port: int, *, source: str = "") -> UserlandAssociation:
        """Open an association, from an address of this machine if one is named."""
        channel = self.opened()
        if source:
            self.must(self.library.usrsctp_bind(channel, _address(source, 0), 16), "bind")
        if self.library.usrsctp_connect(channel, _address(host, port), 16):
            code = ctypes.get_errno()
            self.library.usrsctp_close(channel)
            raise OSError(code, os.strerror(code))
        return UserlandAssociation(self, channel, host)

    def opened(self) -> ctypes.c_void_p:
        """Make a socket."""
        channel = self.library.usrsctp_socket(socket.AF_INET, socket.SOCK_STREAM, SCTP, None, None, 0, None)
        if not channel:
            raise OSError(ctypes.get_errno(), "socket")
        made = ctypes.c_void_p(channel)
        self._set(made, _INITMSG, struct.pack("=HHHH", STREAMS, STREAMS, 0, 0))
        return made

    def ready(self, channel: ctypes.c_void_p) -> None:
        """Have messages come with their stream and go at once."""
        self._set(channel, _RECVRCVINFO, struct.pack("=i", 1))
        self._set(channel, _NODELAY, struct.pack("=i", 1))
        self._set(channel, _PEER_ADDR_PARAMS, _PADDRPARAMS.pack(socket.AF_INET, 0, 0, _PATH_MTU, _SPP_PMTUD_DISABLE, 0, 0, 0))

    def must(self, result: int, what: str) -> None:
        """Raise OSError if a call failed."""
        if result:
            raise OSError(ctypes.get_errno(), what)

    def _set(self, channel: ctypes.c_void_p, option: int, value: bytes) -> None:
        self.must(self.library.usrsctp_setsockopt(channel, SCTP, option, value, len(value)), "setsockopt")


class UserlandListener:
    """A listening socket."""

    def __init__(self, stack: UserlandSctp, channel: ctypes.c_void_p) -> None:
        self._stack, self._channel = stack, channel

    def accept(self) -> UserlandAssociation | None:
        """Return the next association; None once it was closed."""
        address, size = ctypes.create_string_buffer(_ADDRESS_OCTETS), ctypes.c_uint32(_ADDRESS_OCTETS)
        channel = self._stack.library.usrsctp_accept(self._channel, address, ctypes.byref(size))
        if not channel:
            return None
        return UserlandAssociation(self._stack, ctypes.c_void_p(channel), socket.inet_ntoa(address.raw[4:8]))

    def close(self) -> None:
        """Take no more."""
        self._stack.library.usrsctp_close(self._channel)


class UserlandAssociation:
    """A connected one-to-one socket."""

    def __init__(self, stack: UserlandSctp, channel: ctypes.c_void_p, peer: str) -> None:
        self._stack, self._channel, self.peer = stack, channel, peer
        self._lock = threading.Lock()
        self._is_open, self._is_freed, self._users = True, False, 0
        stack.ready(channel)

    def receive(self) -> Piece | None:
        """Return the next message; None once the association is gone."""
        if not self._enter():
            return None
        try:
            return self._received()
        finally:
            self._exit()

    def _received(self) -> Piece | None:
        data, stream, protocol = b"", 0, 0
        part, info = ctypes.create_string_buffer(_PART_OCTETS), ctypes.create_string_buffer(_RCVINFO.size)
        address, flags, kind = ctypes.create_string_buffer(_ADDRESS_OCTETS), ctypes.c_int(), ctypes.c_uint()
        while True:
            address_size, info_size = ctypes.c_uint32(_ADDRESS_OCTETS), ctypes.c_uint32(_RCVINFO.size)
            flags.value = 0
            size = self._stack.library.usrsctp_recvv(
                self._channel, part, ctypes.c_size_t(_PART_OCTETS), address, ctypes.byref(address_size), info,
                ctypes.byref(info_size), ctypes.byref(kind), ctypes.byref(flags),
            )  # fmt: skip
            if size <= 0 or len(data) > MOST_OCTETS:
                return None
            if flags.value & _MSG_NOTIFICATION:
                continue
            if kind.value == _RECVV_RCVINFO:
                stream, _, _, protocol, *_ = _RCVINFO.unpack(info.raw)
            data += part.raw[:size]
            if flags.value & socket.MSG_EOR:
                return Piece(stream, socket.ntohl(protocol), data)

    def send(self, piece: Piece) -> None:
        """Send a message."""
        info = _SNDINFO.pack(piece.stream, 0, socket.htonl(piece.protocol), 0, 0)
        if not self._enter():
            raise OSError("the association is gone")
        try:
            sent = self._stack.library.usrsctp_sendv(
                self._channel, piece.data, ctypes.c_size_t(len(piece.data)), None, 0, info, len(info), _SENDV_SNDINFO, 0
            )
        finally:
            self._exit()
        if sent != len(piece.data):
            raise OSError(ctypes.get_errno(), "sendv")

    def close(self) -> None:
        """End it: whoever is in a call is woken, and the last to come out gives the socket back."""
        with self._lock:
            if not self._is_open:
                return
            self._is_open = False
            self._users += 1
        self._stack.library.usrsctp_shutdown(self._channel, socket.SHUT_RDWR)
        self._exit()

    def _enter(self) -> bool:
        with self._lock:
            self._users += self._is_open
            return self._is_open

    def _exit(self) -> None:
        with self._lock:
            self._users -= 1
            is_last = not self._users and not self._is_open and not self._is_freed
            self._is_freed = self._is_freed or is_last
        if is_last:
            self._stack.library.usrsctp_close(self._channel)


def _address(host: str, port: int) -> bytes:
    return struct.pack("=HH4s8x", socket.AF_INET, socket.htons(port), socket.inet_aton(host))
