"""Questions and answers by hand; real gateways ask in tests/scenario/gate."""

import struct
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_units import NOW, unit
from radius_by_hand import (
    ACCEPT,
    ACCESS,
    ACCOUNTED,
    REJECT,
    SECRET,
    STATUS,
    access,
    asks,
    attributes_of,
    check_answer,
    signature,
    tells,
)

from cellwarden.admission.blocks import Block
from cellwarden.admission.registry import Registry
from cellwarden.interfaces.gate.radius_accounting import Accounting
from cellwarden.interfaces.gate.radius_clients import Client
from cellwarden.interfaces.gate.radius_exchange import Exchange

GATEWAY = "127.0.0.9"


class Cuts:
    def __init__(self):
        self.asked = []

    def name(self, *_):
        pass

    def end(self, facts, **_):
        self.asked.append(facts.key)

    def ended(self, *_):
        pass


@pytest.fixture
def exchange(house):
    clock = lambda: made.now  # noqa: E731
    clients = {GATEWAY: Client(name="segw", address=GATEWAY, secret=SECRET)}
    made = type("Clocked", (Exchange,), {"now": NOW})
    accounting = Accounting(house, Cuts(), clock=clock, suffix=".femto.example")
    return made(house, accounting, clients, clock=clock, suffix=".femto.example")


def asked(exchange, question, **options):
    answer = exchange.answer(question, GATEWAY, is_accounting=False, **options)
    return answer[0], check_answer(answer, question)


def dropped(house):
    return {key[2]: number for key, number in house.counts.items() if key[:2] == ("adapter", "radius")}


def test_a_genuine_unit_is_accepted_with_the_address_that_its_gateway_proposes(exchange, house):
    code, found = asked(exchange, asks(more=[(8, bytes([10, 9, 0, 1]))]))
    assert code == ACCEPT
    assert dict(found)[8] == bytes([10, 9, 0, 1])
    assert dict(found)[85] == (300).to_bytes(4, "big")
    assert len(house.gate.sessions) == 0, "it is let in once it is up"


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (asks(9), "NOT_REGISTERED"),
        (asks(1, place="192.0.2.2[4500]"), "SOURCE_IP_NOT_INSTALLED_LINE"),
        (access([(1, "henb1.femto.example")]), "FACTS_MISSING"),
        (access([(31, "192.0.2.1")]), "FACTS_MISSING"),
        (access([]), "FACTS_MISSING"),
        (access([(1, "henb1"), (1, "henb1"), (31, "192.0.2.1")]), "FACTS_MISSING"),
    ],
    ids=range(6),
)
def test_who_may_not_join_is_refused_with_the_reason(exchange, question, code):
    got, found = asked(exchange, question)
    assert got == REJECT
    assert code in dict(found)[18].decode().split()


def test_deleted_and_blocked_units_are_refused(exchange, house):
    house.renew(Registry([unit(1, status="deleted"), unit(2)], as_of=NOW))
    house.block(Block("equipment_id", "henb2", "case 7"), by="duty officer")
    assert b"STATUS_DELETED" in dict(asked(exchange, asks(1))[1])[18]
    assert b"BLOCKED" in dict(asked(exchange, asks(2, authenticator=b"b" * 16))[1])[18]


def test_a_unit_that_is_in_is_not_let_in_from_elsewhere(exchange, house):
    house.renew(Registry([unit(1, networks=unit(1).networks + unit(2).networks)], as_of=NOW))
    exchange.answer(tells(1), GATEWAY, is_accounting=True)
    code, found = asked(exchange, asks(1, place="192.0.2.2[4500]"))
    assert (code, dict(found)[18]) == (REJECT, b"DUPLICATE_SESSION")


def test_eap_is_never_accepted_here(exchange, house):
    code, found = asked(exchange, asks(more=[(79, b"\x02\x07\x00\x0a\x01henb1")]))
    assert code == REJECT
    assert dict(found)[79] == bytes([4, 7, 0, 4])
    assert house.counts["decision", "authorise", "refused"] == 1


def test_a_proxy_learns_whether_the_gate_lives(exchange):
    question = access([], code=STATUS)
    assert asked(exchange, question)[0] == ACCEPT
    answer = exchange.answer(question, GATEWAY, is_accounting=True)
    check_answer(answer, question)
    assert answer[0] == ACCOUNTED


def test_strangers_get_no_answer_and_are_counted(exchange, house):
    assert exchange.answer(asks(), "127.0.0.8", is_accounting=False) is None
    assert dropped(house) == {"unknown_client": 1}


def test_a_gateway_is_known_by_its_address_mapped_into_ipv6(exchange):
    assert exchange.answer(asks(), f"::ffff:{GATEWAY}", is_accounting=False)[0] == ACCEPT


def test_the_same_question_is_decided_once_and_answered_the_same(exchange, house):
    first = exchange.answer(asks(), GATEWAY, is_accounting=False)
    assert exchange.answer(asks(), GATEWAY, is_accounting=False) == first
    assert house.counts["decision", "authorise", "admitted"] == 1
    assert dropped(house) == {"answered_again": 1}


def test_an_old_question_is_a_replay(exchange, house):
    exchange.answer(asks(), GATEWAY, is_accounting=False)
    type(exchange).now = NOW + timedelta(minutes=2)
    assert exchange.answer(asks(), GATEWAY, is_accounting=False) is None
    assert exchange.answer(asks(2), GATEWAY, is_accounting=False) is None, "the authenticator of another question"
    assert dropped(house) == {"replayed": 2}


def test_a_question_that_could_not_be_decided_is_new_when_it_comes_again(exchange, house, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(house, "ask", lambda _: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            exchange.answer(asks(), GATEWAY, is_accounting=False)
    assert asked(exchange, asks())[0] == ACCEPT


def test_accounting_that_is_answered_again_opens_nothing_twice(exchange, house):
    assert exchange.answer(tells(1), GATEWAY, is_accounting=True)[0] == ACCOUNTED
    exchange.answer(tells(2), GATEWAY, is_accounting=True)
    exchange.answer(tells(1), GATEWAY, is_accounting=True)
    assert len(house.gate.sessions) == 0, "the replayed Start brings nobody back"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.booleans())
def test_noise_is_never_answered(exchange, data, is_accounting):
    assert exchange.answer(data, GATEWAY, is_accounting=is_accounting) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.data())
def test_whatever_a_known_client_signs_admits_nobody_but_a_unit_of_the_registry(exchange, house, data):
    """The octets of a question are changed before they are signed: lengths, numbers and values alike."""
    body = bytearray(asks(1, session="s1", more=[(8, bytes([10, 9, 0, 1])), (79, b"\2\7\0\4")])[38:])
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    body = bytes(body[: data.draw(st.integers(0, len(body)))])
    authenticator = data.draw(st.binary(min_size=16, max_size=16))
    head = struct.pack("!BBH16s", ACCESS, 1, 38 + len(body), authenticator) + b"\x50\x12"
    answer = exchange.answer(head + signature(head + bytes(16) + body) + body, GATEWAY, is_accounting=False)
    if answer is not None and answer[0] == ACCEPT:
        assert b"\x01\x15henb1.femto.example" in body, "who was let in is named"
        assert 79 not in [number for number, _ in attributes_of(bytes(20) + body)]
    assert len(house.gate.sessions) == 0
