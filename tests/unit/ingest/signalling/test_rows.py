from __future__ import annotations

import pytest

from cellwarden.ingest.signalling import rows as module
from cellwarden.ingest.signalling.capture import read_capture

IMSI, PERSON = "08 09 10 10 00 00 00 00 10", "001010000000001"
GUTI = "0b f6 00f110 0002 01 c0000001"


def nas(text):
    return bytes.fromhex(text)


ATTACH_IMSI, ATTACH_GUTI = nas(f"07 41 71 {IMSI} 02 e0e0"), nas(f"07 41 71 {GUTI} 02 e0e0")
RESPONSE, REJECT, COMMAND = nas(f"07 56 {IMSI}"), nas("07 44 0f"), nas("37 aabbccdd 00 07 5d 02 00 02 e0e0")
COMPLETE = nas("47 aabbccdd 00 07 5e 23 09 33 41 32 54 76 98 10 32 f4")


def play(wire, *steps):
    """Return (access rows, links rows, rejections) of steps (pdu, uplink)."""
    path = wire.pcap([wire.message(pdu, uplink=uplink) for pdu, uplink in steps])
    batches = list(read_capture(path, file="made.pcap"))
    found = {
        name: [row for batch in batches if batch.table.name == name for row in batch.accepted.to_pylist()]
        for name in ("access", "links")
    }
    return found["access"], found["links"], [refused for batch in batches for refused in batch.rejected]


def test_an_attach_by_guti_carries_the_imsi_that_the_phone_gives_later(wire):
    access, _, rejected = play(
        wire, (wire.initial(ATTACH_GUTI), True), (wire.nas(nas("07 55 01")), False), (wire.nas(RESPONSE, uplink=True), True)
    )
    assert [(row["procedure"], row["identity"], row["imsi"]) for row in access] == [
        ("attach", "guti", PERSON),
        ("identity", "imsi", PERSON),
    ]
    assert (access[0]["plmn"], access[0]["tac"], access[0]["cell"], access[0]["rat"]) == ("00101", 0x1234, 0xABC01, "lte")
    assert access[0]["source"] == "10.45.0.7"
    assert rejected == []


def test_algorithms_and_device_stand_on_the_row_of_their_procedure(wire):
    access, _, _ = play(
        wire, (wire.initial(ATTACH_IMSI), True), (wire.nas(COMMAND), False), (wire.nas(COMPLETE, uplink=True), True)
    )
    assert [(row["procedure"], row["identity"], row["ciphering"], row["integrity"]) for row in access] == [
        ("attach", "imsi", 0, 2),
        ("identity", "imei", None, None),
    ]
    assert {row["imei"] for row in access} == {"3142345678901234"}


def test_a_reject_gives_result_and_cause(wire):
    access, _, _ = play(wire, (wire.initial(ATTACH_IMSI), True), (wire.nas(REJECT), False))
    assert (access[0]["result"], access[0]["cause"]) == ("reject", 15)


@pytest.mark.parametrize(("kind", "procedure"), [(0, "tau"), (1, "tau"), (3, "periodic_tau")])
def test_updates_tell_periodic_from_others(wire, kind, procedure):
    access, _, _ = play(
        wire, (wire.initial(nas(f"17 aabbccdd 00 07 48 0{kind} {GUTI}")), True), (wire.nas(nas("07 4b 09")), False)
    )
    assert [(row["procedure"], row["identity"], row["result"], row["cause"]) for row in access] == [
        (procedure, "guti", "reject", 9)
    ]


@pytest.mark.parametrize(("temporary", "identity"), [(b"\xc0\0\0\1", "guti"), (None, "none")])
def test_a_short_service_request_shows_the_s_tmsi(wire, temporary, identity):
    access, _, _ = play(wire, (wire.initial(nas("c7 21 aabb"), temporary=temporary), True))
    assert [(row["procedure"], row["identity"]) for row in access] == [("service_request", identity)]


def test_a_phone_that_comes_back_under_its_guti_is_the_same_subscriber(wire):
    first = (wire.initial(ATTACH_GUTI), True), (wire.nas(RESPONSE, uplink=True), True)
    access, _, _ = play(wire, *first, (wire.initial(nas(f"07 45 01 {GUTI}"), ran_id=20), True))
    assert (access[-1]["procedure"], access[-1]["imsi"]) == ("detach", PERSON)


def test_a_guti_that_another_phone_uses_now_is_not_the_old_subscriber(wire):
    other = nas("07 56 08 09 10 10 00 00 00 00 20")
    first = (wire.initial(ATTACH_GUTI), True), (wire.nas(RESPONSE, uplink=True), True)
    access, _, _ = play(
        wire, *first, (wire.initial(ATTACH_GUTI, ran_id=20), True), (wire.nas(other, uplink=True, ran_id=20, core_id=901), True)
    )
    assert [row["imsi"] for row in access] == [PERSON, PERSON, "001010000000002", "001010000000002"]


