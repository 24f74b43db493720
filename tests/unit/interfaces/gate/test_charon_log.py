import json

from made_up_units import NOW

from cellwarden.interfaces.gate.charon_log import CharonLog


def told(house, tmp_path, *lines):
    reader = CharonLog(house, tmp_path / "none", gateway="segw", clock=lambda: NOW, suffix=".femto.example")
    for line in lines:
        reader.take({"ikesa-uniqueid": b"7", "msg": line.encode()})
    house.tend()
    logs = list((tmp_path / "gate/audit").glob("*.jsonl"))
    entries = [json.loads(line) for log in logs for line in log.read_text().splitlines()]
    return [(entry["facts"]["equipment_id"], [reason[0] for reason in entry["reasons"]]) for entry in entries]


LOOKS = "looking for peer configs matching 192.0.2.254[%any]...192.0.2.18[henb18.femto.example]"
FAILS = "generating IKE_AUTH response 1 [ N(AUTH_FAILED) ]"


def test_what_charon_refuses_by_itself_is_written_down(house, tmp_path):
    lines = [
        LOOKS,
        "subject certificate invalid (valid from Oct 18 to Nov 26)",
        "no trusted ECDSA public key found for 'henb18'",
        FAILS,
    ]
    assert told(house, tmp_path, *lines) == [("henb18", ["CERT_EXPIRED"])], "the first cause counts"


def test_a_tunnel_that_comes_up_all_the_same_was_not_refused(house, tmp_path):
    up = "IKE_SA segw[7] established between 192.0.2.254[segw.femto.example]...192.0.2.18[henb18.femto.example]"
    assert told(house, tmp_path, LOOKS, "certificate status is not available", up, FAILS) == []


def test_lines_that_are_not_known_tell_nothing(house, tmp_path):
    assert told(house, tmp_path, LOOKS, "sending packet: from 192.0.2.254[500]", FAILS) == []
    CharonLog(house, tmp_path, gateway="segw", clock=lambda: NOW).take({"msg": b"no SA"})
