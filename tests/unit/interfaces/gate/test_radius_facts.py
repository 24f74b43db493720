import pytest
from made_up_units import NOW
from radius_by_hand import SECRET, access, asks

from cellwarden.admission.facts import Stage
from cellwarden.interfaces.gate.radius_clients import Client
from cellwarden.interfaces.gate.radius_facts import facts_of, nas_of, session_key
from cellwarden.interfaces.gate.radius_packets import read_request

CLIENT = Client(name="segw", address="127.0.0.1", secret=SECRET)


def read(data):
    return read_request(data, SECRET, is_accounting=False)


def facts(data):
    return facts_of(read(data), CLIENT, Stage.AUTHORISE, at=NOW, suffix=".femto.example")


def test_a_question_says_who_comes_from_where():
    made = facts(asks(session="7", more=[(8, bytes([10, 9, 0, 1]))]))
    assert (made.stage, made.at, made.gateway, made.key) == (Stage.AUTHORISE, NOW, "segw", "segw-1\t7")
    assert (made.equipment_id, made.source_ip, made.source_port, made.inner_ip) == ("henb1", "192.0.2.1", 4500, "10.9.0.1")
    assert made.certificate is None


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ([(31, "192.0.2.1")], ("192.0.2.1", None)),
        ([(31, "2001:db8::1[500]")], ("2001:db8::1", 500)),
        ([(31, "::ffff:192.0.2.1")], ("192.0.2.1", None)),
        ([(31, "192.0.2.1[99999]")], ("192.0.2.1", None)),
        ([(31, "00-00-5E-00-53-01"), (66, "192.0.2.1")], ("192.0.2.1", None)),
        ([(66, b"\x01192.0.2.1")], ("192.0.2.1", None)),
        ([(31, "192.0.2.1 192.0.2.2")], (None, None)),
        ([(31, "192.0.2.1[4500]x")], (None, None)),
        ([(31, "300.0.2.1"), (66, b"\xff")], (None, None)),
        ([(31, "192.0.2.1"), (31, "192.0.2.2")], (None, None)),
        ([], (None, None)),
    ],
)
def test_the_outer_address_is_where_gateways_put_it_or_not_known(attributes, expected):
    made = facts(access(attributes))
    assert (made.source_ip, made.source_port) == expected


def test_an_ipv6_address_inside_is_read():
    assert facts(access([(168, bytes.fromhex("20010db8000000000000000000000001"))])).inner_ip == "2001:db8::1"


@pytest.mark.parametrize(
    ("attributes", "nas"),
    [
        ([(32, "segw-1"), (4, bytes([192, 0, 2, 9]))], "segw-1"),
        ([(4, bytes([192, 0, 2, 9]))], "192.0.2.9"),
        ([(95, bytes(15) + b"\1")], "::1"),
        ([], ""),
    ],
)
def test_sessions_of_two_gateways_behind_a_proxy_are_told_apart(attributes, nas):
    request = read(access([*attributes, (44, "7")]))
    assert nas_of(request) == nas
    assert session_key(request) == f"{nas}\t7"


def test_a_session_without_number_has_no_key():
    assert session_key(read(asks())) is None
    assert facts(asks()).key == ""