@pytest.mark.parametrize(
    ("station", "cell_type"),
    [(("macroENB-ID", (0xABC, 20)), "macro"), (("homeENB-ID", (0xABC01, 28)), "home"), (("macroENB-ID", (0xFFF, 20)), None)],
)
def test_the_kind_of_cell_is_that_of_the_station_that_bears_its_id(wire, station, cell_type):
    access, links, _ = play(
        wire, (wire.setup(station), True), (wire.setup(None, "successfulOutcome"), False), (wire.initial(ATTACH_IMSI), True)
    )
    assert access[0]["cell_type"] == cell_type
    assert access[0]["core"] == "core-a"
    assert [(row["event"], row["result"], row["inner_ip"], row["source_ip"]) for row in links] == [
        ("s1_setup", "ok", "10.45.0.7", None)
    ]
    assert (links[0]["plmn"], links[0]["tac"], links[0]["name"]) == ("00101", 0x1234, "station-a")


def test_a_refused_setup_and_one_without_answer(wire):
    station = ("homeENB-ID", (0x1234567, 28))
    _, links, _ = play(
        wire, (wire.setup(station), True), (wire.setup(None, "unsuccessfulOutcome"), False), (wire.setup(station), True)
    )
    assert [(row["event"], row["result"], row["cell"], row["cell_type"]) for row in links] == [
        ("s1_setup_refused", "reject", 0x1234567, "home"),
        ("s1_setup", None, 0x1234567, "home"),
    ]


def test_a_message_without_place_is_refused_and_tells_nobody(wire):
    access, _, rejected = play(wire, (wire.nas(RESPONSE, uplink=True), True))
    assert access == []
    assert (rejected[0].row, rejected[0].file) == (1, "made.pcap")
    assert rejected[0].reason.startswith("cell: ")
    assert rejected[0].raw.startswith("S1AP initiatingMessage 13, ")


def test_an_identity_that_cannot_be_read_is_unknown_and_said(wire):
    access, _, rejected = play(
        wire,
        (wire.initial(nas("07 41 71 08 0a aa aa aa aa aa aa aa")), True),
        (wire.initial(nas("07 41 71 20 f6"), ran_id=8), True),
    )
    assert [row["identity"] for row in access] == ["unknown", "unknown"]
    assert len(rejected) == 2
    assert all(refused.reason.startswith("NAS: ") for refused in rejected)


def test_a_path_switch_brings_the_phone_and_its_name_to_the_new_cell(wire):
    capabilities = {"encryptionAlgorithms": (0, 16), "integrityProtectionAlgorithms": (0, 16)}
    bearers = [
        {
            "id": 23,
            "criticality": "ignore",
            "value": ("E-RABToBeSwitchedDLItem", {"e-RAB-ID": 5, "transportLayerAddress": (1, 32), "gTP-TEID": bytes(4)}),
        }
    ]
    switch = wire.pdu("s1ap", 3, "PathSwitchRequest", [
        (8, "ENB-UE-S1AP-ID", 55), (22, "E-RABToBeSwitchedDLList", bearers), (88, "MME-UE-S1AP-ID", 900),
        (100, "EUTRAN-CGI", {"pLMNidentity": b"\0\xf1\x10", "cell-ID": (0x00DEF01, 28)}),
        (67, "TAI", {"pLMNidentity": b"\0\xf1\x10", "tAC": b"\x12\x35"}), (107, "UESecurityCapabilities", capabilities)])  # fmt: skip
    frames = [wire.message(wire.initial(ATTACH_IMSI)), wire.message(wire.nas(REJECT), uplink=False)]
    other = wire.sctp(wire.chunk(switch), tag=99)
    batches = read_capture(wire.pcap([*frames, wire.ethernet(wire.ip(b"\x75\x31" + other[2:]))]), file="x")
    access = [row for batch in batches for row in batch.accepted.to_pylist()]
    assert [(row["procedure"], row["imsi"], row["cell"], row["tac"]) for row in access] == [
        ("attach", PERSON, 0xABC01, 0x1234),
        ("handover_in", PERSON, 0xDEF01, 0x1235),
    ]


def test_rows_that_wait_too_long_go_out_as_they_are(wire, monkeypatch):
    monkeypatch.setattr(module, "MAX_WAITING", 10)
    monkeypatch.setattr(module, "BATCH_ROWS", 100)
    steps = [(wire.initial(ATTACH_IMSI, ran_id=number), True) for number in range(600)]
    batches = list(read_capture(wire.pcap([wire.message(*step[:1]) for step in steps]), file="x"))
    assert len(batches) > 1
    assert sum(batch.read for batch in batches) == 600
