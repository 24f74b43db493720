"""Octets of charging fields to values, by the names that the dialects use.

References: TS 32.298, 5.1; TS 29.002 (TBCD-STRING, AddressString, ISDN-AddressString); TS 23.040, 9.1.2.5;
TS 29.274, 8.21 (User Location Information); TS 29.061, 16.4.7.2 (3GPP-User-Location-Info).
"""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cellwarden.ingest.charging.ber import elements
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.identities import plmn_of
from cellwarden.ingest.signalling.ims import access_network

if TYPE_CHECKING:
    from collections.abc import Callable

_SWAPPED = bytes(octet >> 4 | (octet & 15) << 4 for octet in range(256))
_SECOND = 1_000_000
_CACHED = 65536


class Place(NamedTuple):
    """Where a subscriber was served."""

    rat: str | None
    """None: the field does not tell."""
    plmn: str | None
    tac: int | None
    """Tracking or location area code."""
    cell: int | None
    """ECI, NCI, or the 16 bits of a CGI or SAI."""


RATS = {1: "utra", 2: "geran", 4: "geran", 5: "utra", 6: "lte", 8: "lte", 9: "lte", 10: "nr"}
"""RAT types with cells (TS 29.274, 8.17): UTRAN, GERAN, GAN, HSPA evolution, E-UTRAN, NB-IoT, LTE-M, NR."""
SYSTEM_TYPES = {1: "utra", 2: "geran"}
"""SystemType of circuit-switched records (TS 32.298, GenericChargingDataTypes)."""


def tbcd(octets: bytes) -> str:
    """Read digits, low nibble first, fillers at the end: IMSI, IMEI, IMEISV."""
    text = octets.translate(_SWAPPED).hex().rstrip("f")
    if not text.isdecimal() or not 6 <= len(text) <= 16:
        raise DecodeError("an identity has an impossible length or digit")
    return text


def imsi(octets: bytes) -> str:
    """Read an IMSI: 6 to 15 digits."""
    text = tbcd(octets)
    if len(text) > 15:
        raise DecodeError("an IMSI has more than 15 digits")
    return text


def address(octets: bytes) -> str | None:
    """Read the digits of an AddressString: a number of up to 20; None where it holds `*`, `#` or letters."""
    return _number(octets[1:]) if octets else None


def sms_address(octets: bytes) -> str | None:
    """Read a TP address: count of digits, kind, digits; None for a name instead of a number."""
    if len(octets) < 2 or octets[1] & 0x70 == 0x50:
        return None
    text = _number(octets[2:])
    return text[: octets[0]] if text else None


def _number(packed: bytes) -> str | None:
    text = packed.translate(_SWAPPED).hex().rstrip("f")
    return text if text.isdecimal() and len(text) <= 20 else None


@lru_cache(maxsize=4096)
def _day(yymmdd: str) -> int:
    year, month, day = (int(yymmdd[place : place + 2]) for place in (0, 2, 4))
    return int(datetime(2000 + year, month, day, tzinfo=UTC).timestamp()) * _SECOND


@lru_cache(maxsize=86400)
def _clock(hhmmss: str) -> int:
    hour, minute, second = (int(hhmmss[place : place + 2]) for place in (0, 2, 4))
    if hour > 23 or minute > 59 or second > 60:
        raise DecodeError("a time of day is impossible")
    return (hour * 3600 + minute * 60 + second) * _SECOND


@lru_cache(maxsize=256)
def _offset(shhmm: str) -> int:
    sign = {"2b": 1, "2d": -1}.get(shhmm[:2])
    hour, minute = int(shhmm[2:4]), int(shhmm[4:6])
    if sign is None or hour > 15 or minute > 59:
        raise DecodeError("a time zone is impossible")
    return sign * (hour * 3600 + minute * 60) * _SECOND


def time(octets: bytes) -> int:
    """Read `YYMMDDhhmmssShhmm` in nine octets (TS 32.298, TimeStamp) as microseconds since 1970 UTC."""
    text = octets.hex()
    if len(text) != 18:
        raise DecodeError(f"a time has {len(octets)} octets instead of 9")
    try:
        return _day(text[:6]) + _clock(text[6:12]) - _offset(text[12:])
    except ValueError as error:
        raise DecodeError("a time holds something that is no date") from error


