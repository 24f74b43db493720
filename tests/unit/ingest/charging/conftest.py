"""Charging records made by hand, and files of them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from cellwarden.ingest.charging.ber import identifiers

TIME = bytes.fromhex("250805101314") + b"+" + bytes.fromhex("0900")
"""2025-08-05 10:13:14 at +09:00."""
IMSI = bytes.fromhex("54000800000000f1")
"""450080000000001."""
ULI = bytes.fromhex("1854f080000154f08000019b01")
"""TAI and ECGI of 450-08: TAC 1, cell 0x19b01."""


def length(count):
    if count < 128:
        return bytes([count])
    octets = (count.bit_length() + 7) // 8
    return bytes([0x80 | octets]) + count.to_bytes(octets)


def tlv(tag, *parts, indefinite=False):
    """Encode an element; parts that are elements make it constructed, which octets of a list do."""
    is_constructed = bool(parts) and not (len(parts) == 1 and isinstance(parts[0], (bytes, bytearray)))
    number = identifiers(tag)[is_constructed]
    octets = number.to_bytes((number.bit_length() + 7) // 8 or 1)
    content = b"".join(part if isinstance(part, (bytes, bytearray)) else bytes(part) for part in parts)
    if indefinite:
        return octets + b"\x80" + content + b"\0\0"
    return octets + length(len(content)) + content


def sgw(*, extra=(), fields=None, indefinite=False):
    """Encode an SGW record: one container of 1,000 and 20,000 octets."""
    parts = fields or [
        tlv("0", b"\x54"),
        tlv("3", IMSI),
        tlv("12", tlv("U16", tlv("3", b"\x03\xe8"), tlv("4", b"\x4e\x20")), b""),
        tlv("13", TIME),
        tlv("14", b"\x3c"),
        tlv("15", b"\x00"),
        tlv("30", b"\x06"),
        tlv("32", ULI),
    ]
    return tlv("78", *parts, *extra, b"", indefinite=indefinite)


def ts32297(records, *, count=None, private=b"", filters=b"", release=0, extension=False, tail=b""):
    """Put records into a TS 32.297 file; with `extension`, release 7 and its octet stand in every header."""
    first = 7 << 5 if extension else release << 5
    more = b"\x01" if extension else b""
    body = b"".join(len(r).to_bytes(2) + bytes([first, 0x20 | 5]) + more + r for r in records)
    head_length = 52 + len(filters) + len(private) + 2 * bool(extension)
    head = (head_length + len(body)).to_bytes(4) + head_length.to_bytes(4) + bytes([first, first]) + bytes(8)
    head += (len(records) if count is None else count).to_bytes(4) + (1).to_bytes(4) + b"\x00" + bytes(20) + b"\x00"
    head += len(filters).to_bytes(2) + filters + len(private).to_bytes(2) + private + more * 2
    assert len(head) == head_length
    return head + body + tail


@pytest.fixture
def made():
    """Return the makers of records and files."""
    return SimpleNamespace(tlv=tlv, sgw=sgw, ts32297=ts32297, TIME=TIME, ULI=ULI, IMSI=IMSI)
