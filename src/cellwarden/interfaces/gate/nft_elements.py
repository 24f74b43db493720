"""Elements of an nftables set by netlink: one message a change, where libnftables first reads the whole rule set.

A gate opens its door hundreds of times a second; everything else about the rule set is left to libnftables.

References: linux/netlink.h, linux/netfilter/nfnetlink.h and linux/netfilter/nf_tables.h, which the kernel keeps stable; RFC 3549.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import struct
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ipaddress import IPv4Address, IPv6Address

    Address = IPv4Address | IPv6Address

_NETFILTER = 12
"""NETLINK_NETFILTER."""
_BEGIN, _END, _ERROR = 0x10, 0x11, 2
"""NFNL_MSG_BATCH_BEGIN, NFNL_MSG_BATCH_END, NLMSG_ERROR."""
_NFTABLES = 10
"""NFNL_SUBSYS_NFTABLES."""
_ADD, _DELETE = _NFTABLES << 8 | 12, _NFTABLES << 8 | 14
"""NFT_MSG_NEWSETELEM and NFT_MSG_DELSETELEM."""
_REQUEST, _ACK, _CREATE = 1, 4, 0x400
_TABLE, _SET, _ELEMENTS = 1, 2, 3
"""NFTA_SET_ELEM_LIST_…."""
_ELEMENT, _KEY, _VALUE = 1, 1, 1
"""NFTA_LIST_ELEM, NFTA_SET_ELEM_KEY, NFTA_DATA_VALUE."""
_NESTED = 0x8000
_PATIENCE_S = 1.0
_HEADER, _FAMILY, _ATTRIBUTE = struct.Struct("=IHHII"), struct.Struct("=BBH"), struct.Struct("=HH")
"""struct nlmsghdr, nfgenmsg and nlattr."""
_WHOLE, _IN_INET = _FAMILY.pack(0, 0, socket.htons(_NFTABLES)), _FAMILY.pack(1, 0, 0)
"""Of a batch, and of what concerns a table of family `inet` (NFPROTO_INET)."""


class Elements:
    """Adds addresses to sets of one inet table and takes them out, in the network namespace of whoever made this."""

    def __init__(self, table: str) -> None:
        self._table = _attribute(_TABLE, table.encode() + b"\0")
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _NETFILTER)
        self._socket.settimeout(_PATIENCE_S)
        self._socket.bind((0, 0))
        self._sequence = 0
        self._lock = Lock()

    def add(self, name: str, addresses: Iterable[Address]) -> None:
        """Put addresses into a set, all or none; it does not matter if some are there. Raise OSError if the kernel refuses."""
        self._change(_ADD, _REQUEST | _ACK | _CREATE, name, addresses)

    def delete(self, name: str, address: Address) -> None:
        """Take an address out of a set; nothing happens if it is not there. Raise OSError if the kernel refuses."""
        with contextlib.suppress(FileNotFoundError):
            self._change(_DELETE, _REQUEST | _ACK, name, (address,))

    def _change(self, kind: int, flags: int, name: str, addresses: Iterable[Address]) -> None:
        elements = b"".join(
            _attribute(_ELEMENT | _NESTED, _attribute(_KEY | _NESTED, _attribute(_VALUE, each.packed))) for each in addresses
        )
        content = self._table + _attribute(_SET, name.encode() + b"\0") + _attribute(_ELEMENTS | _NESTED, elements)
        with self._lock:
            self._sequence = (self._sequence + 1) & 0xFFFFFFFF
            number = self._sequence
            self._socket.send(
                _message(_BEGIN, _REQUEST, number, _WHOLE)
                + _message(kind, flags, number, _IN_INET + content)
                + _message(_END, _REQUEST, number, _WHOLE)
            )
            self._answered(number)

    def _answered(self, number: int) -> None:
        """Read until this change is acknowledged; what is left of one that was given up is passed over."""
        while True:
            answer = self._socket.recv(1 << 16)
            while len(answer) >= _HEADER.size:
                length, kind, _, sequence, _ = _HEADER.unpack_from(answer)
                if kind == _ERROR and sequence == number:
                    code = struct.unpack_from("=i", answer, _HEADER.size)[0]
                    if code:
                        raise OSError(-code, errno.errorcode.get(-code, "unknown"))
                    return
                answer = answer[max(length, _HEADER.size) + 3 & ~3 :]


def _attribute(kind: int, content: bytes) -> bytes:
    """Write one attribute, filled up to a multiple of four octets."""
    return _ATTRIBUTE.pack(_ATTRIBUTE.size + len(content), kind) + content + b"\0" * (-len(content) % 4)


def _message(kind: int, flags: int, sequence: int, content: bytes) -> bytes:
    return _HEADER.pack(_HEADER.size + len(content), kind, flags, sequence, 0) + content