_WRITTEN = re.compile(rb"(?:20)?(\d{6})(\d{6})(?:([+-])(\d{2}):?(\d{2})|Z)")


def time_text(octets: bytes) -> int:
    """Read `YYYYMMDDhhmmss+hhmm`, as some vendors write times, as microseconds since 1970 UTC."""
    match = _WRITTEN.fullmatch(octets)
    if match is None:
        raise DecodeError("a time is not written as YYYYMMDDhhmmss+hhmm")
    day, clock, sign, hour, minute = (part.decode() if part else "" for part in match.groups())
    offset = _offset(f"{'2d' if sign == '-' else '2b'}{hour}{minute}") if sign else 0
    try:
        return _day(day) + _clock(clock) - offset
    except ValueError as error:
        raise DecodeError("a time holds something that is no date") from error


def integer(octets: bytes) -> int:
    """Read an INTEGER or ENUMERATED of up to eight octets."""
    if not octets or len(octets) > 8:
        raise DecodeError(f"a number has {len(octets)} octets")
    return int.from_bytes(octets, signed=True)


def unsigned(octets: bytes) -> int:
    """Read an octet string as a number."""
    if not octets or len(octets) > 8:
        raise DecodeError(f"a number has {len(octets)} octets")
    return int.from_bytes(octets)


def is_there(octets: bytes) -> bool:
    """Tell a NULL or BOOLEAN: there, and not FALSE."""
    return octets != b"\x00"


def text(octets: bytes) -> str:
    """Read a string; what is no text becomes a question mark."""
    return octets[:1024].decode("utf-8", "replace")


@lru_cache(maxsize=4096)
def plmn(octets: bytes) -> str:
    """Read MCC and MNC."""
    return plmn_of(octets)


def ip(octets: bytes) -> str:
    """Read a binary address, bare or in the alternatives of IPAddress."""
    if len(octets) not in (4, 16):
        content = [inner for _, inner in elements(octets)]
        octets = content[0] if content else b""
        if len(octets) not in (4, 16):
            return text(octets)
    return str(ipaddress.ip_address(octets))


_SIZES = (7, 7, 7, 5, 7, 5)
"""Octets of CGI, SAI, RAI, TAI, ECGI and LAI, in their order behind the flags."""


@lru_cache(maxsize=_CACHED)
def uli(octets: bytes) -> Place:
    """Read User Location Information: the E-UTRAN place if there is one, else SAI, CGI, LAI."""
    parts: dict[int, bytes] = {}
    position = 1
    for bit, size in enumerate(_SIZES):
        if octets[:1] and octets[0] >> bit & 1:
            parts[bit] = octets[position : position + size]
            position += size
    if position > len(octets) or not octets:
        raise DecodeError("a location ends early")
    cgi_, sai, rai, tai, ecgi, lai = (parts.get(bit) for bit in range(6))
    if ecgi:
        return Place(
            "lte", plmn_of((tai or ecgi)[:3]), int.from_bytes(tai[3:]) if tai else None, int.from_bytes(ecgi[3:]) & 0xFFFFFFF
        )
    if tai:
        return Place("lte", plmn_of(tai[:3]), int.from_bytes(tai[3:]), None)
    if sai or cgi_:
        place = sai or cgi_ or b""
        return Place("utra" if sai else "geran", plmn_of(place[:3]), int.from_bytes(place[3:5]), int.from_bytes(place[5:7]))
    area = lai or rai
    if area:
        return Place(None, plmn_of(area[:3]), int.from_bytes(area[3:5]), None)
    return Place(None, None, None, None)


_RADIUS = {
    (b"\x00", 8): ("geran", 2, 2),
    (b"\x01", 8): ("utra", 2, 2),
    (b"\x80", 6): ("lte", 2, 0),
    (b"\x81", 8): ("lte", 0, 4),
    (b"\x82", 13): ("lte", 2, 4),
    (b"\x87", 9): ("nr", 0, 5),
    (b"\x89", 15): ("nr", 3, 5),
}
"""Type and length to radio technology and octets of area code and cell."""


