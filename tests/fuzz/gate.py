"""Throw mutated octets at whatever the gate reads by RADIUS and TR-069: nothing may escape, and nobody be let in by them.

    python tests/fuzz/gate.py --runs 100000 [--seed 1] [--layers access,cwmp]
    python tests/fuzz/gate.py --coverage -max_total_time=240

`signed` and `told` change a packet before its gateway signs it, as a gateway gone mad would send it; the others afterwards.
"""

from __future__ import annotations

import struct
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "admission"))
sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "interfaces" / "gate"))

from campaign import run
from informs import hostile, inform
from made_up_units import NOW, gate
from radius_by_hand import ACCEPT, SECRET, access, asks, attributes_of, md5, signature, tells

from cellwarden.interfaces.gate.cwmp_facts import facts_of
from cellwarden.interfaces.gate.cwmp_messages import Refused, Unreadable, read_inform, response
from cellwarden.interfaces.gate.http_digest import Digest
from cellwarden.interfaces.gate.radius_accounting import Accounting
from cellwarden.interfaces.gate.radius_clients import Client
from cellwarden.interfaces.gate.radius_cuts import Cuts
from cellwarden.interfaces.gate.radius_disconnect import DISCONNECT, _meaning, _verified, codec
from cellwarden.interfaces.gate.radius_exchange import Exchange
from cellwarden.workflows.gate_evidence import GateEvidence
from cellwarden.workflows.gatehouse import Gatehouse

LAYERS = ("access", "accounting", "signed", "told", "reply", "cwmp", "digest")
SUFFIX, GATEWAY = ".femto.example", "127.0.0.9"


def seeds() -> dict[str, list[bytes]]:
    """Return what each layer begins with."""
    asked = [
        asks(1, session="s1"),
        asks(2, more=[(8, bytes(4)), (79, b"\2\7\0\4")]),
        access([(33, b"p"), (66, b"\x01192.0.2.1")]),
    ]
    said = [tells(kind, number, more=[(55, 1), (46, 9)]) for kind in (1, 2, 3, 7) for number in (1, 2)]
    digest = b'Digest username="a", realm="r", nonce="1.2.3", uri="/", qop=auth, nc=00000001, cnonce="c", response="d"'
    return {
        "access": asked,
        "accounting": said,
        "signed": [packet[38:] for packet in asked],
        "told": [packet[20:] for packet in said],
        "reply": [b"\x29\x01\x00\x14" + bytes(16), b"\x2a\x01\x00\x1a" + bytes(16) + b"\x65\x06\0\0\1\xf7"],
        "cwmp": [inform(), *(content[:20_000] for _, content in hostile())],
        "digest": [digest],
    }


def adding_up(octets: bytes) -> bytes:
    """Return attributes of these octets whose lengths add up, so that what stands in them is read at all."""
    made, place = b"", 0
    while place + 2 <= len(octets):
        value = octets[place + 2 : place + max(octets[place + 1], 2)]
        made += bytes([octets[place], len(value) + 2]) + value
        place += len(value) + 2
    return made


class State:
    """A gate of two units, with whatever the inputs so far have made of it."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.house = Gatehouse(gate(), GateEvidence(Path(self.folder.name), "fuzz"), lambda: NOW)
        client = Client(name="segw", address=GATEWAY, secret=SECRET)
        accounting = Accounting(self.house, Cuts(self.house, {}), clock=lambda: NOW, suffix=SUFFIX)
        self.exchange = Exchange(self.house, accounting, {GATEWAY: client}, clock=lambda: NOW, suffix=SUFFIX)
        self.request = codec.CoAPacket(DISCONNECT, id=1, secret=SECRET)
        self.request.RequestPacket()
        self.digest = Digest({"a": "0" * 32}, "r", lambda: NOW)
        self.unchanged = set(seeds()["access"] + seeds()["accounting"])
        self.count = 0

    def take(self, layer: str, data: bytes) -> None:
        """Give one input to one layer."""
        self.count += 1
        if layer == "reply":
            if (reply := _verified(self.request, data)) is not None:
                _meaning(reply)
        elif layer == "cwmp":
            with suppress(Unreadable, Refused):
                made = read_inform(data)
                response(made.envelope)
                facts_of(made, source_ip="10.9.0.1", at=NOW, gateway="hems", cell_type="home")
        elif layer == "digest":
            assert self.digest.user("POST", data.decode("latin-1")) is None
        elif layer == "signed":
            self._check_accepted(adding_up(data[:4000]) if self.count % 2 else data[:4000])
        elif layer == "told":
            data = adding_up(data) if self.count % 2 else data
            head = struct.pack("!BBH", 4, 1, 20 + len(data[:4000]))
            packet = head + md5(head + bytes(16) + data[:4000] + SECRET) + data[:4000]
            self.exchange.answer(packet, GATEWAY, is_accounting=True)
            units = [session.equipment_id for session in self.house.gate.sessions]
            assert len(set(units)) == len(units), "one unit, two sessions"
            assert set(units) <= {"henb1", "henb2"}
        else:
            answer = self.exchange.answer(data, GATEWAY, is_accounting=layer == "accounting")
            whole = data[: int.from_bytes(data[2:4], "big")]  # octets behind it are padding
            assert answer is None or whole in self.unchanged, "a packet that was changed was answered"

    def _check_accepted(self, body: bytes) -> None:
        """Whoever is let in is named in the packet, whole and once."""
        head = struct.pack("!BBH16s", 1, 1, 38 + len(body), struct.pack("!QQ", 0, self.count)) + b"\x50\x12"
        answer = self.exchange.answer(head + signature(head + bytes(16) + body) + body, GATEWAY, is_accounting=False)
        if answer is not None and answer[0] == ACCEPT:
            named = [value for number, value in attributes_of(bytes(20) + body) if number == 1]
            assert named[0].removesuffix(SUFFIX.encode()) in {b"henb1", b"henb2"}
            assert len(named) == 1


if __name__ == "__main__":
    sys.exit(run(State, LAYERS, seeds))
