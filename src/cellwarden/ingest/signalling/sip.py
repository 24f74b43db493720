"""REGISTER of the IMS in clear, and its answers: who registers, from where, and how it will be protected.

Only what is needed is read: start line and a dozen header fields, in long or compact form, folded or not.

References: RFC 3261, 7 and 18.3; RFC 3329 (security agreement); TS 33.203, 7; TS 24.229, 5.1.1; RFC 7254 (IMEI URN).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellwarden.ingest.signalling.ims import AccessNetwork, access_network, imsi_of, msisdn_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cellwarden.ingest.signalling.datagrams import Datagram

MAX_MESSAGE = 65536
"""Octets of one message, as UDP bounds it."""
MAX_FIELDS = 256
"""Header fields of one message."""
MAX_VALUE = 8192
"""Characters of one header field."""
MAX_STREAMS = 4096
"""TCP directions with the beginning of a message; the oldest gives way."""
_COMPACT = {"f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length", "v": "via"}
_WANTED = frozenset(
    {
        "from",
        "to",
        "call-id",
        "cseq",
        "contact",
        "authorization",
        "content-length",
        "security-client",
        "security-server",
        "security-verify",
        "p-access-network-info",
        "p-associated-uri",
        "p-preferred-identity",
    }
)
_REQUEST = re.compile(r"REGISTER +sips?:\S{1,512} +SIP/2\.0")
_RESPONSE = re.compile(r"SIP/2\.0 +([1-6]\d\d)(?: |$)")
_BEGINS = (b"REGISTER ", b"SIP/2.0 ")
_URI = re.compile(r"<\s*([^<>]{1,512})>|^\s*([a-z]+:[^;,\s]{1,512})", re.IGNORECASE)
_USERNAME = re.compile(r"(?:^|[\s,])username\s*=\s*\"([^\"]{0,512})\"", re.IGNORECASE)
_IMEI = re.compile(r"urn:gsma:imei:(\d{8})-?(\d{6})-?(\d?)", re.IGNORECASE)
_CSEQ = re.compile(r"(\d{1,10})\s+REGISTER\s*$", re.IGNORECASE)
_END = re.compile(rb"\r?\n\r?\n")
ENCRYPTING = ("aes-cbc", "aes-gcm", "des-ede3-cbc")
"""Values of `ealg` that hide the content (TS 33.203, annex H; RFC 3329 extension)."""


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One security mechanism of a list: what a phone offers or the P-CSCF takes (RFC 3329, 2.2)."""

    name: str
    """`ipsec-3gpp`, `tls`."""
    integrity: str | None
    """`alg`."""
    encryption: str | None
    """`ealg`; absent is `null` (TS 33.203, annex H)."""

    @property
    def protection(self) -> str:
        """A word of `vocabulary.IMS_PROTECTIONS`."""
        if self.name == "tls" or (self.encryption or "").startswith(ENCRYPTING):
            return "encrypted"
        return "integrity_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A REGISTER request or an answer to one."""

    status: int | None
    """Of an answer; None for a request."""
    call_id: str
    sequence: int
    """CSeq number: the same in a request, its retransmissions and their answers."""
    private_identity: str | None
    """IMPI, as the digest names it."""
    public_identity: str | None
    """IMPU, which is registered."""
    imsi: str | None
    """From an identity that is made of it (TS 23.003, 13)."""
    imei: str | None
    """Device, from the instance of the contact; digits as they stand, the last one is spare."""
    msisdn: str | None
    """Telephone number, where a `tel:` URI or an international `sip:` user shows it."""
    client: tuple[Mechanism, ...]
    """What the phone offers."""
    server: tuple[Mechanism, ...]
    """What the P-CSCF takes, best first."""
    verify: tuple[Mechanism, ...]
    """The P-CSCF's list as the phone repeats it."""
    access: AccessNetwork
    """Cell and tracking area, as the phone says."""

    @property
    def chosen(self) -> Mechanism | None:
        """Return the mechanism in force, as far as this message alone tells."""
        for known in (self.server or self.verify, self.client):
            if len(known) == 1 or (known and len({each.protection for each in known}) == 1):
                return known[0]
            if known and known is not self.client:
                return known[0]
        return None


