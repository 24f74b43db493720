"""RADIUS packets: what comes in is read strictly or dropped, what goes out is signed.

`pyrad` codes and signs. It cuts an attribute that runs over the end of its packet short and takes several signatures for one;
here both drop the packet. An Access-Request without Message-Authenticator is dropped too: whoever stands between could turn
a refusal into an acceptance (CVE-2024-3596).

References: RFC 2865, 3 and 5; RFC 2866, 4; RFC 3579, 3.2; RFC 5080, 2; RFC 5997.
"""

from __future__ import annotations

from enum import IntEnum
from ipaddress import ip_address
from typing import TYPE_CHECKING

from pyrad import packet as codec

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_OCTETS = 4096
"""Longest packet (RFC 2865, 3)."""
_LONGEST_VALUE = 253


class Attribute(IntEnum):
    """Numbers of the attributes that the gate reads or writes (RFC 2865 to 2869, 3162, 5176, 6911)."""

    USER_NAME = 1
    NAS_IP_ADDRESS = 4
    FRAMED_IP_ADDRESS = 8
    FILTER_ID = 11
    REPLY_MESSAGE = 18
    CALLING_STATION_ID = 31
    NAS_IDENTIFIER = 32
    ACCT_STATUS_TYPE = 40
    ACCT_SESSION_ID = 44
    ACCT_SESSION_TIME = 46
    EVENT_TIMESTAMP = 55
    TUNNEL_CLIENT_ENDPOINT = 66
    EAP_MESSAGE = 79
    MESSAGE_AUTHENTICATOR = 80
    ACCT_INTERIM_INTERVAL = 85
    NAS_IPV6_ADDRESS = 95
    ERROR_CAUSE = 101
    FRAMED_IPV6_ADDRESS = 168


class Dropped(Exception):  # noqa: N818 (what happens to a packet, not an error of ours)
    """A packet that gets no answer; `why` is a word for a counter."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Request:
    """A request of a known client whose signature is right."""

    def __init__(self, packet: codec.Packet) -> None:
        self._packet = packet
        self.code: int = packet.code
        self.authenticator: bytes = packet.authenticator
        self.raw: bytes = packet.raw_packet

    def octets(self, attribute: Attribute) -> bytes | None:
        """Return the one value of an attribute; None if it is not there, or there more than once: then it says nothing."""
        values = self._packet.get(int(attribute))
        return values[0] if values is not None and len(values) == 1 else None

    def text(self, attribute: Attribute) -> str | None:
        """Return a text; None also if it is empty, no UTF-8, or holds what is no printed character."""
        try:
            text = (self.octets(attribute) or b"").decode()
        except UnicodeDecodeError:
            return None
        return text if text.isprintable() and text else None

    def number(self, attribute: Attribute) -> int | None:
        """Return a number of four octets."""
        octets = self.octets(attribute)
        return int.from_bytes(octets, "big") if octets is not None and len(octets) == 4 else None

    def address(self, attribute: Attribute) -> str | None:
        """Return an address of four or sixteen octets."""
        octets = self.octets(attribute)
        return str(ip_address(octets)) if octets is not None and len(octets) in {4, 16} else None

    def has(self, attribute: Attribute) -> bool:
        """Say whether an attribute is there at all."""
        return int(attribute) in self._packet

    def answer(self, code: int, attributes: Mapping[Attribute, bytes]) -> bytes:
        """Return the signed answer; what proxies on the way added comes back to them (RFC 2865, 5.33)."""
        reply = self._packet.CreateReply()
        reply.code = code
        for attribute, value in attributes.items():
            reply[int(attribute)] = [value[:_LONGEST_VALUE]]
        octets: bytes = reply.ReplyPacket()
        return octets


def read_request(data: bytes, secret: bytes, *, is_accounting: bool) -> Request:
    """Read what came to the port of authorisation, or of accounting.

    Raises:
        Dropped: It is malformed, not a request of this port, unsigned, or signed with another secret.
    """
    check_frame(data)
    asked = codec.AccountingRequest if is_accounting else codec.AccessRequest
    kind = codec.AcctPacket if is_accounting else codec.AuthPacket
    try:
        packet = kind(packet=data, secret=secret)
    except codec.PacketError as error:
        raise Dropped("malformed") from error
    if packet.code not in {asked, codec.StatusServer}:
        raise Dropped("wrong_code")
    signatures = packet.get(int(Attribute.MESSAGE_AUTHENTICATOR), [])
    if packet.code == codec.AccountingRequest:
        if not packet.VerifyAcctRequest():
            raise Dropped("forged")
    elif not signatures:
        raise Dropped("unsigned")
    if signatures and (len(signatures) > 1 or len(signatures[0]) != 16 or not packet.verify_message_authenticator()):
        raise Dropped("forged")
    return Request(packet)


def check_frame(data: bytes) -> None:
    """Refuse what does not add up: every attribute ends where the next one begins, the last one with the packet.

    Raises:
        Dropped: It does not.
    """
    length = int.from_bytes(data[2:4], "big")
    if not 20 <= length <= min(len(data), MOST_OCTETS):
        raise Dropped("malformed")
    place = 20
    while place < length:
        step = data[place + 1] if place + 1 < length else 0
        if step < 2:
            raise Dropped("malformed")
        place += step
    if place != length:
        raise Dropped("malformed")
