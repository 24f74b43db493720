"""Throw mutated octets at whatever else the gate reads: OCSP, S1 and NG Setup, charon's events, questions by HTTP, registries.

    python tests/fuzz/gate_others.py --runs 100000 [--seed 1] [--layers ocsp,s1ap]
    python tests/fuzz/gate_others.py --coverage -max_total_time=240

Nothing may escape, and nobody be let in by them; what passes the S1 gate is read again by pycrate, an event by the `vici` package.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import sys
import tempfile
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "admission"))
sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "interfaces" / "gate"))
sys.path.insert(0, str(Path(__file__).parents[1] / "scenario" / "gate"))

from campaign import run
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from made_up_units import NOW, gate, tunnel, unit
from ng_messages import ng_pdu, ng_setup, ran_configuration_update
from pydantic import ValidationError
from s1_messages import _pdu, configuration_update, setup
from test_ocsp import DEVICE, OWN_KEY, ROOT, SHA1, made, opened
from vici.protocol import FiniteStream, Message

from cellwarden.admission.facts import Stage
from cellwarden.foundation.errors import MalformedInputError
from cellwarden.interfaces.gate.attempt import Attempt, verdict_of
from cellwarden.interfaces.gate.s1_guard import NGAP, S1AP, Guard
from cellwarden.interfaces.gate.vici_events import message_of
from cellwarden.workflows.gate_evidence import GateEvidence
from cellwarden.workflows.gatehouse import Gatehouse
from cellwarden.workflows.registry_answer import read_answer

LAYERS = ("ocsp", "s1ap", "ngap", "vici", "attempt", "management")
PINNED = hashlib.sha256(DEVICE.public_bytes(Encoding.DER)).hexdigest()
GNB = 1002 << 12
"""A gNB of 24 bits, whose row holds its id in the high bits of a cell identity."""
TUNNEL = {"stage": "tunnel", "gateway": "segw", "equipment_id": "henb1", "inner_ip": "10.9.0.1", "source_port": 4500}
EVENT = {
    "up": "yes",
    "segw": {
        "uniqueid": "7",
        "remote-host": "192.0.2.1",
        "remote-port": "4500",
        "remote-id": "henb1.femto.example",
        "remote-vips": ["10.9.0.1"],
        "child-sas": {},
    },
}
ROW = {"equipment_id": "henb7", "cell": 1007, "cell_type": "home", "kind": "femto", "status": "active", "lat": 37.5}
ROW |= {"valid_from": "2025-01-01T00:00:00Z", "recorded_at": "2025-01-01T00:00:00Z", "source_networks": "192.0.2.7/32"}
TOLD = {"as_of": "2025-09-05T12:00:00Z", "cursor": "8213", "whole": True, "equipment": [ROW], "gone": ["henb8"]}


def seeds() -> dict[str, list[bytes]]:
    """Return what each layer begins with."""
    requests = [
        ocsp.OCSPRequestBuilder().add_certificate(DEVICE, ROOT, algorithm).build().public_bytes(Encoding.DER)
        for algorithm in (SHA1, hashes.SHA256())
    ]
    attempts = [
        {**TUNNEL, "source_ip": "192.0.2.1", "key": "1"},
        {**TUNNEL, "source_ip": "203.0.113.9", "key": "2", "certificate": PINNED, "certificate_names": ["henb1"]},
        {"stage": "s1_setup", "inner_ip": "10.9.0.1", "cell": 1001, "cell_type": "home", "tacs": [7], "plmn": "00101"},
        {"stage": "inform", "serial": "SN-1", "source_ip": "10.9.0.1", "lat": 37.5, "lon": 127.0, "neighbours": [1, 2]},
    ]
    return {
        "ocsp": requests,
        "s1ap": [setup(cell=1001), setup(cell=1002), configuration_update(tacs=(7,))],
        "ngap": [ng_setup(number=1002), ng_setup(number=1001), ran_configuration_update(tacs=(7,))],
        "vici": [Message.serialize(EVENT)],
        "attempt": [json.dumps(each).encode() for each in attempts],
        "management": [json.dumps(TOLD).encode()],
    }


class State:
    """A gate of a femtocell and a gNB, both in, and adapters that never forget what they were told."""

    def __init__(self) -> None:
        logging.disable()
        self.folder = tempfile.TemporaryDirectory()
        folder = Path(self.folder.name)
        evidence = GateEvidence(folder / "gate", "fuzz")
        self.house = Gatehouse(gate(unit(1, certificate=PINNED), unit(2, cell=GNB, cell_type="gnb")), evidence, lambda: NOW)
        for number in (1, 2):
            assert self.house.ask(tunnel(number)).allow
        own = made("responder", OWN_KEY, "root", responder=True, number=2, days=(-5, 5000))
        (folder / "issued").mkdir()
        for name, content in {
            "root.pem": ROOT.public_bytes(Encoding.PEM),
            "own.pem": own.public_bytes(Encoding.PEM),
            "own.key": OWN_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            "issued/1.der": DEVICE.public_bytes(Encoding.DER),
        }.items():
            (folder / name).write_bytes(content)
        self.responder = opened(self.house, folder)
        self.count = 0

    def take(self, layer: str, data: bytes) -> None:
        """Give one input to one layer."""
        self.count += 1
        getattr(self, f"_{layer}")(data)

    def _ocsp(self, data: bytes) -> None:
        answer = ocsp.load_der_ocsp_response(self.responder.respond(data))
        if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return
        if answer.certificate_status is ocsp.OCSPCertStatus.GOOD:
            assert answer.serial_number == DEVICE.serial_number

    def _s1ap(self, data: bytes) -> None:
        elements = self._passed(data, "10.9.0.1", S1AP, _pdu)
        if elements is not None:
            assert elements[59]["eNB-ID"] == ("homeENB-ID", (1001, 28))
            assert {area["tAC"] for area in elements[64]} == {b"\x00\x07"}

    def _ngap(self, data: bytes) -> None:
        elements = self._passed(data, "10.9.0.2", NGAP, ng_pdu)
        if elements is not None:
            # The registry states no length: the same bits with a zero less at their end are the same id to the gate.
            _, (number, bits) = elements[27][1]["gNB-ID"]
            assert number << (36 - bits) == GNB
            assert {area["tAC"] for area in elements[102]} == {b"\x00\x00\x07"}

    def _passed(self, data, inner_ip, dialect, pdu_of):
        """Return the elements of a setup that was let through, as pycrate reads them; None if none was or pycrate reads none."""
        guard = Guard(self.house, inner_ip=inner_ip, core="core", key=str(self.count), clock=lambda: NOW, dialect=dialect)
        passage = guard.judge(data)
        assert passage.passes or passage.ends
        guard.end()
        if not passage.passes:
            return None
        pdu = pdu_of()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                pdu.from_aper(data)
            except Exception:  # noqa: BLE001 (what pycrate refuses in its own ways, no core of this world believes)
                return None
        return {element["id"]: element["value"][1] for element in pdu.get_val()[1]["value"][1]["protocolIEs"]}

    def _vici(self, data: bytes) -> None:
        with contextlib.suppress(ConnectionError):
            ours = message_of(data)
            try:
                theirs = Message.deserialize(FiniteStream(data))
            except Exception:  # noqa: BLE001 (names that are no ASCII, and all that it refuses besides)
                return
            assert ours == theirs

    def _management(self, data: bytes) -> None:
        with contextlib.suppress(MalformedInputError):
            told = read_answer(data, NOW, where="hems")
            assert told.as_of <= NOW
            assert told.cursor
            assert told.versions or not told.is_whole

    def _attempt(self, data: bytes) -> None:
        try:
            facts = Attempt.model_validate_json(data).facts(NOW)
        except ValidationError:
            return
        decision = self.house.ask(facts)
        json.dumps(verdict_of(decision))
        if decision.allow and facts.stage is Stage.TUNNEL:
            known = decision.facts  # what is asked again under the same number is what was authenticated then
            assert (known.equipment_id, known.source_ip) in {("henb1", "192.0.2.1"), ("henb2", "192.0.2.2")}
            assert sum(1 for each in self.house.gate.sessions if each.equipment_id == known.equipment_id) == 1
        for number in (1, 2):  # whoever was replaced by itself is in again, for the next input
            if self.house.gate.sessions.of_inner(f"10.9.0.{number}") is None:
                for session in self.house.gate.sessions.of_unit(f"henb{number}"):
                    self.house.leave(*session.place)
                self.house.ask(tunnel(number))


if __name__ == "__main__":
    sys.exit(run(State, LAYERS, seeds))
