"""RADIUS packets put together by hand, after RFC 2865, 2866, 3579 and 5176: an oracle that shares no code with the gate."""

import hashlib
import hmac
import ipaddress
import socket
import struct
import threading

from cellwarden.interfaces.gate.radius_clients import Client

SECRET = b"secret-of-this-test-only"
ACCESS, ACCEPT, REJECT, ACCOUNTING, ACCOUNTED, STATUS, DISCONNECT, COA = 1, 2, 3, 4, 5, 12, 40, 43


def md5(octets):
    """Sum up, as RFC 2865 signs answers."""
    return hashlib.md5(octets, usedforsecurity=False).digest()


def signature(octets, secret=SECRET):
    """Return a Message-Authenticator."""
    return hmac.new(secret, octets, "md5").digest()


def encoded(attributes):
    return b"".join(bytes([number, len(value) + 2]) + value for number, value in attributes)


def value(given):
    if isinstance(given, int):
        return struct.pack("!L", given)
    return given.encode() if isinstance(given, str) else given


def access(attributes, *, number=1, authenticator=b"a" * 16, secret=SECRET, code=ACCESS, is_signed=True):
    """Return an Access-Request; its signature stands first (RFC 3579, 3.2)."""
    content = [(name, value(each)) for name, each in attributes]
    if not is_signed:
        body = encoded(content)
        return struct.pack("!BBH16s", code, number, 20 + len(body), authenticator) + body
    body = encoded([(80, bytes(16)), *content])
    head = struct.pack("!BBH16s", code, number, 20 + len(body), authenticator)
    signed = signature(head + body, secret)
    return head + encoded([(80, signed), *content])


def accounting(attributes, *, number=1, secret=SECRET, code=ACCOUNTING):
    """Return an Accounting-Request (RFC 2866, 3); the same sum signs a Disconnect-Request."""
    body = encoded([(name, value(each)) for name, each in attributes])
    head = struct.pack("!BBH", code, number, 20 + len(body))
    return head + md5(head + bytes(16) + body + secret) + body


def attributes_of(packet):
    found, place = [], 20
    while place < len(packet):
        length = packet[place + 1]
        found.append((packet[place], packet[place + 2 : place + length]))
        place += length
    return found


def check_answer(answer, request, *, secret=SECRET):
    """Check Response Authenticator (RFC 2865, 3) and, if it is there, Message-Authenticator (RFC 3579, 3.2); return attributes."""
    assert answer[1] == request[1]
    assert struct.unpack("!H", answer[2:4])[0] == len(answer)
    assert answer[4:20] == md5(answer[:4] + request[4:20] + answer[20:] + secret)
    found = attributes_of(answer)
    for number, signed in found:
        if number == 80:
            unsigned = answer[:4] + request[4:20] + encoded([(n, bytes(16) if n == 80 else v) for n, v in found])
            assert signed == signature(unsigned, secret)
    return found


def asks(number=1, *, session=None, place=None, more=(), **options):
    """Return what a gateway asks of a genuine femtocell."""
    content = [(1, f"henb{number}.femto.example"), (31, place or f"192.0.2.{number}[4500]"), (32, "segw-1")]
    return access([*content, *([(44, session)] if session else []), *more], **options)


def tells(kind, number=1, *, session="s1", place=None, inner=None, more=(), **options):
    """Return what a gateway tells of a genuine femtocell: 1 Start, 2 Stop, 3 Interim-Update."""
    content = [
        (40, kind), (1, f"henb{number}.femto.example"), (31, place or f"192.0.2.{number}[4500]"), (32, "segw-1"),
        (44, session), (8, ipaddress.ip_address(inner or f"10.9.0.{number}").packed),
    ]  # fmt: skip
    return accounting([*content, *more], **options)


class Gateway:
    """Answers each request by a function of (code, number of requests so far): a code with attributes, or None for silence."""

    def __init__(self, answer, *, secret=SECRET):
        self.channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.channel.bind(("127.0.0.1", 0))
        self.channel.settimeout(20)
        self.answer, self.secret, self.heard = answer, secret, []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                data, sender = self.channel.recvfrom(4096)
            except OSError:
                return
            self.heard.append(data)
            said = self.answer(data[0], len(self.heard))
            if said is not None:
                code, attributes = said
                body = encoded(attributes)
                head = struct.pack("!BBH", code, data[1], 20 + len(body))
                self.channel.sendto(head + md5(head + data[4:20] + body + self.secret) + body, sender)

    def client(self, **changes):
        port = self.channel.getsockname()[1]
        return Client(**{"name": "segw", "address": "127.0.0.1", "secret": SECRET, "disconnect_port": port, **changes})