def register(octets: bytes) -> Register | None:
    """Read a REGISTER or an answer to one from a whole message; None: something else, or no sense in it."""
    if not octets.startswith(_BEGINS):
        return None
    end = _END.search(octets, 0, MAX_MESSAGE)
    lines = octets[: end.start() if end else MAX_MESSAGE].decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    response = _RESPONSE.match(lines[0])
    if response is None and _REQUEST.match(lines[0]) is None:
        return None
    fields = _fields(lines[1:])
    sequence = _CSEQ.search(_one(fields, "cseq"))
    if sequence is None:
        return None
    username = _USERNAME.search(_one(fields, "authorization"))
    private, public = username[1] if username else None, _uri(_one(fields, "to"))
    instance = _IMEI.search(_one(fields, "contact"))
    shown = [
        _uri(part) or part
        for name in ("to", "from", "p-preferred-identity", "p-associated-uri")
        for part in ",".join(fields.get(name, ())).split(",")
    ]
    return Register(
        status=int(response[1]) if response else None,
        call_id=_one(fields, "call-id").strip(),
        sequence=int(sequence[1]),
        private_identity=private or None,
        public_identity=public,
        imsi=imsi_of(private or "") or imsi_of(public or "") or imsi_of(_uri(_one(fields, "from")) or ""),
        imei="".join(instance.groups()) if instance else None,
        msisdn=next((number for number in map(msisdn_of, shown) if number), None),
        client=_mechanisms(fields.get("security-client", ())),
        server=_mechanisms(fields.get("security-server", ())),
        verify=_mechanisms(fields.get("security-verify", ())),
        access=access_network(_one(fields, "p-access-network-info")),
    )


def _fields(lines: list[str]) -> dict[str, list[str]]:
    """Gather the header fields wanted, by long name in lower case; continuation lines joined."""
    fields: dict[str, list[str]] = {}
    name = ""
    for line in lines[:MAX_FIELDS]:
        if line[:1] in (" ", "\t"):
            if name and len(fields[name][-1]) < MAX_VALUE:
                fields[name][-1] += " " + line.strip()[:MAX_VALUE]
            continue
        written, colon, value = line.partition(":")
        name = written.strip().lower()
        name = _COMPACT.get(name, name)
        if not colon or name not in _WANTED:
            name = ""
            continue
        fields.setdefault(name, []).append(value.strip()[:MAX_VALUE])
    return fields


def _one(fields: dict[str, list[str]], name: str) -> str:
    return fields[name][0] if name in fields else ""


def _uri(value: str) -> str | None:
    match = _URI.search(value)
    return (match[1] or match[2]).strip() if match else None


def _mechanisms(values: list[str] | tuple[str, ...]) -> tuple[Mechanism, ...]:
    """Read a security agreement list."""
    found = []
    for part in ",".join(values).split(",")[:32]:
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        known = {key.strip(): value.strip().strip('"') for key, _, value in (each.partition("=") for each in parameters)}
        if name:
            found.append(Mechanism(name, known.get("alg"), known.get("ealg")))
    return tuple(found)


class Sip:
    """Finds such messages in the datagrams of tunnels; keeps beginnings of messages that TCP cut."""

    def __init__(self) -> None:
        self._begun: dict[tuple[str, str, int, int], bytes] = {}

    def take(self, datagram: Datagram) -> Iterator[Register]:
        """Yield the registrations that a datagram holds or completes."""
        if datagram.protocol == "udp":
            found = register(datagram.payload) if datagram.payload[:1] in (b"R", b"S") else None
            if found is not None:
                yield found
            return
        key = (datagram.source, datagram.destination, datagram.source_port, datagram.destination_port)
        begun = self._begun.pop(key, b"")
        if not begun and not _may_begin(datagram.payload):
            return
        octets = begun + datagram.payload
        while octets:
            octets, message = _cut(octets)
            if message is None:
                break
            found = register(message)
            if found is not None:
                yield found
        if octets and len(octets) <= MAX_MESSAGE:
            if len(self._begun) >= MAX_STREAMS:
                del self._begun[next(iter(self._begun))]
            self._begun[key] = octets


def _may_begin(octets: bytes) -> bool:
    """Tell whether a message of ours begins here, perhaps behind the line breaks that keep a connection alive."""
    start = octets.lstrip(b"\r\n")[:9]
    return any(begin.startswith(start) or start.startswith(begin) for begin in _BEGINS) and bool(start)


_LENGTH = re.compile(rb"^(?:content-length|l)[ \t]*:[ \t]*(\d{1,6})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


def _cut(octets: bytes) -> tuple[bytes, bytes | None]:
    """Split a stream into (rest, first message); the message is None while it is not whole, the rest empty if it is none."""
    octets = octets.lstrip(b"\r\n")
    if not _may_begin(octets):
        # What follows another kind of message is looked for at its next line that begins one of ours.
        places = [place + 1 for place in (octets.find(b"\n" + begin) for begin in _BEGINS) if place >= 0]
        return (octets[min(places) :] if places else b""), (b"" if places else None)
    end = _END.search(octets, 0, MAX_MESSAGE)
    if end is None:
        return (octets if len(octets) < MAX_MESSAGE else b""), None
    length = _LENGTH.search(octets, 0, end.end())
    stop = end.end() + (int(length[1]) if length else 0)
    if stop > MAX_MESSAGE:
        return b"", None
    return (octets[stop:], octets[:stop]) if len(octets) >= stop else (octets, None)
