"""What IMS texts say about the access: P-Access-Network-Info and identities made from an IMSI.

References: RFC 7315, 5.4 and TS 24.229, 7.2A.4 (P-Access-Network-Info); TS 23.003, 13 (identities of IMS).
"""

from __future__ import annotations

import re
from typing import NamedTuple


class AccessNetwork(NamedTuple):
    """The access that a phone names; nothing the network has checked unless it says `network-provided`."""

    rat: str | None
    """A word of `vocabulary.RATS`; None: another kind of access, such as WLAN."""
    plmn: str | None
    tac: int | None
    """Tracking or location area code."""
    cell: int | None
    """ECI, NCI, 28 bits of UTRAN, or the 16 bits of a CGI."""


_KINDS = {"3GPP-E-UTRAN": "lte", "3GPP-UTRAN": "utra", "3GPP-GERAN": "geran", "3GPP-NR": "nr"}
_CELL = re.compile(r"(?:utran-(?:sai|cell-id)|cgi)-3gpp\s*=\s*\"?([0-9a-f]{1,32})", re.IGNORECASE)
_DIGITS = {"lte": (4, 7), "nr": (6, 9), "utra": (4, 7), "geran": (4, 4)}
"""Hexadecimal digits of the area code and of the cell."""
_NETWORK = re.compile(r"@(?:[a-z0-9-]{1,63}\.){0,4}mnc(\d{3})\.mcc(\d{3})\.3gppnetwork\.org", re.IGNORECASE)


def access_network(header: str) -> AccessNetwork:
    """Read a P-Access-Network-Info value; what it does not hold is None.

    >>> access_network("3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=0010100010019B01")
    AccessNetwork(rat='lte', plmn='00101', tac=1, cell=105217)
    """
    kind = header.split(";", 1)[0].strip().upper()
    rat = next((rat for name, rat in _KINDS.items() if kind.startswith(name)), None)
    match = _CELL.search(header[:2048])
    if rat is None or match is None:
        return AccessNetwork(rat, None, None, None)
    digits = match[1]
    area, cell = _DIGITS[rat]
    network = digits[: len(digits) - area - cell]
    if len(network) not in (5, 6) or not network.isdecimal():
        return AccessNetwork(rat, None, None, None)
    return AccessNetwork(rat, network, int(digits[len(network) : len(network) + area], 16), int(digits[-cell:], 16))


def imsi_of(identity: str) -> str | None:
    """Return the IMSI that a private or temporary public identity is made from; None: it is made from something else.

    >>> imsi_of("sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org")
    '001010000000001'
    """
    user, at, _ = identity.strip().strip('"<>').removeprefix("sip:").partition("@")
    match = _NETWORK.search(identity)
    digits = user.split(":", 1)[0]
    if not at or match is None or not (digits.isascii() and digits.isdecimal() and 6 <= len(digits) <= 15):
        return None
    # The home domain is derived from the IMSI itself: digits that do not begin with its MCC are another number.
    return digits if digits.startswith(match[2]) else None


def msisdn_of(identity: str) -> str | None:
    """Return the telephone number in a `tel:` URI, or in a `sip:` URI whose user is an international number."""
    match = re.match(r'["<\s]*(?:tel:\+?|sips?:\+)(\d[\d.()-]{5,24})(?=[;@>"\s]|$)', identity, re.IGNORECASE)
    digits = re.sub(r"\D", "", match[1]) if match else ""
    return digits if 6 <= len(digits) <= 15 else None
