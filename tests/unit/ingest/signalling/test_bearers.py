from __future__ import annotations

import pytest

from cellwarden.ingest.signalling.capture import decode_messages
from cellwarden.ingest.signalling.message import Bearer

IDS = [(0, "MME-UE-S1AP-ID", 900), (8, "ENB-UE-S1AP-ID", 7)]
QUALITY = {
    "qCI": 9,
    "allocationRetentionPriority": {
        "priorityLevel": 8,
        "pre-emptionCapability": "shall-not-trigger-pre-emption",
        "pre-emptionVulnerability": "not-pre-emptable",
    },
}
RATES = dict.fromkeys(
    ("e-RAB-MaximumBitrateDL", "e-RAB-MaximumBitrateUL", "e-RAB-GuaranteedBitrateDL", "e-RAB-GuaranteedBitrateUL"), 10**6
)


def end(number, address=(0x0A2D0001, 32)):
    return {"e-RAB-ID": number, "transportLayerAddress": address, "gTP-TEID": number.to_bytes(4)}


def items(number, name, *values):
    return [{"id": number, "criticality": "ignore", "value": (name, value)} for value in values]


@pytest.mark.parametrize("quality", [QUALITY, QUALITY | {"gbrQosInformation": RATES}])
@pytest.mark.parametrize("address", [(0x0A2D0001, 32), (0x0A2D0001 << 128 | 1, 160)])
def test_tunnel_ends_and_nas_messages_of_a_request(wire, quality, address):
    item = end(5, address) | {"e-RABlevelQoSParameters": quality, "nAS-PDU": b"\x07\x43\0\0"}
    pdu = wire.pdu("s1ap", 9, "InitialContextSetupRequest", [*IDS, (24, "E-RABToBeSetupListCtxtSUReq",
        items(52, "E-RABToBeSetupItemCtxtSUReq", item, end(6) | {"e-RABlevelQoSParameters": quality}))])  # fmt: skip
    (message,) = decode_messages(wire.pcap([wire.message(pdu, uplink=False)]))
    assert message.bearers == (Bearer(5, "10.45.0.1", 5), Bearer(6, "10.45.0.1", 6))
    assert message.nas_pdus == (b"\x07\x43\0\0",)
    assert not message.faults


def test_tunnel_ends_of_an_answer_and_numbers_of_what_failed(wire):
    pdu = wire.pdu("s1ap", 9, "InitialContextSetupResponse", [*IDS,
        (51, "E-RABSetupListCtxtSURes", items(50, "E-RABSetupItemCtxtSURes", end(5), end(15, (1, 128)))),
        (48, "E-RABList", items(35, "E-RABItem", {"e-RAB-ID": 6, "cause": ("misc", "unspecified")}))],
        "successfulOutcome")  # fmt: skip
    (message,) = decode_messages(wire.pcap([wire.message(pdu)]))
    assert message.bearers == (Bearer(5, "10.45.0.1", 5), Bearer(15, "::1", 15), Bearer(6, None, None))
