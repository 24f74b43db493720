"""Digits as the NAS and AP messages pack them: PLMN, IMSI, IMEI, and temporary identities as comparable text.

References: TS 24.008, 10.5.1.3 and 10.5.1.4; TS 23.003, 2.2 (IMSI), 2.8 (GUTI), 2.10 (5G-GUTI).
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from socket import inet_ntoa

from cellwarden.ingest.signalling.faults import DecodeError

_SWAPPED = bytes(octet >> 4 | (octet & 15) << 4 for octet in range(256))


@lru_cache(maxsize=4096)
def address(octets: bytes) -> str:
    """Write an IPv4 or IPv6 address."""
    return inet_ntoa(octets) if len(octets) == 4 else str(ipaddress.ip_address(octets))


def digits_of(octets: bytes) -> str:
    """Read packed digits, low nibble first, one filler at the end dropped."""
    text = octets.translate(_SWAPPED).hex().removesuffix("f")
    if not text.isdecimal():
        raise DecodeError("holds something that is no digit")
    return text


@lru_cache(maxsize=4096)
def plmn_of(octets: bytes) -> str:
    """Read MCC and MNC; an MNC of two digits stays one of two: `00101`, `001001`."""
    text = octets.translate(_SWAPPED).hex()
    plmn = text[:3] + text[4:6] + text[3:4].removesuffix("f")
    if len(octets) != 3 or not plmn.isdecimal():
        raise DecodeError("PLMN holds something that is no digit")
    return plmn


def identity_digits(octets: bytes, low: int, high: int) -> str:
    """Read an IMSI, IMEI or IMEISV whose first digit shares its octet with the type.

    The filler tells the length, for real phones set the odd/even flag wrongly; the flag serves only where a phone
    that announces an even number of digits fills with something else.
    """
    text = octets.translate(_SWAPPED).hex()[1:].removesuffix("f")
    if len(text) == high + 1 and not octets[0] & 8:
        text = text[:high]
    if not text.isdecimal() or not low <= len(text) <= high:
        raise DecodeError("a permanent identity has an impossible length or digit")
    return text


def eps_guti(octets: bytes) -> str:
    """Name a GUTI: PLMN, MME group, MME code, M-TMSI (ten octets)."""
    text = octets.hex()
    return f"{plmn_of(octets[:3])}-{text[6:10]}-{text[10:12]}-{text[12:20]}"


def nr_guti(octets: bytes) -> str:
    """Name a 5G-GUTI: PLMN, AMF region, AMF set and pointer, 5G-TMSI (ten octets)."""
    text = octets.hex()
    return f"{plmn_of(octets[:3])}-{text[6:8]}-{text[8:12]}-{text[12:20]}"


def short_of(guti: str, plmn: str | None = None) -> str:
    """Return the S-TMSI of a GUTI, or of `code-tmsi` with a PLMN: unique within one network."""
    if plmn is not None:
        return f"{plmn}:{guti}"
    network, _, short = guti.split("-", 2)
    return f"{network}:{short}"