@lru_cache(maxsize=_CACHED)
def uli_radius(octets: bytes) -> Place:
    """Read 3GPP-User-Location-Info: a type, then CGI, SAI, TAI, ECGI, TAI and ECGI, NCGI or 5GS TAI and NCGI."""
    layout = _RADIUS.get((octets[:1], len(octets)))
    if layout is None:
        raise DecodeError("a location is of a kind or length that is unknown")
    rat, area, cell = layout
    return Place(
        rat,
        plmn_of(octets[1:4]),
        int.from_bytes(octets[4 : 4 + area]) if area else None,
        int.from_bytes(octets[-cell:]) & (0xFFFFFFFFF if rat == "nr" else 0xFFFFFFF) if cell else None,
    )


@lru_cache(maxsize=_CACHED)
def area_and_cell(octets: bytes) -> Place:
    """Read LocationAreaAndCell: [0] area, [1] cell, [2] MCC and MNC."""
    parts = {tag & 0x1F: content for tag, content in elements(octets)}
    area, cell, network = parts.get(0, b""), parts.get(1, b""), parts.get(2)
    if len(area) != 2 or len(cell) > 4:
        raise DecodeError("a location area or cell has an impossible length")
    return Place(None, plmn_of(network) if network else None, int.from_bytes(area), int.from_bytes(cell) if cell else None)


@lru_cache(maxsize=_CACHED)
def cgi(octets: bytes) -> Place:
    """Read a global cell id in seven octets: MCC and MNC, LAC, CI."""
    if len(octets) != 7:
        raise DecodeError("a global cell id has not seven octets")
    return Place(None, plmn_of(octets[:3]), int.from_bytes(octets[3:5]), int.from_bytes(octets[5:7]))


@lru_cache(maxsize=_CACHED)
def access(octets: bytes) -> Place:
    """Read a P-Access-Network-Info header field (RFC 7315, 5.4)."""
    where = access_network(octets.decode("utf-8", "replace"))
    return Place(where.rat, where.plmn, where.tac, where.cell)


_TELEPHONE = re.compile(r"(?:tel:|sips?:)\+?(\d{3,20})(?=[;@?]|$)", re.IGNORECASE)


def party(octets: bytes) -> str | None:
    """Read the number in an InvolvedParty or a list of them: the first `tel:` URI, number, or numeric `sip:` URI."""
    for _, content in elements(octets):
        written = content[:256].decode("ascii", "replace")
        match = _TELEPHONE.match(written)
        if match or (written.isascii() and written.lstrip("+").isdecimal() and len(written) <= 20):
            return match[1] if match else written.lstrip("+")
    return None


_USER = re.compile(r"\d{6,15}(?=@)|\d{6,15}$")


def private_imsi(octets: bytes) -> str | None:
    """Read the IMSI of a private user identity made from it, `IMSI@ims.mnc…` (TS 23.003, 13.3); else None."""
    match = _USER.match(octets[:256].decode("ascii", "replace").removeprefix("sip:"))
    return match[0] if match else None


_IMSI_KIND = 1


def subscription_imsi(octets: bytes) -> str | None:
    """Read the END_USER_IMSI of a list of SubscriptionID: SET of [0] kind, [1] data; None if there is none."""
    for _, content in elements(octets):
        parts = {tag & 0x1F: inner for tag, inner in elements(content)}
        written = parts.get(1, b"")
        if parts.get(0) == bytes([_IMSI_KIND]) and written.isdigit() and 6 <= len(written) <= 15:
            return written.decode("ascii")
    return None


Value = str | int | bool | Place | None
CONVERTERS: dict[str, Callable[[bytes], Value]] = {
    each.__name__: each
    for each in (
        access,
        address,
        area_and_cell,
        cgi,
        imsi,
        integer,
        ip,
        is_there,
        party,
        plmn,
        private_imsi,
        sms_address,
        subscription_imsi,
        tbcd,
        text,
        time,
        time_text,
        uli,
        uli_radius,
        unsigned,
    )
}
"""By the name that a dialect uses."""
