"""NAS and S1AP that come without SCTP: GSMTAP from phones, PDUs that Wireshark exported, and user link types.

A phone's own log holds its NAS messages as they were before ciphering or after it. They become `Message`s of the
protocols `nas-eps` and `nas-5gs`; no base station is named beside them, so they give no rows of `access`.

References: gsmtap.h of libosmocore (type 0x12 is LTE NAS); LINKTYPE_WIRESHARK_UPPER_PDU and its tags in exported_pdu.h.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.identities import address
from cellwarden.ingest.signalling.internet import GSMTAP_PORT, UDP
from cellwarden.ingest.signalling.route import Route
from cellwarden.ingest.signalling.sctp import PPIDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cellwarden.ingest.signalling.internet import Packet

PROTOCOLS = frozenset({"s1ap", "ngap", "nas-eps", "nas-5gs"})
"""What a user link type may be set to, and what exported PDUs are read."""
USER_LINKS = range(147, 163)
"""LINKTYPE_USER0 to USER15; each site gives them a meaning of its own."""
EXPORTED_LINK = 252
_GSMTAP_NAS = 0x12
_NAMES = {"nas_eps": "nas-eps", "nas_5gs": "nas-5gs", "nas-eps_plain": "nas-eps", "nas-eps-plain": "nas-eps"}
_MAX_ROUTES = 4096
_END, _DISSECTOR, _TABLE, _SOURCE_4, _TARGET_4, _SOURCE_6, _TARGET_6 = 0, 12, 14, 20, 21, 22, 23
_SOURCE_PORT, _TARGET_PORT, _DIRECTION, _TABLE_VALUE = 25, 26, 31, 32
_UPLINK_OF_DIRECTION = {0: False, 1: True}
"""P2P_DIR_SENT and P2P_DIR_RECV as seen by the network side."""


class Bare(NamedTuple):
    """One message without SCTP around it."""

    route: Route
    protocol: str
    data: bytes
    is_uplink: bool | None
    """Told by the capture; None: to be told by the message itself."""


class UserSide:
    """Finds such messages; gives each pair of ends one route, numbered below zero."""

    def __init__(self, user_links: Mapping[int, str]) -> None:
        self._links = dict(user_links)
        self._routes: dict[tuple[str, int, str, int], Route] = {}
        self._count = 0

    def of_frame(self, link: int, data: bytes) -> Bare | None:
        """Return the message of a frame of a user link type or of the exported PDUs.

        Raises:
            DecodeError: The tags of an exported PDU are damaged.
        """
        if link in self._links:
            return Bare(self._route("", 0, "", 0), self._links[link], data, None)
        return self._exported(data) if link == EXPORTED_LINK else None

    def of_packet(self, packet: Packet) -> Bare | None:
        """Return the NAS message of a GSMTAP packet."""
        data = packet.data
        if packet.protocol != UDP or len(data) < 24 or data[2] << 8 | data[3] != GSMTAP_PORT:
            return None
        start = data[9] * 4
        if data[8] != 2 or start < 16 or data[10] != _GSMTAP_NAS or len(data) <= 8 + start:
            return None
        if packet.is_cut:
            raise DecodeError("GSMTAP: a message was cut by the capture length")
        uplink = bool(data[12] & 0x40)
        ends = (packet.source, 0, packet.destination, GSMTAP_PORT)
        return Bare(self._route(*ends), "nas-eps", data[8 + start :], uplink)

    def _exported(self, data: bytes) -> Bare | None:
        """Read the tags before an exported PDU: dissector, addresses, ports, direction."""
        position, tags = 0, dict[int, bytes]()
        while True:
            if position + 4 > len(data):
                raise DecodeError("exported PDU: its tags are cut")
            tag, size = int.from_bytes(data[position : position + 2]), int.from_bytes(data[position + 2 : position + 4])
            position += 4
            if tag == _END:
                break
            tags[tag] = data[position : position + size]
            position += size
        name = tags.get(_DISSECTOR, b"").rstrip(b"\0").decode("ascii", "replace")
        if tags.get(_TABLE, b"").rstrip(b"\0") == b"sctp.ppi":
            name = PPIDS.get(int.from_bytes(tags.get(_TABLE_VALUE, b"")), "")
        protocol = _NAMES.get(name, name)
        if protocol not in PROTOCOLS or position >= len(data):
            return None
        source, target = (
            address(octets) if len(octets) in {4, 16} else ""
            for octets in (tags.get(_SOURCE_4) or tags.get(_SOURCE_6, b""), tags.get(_TARGET_4) or tags.get(_TARGET_6, b""))
        )
        ports = (int.from_bytes(tags.get(tag, b"")[:4]) & 0xFFFF for tag in (_SOURCE_PORT, _TARGET_PORT))
        source_port, target_port = ports
        uplink = _UPLINK_OF_DIRECTION.get(int.from_bytes(tags[_DIRECTION])) if _DIRECTION in tags else None
        return Bare(self._route(source, source_port, target, target_port), protocol, data[position:], uplink)

    def _route(self, source: str, source_port: int, target: str, target_port: int) -> Route:
        """Give both directions between two ends one association."""
        key = (source, source_port, target, target_port)
        route = self._routes.get(key)
        if route is None:
            back = self._routes.get((target, target_port, source, source_port))
            if back is None:
                self._count -= 1
            if len(self._routes) >= _MAX_ROUTES:
                del self._routes[next(iter(self._routes))]
            route = Route(*key, back.association, back.phones) if back else Route(*key, self._count)
            self._routes[key] = route
        return route
