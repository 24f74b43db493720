"""A gateway that is a socket of the test; strongSwan and FreeRADIUS take their part in tests/scenario/gate."""

import pytest
from made_up_units import tunnel
from radius_by_hand import COA, DISCONNECT, SECRET, attributes_of, md5

from cellwarden.interfaces.gate.radius_disconnect import CHANGE, ask, identification
from cellwarden.interfaces.gate.radius_packets import Attribute

NAMED = {Attribute.ACCT_SESSION_ID: b"s1"}


def asked(gateway, *, code=DISCONNECT, client=None, wait_s=5):
    return ask(client or gateway.client(), code, NAMED, tries=2, wait_s=wait_s)


def test_a_request_is_signed_as_the_standard_says(gateway):
    made = gateway(lambda *_: (41, []))
    assert asked(made) == "acknowledged"
    data = made.heard[0]
    assert data[0] == DISCONNECT
    assert data[4:20] == md5(data[:4] + bytes(16) + data[20:] + SECRET)
    assert dict(attributes_of(data))[44] == b"s1"
    assert 80 in dict(attributes_of(data))


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((41, []), "acknowledged"),
        ((44, []), "acknowledged"),
        ((42, [(101, (503).to_bytes(4, "big"))]), "gone"),
        ((42, [(101, (501).to_bytes(4, "big"))]), "refused"),
        ((42, []), "refused"),
        ((42, [(101, b"")]), "refused"),
        ((45, []), "refused"),
        ((2, []), "refused"),
    ],
)
def test_what_a_gateway_answers_is_what_became_of_it(gateway, answer, outcome):
    assert asked(gateway(lambda *_: answer)) == outcome


def test_a_lost_request_is_sent_again_as_it_was(gateway):
    made = gateway(lambda _, number: (41, []) if number == 2 else None)
    assert asked(made, wait_s=0.05) == "acknowledged"
    assert made.heard[0] == made.heard[1]


def test_silence_is_no_answer_and_neither_is_a_closed_port(gateway):
    made = gateway(lambda *_: None)
    client = made.client()
    assert asked(made, wait_s=0.02) == "unanswered"
    assert len(made.heard) == 2
    made.channel.close()
    assert asked(made, client=client, wait_s=0.02) == "unanswered"


def test_an_answer_under_another_secret_is_none(gateway):
    assert asked(gateway(lambda *_: (41, []), secret=b"another secret of 16"), wait_s=0.05) == "unanswered"


def test_a_change_is_asked_for_the_same_way(gateway):
    made = gateway(lambda *_: (44, []))
    assert asked(made, code=CHANGE) == "acknowledged"
    assert made.heard[0][0] == COA


@pytest.mark.parametrize(
    ("nas", "expected"),
    [
        ("segw-1", {32: b"segw-1"}),
        ("192.0.2.9", {4: bytes([192, 0, 2, 9])}),
        ("::1", {95: bytes(15) + b"\1"}),
        ("", {}),
    ],
)
def test_a_session_is_named_as_its_gateway_named_itself(nas, expected):
    named = identification(tunnel(1, key=f"{nas}\ts1"), b"henb1")
    assert {int(name): value for name, value in named.items()} == {
        1: b"henb1", 8: bytes([10, 9, 0, 1]), 44: b"s1", **expected,
    }  # fmt: skip


def test_what_is_not_known_of_a_session_is_not_named():
    assert identification(tunnel(1, key="\ts1", inner_ip="2001:db8::1"), None) == NAMED
