"""Rows of decoded messages: one a NAS message or PDU, one more for each further identity."""

from __future__ import annotations

from cellwarden.ingest.signalling.courses import course_of
from cellwarden.ingest.signalling.faults import Loss
from cellwarden.ingest.signalling.message import Bearer, Identity, Location, Message, Nas, Station
from cellwarden.ingest.signalling.route import Route
from cellwarden.workflows.decoded_columns import NAMES
from cellwarden.workflows.decoded_rows import BASE, Row, of_loss, of_message

ROUTE = Route("10.0.0.1", 40001, "10.0.0.2", 36412, 1)


def message(**values):
    made = Message(7, 1_000_000, ROUTE, course_of("s1ap", "initiatingMessage", 12), 50)
    for name, value in values.items():
        setattr(made, name, value)
    return made


def nas(**values):
    made = Nas("eps", is_uplink=True, security_header=0)
    for name, value in values.items():
        setattr(made, name, value)
    return made


def whole(row: Row) -> dict:
    return {name: value for name, value in zip(BASE, row.base, strict=True) if value is not None} | row.values


def rows(made):
    found = [whole(row) for row in of_message(made, 3, "f.pcap")]
    assert all(set(row) <= set(NAMES) for row in found)
    return found


def test_a_pdu_without_nas_is_one_row():
    (row,) = rows(message(core_id=1, ran_id=2, location=Location("45008", 5, 99), temporary="01-deadbeef", cause=(0, 20)))
    assert (row["frame"], row["message"], row["procedure"], row["mme_ue_id"], row["enb_ue_id"]) == (
        7,
        3,
        "initial_ue_message",
        1,
        2,
    )
    assert (row["plmn"], row["tac"], row["cell"], row["s_tmsi"], row["s_tmsi_code"]) == ("45008", 5, 99, 0xDEADBEEF, "01")
    assert (row["cause_group"], row["cause"]) == (0, 20)


def test_a_setup_names_the_station_and_its_areas():
    (row,) = rows(
        message(station=Station("45008", "home", 28, 77), tracking_areas=[(5, ("45008", "45006"))], name="h", csg_ids=[9])
    )
    assert (row["global_enb_id"], row["enb_id_kind"], row["enb_plmn"], row["tacs"]) == (77, "home", "45008", [5])
    assert (row["broadcast_plmns"], row["enb_name"], row["csg_ids"]) == (["45006", "45008"], "h", [9])


def test_several_nas_messages_and_identities_make_several_rows():
    two = nas(
        type=0x5E,
        identity=Identity("guti", temporary="45008-0001-01-00000002"),
        second_identity=Identity("imei", "350000000000001"),
    )
    two.nested = nas(type=0x41, identity=Identity("suci_null", "450080000000001", scheme=0))
    found = rows(message(nas=[two, nas(type=0x55, requested_identity=1)], bearers=[Bearer(5, "10.0.0.9", 8)]))
    assert [(row["nas_number"], row["nas_nested"], row["nas_type"]) for row in found] == [
        (1, False, "security_mode_complete"),
        (1, False, "security_mode_complete"),
        (2, True, "attach_request"),
        (3, False, "identity_request"),
    ]
    assert [row.get("guti") for row in found] == ["45008-0001-01-00000002", None, None, None]
    assert [row.get("imei") for row in found] == [None, "350000000000001", None, None]
    assert [row.get("imsi") for row in found] == [None, None, "450080000000001", None]
    assert {row["message"] for row in found} == {3}
    assert found[0]["bearer_teids"] == [8]


def test_the_short_service_request_has_a_name_and_a_session_message_no_header():
    short, session = nas(security_header=12), nas(session_type=0xD0)
    first, second = rows(message(nas=[short, session]))
    assert (first["nas_type"], first["nas_security_header"]) == ("service_request", 12)
    assert (second["esm_type"], second["nas_security_header"]) == ("pdn_connectivity_request", None)


def test_faults_and_losses_are_rows_too():
    (row,) = rows(message(faults=("TAI: ends early",)))
    assert row["faults"] == ["TAI: ends early"]
    assert whole(of_loss(Loss(9, "SCTP: cut", "frame of 60 bytes"), "f")) == {
        "file": "f",
        "frame": 9,
        "faults": ["SCTP: cut (frame of 60 bytes)"],
    }
